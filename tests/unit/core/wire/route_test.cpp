#include "wire/route.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace rocketlink::wire {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const char* const kStandard =
    R"({"brokerDatas":[{"brokerAddrs":{"0":"10.0.0.1:10911"},"brokerName":"broker-a","cluster":"DefaultCluster",)"
    R"("enableActingMaster":false}],"filterServerTable":{},"queueDatas":[{"brokerName":"broker-a","perm":6,)"
    R"("readQueueNums":4,"topicSysFlag":0,"writeQueueNums":4}]})";

std::string one_broker(const std::string& addresses, const std::string& more = "", int read = 2, int write = 2,
                       int perm = 6) {
  return R"({"brokerDatas":[{"brokerAddrs":)" + addresses + R"(,"brokerName":"a","cluster":"c"}],"queueDatas":[)" +
         R"({"brokerName":"a","perm":)" + std::to_string(perm) + R"(,"readQueueNums":)" + std::to_string(read) +
         R"(,"writeQueueNums":)" + std::to_string(write) + "}]" + more + "}";
}

TopicRoute route_of(const std::string& json) {
  auto route = parse_route(json);
  EXPECT_TRUE(route) << (route ? "" : route.error().text) << "\n" << json;
  return route ? *std::move(route) : TopicRoute{};
}

std::vector<std::string> names(const std::vector<RoutedQueue>& queues) {
  std::vector<std::string> out;
  for (const RoutedQueue& queue : queues)
    out.push_back(queue.broker + ":" + std::to_string(queue.id) +
                  (queue.address_broker == queue.broker ? "" : ">" + queue.address_broker));
  return out;
}

TEST(Route, VectorOfTheProtocol) {
  const TopicRoute route = route_of(kStandard);
  ASSERT_EQ(route.brokers.size(), 1U);
  EXPECT_EQ(route.brokers[0].name, "broker-a");
  EXPECT_EQ(route.brokers[0].cluster, "DefaultCluster");
  EXPECT_EQ(route.brokers[0].addresses, (std::map<std::int64_t, std::string>{{0, "10.0.0.1:10911"}}));
  EXPECT_EQ(route.queues, (std::vector<QueueData>{{"broker-a", 4, 4, 6}}));
  EXPECT_THAT(names(readable_queues(route)), ElementsAre("broker-a:0", "broker-a:1", "broker-a:2", "broker-a:3"));
  EXPECT_THAT(names(writable_queues(route)), ElementsAre("broker-a:0", "broker-a:1", "broker-a:2", "broker-a:3"));
}

TEST(Route, NamesAndAddressesThatNobodyHasAreRefusedInPlainWords) {
  const std::string long_one(300, 'x');
  for (const std::string& odd : {std::string("\\u001b[2J"), std::string("a\\nb"), long_one}) {
    for (const std::string& json :
         {R"({"brokerDatas":[{"brokerAddrs":{"0":"h:1"},"brokerName":")" + odd + R"("}]})",
          R"({"queueDatas":[{"brokerName":")" + odd + R"(","perm":6,"readQueueNums":1,"writeQueueNums":1}]})",
          one_broker(R"({"0":")" + odd + R"("})"),
          one_broker(R"({"0":"h:1"})", R"(,"topicQueueMappingByBroker":{")" + odd + R"(":{}})"),
          one_broker(R"({"0":"h:1"})", R"(,"topicQueueMappingByBroker":{"a":{"scope":")" + odd + R"("}})")}) {
      const auto route = parse_route(json);
      ASSERT_FALSE(route) << json;
      EXPECT_EQ(route.error().text.find('\x1b'), std::string::npos);
      EXPECT_EQ(route.error().text.find('\n'), std::string::npos);
      EXPECT_LT(route.error().text.size(), 500U);
    }
  }
  EXPECT_TRUE(parse_route(one_broker(R"({"0":")" + std::string(255, 'x') + R"("})")));
}

TEST(Route, IntegerKeysMayStandUnquoted) {
  for (const char* addresses :
       {R"({0:"h:1",1:"i:2"})", R"({ 0 : "h:1" , 1:"i:2"})", R"({"0":"h:1",1:"i:2"})", "{\n0:\"h:1\",\t1:\"i:2\"}"}) {
    const TopicRoute route = route_of(one_broker(addresses));
    ASSERT_EQ(route.brokers.size(), 1U);
    EXPECT_EQ(route.brokers[0].addresses, (std::map<std::int64_t, std::string>{{0, "h:1"}, {1, "i:2"}})) << addresses;
  }
}

TEST(Route, TextThatLooksLikeAnUnquotedKeyIsLeftAlone) {
  const TopicRoute route = route_of(one_broker(R"({0:"{1:2,3:\"4\\"})"));
  ASSERT_EQ(route.brokers.size(), 1U);
  EXPECT_EQ(route.brokers[0].addresses.at(0), R"({1:2,3:"4\)");
}

TEST(Route, AbsentAndNullMembersAreEmpty) {
  EXPECT_EQ(route_of("{}"), TopicRoute{});
  EXPECT_EQ(
      route_of(R"({"queueDatas":null,"brokerDatas":null,"orderTopicConf":null,"topicQueueMappingByBroker":null})"),
      TopicRoute{});
}

TEST(Route, MalformedOnesAreRefused) {
  for (
      const std::string& json : {
          std::string(),
          std::string("[]"),
          std::string("{"),
          std::string("null"),
          std::string(R"({"queueDatas":{}})"),
          std::string(R"({"queueDatas":[1]})"),
          std::string(R"({"queueDatas":[{}]})"),
          std::string(R"({"brokerDatas":"x"})"),
          std::string(R"({"brokerDatas":[{"cluster":"c"}]})"),
          std::string(R"({"brokerDatas":[{"brokerName":""}]})"),
          std::string(R"({"orderTopicConf":7})"),
          std::string(R"({"orderTopicConf":"a"})"),
          std::string(R"({"orderTopicConf":":4"})"),
          std::string(R"({"orderTopicConf":"a:x"})"),
          std::string(R"({"orderTopicConf":"a:-1"})"),
          std::string(R"({"orderTopicConf":"a:100001"})"),
          std::string(R"({"topicQueueMappingByBroker":[]})"),
          std::string(R"({"topicQueueMappingByBroker":{"a":1}})"),
          std::string(R"({"topicQueueMappingByBroker":{"a":{"totalQueues":1}}})"),
          std::string(R"({"topicQueueMappingByBroker":{"a":{"totalQueues":1,"epoch":1,"currIdMap":{"x":1}}}})"),
          std::string(R"({"topicQueueMappingByBroker":{"a":{"totalQueues":1,"epoch":1,"currIdMap":{"-1":1}}}})"),
          one_broker("[]"),
          one_broker(R"({"x":"h:1"})"),
          one_broker(R"({"0":1})"),
          one_broker("{}", "", -1),
          one_broker("{}", "", 1, -1),
          one_broker("{}", "", kMaxQueuesPerBroker + 1),
          one_broker("{}", "", 1, kMaxQueuesPerBroker + 1),
          one_broker("{}", "", 1, 1, -1),
          std::string(R"({"queueDatas":[{"brokerName":"a","perm":6,"readQueueNums":1e3,"writeQueueNums":1}]})"),
          std::string(
              R"({"queueDatas":[{"brokerName":"a","perm":6,"readQueueNums":18446744073709551615,"writeQueueNums":1}]})"),
      }) {
    const auto route = parse_route(json);
    ASSERT_FALSE(route) << json;
    EXPECT_TRUE(route.error().is(ErrorCode::kProtocol)) << json;
    EXPECT_THAT(route.error().text, HasSubstr("malformed route: ")) << json;
  }
}

TEST(Route, MoreQueuesThanAnybodyHasAreRefused) {
  const auto route_of = [](int brokers) {
    std::string queues;
    for (int i = 0; i < brokers; ++i) {
      queues += fmt::format(R"({}{{"brokerName":"b{}","perm":6,"readQueueNums":{},"writeQueueNums":4}})",
                            i > 0 ? "," : "", i, kMaxQueuesPerBroker);
    }
    return parse_route(R"({"queueDatas":[)" + queues + "]}");
  };
  EXPECT_TRUE(route_of(2));
  const auto absurd = route_of(50);
  ASSERT_FALSE(absurd);
  EXPECT_EQ(
      absurd.error().text,
      "malformed route: 5000000 queues to read and 200 to write on 50 brokers, 0 of them ordered, 0 logical ones; "
      "more than 200000 of a kind");
  const auto large = parse_route(R"({"queueDatas":[)" + std::string(kMaxRouteBytes, ' ') + "]}");
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().text, "malformed route: 4194321 bytes, more than 4194304");
}

TEST(Route, MoreQueuesThanAnybodyHasInAnOrderOrAStaticTopicAreRefused) {
  const auto order_of = [](int brokers) {
    std::string order;
    for (int i = 0; i < brokers; ++i) order += "a:100000;";
    return parse_route(R"({"orderTopicConf":")" + order + "\"}");
  };
  EXPECT_TRUE(order_of(2));
  ASSERT_FALSE(order_of(3));
  EXPECT_THAT(order_of(3).error().text, HasSubstr("300000 of them ordered"));

  const auto static_of = [](int brokers, bool own_scopes) {
    std::string mappings;
    for (int i = 0; i < brokers; ++i) {
      mappings += fmt::format(R"({}"b{}":{{"scope":"s{}","totalQueues":100000,"epoch":1}})", i > 0 ? "," : "", i,
                              own_scopes ? i : 0);
    }
    return parse_route(R"({"topicQueueMappingByBroker":{)" + mappings + "}}");
  };
  EXPECT_TRUE(static_of(2, true));
  EXPECT_TRUE(static_of(50, false)) << "all brokers of a topic tell its whole number";
  ASSERT_FALSE(static_of(3, true));
  EXPECT_THAT(static_of(3, true).error().text, HasSubstr("300000 logical ones"));
}

TEST(Route, DeepNestingIsRefusedBeforeItTakesMemory) {
  const auto nested = [](std::size_t depth) {
    return parse_route(R"({"x":)" + std::string(depth, '[') + std::string(depth, ']') + "}");
  };
  EXPECT_TRUE(nested(31));
  ASSERT_FALSE(nested(32));
  EXPECT_THAT(nested(2'000'000).error().text, HasSubstr("4000006 bytes of JSON nested more than 32 deep"));
  EXPECT_TRUE(parse_route(R"({"x":")" + std::string(100, '[') + "\"}")) << "within a text they are none";
}

TEST(Route, ManyEntriesOfAStaticTopicTakeLinearTime) {
  std::string queues;
  for (int i = 0; i < 20'000; ++i) {
    queues +=
        fmt::format(R"({}{{"brokerName":"b{}","perm":4,"readQueueNums":1,"writeQueueNums":1}})", i > 0 ? "," : "", i);
  }
  std::string ids;
  for (int i = 0; i < 100'000; ++i) ids += fmt::format("{}{}:0", i > 0 ? "," : "", i);
  const auto route = parse_route(
      R"({"queueDatas":[)" + queues +
      R"(],"topicQueueMappingByBroker":{"b19999":{"totalQueues":100000,"epoch":1,"currIdMap":{)" + ids + "}}}}");
  ASSERT_TRUE(route) << route.error().text;
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(readable_queues(*route), SizeIs(100'000));
  EXPECT_THAT(writable_queues(*route), IsEmpty());
  for (std::int32_t id = 0; id < 100'000; ++id) {
    ASSERT_EQ(serving_broker(*route, "__syslo__global__", id), "b19999");
  }
  EXPECT_EQ(serving_broker(*route, "b1", 0), "b1");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10)) << "2 billion comparisons take longer";
}

TEST(Route, EveryTruncationIsRefused) {
  const std::string whole = kStandard;
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(parse_route(whole.substr(0, size))) << size;
}

TEST(TopicConfig, TellsWhetherATopicIsCompacted) {
  const auto compacted = [](std::string_view json) {
    const auto parsed = parse_is_compacted(json);
    return parsed ? std::string(*parsed ? "yes" : "no") : "refused";
  };
  EXPECT_EQ(compacted(R"({"attributes":{"cleanup.policy":"COMPACTION"},"order":false,"topicName":"t"})"), "yes");
  EXPECT_EQ(compacted(R"({"attributes":{"cleanup.policy":"DELETE"},"topicName":"t"})"), "no");
  EXPECT_EQ(compacted(R"({"attributes":{"cleanup.policy":1}})"), "no");
  EXPECT_EQ(compacted(R"({"attributes":[]})"), "no");
  EXPECT_EQ(compacted(R"({"topicName":"t"})"), "no") << "before 5.1";
  EXPECT_EQ(compacted("[]"), "refused");
}

TEST(Queues, PermissionsAndMastersDecide) {
  const std::string master = R"({"0":"h:1"})";
  const std::string slave = R"({"1":"h:1"})";
  EXPECT_THAT(names(readable_queues(route_of(one_broker(master, "", 1, 2)))), ElementsAre("a:0"));
  EXPECT_THAT(names(writable_queues(route_of(one_broker(master, "", 1, 2)))), ElementsAre("a:0", "a:1"));
  EXPECT_THAT(names(readable_queues(route_of(one_broker(master, "", 1, 1, 2)))), IsEmpty());
  EXPECT_THAT(names(writable_queues(route_of(one_broker(master, "", 1, 1, 4)))), IsEmpty());
  EXPECT_THAT(names(readable_queues(route_of(one_broker(slave, "", 1, 1)))), ElementsAre("a:0"));
  EXPECT_THAT(names(writable_queues(route_of(one_broker(slave, "", 1, 1)))), IsEmpty()) << "the master is gone";
  EXPECT_THAT(names(writable_queues(route_of(one_broker("{}", "", 1, 1)))), IsEmpty());
}

TEST(Queues, AreSortedWhateverTheRoutesOrderAndSaidOnce) {
  const std::string json =
      R"({"brokerDatas":[{"brokerAddrs":{"0":"h:1"},"brokerName":"a"},{"brokerAddrs":{"0":"h:2"},"brokerName":"b"}],)"
      R"("queueDatas":[{"brokerName":"b","perm":6,"readQueueNums":1,"writeQueueNums":1},)"
      R"({"brokerName":"a","perm":6,"readQueueNums":2,"writeQueueNums":2},)"
      R"({"brokerName":"b","perm":6,"readQueueNums":1,"writeQueueNums":1}]})";
  EXPECT_THAT(names(readable_queues(route_of(json))), ElementsAre("a:0", "a:1", "b:0"));
  EXPECT_THAT(names(writable_queues(route_of(json))), ElementsAre("a:0", "a:1", "b:0"));
}

TEST(Queues, OrderTopicConfIsTheWholeWriteSet) {
  const TopicRoute route = route_of(one_broker(R"({"0":"h:1"})", R"(,"orderTopicConf":"z:2;a:1;")", 4, 4));
  EXPECT_THAT(names(writable_queues(route)), ElementsAre("a:0", "z:0", "z:1")) << "brokers that are down included";
  EXPECT_THAT(names(readable_queues(route)), ElementsAre("a:0", "a:1", "a:2", "a:3"));
}

TEST(Queues, StaticTopicsExpandIntoLogicalQueues) {
  const auto with_keys = [](const std::string& zero, const std::string& one, const std::string& two) {
    return R"({"brokerDatas":[{"brokerAddrs":{"0":"h:1"},"brokerName":"a"},{"brokerAddrs":{"1":"h:2"},"brokerName":"b"}],)"
           R"("queueDatas":[{"brokerName":"a","perm":6,"readQueueNums":9,"writeQueueNums":9},)"
           R"({"brokerName":"b","perm":6,"readQueueNums":9,"writeQueueNums":9}],"topicQueueMappingByBroker":{)"
           R"("a":{"topic":"T","scope":"__global__","totalQueues":4,"bname":"a","epoch":10,"currIdMap":{)" +
           zero + ":0," + one +
           R"(:5}},"b":{"topic":"T","scope":"__global__","totalQueues":3,"bname":"b","epoch":20,)" +
           R"("currIdMap":{)" + one + ":1," + two + ":2}}}}";
  };
  for (const std::string& json : {with_keys("0", "1", "2"), with_keys("\"0\"", "\"1\"", "\"2\"")}) {
    const TopicRoute route = route_of(json);
    EXPECT_THAT(names(readable_queues(route)),
                ElementsAre("__syslo__global__:0>a", "__syslo__global__:1>b", "__syslo__global__:2>b",
                            "__syslo__global__:3>__syslo__none__"));
    EXPECT_THAT(names(writable_queues(route)), ElementsAre("__syslo__global__:0>a")) << "b has no master";
  }
}

}  // namespace
}  // namespace rocketlink::wire
