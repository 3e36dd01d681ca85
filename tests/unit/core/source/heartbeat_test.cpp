#include <nlohmann/json.hpp>
#include <set>

#include "source_fixture.h"

namespace rocketlink::test {

namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// Groups that are shown to RocketMQ's own tools.
class HeartbeatTest : public SourceTest {
 protected:
  HeartbeatTest()
      : SourceTest([] {
          mock::MockSetup setup;
          setup.brokers = {"broker-a", "broker-b"};
          return setup;
        }()) {
    mock.create_topic("orders", 1);
    mock.create_topic("returns", 1);
  }

  [[nodiscard]] std::unique_ptr<SourceReader> reading(const std::string& topic) {
    options.topic = topic;
    return started_reader();
  }
  [[nodiscard]] static std::multiset<std::string> topics_of(const mock::SeenRequest& heartbeat) {
    std::multiset<std::string> topics;
    const json body = json::parse(heartbeat.body);
    for (const json& group : body["consumerDataSet"]) {
      EXPECT_EQ(group["groupName"], "readers");
      for (const json& subscription : group["subscriptionDataSet"]) topics.insert(subscription["topic"]);
    }
    return topics;
  }
};

TEST_F(HeartbeatTest, NoneUnlessAskedFor) {
  const auto orders = reading("orders");
  sleep_for(std::chrono::minutes(2));
  EXPECT_EQ(mock.count(RequestCode::kHeartBeat), 0U) << "push consumers of the group would leave queues to us";
}

TEST_F(HeartbeatTest, EveryBrokerIsToldOfAllTopicsOfTheProcess) {
  options.heartbeat = true;
  const auto orders = reading("orders");
  auto returns = reading("returns");
  sleep_for(milliseconds(5000));
  mock.forget_seen();
  sleep_for(milliseconds(60'000));
  for (const char* broker : {"broker-a/0", "broker-b/0"}) {
    const auto seen = mock.seen(RequestCode::kHeartBeat, broker);
    ASSERT_THAT(seen, SizeIs(2)) << broker;
    EXPECT_THAT(topics_of(seen[0]), ElementsAre("orders", "returns"));
    EXPECT_EQ(json::parse(seen[0].body)["clientID"], json::parse(seen[1].body)["clientID"]);
  }
  returns.reset();
  mock.forget_seen();
  sleep_for(milliseconds(31'000));
  EXPECT_THAT(topics_of(mock.seen(RequestCode::kHeartBeat, "broker-a/0").at(0)), ElementsAre("orders"));
  EXPECT_THAT(logged(), IsEmpty());
}

TEST_F(HeartbeatTest, OneThatFailsIsSaidAndNothingElse) {
  options.heartbeat = true;
  mock.inject(Fault::answer(RequestCode::kHeartBeat, ResponseCode::kSystemError, "not now", -1));
  mock.append_many(queue0, 3);
  const auto orders = reading("orders");
  EXPECT_EQ(take(*orders, 3), bodies(0, 3));
  EXPECT_TRUE(warned("not now; RocketMQ's tools may not see this reader"));
}

}  // namespace

}  // namespace rocketlink::test
