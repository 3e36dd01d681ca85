#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "cluster/cluster.h"
#include "mock/mock_cluster.h"
#include "rocketlink/source.h"
#include "unit/virtual_time.h"

namespace rocketlink::test {

using mock::Fault;
using mock::MockMessage;
using std::chrono::milliseconds;
using wire::RequestCode;
using wire::ResponseCode;

/// A mock cluster with topic "orders" and what it takes to read it.
class SourceTest : public VirtualTimeTest {
 protected:
  explicit SourceTest(mock::MockSetup setup = {}) : mock(std::move(setup), servers, &world.network()) {
    options.connection.endpoints = mock.endpoints();
    options.topic = "orders";
    options.consumer_group = "readers";
  }

  [[nodiscard]] std::shared_ptr<Client> new_client() {
    const auto log = [this](LogLevel level, std::string_view text) { log_.emplace_back(level, text); };
    return std::make_shared<Client>(
        std::make_unique<cluster::Cluster>(options.connection, log, timing, nullptr, nullptr, process));
  }
  [[nodiscard]] std::shared_ptr<Client>& client() {
    if (!client_) client_ = new_client();
    return client_;
  }
  [[nodiscard]] std::unique_ptr<SourceEnumerator> enumerator(std::int32_t readers = 1) {
    auto created = SourceEnumerator::create(client(), options, readers, restriction);
    EXPECT_TRUE(created);
    return *std::move(created);
  }
  [[nodiscard]] std::unique_ptr<SourceReader> reader() {
    auto created = SourceReader::create(client(), options);
    EXPECT_TRUE(created);
    return *std::move(created);
  }
  /// The splits that discovery gives, all for one reader.
  [[nodiscard]] std::vector<Split> discovered() {
    auto found = enumerator()->discover();
    EXPECT_TRUE(found) << (found ? "" : found.error().text);
    std::vector<Split> splits;
    if (found) {
      for (const auto& assignment : *found) splits.push_back(assignment.split);
    }
    return splits;
  }
  /// A reader that has been given what discovery finds.
  [[nodiscard]] std::unique_ptr<SourceReader> started_reader() {
    auto made = reader();
    made->add_splits(discovered());
    return made;
  }

  /// The client ends with the last of what uses it.
  void forget_client() { client_.reset(); }

  /// Texts logged at `level` or above so far.
  [[nodiscard]] std::vector<std::string> logged(LogLevel level = LogLevel::kWarning) const {
    std::vector<std::string> texts;
    for (const auto& [at, text] : log_) {
      if (at >= level) texts.push_back(text);
    }
    return texts;
  }

  /// The bodies of the next `count` messages, or of those that came within `timeout`.
  [[nodiscard]] std::vector<std::string> take(SourceReader& reader, std::size_t count,
                                              milliseconds timeout = kPatience) {
    std::vector<std::string> bodies;
    (void)read(reader, bodies, count, now() + timeout);
    return bodies;
  }
  /// Polls to the end of all splits; the bodies on the way.
  [[nodiscard]] std::vector<std::string> read_to_end(SourceReader& reader, milliseconds timeout = kPatience) {
    std::vector<std::string> bodies;
    EXPECT_TRUE(read(reader, bodies, std::numeric_limits<std::size_t>::max(), now() + timeout))
        << "the reader did not finish";
    return bodies;
  }
  /// "m<first>" … "m<last - 1>", as MockCluster::append_many writes them.
  [[nodiscard]] static std::vector<std::string> bodies(std::int64_t first, std::int64_t last) {
    std::vector<std::string> all;
    for (std::int64_t i = first; i < last; ++i) all.push_back("m" + std::to_string(i));
    return all;
  }

  /// Whether `text` was logged as a warning, now or within `timeout`.
  [[nodiscard]] bool warned(const std::string& text, milliseconds timeout = kPatience) {
    return comes_true(
        [&] {
          for (const std::string& line : logged()) {
            if (line.find(text) != std::string::npos) return true;
          }
          return false;
        },
        timeout);
  }
  /// Polls until an Error comes, throwing batches away.
  [[nodiscard]] Error failure_of(SourceReader& reader, milliseconds timeout = kPatience) {
    const SteadyTime deadline = now() + timeout;
    MessageBatch batch;
    while (now() < deadline) {
      const auto outcome = reader.poll(batch, until(deadline));
      if (!outcome) return outcome.error();
    }
    return Error(ErrorCode::kTimeout, "the reader did not fail");
  }

  /// For what must come; who waits for nothing says how long himself.
  static constexpr milliseconds kPatience{60'000};

  mock::MockCluster mock;
  SourceOptions options;
  SourceRestriction restriction;
  cluster::Timing timing;
  const QueueId queue0{"orders", "broker-a", 0};
  const QueueId queue1{"orders", "broker-a", 1};

 private:
  [[nodiscard]] milliseconds until(SteadyTime deadline) const {
    return std::chrono::ceil<milliseconds>(deadline - now());
  }
  /// Until `count` bodies are there; true when all splits are at their end before that.
  bool read(SourceReader& reader, std::vector<std::string>& bodies, std::size_t count, SteadyTime deadline) {
    MessageBatch batch;
    while (bodies.size() < count && now() < deadline) {
      const auto outcome = reader.poll(batch, until(deadline));
      EXPECT_TRUE(outcome) << outcome.error().text;
      if (!outcome) return false;
      if (*outcome == PollOutcome::kFinished) return true;
      if (*outcome != PollOutcome::kBatch) continue;
      for (auto next = batch.next(); next && *next != nullptr; next = batch.next()) bodies.emplace_back((*next)->body);
    }
    return false;
  }

  std::vector<std::pair<LogLevel, std::string>> log_;
  std::shared_ptr<Client> client_;  // destroyed before what it logs into
};

}  // namespace rocketlink::test
