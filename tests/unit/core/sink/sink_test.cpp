#include <map>
#include <set>

#include "sink_fixture.h"

namespace rocketlink::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(SinkTest, BuiltFromOptionsByName) {
  mock.create_topic("orders", 1);
  auto built = Sink::builder()
                   .set_client(new_client())
                   .set_endpoint(mock.endpoints().front())
                   .set_topic("orders")
                   .set_producer_group("writers")
                   .set("SINK.BATCH.LINGER", "1 ms")
                   .build();
  ASSERT_TRUE(built) << built.error().text;
  write(**built, "body");
  ASSERT_TRUE((*built)->close(milliseconds(5000)));
  EXPECT_EQ((*built)->stats().messages_acknowledged, 1);

  const auto refused = Sink::builder().set_topic("orders").set("retryTimes", "many").build();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(ErrorCode::kInvalidArgument));
  for (const char* part : {"endpoint", "producerGroup", "many"})
    EXPECT_THAT(refused.error().text, testing::HasSubstr(part));
}

TEST_F(SinkTest, StoresBodyKeysAndTags) {
  mock.create_topic("orders", 1);
  const auto sink = open();
  OutgoingMessage full = message("body");
  full.keys = "k1 k2";
  full.tags = "TagA";
  ASSERT_TRUE(sink->write(full));
  write(*sink, "");
  write(*sink, "last");
  ASSERT_TRUE(sink->flush());
  const auto records = mock.records({"orders", "broker-a", 0});
  ASSERT_THAT(records, SizeIs(3));
  EXPECT_EQ(records[0].body, "body");
  EXPECT_EQ(records[0].keys, "k1 k2");
  EXPECT_EQ(records[0].tags, "TagA");
  EXPECT_EQ(records[1].body, "");
  EXPECT_EQ(records[1].tags, "");
  EXPECT_EQ(records[2].body, "last");
  EXPECT_EQ(records[0].unique_key.size(), 32);
  EXPECT_NE(records[0].unique_key, records[1].unique_key);
  EXPECT_EQ(sink->stats().messages_acknowledged, 3);
  EXPECT_EQ(sink->stats().bytes_acknowledged, 8);
  EXPECT_EQ(sink->stats().api_calls, 1);
}

TEST_F(SinkTest, OptionTagIsTheTagOfEveryMessage) {
  mock.create_topic("orders", 1);
  options.tag = "fixed";
  const auto sink = open();
  write(*sink, "x");
  ASSERT_TRUE(sink->flush());
  EXPECT_EQ(mock.records({"orders", "broker-a", 0}).at(0).tags, "fixed");
}

TEST_F(SinkTest, EmptyBodyAlone) {
  mock.create_topic("orders", 1);
  const auto sink = open();
  write(*sink, "");
  ASSERT_TRUE(sink->flush());
  EXPECT_THAT(stored(0), ElementsAre(""));
}

TEST_F(SinkTest, LingeringMessagesGoByThemselves) {
  mock.create_topic("orders", 1);
  const auto sink = open();
  const SteadyTime begin = now();
  write(*sink, "x");
  EXPECT_TRUE(mock.wait_for(RequestCode::kSendMessageV2, 1));
  EXPECT_GE(now() - begin, milliseconds(options.batch_linger_ms));
  EXPECT_LT(now() - begin, milliseconds(options.batch_linger_ms) + kAtOnce);
}

TEST_F(SinkTest, FullBatchesDoNotLinger) {
  mock.create_topic("orders", 1);
  options.batch_linger_ms = 60'000;
  options.batch_max_messages = 10;
  const auto sink = open();
  write_many(*sink, 10);
  EXPECT_TRUE(mock.wait_for(RequestCode::kSendBatchMessage, 1, kAtOnce));
}

TEST_F(SinkTest, SpreadsBatchesOverAllQueuesOfAllBrokers) {
  mock.create_topic("orders", 4);
  options.batch_max_messages = 5;
  const auto sink = open();
  write_many(*sink, 20);
  ASSERT_TRUE(sink->flush());
  for (std::int32_t id = 0; id < 4; ++id) EXPECT_THAT(stored(id), SizeIs(5)) << id;
}

TEST_F(SinkTest, PartitionTextKeepsOrderInTheQueueThatJavaWouldChoose) {
  mock.create_topic("orders", 7);
  options.batch_max_messages = 3;
  const auto sink = open();
  for (int i = 0; i < 50; ++i) {
    write(*sink, "a" + std::to_string(i), "order-1");
    write(*sink, "b" + std::to_string(i), "key-5");
  }
  ASSERT_TRUE(sink->flush());
  EXPECT_THAT(stored(6), ElementsAreArray(numbered(50, "a"))) << "Math.abs(\"order-1\".hashCode() % 7)";
  EXPECT_THAT(stored(1), ElementsAreArray(numbered(50, "b")));
}

TEST_F(SinkTest, OneBatchUnderWayPerQueue) {
  mock.create_topic("orders", 1);
  options.batch_max_messages = 2;
  Fault slow = Fault::delayed(RequestCode::kSendBatchMessage, milliseconds(30), -1);
  mock.inject(slow);
  const auto sink = open();
  write_many(*sink, 8);
  ASSERT_TRUE(sink->flush());
  const auto seen = batches();
  ASSERT_THAT(seen, SizeIs(4));
  for (std::size_t i = 1; i < seen.size(); ++i) EXPECT_GE(seen[i].time - seen[i - 1].time, milliseconds(30));
  EXPECT_THAT(stored(0), ElementsAreArray(numbered(8)));
}

TEST_F(SinkTest, TopicThatDoesNotExist) {
  const auto opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().is(ErrorCode::kNotFound));
  EXPECT_TRUE(opened.error().retriable) << "a name server that has just started knows no topic";
  EXPECT_THAT(opened.error().text, HasSubstr("'orders'"));
}

TEST_F(SinkTest, ATopicThatKeepsTheNewestOfEachKeyTakesNoRowWithoutKeys) {
  mock.create_topic("orders", 1);
  mock.inject(Fault::edited(RequestCode::kGetTopicConfig, [](wire::Header& header, std::string& body) {
    header.code = 0;
    body = R"({"attributes":{"cleanup.policy":"COMPACTION"},"order":false,"perm":6,"topicName":"orders"})";
  }));
  const auto sink = open();
  const Status refused = sink->write(message("x"));
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(ErrorCode::kData));
  EXPECT_THAT(refused.error().text,
              AllOf(HasSubstr("'orders'"), HasSubstr("cleanup.policy=COMPACTION"), HasSubstr("keys STRING METADATA")));
  OutgoingMessage keyed = message("y");
  keyed.keys = "k";
  ASSERT_TRUE(sink->write(keyed));
  keyed.keys = "";
  EXPECT_FALSE(sink->write(keyed));
  ASSERT_TRUE(sink->flush());
  EXPECT_THAT(stored(0), ElementsAre("y"));
}

TEST_F(SinkTest, ABrokerThatDoesNotTellATopicsPolicyIsBelievedToDeleteByAge) {
  mock.create_topic("orders", 1);
  mock.inject(Fault::answer(RequestCode::kGetTopicConfig, ResponseCode::kNoPermission, "no GET right"));
  const auto sink = open();
  write(*sink, "x");
  ASSERT_TRUE(sink->flush());
}

TEST_F(SinkTest, TopicThatCannotBeWritten) {
  mock.create_topic("orders", 1);
  mock.set_permission("orders", "broker-a", 4);
  const auto opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().is(ErrorCode::kNotFound));
  EXPECT_TRUE(opened.error().retriable);
  EXPECT_THAT(opened.error().text, HasSubstr("(broker-a: no write permission)"));
}

TEST_F(SinkTest, TopicWhoseMasterIsDown) {
  mock.create_topic("orders", 1);
  mock.add_slave("broker-a", 1);
  mock.show_in_route("broker-a/0", false);
  const auto opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().retriable);
  EXPECT_THAT(opened.error().text, HasSubstr("(broker-a: its master is down)"));
}

TEST_F(SinkTest, NameServersThatDoNotAnswer) {
  mock.stop("namesrv-0");
  const auto opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().is(ErrorCode::kDisconnected));
}

class SinkOfNewTopic : public SinkTest {
 protected:
  SinkOfNewTopic()
      : SinkTest([] {
          mock::MockSetup setup;
          setup.create_topics = true;
          return setup;
        }()) {}
};

TEST_F(SinkOfNewTopic, BrokerCreatesItWithFourQueues) {
  options.batch_max_messages = 1;
  const auto sink = open();
  write_many(*sink, 8);
  ASSERT_TRUE(sink->flush());
  std::vector<std::string> all;
  for (std::int32_t id = 0; id < 4; ++id) {
    for (const auto& body : stored(id)) all.push_back(body);
  }
  EXPECT_THAT(all, testing::UnorderedElementsAreArray(numbered(8)));
}

/// A proxy that a load balancer stands before: its route leads to an address, and a port, that no endpoint has.
void answer_as_a_proxy_behind_a_balancer(mock::MockCluster& mock) {
  mock.inject(Fault::edited(
      RequestCode::kGetRouteInfoByTopic,
      [](wire::Header& answer, std::string&) { answer.ext.set("TRACE_ON", std::string_view("false")); }, -1));
}

TEST_F(SinkTest, ThroughAProxyEachQueueHasAConnectionOfItsOwn) {
  mock.create_topic("orders", 3);
  answer_as_a_proxy_behind_a_balancer(mock);
  const auto sink = open();
  for (int round = 0; round < 2; ++round) {
    for (const char* text : {"a", "b", "c"}) write(*sink, text, text);
    ASSERT_TRUE(sink->flush());
  }
  std::map<std::string, std::set<std::uint64_t>> connections;
  for (const auto& seen : batches()) connections[seen.ext("e")].insert(seen.connection);
  ASSERT_THAT(connections, SizeIs(3));
  std::set<std::uint64_t> all;
  for (const auto& [queue, of_it] : connections) {
    EXPECT_THAT(of_it, SizeIs(1));
    all.insert(of_it.begin(), of_it.end());
  }
  EXPECT_THAT(all, SizeIs(3));
}

/// Refuses, as a proxy does, what does not show that it is of the topic's type.
void only_takes(mock::MockCluster& mock, const std::string& expected) {
  for (const RequestCode code : {RequestCode::kSendMessageV2, RequestCode::kSendBatchMessage}) {
    const std::string actual = expected == "FIFO" ? "NORMAL" : "FIFO";
    Fault refused = Fault::answer(
        code, ResponseCode::kMessageIllegal,
        "TopicMessageType validate failed, the expected type is " + expected + ", but actual type is " + actual, -1);
    refused.when = [expected](const mock::SeenRequest& request) {
      const bool fifo = request.ext("i").find("__SHARDINGKEY") != std::string::npos;
      return fifo != (expected == "FIFO");
    };
    mock.inject(refused);
  }
}

TEST_F(SinkTest, AFifoTopicAtAProxyTakesRowsWithAPartitionInBatches) {
  mock.create_topic("orders", 1);
  options.connection.endpoints.push_back(mock.address("broker-a/0"));
  options.retry_times = 0;
  only_takes(mock, "FIFO");
  const auto sink = open();
  for (const char* text : {"a", "b", "c"}) write(*sink, text, text);
  ASSERT_TRUE(sink->flush()) << sink->flush().error().text;
  write(*sink, "d", "d");
  ASSERT_TRUE(sink->flush());
  EXPECT_THAT(stored(0), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(batches(), SizeIs(2)) << "the first one refused, and again";

  write(*sink, "without a group");
  const auto refused = sink->flush();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().fatal);
  EXPECT_THAT(refused.error().text, HasSubstr("'partitionField'"));
}

TEST_F(SinkTest, ANormalTopicAtAProxyTakesRowsWithAPartition) {
  mock.create_topic("orders", 1);
  answer_as_a_proxy_behind_a_balancer(mock);
  only_takes(mock, "NORMAL");
  const auto sink = open();
  write(*sink, "alone", "a");
  ASSERT_TRUE(sink->flush());
  for (const char* text : {"a", "b"}) write(*sink, text, text);
  ASSERT_TRUE(sink->flush());
  EXPECT_THAT(stored(0), ElementsAre("alone", "a", "b"));
  EXPECT_EQ(mock.count(RequestCode::kSendMessageV2), 0U) << "singly it would show its group, and go again";
}

class SinkOfTwoBrokers : public SinkTest {
 protected:
  SinkOfTwoBrokers()
      : SinkTest([] {
          mock::MockSetup setup;
          setup.brokers = {"broker-a", "broker-b"};
          return setup;
        }()) {}
};

TEST_F(SinkOfTwoBrokers, StaticTopicIsWrittenByItsLogicalQueues) {
  mock.create_static_topic("orders", {"broker-b", "broker-a"}, 100);
  const auto sink = open();
  write(*sink, "x", "a");  // 97 mod 2 = 1
  ASSERT_TRUE(sink->flush());
  EXPECT_THAT(stored(1, std::string(mock::kStaticBroker)), ElementsAre("x"));
  const auto seen = mock.seen(RequestCode::kSendMessageV2, "broker-a/0");
  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_EQ(seen[0].ext("n"), mock::kStaticBroker);
}

TEST_F(SinkOfTwoBrokers, UsesQueuesThatAppear) {
  mock.create_topic("orders", 1, {"broker-a"});
  options.batch_max_messages = 1;
  const auto sink = open();
  write(*sink, "x");
  ASSERT_TRUE(sink->flush());
  mock.create_topic("orders", 1, {"broker-b"});
  sleep_for(milliseconds(1100));  // routes are asked for once a second at most
  mock.inject(Fault::answer(RequestCode::kSendMessageV2, ResponseCode::kServiceNotAvailable, "why a refresh"));
  EXPECT_TRUE(comes_true([&] {
    write(*sink, "y");
    EXPECT_TRUE(sink->flush());
    return !stored(0, "broker-b").empty();
  }));
}

TEST_F(SinkOfTwoBrokers, UsesQueuesThatAppearThoughNothingFails) {
  mock.create_topic("orders", 1, {"broker-a"});
  options.batch_max_messages = 1;
  const auto sink = open();
  mock.create_topic("orders", 1, {"broker-b"});
  EXPECT_TRUE(comes_true(
      [&] {
        write(*sink, "x");
        EXPECT_TRUE(sink->flush());
        return !stored(0, "broker-b").empty();
      },
      std::chrono::minutes(2)));
}

}  // namespace
}  // namespace rocketlink::test
