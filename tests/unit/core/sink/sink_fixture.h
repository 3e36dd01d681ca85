#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/cluster.h"
#include "mock/mock_cluster.h"
#include "rocketlink/sink.h"
#include "unit/virtual_time.h"

namespace rocketlink::test {

using mock::Fault;
using std::chrono::milliseconds;
using wire::RequestCode;
using wire::ResponseCode;

/// A mock cluster with topic "orders" and what it takes to write to it.
class SinkTest : public VirtualTimeTest {
 protected:
  explicit SinkTest(mock::MockSetup setup = {}) : mock(std::move(setup), servers, &world.network()) {
    options.connection.endpoints = mock.endpoints();
    options.topic = "orders";
    options.producer_group = "writers";
    options.retry_times = 5;
    options.batch_linger_ms = 1000;  // so that what a test writes together travels together
  }

  [[nodiscard]] std::shared_ptr<Client> new_client() {
    const auto log = [this](LogLevel level, std::string_view text) {
      if (level != LogLevel::kDebug) log_.emplace_back(text);
    };
    return std::make_shared<Client>(
        std::make_unique<cluster::Cluster>(options.connection, log, cluster::Timing{}, nullptr, nullptr, process));
  }
  [[nodiscard]] Result<std::unique_ptr<Sink>> try_open() { return Sink::open(new_client(), options); }
  [[nodiscard]] std::unique_ptr<Sink> open() {
    auto opened = try_open();
    EXPECT_TRUE(opened) << opened.error().text;
    return *std::move(opened);
  }
  static OutgoingMessage message(std::string_view body, std::string_view partition = {}) {
    OutgoingMessage made;
    made.body = body;
    if (!partition.empty()) made.partition = partition;
    return made;
  }
  static void write(Sink& sink, std::string_view body, std::string_view partition = {}) {
    const Status status = sink.write(message(body, partition));
    ASSERT_TRUE(status) << status.error().text;
  }
  /// Writes bodies `<prefix>0` … in one batch per flush.
  static void write_many(Sink& sink, int count, const std::string& prefix = "m", std::string_view partition = {}) {
    for (int i = 0; i < count; ++i) write(sink, prefix + std::to_string(i), partition);
  }
  static std::vector<std::string> numbered(int count, const std::string& prefix = "m") {
    std::vector<std::string> made;
    for (int i = 0; i < count; ++i) made.push_back(prefix + std::to_string(i));
    return made;
  }
  [[nodiscard]] std::vector<std::string> stored(std::int32_t id, const std::string& broker = "broker-a") const {
    std::vector<std::string> bodies;
    for (const auto& record : mock.records({"orders", broker, id})) bodies.push_back(record.body);
    return bodies;
  }
  [[nodiscard]] std::vector<std::string> stored_ids(std::int32_t id) const {
    std::vector<std::string> ids;
    for (const auto& record : mock.records({"orders", "broker-a", id})) ids.push_back(record.unique_key);
    return ids;
  }
  [[nodiscard]] const std::vector<std::string>& log() const { return log_; }
  [[nodiscard]] std::vector<mock::SeenRequest> batches() const { return mock.seen(RequestCode::kSendBatchMessage); }

  mock::MockCluster mock;
  SinkOptions options;

 private:
  std::vector<std::string> log_;
};

}  // namespace rocketlink::test
