#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "mock/mock_cluster.h"
#include "rocketlink/source.h"

namespace rocketlink::test {

using std::chrono::milliseconds;
using wire::RequestCode;
using wire::ResponseCode;

/// A mock cluster with topic "orders" and what it takes to read it.
class SourceTest : public testing::Test {
 protected:
  explicit SourceTest(mock::MockSetup setup = {}) : mock(std::move(setup)) {
    options.connection.endpoints = mock.endpoints();
    options.topic = "orders";
    options.consumer_group = "readers";
  }

  [[nodiscard]] std::shared_ptr<Client> new_client() {
    auto created = Client::create(options.connection, [this](LogLevel level, std::string_view text) {
      const std::lock_guard lock(log_mutex_);
      log_.emplace_back(level, text);
    });
    EXPECT_TRUE(created) << created.error().text;
    return *created;
  }
  [[nodiscard]] std::shared_ptr<Client>& client() {
    if (!client_) client_ = new_client();
    return client_;
  }
  [[nodiscard]] std::unique_ptr<SourceEnumerator> enumerator(std::int32_t readers = 1) {
    auto created = SourceEnumerator::create(client(), options, readers);
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

  /// Texts logged at `level` or above so far.
  [[nodiscard]] std::vector<std::string> logged(LogLevel level = LogLevel::kWarning) const {
    const std::lock_guard lock(log_mutex_);
    std::vector<std::string> texts;
    for (const auto& [at, text] : log_) {
      if (at >= level) texts.push_back(text);
    }
    return texts;
  }

  /// The bodies of the next `count` messages, or of those that came within `timeout`.
  [[nodiscard]] static std::vector<std::string> take(SourceReader& reader, std::size_t count,
                                                     milliseconds timeout = milliseconds(10'000)) {
    std::vector<std::string> bodies;
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    MessageBatch batch;
    while (bodies.size() < count && std::chrono::steady_clock::now() < deadline) {
      const auto outcome = reader.poll(batch, milliseconds(20));
      if (!outcome) {
        ADD_FAILURE() << outcome.error().text;
        break;
      }
      if (*outcome == PollOutcome::kFinished) break;
      if (*outcome != PollOutcome::kBatch) continue;
      for (auto next = batch.next(); next && *next != nullptr; next = batch.next()) bodies.emplace_back((*next)->body);
    }
    return bodies;
  }
  /// "m<first>" … "m<last - 1>", as MockCluster::append_many writes them.
  [[nodiscard]] static std::vector<std::string> bodies(std::int64_t first, std::int64_t last) {
    std::vector<std::string> all;
    for (std::int64_t i = first; i < last; ++i) all.push_back("m" + std::to_string(i));
    return all;
  }

  mock::MockCluster mock;
  SourceOptions options;
  const QueueId queue0{"orders", "broker-a", 0};
  const QueueId queue1{"orders", "broker-a", 1};

 private:
  mutable std::mutex log_mutex_;
  std::vector<std::pair<LogLevel, std::string>> log_;
  std::shared_ptr<Client> client_;  // destroyed before what it logs into
};

}  // namespace rocketlink::test
