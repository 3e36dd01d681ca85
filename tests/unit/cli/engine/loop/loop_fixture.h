#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cluster/cluster.h"
#include "engine/loop/discovery.h"
#include "engine/loop/read_loop.h"
#include "mock/mock_cluster.h"
#include "unit/virtual_time.h"

namespace rocketlink::engine {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// Keeps the bodies of messages; what it shall do is told by its members.
class KeepingWork final : public MessageWork {
 public:
  explicit KeepingWork(Runtime& runtime) : changed_(runtime.condition()) {}

  Status open() override { return {}; }
  [[nodiscard]] MessageBatch& batch() override { return batch_; }
  void start() override { busy_ = true; }
  [[nodiscard]] bool busy() const override { return busy_; }
  Result<std::vector<Position>> run(const std::function<bool()>& poll) override {
    std::vector<Position> finished;
    do {
      for (auto next = batch_.next(); next && *next != nullptr; next = batch_.next())
        bodies.emplace_back((*next)->body);
      busy_ = false;
      finished.push_back({batch_.queue(), batch_.next_offset()});
    } while (poll());
    return finished;
  }
  Status flush() override {
    std::unique_lock lock(mutex_);
    changed_->wait(lock, [this] { return !held_; });
    return flushes;
  }
  Status close(milliseconds /*timeout*/) override {
    ++closed;
    return {};
  }
  /// Flushes wait, or no longer.
  void hold_flush(bool held) {
    const std::lock_guard lock(mutex_);
    held_ = held;
    changed_->notify_all();
  }

  std::vector<std::string> bodies;
  int closed = 0;
  Status flushes;  ///< what `flush` gives

 private:
  MessageBatch batch_;
  bool busy_ = false;
  std::mutex mutex_;
  const std::unique_ptr<Condition> changed_;
  bool held_ = false;
};

/// One source table with one reader, whose discovery and loop run as in a job, each on a thread.
class LoopTest : public test::VirtualTimeTest {
 protected:
  LoopTest() : mock({}, servers, &world.network()) {
    options.connection.endpoints = mock.endpoints();
    options.topic = "orders";
    options.consumer_group = "readers";
    discovery.table = loop.table = "source";
    discovery.log = keeping_log();
    discovery.interval = minutes(5);
    discovery.patience = seconds(30);
  }
  ~LoopTest() override {
    if (!running_) return;
    control.stop();
    (void)running_->get();
  }

  [[nodiscard]] LogFunction keeping_log() {
    return [this](LogLevel level, std::string_view text) {
      if (level >= LogLevel::kWarning) log.emplace_back(text);
    };
  }
  void start() {
    running_ = std::make_unique<test::Task<Status>>(in_background([this] { return run(); }));
  }
  /// What the run gives, which ends by itself.
  Status finish() {
    if (!running_) start();
    Status ended = running_->get();
    running_.reset();
    return ended;
  }
  Status stop() {
    control.stop();
    return finish();
  }
  std::int64_t append(const std::string& body, std::int32_t queue = 0) {
    mock::MockMessage message;
    message.body = body;
    return mock.append({"orders", "broker-a", queue}, message);
  }
  /// Waits until that offset is committed; false when it is not within `time`.
  [[nodiscard]] bool committed_within(std::chrono::nanoseconds time, std::int64_t offset, std::int32_t queue = 0) {
    return comes_true([&] { return mock.committed("readers", {"orders", "broker-a", queue}) == offset; }, time);
  }

  mock::MockCluster mock;
  SourceOptions options;
  DiscoverySettings discovery;
  ReadLoopSettings loop;
  std::vector<std::string> log;
  RunControl control{process, keeping_log()};
  KeepingWork work{process};

 private:
  Status run() {
    const auto client = std::make_shared<Client>(std::make_unique<cluster::Cluster>(
        options.connection, keeping_log(), cluster::Timing{}, nullptr, nullptr, process));
    loop.commits_start = options.start_is_passing();
    discovery.bounded = options.bounded_mode != BoundedMode::kUnbounded;
    ReadLoop reading(loop, *SourceReader::create(client, options), work, control);
    Discovery finding(
        discovery, *SourceEnumerator::create(client, options, 1),
        {{[&](std::span<const Split> splits) { reading.add_splits(splits); }, [&] { reading.no_more_splits(); }}},
        control);
    const auto found = in_background([&] {
      if (Status done = finding.run(); !done) control.fail(done.error());
    });
    Status read = reading.run();
    control.stop();
    (void)found.get();
    if (!read) return read;
    return control.error() ? Status(*control.error()) : read;
  }

  std::unique_ptr<test::Task<Status>> running_;
};

}  // namespace rocketlink::engine
