#include <fmt/format.h>

#include <map>
#include <set>

#include "sink_fixture.h"

/// What happens to messages that do not get through at once.
namespace rocketlink::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class SinkRetryTest : public SinkTest {
 protected:
  SinkRetryTest()
      : SinkTest([] {
          mock::MockSetup setup;
          setup.brokers = {"broker-a", "broker-b"};
          return setup;
        }()) {}

  static Fault at_a(Fault fault) {
    fault.server = "broker-a/0";
    return fault;
  }
  /// The route of "orders" is as it is now, whatever becomes of the brokers, with two queues each.
  void show_both_for_ever() {
    const auto broker = [&](const std::string& name) {
      return fmt::format(R"({{"brokerAddrs":{{"0":"{}"}},"brokerName":"{}","cluster":"c"}})", mock.address(name + "/0"),
                         name);
    };
    const auto queues = [](const std::string& name) {
      return fmt::format(R"({{"brokerName":"{}","perm":6,"readQueueNums":2,"writeQueueNums":2,"topicSysFlag":0}})",
                         name);
    };
    mock.set_route_body("orders", fmt::format(R"({{"brokerDatas":[{},{}],"queueDatas":[{},{}]}})", broker("broker-a"),
                                              broker("broker-b"), queues("broker-a"), queues("broker-b")));
  }
  /// broker-a, silent until now, gets messages again and is not asked any more.
  void expect_back(Sink& sink) {
    mock.set_silent("broker-a/0", false);
    sleep_for(std::chrono::seconds(10));
    mock.forget_seen();
    write_many(sink, 40, "after");
    ASSERT_TRUE(sink.flush());
    EXPECT_GT(mock.count(RequestCode::kSendBatchMessage, "broker-a/0"), 0U);
    sleep_for(std::chrono::seconds(60));
    EXPECT_EQ(mock.count(RequestCode::kGetMaxOffset, "broker-a/0"), 0U) << "it has answered";
  }
};

TEST_F(SinkRetryTest, AsOftenAndAsFarApartAsToldWithTheSameIds) {
  mock.create_topic("orders", 1, {"broker-a"});
  options.retry_times = 3;
  options.sleep_time_ms = 60'000;
  mock.inject(Fault::answer(RequestCode::kSendBatchMessage, ResponseCode::kSystemError, "try again", 3));
  const auto sink = open();
  write_many(*sink, 5);
  ASSERT_TRUE(sink->flush());
  EXPECT_THAT(stored(0), ElementsAreArray(numbered(5)));
  const auto seen = batches();
  ASSERT_THAT(seen, SizeIs(4));
  for (std::size_t i = 1; i < seen.size(); ++i) {
    EXPECT_EQ(seen[i].body, seen[0].body);
    EXPECT_GE(seen[i].time - seen[i - 1].time, milliseconds(options.sleep_time_ms));
    EXPECT_LT(seen[i].time - seen[i - 1].time, milliseconds(options.sleep_time_ms) + kAtOnce);
  }
  EXPECT_EQ(sink->stats().retries, 3);
  EXPECT_EQ(sink->stats().api_calls, 4);
  EXPECT_EQ(sink->stats().throttled, 0);
  ASSERT_FALSE(log().empty());
  EXPECT_EQ(log().back(), "sending to topic 'orders' at broker 'broker-a' works again");
}

TEST_F(SinkRetryTest, GivesUpAfterTheLastTryAndKeepsTheError) {
  mock.create_topic("orders", 1, {"broker-a"});
  options.retry_times = 2;
  mock.inject(Fault::answer(RequestCode::kSendBatchMessage, ResponseCode::kSystemError, "for ever", -1));
  const auto sink = open();
  write_many(*sink, 5);
  const Status flushed = sink->flush();
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().code, 1);
  EXPECT_TRUE(flushed.error().fatal);
  EXPECT_THAT(flushed.error().text, AllOf(HasSubstr("5 message(s) to orders@broker-a:0"), HasSubstr("for ever"),
                                          HasSubstr("after 3 tries"), HasSubstr("'retryTimes' = 2")));
  EXPECT_EQ(mock.count(RequestCode::kSendBatchMessage), 3);
  EXPECT_EQ(sink->stats().messages_failed, 5);
  mock.clear_faults();
  for (const Status& later :
       {sink->write(message("x")), sink->flush(), sink->close(milliseconds(1000)), sink->flush()}) {
    ASSERT_FALSE(later);
    EXPECT_EQ(later.error().text, flushed.error().text);
  }
  EXPECT_THAT(stored(0), IsEmpty());
}

TEST_F(SinkRetryTest, NoRetryWhenToldSo) {
  mock.create_topic("orders", 1, {"broker-a"});
  options.retry_times = 0;
  mock.inject(Fault::answer(RequestCode::kSendMessageV2, ResponseCode::kSystemError, "once"));
  const auto sink = open();
  write(*sink, "x");
  EXPECT_FALSE(sink->flush());
  EXPECT_EQ(mock.count(RequestCode::kSendMessageV2), 1);
}

TEST_F(SinkRetryTest, ThrottledSendsSlowDownAndAreCounted) {
  mock.create_topic("orders", 1, {"broker-a"});
  options.sleep_time_ms = 0;
  mock.inject(Fault::answer(RequestCode::kSendMessageV2, ResponseCode::kSystemBusy, "[REJECTREQUEST]busy", 1));
  mock.inject(Fault::answer(RequestCode::kSendMessageV2, ResponseCode::kFlowControl, "slower", 1));
  const auto sink = open();
  write(*sink, "x");
  ASSERT_TRUE(sink->flush());
  EXPECT_EQ(sink->stats().throttled, 2);
  EXPECT_EQ(sink->stats().retries, 2);
  const auto seen = mock.seen(RequestCode::kSendMessageV2);
  ASSERT_THAT(seen, SizeIs(3));
  EXPECT_GE(seen[1].time - seen[0].time, milliseconds(50));
  EXPECT_GE(seen[2].time - seen[1].time, milliseconds(100));
}

TEST_F(SinkRetryTest, ThrottledSendsWaitLongerThanTheSleepTime) {
  mock.create_topic("orders", 1, {"broker-a"});
  options.sleep_time_ms = 200;
  mock.inject(Fault::answer(RequestCode::kSendMessageV2, ResponseCode::kFlowControl, "slower", 1));
  const auto sink = open();
  write(*sink, "x");
  ASSERT_TRUE(sink->flush());
  const auto seen = mock.seen(RequestCode::kSendMessageV2);
  ASSERT_THAT(seen, SizeIs(2));
  EXPECT_GE(seen[1].time - seen[0].time, milliseconds(250));
}

TEST_F(SinkRetryTest, StoredButNotYetSafeCountsAsWrittenAndIsWarnedAboutOnce) {
  mock.create_topic("orders", 1, {"broker-a"});
  for (const std::int32_t code : {10, 11, 12}) {
    Fault degraded = Fault::edited(RequestCode::kSendMessageV2, [code](wire::Header& header, std::string&) {
      header.code = code;
      header.remark = "late";
    });
    mock.inject(degraded);
  }
  const auto sink = open();
  for (const auto& body : numbered(4)) {
    write(*sink, body);
    ASSERT_TRUE(sink->flush());
  }
  EXPECT_THAT(stored(0), ElementsAreArray(numbered(4)));
  EXPECT_EQ(sink->stats().degraded, 3);
  EXPECT_EQ(sink->stats().retries, 0);
  EXPECT_EQ(sink->stats().messages_acknowledged, 4);
  EXPECT_THAT(log(), ElementsAre(AllOf(HasSubstr("FLUSH_DISK_TIMEOUT"), HasSubstr("stored"))));
}

TEST_F(SinkRetryTest, RefusalsThatNoRetryHeals) {
  mock.create_topic("orders", 1, {"broker-a"});
  const std::vector<std::pair<std::int32_t, std::string>> refusals = {{16, "no PUB right"}, {15, "n is missing"}};
  for (const auto& [code, remark] : refusals) {
    mock.forget_seen();
    mock.inject(Fault::answer(RequestCode::kSendMessageV2, code, remark));
    const auto sink = open();
    write(*sink, "x");
    const Status flushed = sink->flush();
    ASSERT_FALSE(flushed) << remark;
    EXPECT_EQ(flushed.error().code, code);
    EXPECT_THAT(flushed.error().text, HasSubstr(remark));
    EXPECT_EQ(mock.count(RequestCode::kSendMessageV2), 1);
  }
  EXPECT_THAT(stored(0), IsEmpty());
}

TEST_F(SinkRetryTest, TopicDeletedInTheMeantime) {
  mock.create_topic("orders", 1, {"broker-a"});
  const auto sink = open();
  mock.delete_topic("orders");
  write(*sink, "x");
  const Status flushed = sink->flush();
  ASSERT_FALSE(flushed);
  EXPECT_TRUE(flushed.error().is(ErrorCode::kNotFound));
  const auto seen = mock.seen(RequestCode::kSendMessageV2);
  EXPECT_GE(seen.back().time - seen.front().time, milliseconds(10'000))
      << "a name server that has just started knows none";
}

TEST_F(SinkRetryTest, BrokerThatDoesNotYetKnowTheTopicIsAskedAgain) {
  mock.create_topic("orders", 1, {"broker-a"});
  mock.inject(Fault::answer(RequestCode::kSendMessageV2, ResponseCode::kTopicNotExist, "not yet"));
  const auto sink = open();
  write(*sink, "x");
  ASSERT_TRUE(sink->flush());
  EXPECT_THAT(stored(0), ElementsAre("x"));
  EXPECT_EQ(mock.count(RequestCode::kGetRouteInfoByTopic), 3) << "at once, and a second later";
}

TEST_F(SinkRetryTest, WhileTheTopicIsNotKnownYetNoTriesAreUsedUp) {
  mock.create_topic("orders", 1, {"broker-a"});
  options.retry_times = 1;
  const auto sink = open();
  mock.inject(Fault::answer(RequestCode::kSendMessageV2, ResponseCode::kTopicNotExist, "starting", 6));
  mock.inject(Fault::answer(RequestCode::kSendMessageV2, ResponseCode::kSystemError, "try again", 1));
  mock.inject(Fault::answer(RequestCode::kGetRouteInfoByTopic, ResponseCode::kTopicNotExist, "starting", 6));
  write(*sink, "x");
  const Status flushed = sink->flush();
  EXPECT_TRUE(flushed) << flushed.error().text;
  EXPECT_THAT(stored(0), ElementsAre("x"));
}

TEST_F(SinkRetryTest, ATopicIsMissingOnlyWhereNothingElseWasSaidMeanwhile) {
  mock.create_topic("orders", 1, {"broker-a"});
  options.retry_times = 50;
  options.sleep_time_ms = 1000;
  const auto sink = open();
  const auto miss_topic_once = [&] {
    mock.forget_seen();
    mock.inject(Fault::answer(RequestCode::kSendMessageV2, ResponseCode::kTopicNotExist, "starting", 1));
    mock.inject(Fault::answer(RequestCode::kGetRouteInfoByTopic, ResponseCode::kTopicNotExist, "starting", -1));
    ASSERT_TRUE(comes_true([&] { return mock.count(RequestCode::kSendMessageV2) > 0; }));
    sleep_for(milliseconds(100));
    mock.clear_faults();
  };
  write(*sink, "x");
  const auto flushed = in_background([&] { return sink->flush(); });
  miss_topic_once();
  mock.inject(Fault::of(Fault::Kind::kClose, RequestCode::kSendMessageV2, -1));
  sleep_for(std::chrono::seconds(12));
  mock.clear_faults();
  miss_topic_once();
  EXPECT_TRUE(flushed.get()) << flushed.get().error().text;
  EXPECT_THAT(stored(0), ElementsAre("x"));
}

TEST_F(SinkRetryTest, WithoutASleepTimeTriesAreNotUsedUpWhileTheConnectionRests) {
  mock.create_topic("orders", 1, {"broker-a"});
  options.sleep_time_ms = 0;
  options.retry_times = 4;
  const auto sink = open();
  mock.stop("broker-a/0");
  write(*sink, "x");
  const auto flushed = in_background([&] { return sink->flush(); });
  sleep_for(milliseconds(300));
  mock.start("broker-a/0");
  EXPECT_TRUE(flushed.get()) << flushed.get().error().text;
  EXPECT_THAT(stored(0), ElementsAre("x"));
}

TEST_F(SinkRetryTest, LostConnectionAndLostAnswerAreSentAgainWithTheSameIds) {
  mock.create_topic("orders", 1, {"broker-a"});
  mock.inject(Fault::of(Fault::Kind::kClose, RequestCode::kSendBatchMessage));
  mock.inject(Fault::of(Fault::Kind::kExecuteAndClose, RequestCode::kSendBatchMessage));
  mock.inject(Fault::of(Fault::Kind::kTruncate, RequestCode::kSendBatchMessage));
  options.sleep_time_ms = 300;
  const auto sink = open();
  write_many(*sink, 3);
  ASSERT_TRUE(sink->flush());
  EXPECT_THAT(stored(0), ElementsAre("m0", "m1", "m2", "m0", "m1", "m2", "m0", "m1", "m2"));
  const auto ids = stored_ids(0);
  for (std::size_t i = 3; i < ids.size(); ++i) EXPECT_EQ(ids[i], ids[i - 3]);
  EXPECT_EQ(sink->stats().messages_acknowledged, 3);
}

TEST_F(SinkRetryTest, UnboundBatchGoesToAnotherBroker) {
  mock.create_topic("orders", 2);
  mock.inject(at_a(Fault::answer(RequestCode::kSendBatchMessage, ResponseCode::kServiceNotAvailable, "disk full", -1)));
  options.batch_max_messages = 2;
  options.sleep_time_ms = 200;
  const auto sink = open();
  write_many(*sink, 40);
  ASSERT_TRUE(sink->flush());
  auto all = stored(0, "broker-b");
  for (const auto& body : stored(1, "broker-b")) all.push_back(body);
  EXPECT_THAT(all, testing::UnorderedElementsAreArray(numbered(40)));
  // Two of its queues are tried, then the broker rests; a third and fourth try at most while the first ones sleep.
  EXPECT_LE(mock.count(RequestCode::kSendBatchMessage, "broker-a/0"), 4);
}

TEST_F(SinkRetryTest, ABrokerThatIsSilentHoldsUpOneFlushAndGetsMessagesAgainOnceItAnswers) {
  mock.create_topic("orders", 2);
  options.batch_max_messages = 2;
  options.sleep_time_ms = 200;
  const auto sink = open();
  write_many(*sink, 40, "before");
  ASSERT_TRUE(sink->flush());
  mock.set_silent("broker-a/0", true);
  write_many(*sink, 40, "first");
  ASSERT_TRUE(sink->flush());
  const auto before = mock.unanswered();
  for (int i = 0; i < 60; ++i) {
    write_many(*sink, 40, std::to_string(i));
    const SteadyTime begun = now();
    ASSERT_TRUE(sink->flush());
    EXPECT_LT(now() - begun, milliseconds(1100)) << "of which the linger is one second";
    sleep_for(std::chrono::seconds(1));
  }
  EXPECT_GE(mock.unanswered(), before + 5) << "it is asked";
  EXPECT_LE(mock.unanswered(), before + 65);
  expect_back(*sink);
}

TEST_F(SinkRetryTest, ABrokerThatNobodyCanConnectToHoldsUpOneFlushOnly) {
  mock.create_topic("orders", 2);
  options.batch_max_messages = 2;
  options.sleep_time_ms = 5000;
  const auto sink = open();
  show_both_for_ever();
  mock.crash("broker-a/0");
  write_many(*sink, 40, "first");
  ASSERT_TRUE(sink->flush());
  for (int i = 0; i < 30; ++i) {
    write_many(*sink, 40, std::to_string(i));
    const SteadyTime begun = now();
    ASSERT_TRUE(sink->flush());
    EXPECT_LT(now() - begun, milliseconds(1100)) << i;
    sleep_for(std::chrono::seconds(1));
  }
  mock.start("broker-a/0");
  sleep_for(std::chrono::seconds(10));
  mock.forget_seen();
  write_many(*sink, 40, "after");
  ASSERT_TRUE(sink->flush());
  EXPECT_GT(mock.count(RequestCode::kSendBatchMessage, "broker-a/0"), 0U);
}

TEST_F(SinkRetryTest, ABrokerThatHangsInSendsAloneIsBelievedLessAndLessOften) {
  mock.create_topic("orders", 2);
  options.batch_max_messages = 2;
  options.sleep_time_ms = 200;
  const auto sink = open();
  mock.inject(at_a(Fault::of(Fault::Kind::kDrop, RequestCode::kSendBatchMessage, -1)));
  int slow = 0;
  for (int i = 0; i < 200; ++i) {
    write_many(*sink, 40, std::to_string(i));
    const SteadyTime begun = now();
    ASSERT_TRUE(sink->flush());
    if (now() - begun > std::chrono::seconds(5)) ++slow;
    sleep_for(std::chrono::seconds(1));
  }
  EXPECT_GE(slow, 5);
  EXPECT_LE(slow, 12) << "one now and then, to see whether it stores again";

  mock.clear_faults();
  sleep_for(std::chrono::seconds(120));
  write_many(*sink, 40, "stored");
  ASSERT_TRUE(sink->flush());
  mock.inject(at_a(Fault::of(Fault::Kind::kDrop, RequestCode::kSendBatchMessage, -1)));
  write_many(*sink, 40, "again");
  ASSERT_TRUE(sink->flush());
  mock.clear_faults();
  sleep_for(std::chrono::seconds(5));
  mock.forget_seen();
  write_many(*sink, 40, "after");
  ASSERT_TRUE(sink->flush());
  EXPECT_GT(mock.count(RequestCode::kSendBatchMessage, "broker-a/0"), 0U)
      << "what it did before it stored is forgotten";
}

TEST_F(SinkRetryTest, ABrokerThatMayNotBeAskedHasAnswered) {
  mock.create_topic("orders", 2);
  options.batch_max_messages = 2;
  options.sleep_time_ms = 200;
  const auto sink = open();
  mock.inject(at_a(Fault::answer(RequestCode::kGetMaxOffset, ResponseCode::kNoPermission,
                                 "User:w has no permission to access Topic:orders", -1)));
  mock.set_silent("broker-a/0", true);
  write_many(*sink, 40, "first");
  ASSERT_TRUE(sink->flush());
  expect_back(*sink);
}

TEST_F(SinkRetryTest, ABrokerThatAnswersLateLosesNoSendToTheQuestionWhetherItIsBack) {
  mock.create_topic("orders", 1, {"broker-a"});
  options.sleep_time_ms = 200;
  mock.inject(Fault::of(Fault::Kind::kDrop, RequestCode::kSendBatchMessage, 1));
  mock.inject(Fault::delayed(RequestCode::kSendBatchMessage, milliseconds(7000), -1));
  mock.inject(Fault::delayed(RequestCode::kGetMaxOffset, milliseconds(7000), -1));
  const auto sink = open();
  write_many(*sink, 2, "m", "key");
  ASSERT_TRUE(sink->flush());
  EXPECT_EQ(mock.count(RequestCode::kSendBatchMessage), 2U);
  EXPECT_THAT(stored(0), ElementsAreArray(numbered(2)));
}

TEST_F(SinkRetryTest, ASilentBrokerIsAskedThoughTheCallBudgetIsUsedUp) {
  mock.create_topic("orders", 2);
  options.connection.max_api_calls_per_second = 10;
  options.batch_max_messages = 1;
  options.sleep_time_ms = 200;
  const auto sink = open();
  mock.set_silent("broker-a/0", true);
  write_many(*sink, 20, "first");
  ASSERT_TRUE(sink->flush());
  mock.set_silent("broker-a/0", false);
  mock.forget_seen();
  const SteadyTime end = now() + std::chrono::seconds(30);
  for (int i = 0; now() < end; ++i) {
    write_many(*sink, 25, std::to_string(i));  // more than may go until the next round
    sleep_for(milliseconds(1000 + 37 * i));
  }
  EXPECT_GE(mock.count(RequestCode::kGetMaxOffset, "broker-a/0"), 1U);
  EXPECT_GT(mock.count(RequestCode::kSendMessageV2, "broker-a/0"), 0U);
}

TEST_F(SinkRetryTest, ASilentBrokerIsAskedItselfThoughItsQueueHasMoved) {
  mock.create_static_topic("orders", {"broker-a", "broker-b", "broker-a"}, 100);
  options.sleep_time_ms = 200;
  const auto sink = open();
  mock.set_silent("broker-a/0", true);
  write_many(*sink, 2, "m", "c");  // 99 mod 3 = 0: broker-a
  const auto flushed = in_background([&] { return sink->flush(); });
  sleep_for(std::chrono::seconds(5));
  mock.create_static_topic("orders", {"broker-b", "broker-b", "broker-a"}, 100);
  ASSERT_TRUE(flushed.get());
  const auto before = mock.unanswered();
  sleep_for(std::chrono::seconds(60));
  EXPECT_EQ(mock.count(RequestCode::kGetMaxOffset, "broker-b/0"), 0U);
  EXPECT_GE(mock.unanswered(), before + 5);
}

TEST_F(SinkRetryTest, WhereNoBrokerCanBeReachedTriesCount) {
  mock.create_topic("orders", 2);
  options.retry_times = 2;
  options.sleep_time_ms = 200;
  const auto sink = open();
  show_both_for_ever();
  for (const std::string broker : {"broker-a/0", "broker-b/0"}) mock.crash(broker);
  write(*sink, "m");
  const SteadyTime begun = now();
  const Status flushed = sink->flush();
  ASSERT_FALSE(flushed);
  EXPECT_THAT(flushed.error().text, HasSubstr("given up after 3 tries"));
  EXPECT_LT(now() - begun, std::chrono::seconds(10));
}

TEST_F(SinkRetryTest, WhereAllBrokersAreSilentTriesCount) {
  mock.create_topic("orders", 2);
  options.retry_times = 2;
  options.sleep_time_ms = 200;
  const auto sink = open();
  for (const std::string broker : {"broker-a/0", "broker-b/0"}) mock.set_silent(broker, true);
  write(*sink, "m");
  const SteadyTime begun = now();
  const Status flushed = sink->flush();
  ASSERT_FALSE(flushed);
  EXPECT_THAT(flushed.error().text, testing::HasSubstr("given up after 3 tries"));
  EXPECT_LT(now() - begun, std::chrono::seconds(60));
}

TEST_F(SinkRetryTest, BoundBatchWaitsForItsQueueAndNothingOvertakesIt) {
  mock.create_topic("orders", 2, {"broker-a"});
  Fault fault = Fault::answer(RequestCode::kSendBatchMessage, ResponseCode::kSystemError, "try again", 3);
  fault.when = [](const mock::SeenRequest& request) { return request.ext("e") == "1"; };
  mock.inject(fault);
  options.batch_max_messages = 4;
  const auto sink = open();
  for (int i = 0; i < 40; ++i) {
    write(*sink, "m" + std::to_string(i), "a");  // queue 1
    write(*sink, "o" + std::to_string(i), "b");  // queue 0
  }
  ASSERT_TRUE(sink->flush());
  EXPECT_THAT(stored(1), ElementsAreArray(numbered(40, "m")));
  EXPECT_THAT(stored(0), ElementsAreArray(numbered(40, "o")));
  EXPECT_EQ(sink->stats().retries, 3);
}

/// Rows of 40 partitions, written while the topic loses half of its queues, without a try to spare.
void write_while_queues_go(Sink& sink, mock::MockCluster& mock) {
  for (int round = 0; round < 10; ++round) {
    if (round == 5) mock.set_queues("orders", "broker-a", 4, 4);
    for (int key = 0; key < 40; ++key) {
      const std::string partition = "k" + std::to_string(key);
      OutgoingMessage message;
      const std::string body = partition + "=" + std::to_string(round);
      message.body = body;
      message.partition = partition;
      ASSERT_TRUE(sink.write(message));
    }
  }
  const Status flushed = sink.flush();
  EXPECT_TRUE(flushed) << flushed.error().text;
}

/// Every row once, those of a partition in their order wherever they are in one queue.
void expect_all_in_order(const std::vector<std::vector<std::string>>& queues) {
  std::map<std::string, std::set<int>> rounds;
  for (const auto& queue : queues) {
    std::map<std::string, int> last;
    for (const std::string& body : queue) {
      const std::string key = body.substr(0, body.find('='));
      const int round = std::stoi(body.substr(body.find('=') + 1));
      EXPECT_TRUE(rounds[key].insert(round).second) << body << " is there twice";
      EXPECT_LT(last.contains(key) ? last[key] : -1, round) << key;
      last[key] = round;
    }
  }
  ASSERT_EQ(rounds.size(), 40U);
  for (const auto& [key, seen] : rounds) EXPECT_EQ(seen.size(), 10U) << key;
}

TEST_F(SinkRetryTest, RowsOfAQueueThatIsGoneGoToTheOthersWithoutATry) {
  mock.create_topic("orders", 8, {"broker-a"});
  options.retry_times = 0;
  options.batch_linger_ms = 1;
  options.batch_max_messages = 3;
  const auto sink = open();
  write_while_queues_go(*sink, mock);
  std::vector<std::vector<std::string>> queues;
  for (std::int32_t id = 0; id < 8; ++id) queues.push_back(stored(id));
  expect_all_in_order(queues);
}

TEST_F(SinkRetryTest, BoundBatchOutlivesItsBrokersAbsence) {
  mock.create_topic("orders", 1);
  options.sleep_time_ms = 300;
  options.retry_times = 20;
  options.batch_linger_ms = 2;
  const auto sink = open();
  mock.show_in_route("broker-b/0", false);
  mock.stop("broker-b/0");
  write(*sink, "x", "a");  // 97 mod 2 = 1: broker-b
  write(*sink, "y", "b");
  ASSERT_TRUE(comes_true([&] { return !stored(0).empty(); }));
  sleep_for(milliseconds(1500));  // the route without broker-b has come meanwhile
  write(*sink, "z", "a");
  mock.start("broker-b/0", true);
  mock.show_in_route("broker-b/0", true);
  ASSERT_TRUE(sink->flush());
  EXPECT_THAT(stored(0), ElementsAre("y"));
  EXPECT_THAT(stored(0, "broker-b"), ElementsAre("x", "z"));
}

TEST_F(SinkRetryTest, OnlyTheGuiltyMessageOfARefusedBatchFails) {
  mock.create_topic("orders", 1, {"broker-a"});
  options.guarantee = DeliveryGuarantee::kNone;
  Fault guilty = Fault::answer(RequestCode::kSendBatchMessage, ResponseCode::kMessageIllegal, "body size", -1);
  guilty.when = [](const mock::SeenRequest& request) { return request.body.find("m5") != std::string::npos; };
  mock.inject(guilty);
  guilty.code = RequestCode::kSendMessageV2;
  mock.inject(guilty);
  const auto sink = open();
  write_many(*sink, 9);
  ASSERT_TRUE(sink->flush());
  EXPECT_THAT(stored(0), ElementsAre("m0", "m1", "m2", "m3", "m4", "m6", "m7", "m8"));
  EXPECT_EQ(sink->stats().messages_failed, 1);
  EXPECT_EQ(sink->stats().messages_acknowledged, 8);
  EXPECT_EQ(sink->stats().retries, 0);
}

TEST_F(SinkRetryTest, FailedBatchesAreDroppedWhenNothingIsGuaranteed) {
  mock.create_topic("orders", 1, {"broker-a"});
  options.guarantee = DeliveryGuarantee::kNone;
  options.retry_times = 1;
  mock.inject(Fault::answer(RequestCode::kSendBatchMessage, ResponseCode::kSystemError, "no", 2));
  const auto sink = open();
  write_many(*sink, 3, "lost");
  ASSERT_TRUE(sink->flush());
  write_many(*sink, 3, "kept");
  ASSERT_TRUE(sink->flush());
  EXPECT_TRUE(sink->close(milliseconds(1000)));
  EXPECT_THAT(stored(0), ElementsAreArray(numbered(3, "kept")));
  EXPECT_EQ(sink->stats().messages_failed, 3);
  EXPECT_THAT(log(), Contains(AllOf(HasSubstr("3 message(s)"), HasSubstr("dropped"))));
}

class SinkOfSmallMessages : public SinkTest {
 protected:
  SinkOfSmallMessages()
      : SinkTest([] {
          mock::MockSetup setup;
          setup.max_message_bytes = 1000;
          return setup;
        }()) {}
};

TEST_F(SinkOfSmallMessages, MessageAtTheLimitPassesAndOneOverItNamesBothSizes) {
  mock.create_topic("orders", 1);
  const auto sink = open();
  write(*sink, std::string(1000, 'x'));
  ASSERT_TRUE(sink->flush());
  write(*sink, std::string(1001, 'x'));
  const Status flushed = sink->flush();
  ASSERT_FALSE(flushed);
  EXPECT_TRUE(flushed.error().is(ErrorCode::kTooLarge));
  EXPECT_THAT(flushed.error().text, AllOf(HasSubstr("1001 bytes"), HasSubstr("maxMessageSize")));
  EXPECT_EQ(mock.count(RequestCode::kSendMessageV2), 2);
}

TEST_F(SinkOfSmallMessages, BatchThatIsTooLargeAsAWholeIsCut) {
  mock.create_topic("orders", 1);
  const auto sink = open();
  for (int i = 0; i < 10; ++i) write(*sink, std::to_string(i) + std::string(299, 'x'));
  ASSERT_TRUE(sink->flush());
  const auto bodies = stored(0);
  ASSERT_THAT(bodies, SizeIs(10));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(bodies[static_cast<std::size_t>(i)].substr(0, 1), std::to_string(i));
  EXPECT_EQ(sink->stats().messages_failed, 0);
}

TEST_F(SinkRetryTest, ADenialIsFinalAtTheStartAndAfterThreeMoreTriesLater) {
  mock.create_topic("orders", 1, {"broker-a"});
  const Fault denied =
      Fault::answer(RequestCode::kSendBatchMessage, ResponseCode::kNoPermission, "check signature failed.", -1);
  mock.inject(denied);
  const auto first = open();
  write_many(*first, 2);
  const Status refused = first->flush();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text, HasSubstr("does not permit SEND_BATCH_MESSAGE without an account"));
  EXPECT_EQ(mock.count(RequestCode::kSendBatchMessage), 1U);

  mock.clear_faults();
  mock.forget_seen();
  const auto second = open();
  write_many(*second, 2);
  ASSERT_TRUE(second->flush());
  mock.inject(denied);
  write_many(*second, 2);
  ASSERT_FALSE(second->flush());
  EXPECT_EQ(mock.count(RequestCode::kSendBatchMessage), 1U + 1U + 3U);
}

}  // namespace
}  // namespace rocketlink::test
