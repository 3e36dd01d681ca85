#include "sink/targets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rocketlink::sink {
namespace {

using testing::ElementsAre;

struct BrokerOf {
  std::string name;
  std::int32_t queues = 2;
  std::int32_t perm = 6;
  bool master = true;
};

wire::TopicRoute route_of(const std::vector<BrokerOf>& brokers) {
  wire::TopicRoute route;
  for (const BrokerOf& broker : brokers) {
    route.queues.push_back({broker.name, broker.queues, broker.queues, broker.perm});
    route.brokers.push_back({broker.name, "c", {{broker.master ? 0 : 1, broker.name + ":1"}}});
  }
  return route;
}

std::vector<std::string> names(const std::vector<Target>& targets) {
  std::vector<std::string> found;
  for (const Target& target : targets)
    found.push_back(target.queue.broker + ":" + std::to_string(target.queue.id) + (target.address ? "" : " away"));
  return found;
}

TEST(Targets, SortedByBrokerAndIdWithTheMastersAddress) {
  const auto targets = targets_of(route_of({{"b"}, {"a"}}), "t");
  EXPECT_THAT(names(targets), ElementsAre("a:0", "a:1", "b:0", "b:1"));
  EXPECT_EQ(targets[2], (Target{{"t", "b", 0}, "b", "b:1"}));
}

TEST(Targets, OnlyWhatCanBeWritten) {
  EXPECT_THAT(names(targets_of(route_of({{"a", 1, 4}, {"b", 1, 6, false}, {"c", 1, 2}}), "t")), ElementsAre("c:0"));
}

TEST(Targets, OrderTopicListsItsQueuesWhateverIsUp) {
  auto route = route_of({{"a"}});
  route.order_topic_conf = "a:1;b:1";
  EXPECT_THAT(names(targets_of(route, "t")), ElementsAre("a:0", "b:0 away"));
}

TEST(Targets, StaticTopicIsAddressedByItsLogicalQueues) {
  auto route = route_of({{"a"}, {"b"}});
  route.static_mappings["a"] = {"__global__", 2, 1, {1}};
  route.static_mappings["b"] = {"__global__", 2, 1, {0}};
  const auto targets = targets_of(route, "t");
  ASSERT_EQ(targets.size(), 2);
  EXPECT_EQ(targets[0], (Target{{"t", "__syslo__global__", 0}, "b", "b:1"}));
  EXPECT_EQ(targets[1], (Target{{"t", "__syslo__global__", 1}, "a", "a:1"}));
}

TEST(Targets, TemplateGivesNoMoreThanFourQueuesPerBroker) {
  EXPECT_THAT(names(targets_of_template(route_of({{"a", 8, 7}, {"b", 2, 7}}), "t")),
              ElementsAre("a:0", "a:1", "a:2", "a:3", "b:0", "b:1"));
}

TEST(Refreshed, TakesNewQueuesAndDropsThoseThatTheirBrokerNoLongerHas) {
  const auto known = targets_of(route_of({{"a", 3}}), "t");
  EXPECT_THAT(names(refreshed(known, route_of({{"a", 2}, {"b", 1}}), "t")), ElementsAre("a:0", "a:1", "b:0"));
}

TEST(Refreshed, KeepsTheQueuesOfABrokerThatIsAway) {
  const auto known = targets_of(route_of({{"a", 1}, {"b", 1}, {"c", 1}}), "t");
  const auto without_a = refreshed(known, route_of({{"b", 1, 6, false}, {"c", 1}}), "t");
  EXPECT_THAT(names(without_a), ElementsAre("a:0 away", "b:0 away", "c:0"));
  EXPECT_THAT(names(refreshed(without_a, route_of({{"a", 1}, {"b", 1}, {"c", 1}}), "t")),
              ElementsAre("a:0", "b:0", "c:0"));
}

TEST(Refreshed, KeepsAllWhenTheRouteHasNone) {
  const auto known = targets_of(route_of({{"a", 1}}), "t");
  EXPECT_THAT(names(refreshed(known, {}, "t")), ElementsAre("a:0 away"));
  EXPECT_THAT(names(refreshed(known, route_of({{"a", 1, 4}}), "t")), ElementsAre("a:0"));
}

TEST(Refreshed, FollowsAStaticQueueToItsNewBroker) {
  auto route = route_of({{"a"}, {"b"}});
  route.static_mappings["a"] = {"__global__", 1, 1, {0}};
  const auto known = targets_of(route, "t");
  auto moved = route_of({{"b"}});
  moved.static_mappings["b"] = {"__global__", 1, 2, {0}};
  const auto targets = refreshed(known, moved, "t");
  ASSERT_EQ(targets.size(), 1);
  EXPECT_EQ(targets[0].address, "b:1");
}

TEST(TargetFor, IsJavasSelectMessageQueueByHash) {
  EXPECT_EQ(target_for("", 8), 0);
  EXPECT_EQ(target_for("a", 8), 97 % 8);
  EXPECT_EQ(target_for("order-1", 7), 3);  // 940372338 without its sign
  EXPECT_EQ(target_for("Grüße", 7), 2);
  EXPECT_EQ(target_for("𝄞 key", 7), 3);
  // "polygenelubricants".hashCode() is Integer.MIN_VALUE: masked, not negated.
  EXPECT_EQ(target_for("polygenelubricants", 8), 0);
}

}  // namespace
}  // namespace rocketlink::sink
