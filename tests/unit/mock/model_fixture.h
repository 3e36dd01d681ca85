#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "conversations/talk.h"
#include "mock/ledger.h"
#include "mock/mock_cluster.h"
#include "sim/world.h"

namespace rocketlink::mock {

using conversations::Answer;
using conversations::Fields;
using conversations::Talk;
using wire::RequestCode;
using namespace std::chrono_literals;

/// A mock cluster on virtual time, and somebody who talks to one of its brokers.
class ModelTest : public testing::Test {
 protected:
  static constexpr const char* kMaster = "broker-a/0";
  static constexpr const char* kSlave = "broker-a/1";

  void begin(MockSetup setup = {}) {
    setup.observer = &ledger;
    cluster = std::make_unique<MockCluster>(std::move(setup), world.process("servers"), &world.network());
    cluster->create_topic("orders", 1);
    talk = talk_to(kMaster);
  }
  std::unique_ptr<Talk> talk_to(const std::string& server) {
    return std::make_unique<Talk>(world.process("client"),
                                  conversations::Cluster{cluster->endpoints().at(0), cluster->address(server), ""});
  }
  Answer send(std::string_view body) { return talk->send("orders", 0, body); }
  static Answer pull(Talk& from, std::int64_t offset, const Fields& changed = {}) {
    return from.ask_broker(RequestCode::kPullMessage, Talk::pull_fields("readers", "orders", 0, offset, changed));
  }
  Answer pull(std::int64_t offset, const Fields& changed = {}) { return pull(*talk, offset, changed); }
  static std::int64_t max_offset(Talk& of) {
    return of.ask_broker(RequestCode::kGetMaxOffset, Talk::queue_fields("orders", 0)).number("offset");
  }
  std::int64_t max_offset() { return max_offset(*talk); }
  std::int32_t commit(std::int64_t offset) {
    return talk
        ->ask_broker(
            RequestCode::kUpdateConsumerOffset,
            Talk::queue_fields("orders", 0, {{"consumerGroup", "readers"}, {"commitOffset", std::to_string(offset)}}))
        .code;
  }
  static std::int64_t committed(Talk& at) {
    return at
        .ask_broker(RequestCode::kQueryConsumerOffset,
                    Talk::queue_fields("orders", 0, {{"consumerGroup", "readers"}, {"setZeroIfNotFound", "false"}}))
        .number("offset");
  }
  void stall(Step step, bool stalled = true, const std::string& server = kMaster) {
    Pace pace;
    pace.stalled = stalled;
    cluster->set_pace(server, step, pace);
  }
  std::int32_t route_code() {
    return talk->ask_name_server(RequestCode::kGetRouteInfoByTopic, {{"topic", "orders"}}, 1s).code;
  }

  const QueueId queue0{"orders", "broker-a", 0};
  sim::World world{1};
  Ledger ledger{world.process("servers")};
  std::unique_ptr<MockCluster> cluster;
  std::unique_ptr<Talk> talk;
};

}  // namespace rocketlink::mock
