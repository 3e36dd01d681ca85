#include "sink/targets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

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
  route.logical_queues = {{"__syslo__global__", 0, "b"}, {"__syslo__global__", 1, "a"}};
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
  route.logical_queues = {{"__syslo__global__", 0, "a"}};
  const auto known = targets_of(route, "t");
  auto moved = route_of({{"b"}});
  moved.static_mappings["b"] = {"__global__", 1, 2, {0}};
  moved.logical_queues = {{"__syslo__global__", 0, "b"}};
  const auto targets = refreshed(known, moved, "t");
  ASSERT_EQ(targets.size(), 1);
  EXPECT_EQ(targets[0].address, "b:1");
}

struct Chosen {
  std::string_view text;
  std::array<std::size_t, 6> queues;  // of 3, 4, 7, 8, 16 and 255
};

// What RocketMQ 5.5.0's own SelectMessageQueueByHash gave.
TEST(TargetFor, IsWhatJavasSelectMessageQueueByHashChose) {
  constexpr std::array<std::size_t, 6> kCounts{3, 4, 7, 8, 16, 255};
  constexpr std::array<Chosen, 8> kChosen{{{"", {0, 0, 0, 0, 0, 0}},
                                           {"a", {1, 1, 6, 1, 1, 97}},
                                           {"order-1", {2, 2, 6, 6, 14, 215}},  // hash -1207111310
                                           {"Grüße", {2, 3, 2, 7, 7, 191}},
                                           {"𝄞 key", {1, 1, 3, 1, 9, 184}},
                                           {"polygenelubricants", {2, 0, 2, 0, 0, 128}},  // hash Integer.MIN_VALUE
                                           {"north", {0, 1, 1, 5, 5, 150}},
                                           {"south", {2, 1, 6, 5, 13, 38}}}};
  for (const Chosen& chosen : kChosen) {
    for (std::size_t i = 0; i < kCounts.size(); ++i) {
      EXPECT_EQ(target_for(chosen.text, kCounts[i]), chosen.queues[i]) << chosen.text << " of " << kCounts[i];
    }
  }
  EXPECT_EQ(target_for("polygenelubricants", 1), 0U);
}

// Half of these texts have negative hashes.
TEST(TargetFor, IsThatFor100000Texts) {
  std::uint64_t sum = 0;  // as Java's long adds up
  for (std::int64_t i = 0; i < 100'000; ++i) {
    const std::string text = "order-" + std::to_string(i * 7919);
    for (const std::size_t queues : {3, 4, 7, 8, 16}) sum = sum * 31 + target_for(text, queues);
  }
  EXPECT_EQ(sum, 1'266'578'939'548'164'388U);
}

}  // namespace
}  // namespace rocketlink::sink
