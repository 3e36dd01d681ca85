#include <algorithm>

#include "source_fixture.h"

namespace rocketlink::test {

namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A reader whose broker, name server or log gets into trouble.
class ReaderFaultsTest : public SourceTest {
 protected:
  explicit ReaderFaultsTest(mock::MockSetup setup = {}) : SourceTest(std::move(setup)) {
    mock.create_topic("orders", 1);
    mock.append_many(queue0, 200);
    mock.set_limits({.messages = 10});
  }

  [[nodiscard]] std::unique_ptr<SourceReader> reader_from(std::int64_t offset) {
    auto made = reader();
    made->add_splits(std::vector<Split>{{queue0, offset, std::nullopt}});
    return made;
  }

  /// From the queue's begin to its end as it was filled.
  [[nodiscard]] std::unique_ptr<SourceReader> bounded_reader() {
    auto made = reader();
    made->add_splits(std::vector<Split>{{queue0, 0, 200}});
    made->no_more_splits();
    return made;
  }
};

struct Trouble {
  const char* name;
  Fault fault;
};

class TemporaryTroubleTest : public ReaderFaultsTest, public testing::WithParamInterface<Trouble> {};

TEST_P(TemporaryTroubleTest, NeverMovesAnOffset) {
  const auto splits = discovered();
  Fault fault = GetParam().fault;
  fault.skip = 6;
  mock.inject(fault);
  const auto reading = reader();
  reading->add_splits(splits);
  const SteadyTime begin = now();
  EXPECT_EQ(take(*reading, 200), bodies(0, 200));
  EXPECT_LT(now() - begin, fault.kind == Fault::Kind::kDrop ? timing.pull + milliseconds(200) : milliseconds(1000));
  EXPECT_GE(reading->stats().retries, 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Pulls, TemporaryTroubleTest,
    testing::Values(
        Trouble{"SystemError", Fault::answer(RequestCode::kPullMessage, ResponseCode::kSystemError, "java.lang…", 3)},
        Trouble{"Busy", Fault::answer(RequestCode::kPullMessage, ResponseCode::kSystemBusy, "[OVERLOAD]", 3)},
        Trouble{"NotAvailable", Fault::answer(RequestCode::kPullMessage, ResponseCode::kServiceNotAvailable, "", 3)},
        Trouble{"TopicNotExist", Fault::answer(RequestCode::kPullMessage, ResponseCode::kTopicNotExist, "", 3)},
        Trouble{"QueueNotThere", Fault::answer(RequestCode::kPullMessage, ResponseCode::kInvalidParameter, "", 3)},
        Trouble{"NotLeader", Fault::answer(RequestCode::kPullMessage, ResponseCode::kNotLeaderForQueue, "", 3)},
        Trouble{"GoAway", Fault::answer(RequestCode::kPullMessage, ResponseCode::kGoAway, "", 3)},
        Trouble{"NoAnswer", Fault::of(Fault::Kind::kDrop, RequestCode::kPullMessage, 2)},
        Trouble{"Closed", Fault::of(Fault::Kind::kClose, RequestCode::kPullMessage, 2)},
        Trouble{"ClosedAfterwards", Fault::of(Fault::Kind::kExecuteAndClose, RequestCode::kPullMessage, 2)},
        Trouble{"Truncated", Fault::of(Fault::Kind::kTruncate, RequestCode::kPullMessage, 2)},
        Trouble{"Garbage", Fault::send_bytes(RequestCode::kPullMessage, std::string(16, '\xFF'), 2)},
        Trouble{"NoOffsets",
                Fault::edited(
                    RequestCode::kPullMessage, [](wire::Header& header, std::string&) { header.ext.clear(); }, 3)},
        Trouble{"GoesNowhere",
                Fault::edited(
                    RequestCode::kPullMessage,
                    [](wire::Header& header, std::string&) { header.ext.set("nextBeginOffset", std::int64_t{0}); }, 3)},
        Trouble{"GoesAbsurdlyFar",
                Fault::edited(
                    RequestCode::kPullMessage,
                    [](wire::Header& header, std::string&) { header.ext.set("nextBeginOffset", INT64_MAX); }, 3)}),
    [](const auto& param_info) { return param_info.param.name; });

TEST_F(ReaderFaultsTest, WhatWorksAgainIsSaidAsLoudlyAsThatItFailed) {
  mock.inject(Fault::answer(RequestCode::kPullMessage, ResponseCode::kSystemBusy, "[OVERLOAD]", 1));
  const auto reading = started_reader();
  EXPECT_TRUE(warned("[OVERLOAD]; trying again"));
  EXPECT_TRUE(warned("works again after 1 failure(s)"));
}

TEST_F(ReaderFaultsTest, OneStrayOutOfRangeAnswerIsNotBelieved) {
  Fault stray = Fault::edited(
      RequestCode::kPullMessage,
      [](wire::Header& header, std::string& body) {
        header.code = 21;
        header.remark = "OFFSET_OVERFLOW_BADLY";
        header.ext.clear();
        for (const char* name : {"nextBeginOffset", "minOffset", "maxOffset"}) header.ext.set(name, std::int64_t{0});
        body.clear();
      },
      2);
  stray.skip = 4;
  mock.inject(stray);
  EXPECT_EQ(take(*started_reader(), 200), bodies(0, 200));
}

TEST_F(ReaderFaultsTest, AResetAtTheBrokerIsSaidAndIgnored) {
  Fault reset = Fault::edited(RequestCode::kPullMessage, [](wire::Header& header, std::string& body) {
    header.code = 21;
    header.remark = "OFFSET_RESET";
    header.ext.set("nextBeginOffset", std::int64_t{3});
    body.clear();
  });
  mock.inject(reset);
  EXPECT_EQ(take(*reader_from(50), 150), bodies(50, 200));
  EXPECT_TRUE(warned("were reset at the broker to 3"));
}

TEST_F(ReaderFaultsTest, AResetToWhereTheReaderIsIsNothingToSay) {
  mock.inject(Fault::edited(RequestCode::kPullMessage, [](wire::Header& header, std::string& body) {
    header.code = 21;
    header.remark = "OFFSET_RESET";
    header.ext.set("nextBeginOffset", std::int64_t{50});
    body.clear();
  }));
  EXPECT_EQ(take(*reader_from(50), 150), bodies(50, 200));
  EXPECT_THAT(logged(), IsEmpty());
}

TEST_F(ReaderFaultsTest, DeletedMessagesFailTheReaderAndAreCounted) {
  mock.expire_before(queue0, 60);
  const auto reading = reader_from(20);
  const Error error = failure_of(*reading);
  EXPECT_TRUE(error.is(ErrorCode::kOffsetOutOfRange));
  EXPECT_FALSE(error.retriable);
  EXPECT_THAT(error.text, AllOf(HasSubstr("orders@broker-a:0"), HasSubstr("offset 20 is gone"), HasSubstr("at 60"),
                                HasSubstr("40 message(s)"), HasSubstr("scan.offset-out-of-range")));
  MessageBatch batch;
  EXPECT_FALSE(reading->poll(batch, milliseconds(0))) << "final";
}

TEST_F(ReaderFaultsTest, DeletedMessagesAreSteppedOverUnderEarliest) {
  options.out_of_range = OutOfRangePolicy::kEarliest;
  mock.expire_before(queue0, 60);
  EXPECT_EQ(take(*reader_from(20), 140), bodies(60, 200));
  EXPECT_TRUE(warned("40 message(s)"));
}

TEST_F(ReaderFaultsTest, AMoveOverDeletedMessagesIsToldWhereNoneComesAnyMore) {
  options.out_of_range = OutOfRangePolicy::kEarliest;
  mock.expire_before(queue0, 200);
  const auto reading = reader_from(20);
  MessageBatch batch;
  const auto outcome = reading->poll(batch, kPatience);
  ASSERT_TRUE(outcome);
  ASSERT_EQ(*outcome, PollOutcome::kBatch) << "so that 200 can be committed, and no lag of 180 stays";
  EXPECT_EQ(batch.next_offset(), 200);
  EXPECT_EQ(*batch.next(), nullptr);
}

TEST_F(ReaderFaultsTest, DeletedMessagesLeadToTheEndUnderLatest) {
  options.out_of_range = OutOfRangePolicy::kLatest;
  mock.expire_before(queue0, 60);
  const auto reading = reader_from(20);
  ASSERT_TRUE(warned("going on at 200"));
  mock.append_many(queue0, 3);
  EXPECT_EQ(take(*reading, 3), bodies(200, 203));
}

TEST_F(ReaderFaultsTest, AnEndThatWentBackFailsTheReader) {
  mock.cut_off(queue0, 100);
  const Error error = failure_of(*reader_from(150));
  EXPECT_TRUE(error.is(ErrorCode::kOffsetOutOfRange));
  EXPECT_THAT(error.text, AllOf(HasSubstr("offset 150 is beyond the end"), HasSubstr("at 100")));
}

TEST_F(ReaderFaultsTest, AnEndThatWentBackIsFollowedUnderLatest) {
  options.out_of_range = OutOfRangePolicy::kLatest;
  mock.cut_off(queue0, 100);
  const auto reading = reader_from(150);
  ASSERT_TRUE(warned("going on at 100"));
  mock.append_many(queue0, 2);
  EXPECT_EQ(take(*reading, 2), bodies(100, 102));
}

TEST_F(ReaderFaultsTest, ABoundedReadWhoseLogIsCutBeforeItsStopFails) {
  mock.cut_off(queue0, 100);
  const auto reading = bounded_reader();
  EXPECT_EQ(take(*reading, 100), bodies(0, 100));
  const Error error = failure_of(*reading);
  EXPECT_TRUE(error.is(ErrorCode::kOffsetOutOfRange));
  EXPECT_THAT(error.text, AllOf(HasSubstr("orders@broker-a:0"), HasSubstr("ends at 100"), HasSubstr("200 was its end"),
                                HasSubstr("scan.offset-out-of-range")));
}

TEST_F(ReaderFaultsTest, ABoundedReadWhoseLogIsCutBeforeItsStopEndsThereUnderLatest) {
  options.out_of_range = OutOfRangePolicy::kLatest;
  mock.cut_off(queue0, 100);
  EXPECT_EQ(read_to_end(*bounded_reader()), bodies(0, 100));
  EXPECT_TRUE(warned("the queue ends at 100"));
}

TEST_F(ReaderFaultsTest, ABoundedReadWhoseBrokerComesUpSlowlyGetsAll) {
  Fault early = Fault::edited(
      RequestCode::kPullMessage,
      [](wire::Header& header, std::string& body) {
        header.code = 19;
        header.ext.set("nextBeginOffset", std::int64_t{0});
        header.ext.set("maxOffset", std::int64_t{0});
        body.clear();
      },
      2);
  mock.inject(early);
  EXPECT_EQ(read_to_end(*bounded_reader()), bodies(0, 200));
}

TEST_F(ReaderFaultsTest, ATopicMadeAnewIsOutOfRangeNotAStall) {
  const auto reading = started_reader();
  EXPECT_EQ(take(*reading, 200).size(), 200U);
  mock.delete_topic("orders");
  mock.create_topic("orders", 1);
  mock.close_connections("broker-a/0");
  EXPECT_TRUE(failure_of(*reading).is(ErrorCode::kOffsetOutOfRange));
}

/// A topic of two queues, of which the second is gone.
class GoneQueueTest : public ReaderFaultsTest {
 protected:
  GoneQueueTest() {
    mock.add_queues("orders", "broker-a", 1);
    mock.append_many(queue1, 20);
    lose();
  }

  void lose() { mock.set_queues("orders", "broker-a", 1, 1); }
  void give_back() { mock.set_queues("orders", "broker-a", 2, 2); }
  [[nodiscard]] std::unique_ptr<SourceReader> reader_of_it(std::optional<std::int64_t> stop = 20) {
    auto made = reader();
    made->add_splits(std::vector<Split>{{queue1, 0, stop}});
    if (stop) made->no_more_splits();
    return made;
  }
};

constexpr std::chrono::minutes kFiveMinutes{5};

TEST_F(GoneQueueTest, EndsABoundedReadWithItsNameAfterAMinute) {
  const SteadyTime begin = now();
  const Error error = failure_of(*reader_of_it(), kFiveMinutes);
  EXPECT_TRUE(error.is(ErrorCode::kOffsetOutOfRange));
  EXPECT_THAT(error.text, AllOf(HasSubstr("orders@broker-a:1: the queue is gone"), HasSubstr("from offset 0 on"),
                                HasSubstr("got fewer queues"), HasSubstr("queueId[1] is illegal"),
                                HasSubstr("scan.offset-out-of-range")));
  EXPECT_GE(now() - begin, std::chrono::minutes(1));
  EXPECT_LT(now() - begin, std::chrono::seconds(70));
}

TEST_F(GoneQueueTest, EndsABoundedReadWithAWarningWhereTheUserSaysSo) {
  options.out_of_range = OutOfRangePolicy::kEarliest;
  EXPECT_THAT(read_to_end(*reader_of_it(), kFiveMinutes), IsEmpty());
  EXPECT_TRUE(warned("orders@broker-a:1: the queue is gone"));
}

TEST_F(GoneQueueTest, IsWaitedForByAReadWithoutAnEndAndSaid) {
  const auto reading = reader_of_it(std::nullopt);
  EXPECT_THAT(take(*reading, 1, kFiveMinutes), IsEmpty());
  EXPECT_TRUE(warned("orders@broker-a:1: the queue is gone", milliseconds(0)));
  give_back();
  EXPECT_EQ(take(*reading, 20), bodies(0, 20));
}

TEST_F(GoneQueueTest, IsReadOnIfItComesBackInTime) {
  const auto reading = reader_of_it();
  EXPECT_THAT(take(*reading, 1, milliseconds(50'000)), IsEmpty());
  give_back();
  EXPECT_EQ(read_to_end(*reading, kFiveMinutes), bodies(0, 20));
}

TEST_F(GoneQueueTest, IsNotGoneWhileItsBrokerIsAwayInBetween) {
  const auto reading = reader_of_it();
  EXPECT_THAT(take(*reading, 1, milliseconds(50'000)), IsEmpty());
  mock.stop("broker-a/0");
  EXPECT_THAT(take(*reading, 1, kFiveMinutes), IsEmpty());
  mock.start("broker-a/0");
  EXPECT_THAT(take(*reading, 1, milliseconds(50'000)), IsEmpty()) << "a minute begins anew";
  give_back();
  EXPECT_EQ(read_to_end(*reading), bodies(0, 20));
}

TEST_F(GoneQueueTest, IsNotGoneWhileTheRouteNamesIt) {
  give_back();
  mock.inject(Fault::answer(RequestCode::kPullMessage, ResponseCode::kInvalidParameter, "queueId[1] is illegal", -1));
  const auto reading = reader_of_it();
  EXPECT_THAT(take(*reading, 1, kFiveMinutes), IsEmpty());
  mock.clear_faults();
  EXPECT_EQ(read_to_end(*reading), bodies(0, 20));
}

TEST_F(GoneQueueTest, IsNotGoneWhileNoNameServerSaysSo) {
  (void)discovered();
  mock.stop("namesrv-0");
  const auto reading = reader_of_it();
  EXPECT_THAT(take(*reading, 1, kFiveMinutes), IsEmpty());
  mock.start("namesrv-0");
  EXPECT_TRUE(failure_of(*reading).is(ErrorCode::kOffsetOutOfRange));
}

TEST_F(GoneQueueTest, OfATopicThatWasDeletedEndsABoundedReadToo) {
  give_back();
  (void)discovered();
  mock.delete_topic("orders");
  EXPECT_THAT(failure_of(*reader_of_it(), kFiveMinutes).text,
              AllOf(HasSubstr("orders@broker-a:1"), HasSubstr("was deleted")));
}

struct Refusal {
  const char* name;
  std::int32_t code;
  const char* remark;
};

class FinalRefusalTest : public ReaderFaultsTest, public testing::WithParamInterface<Refusal> {};

TEST_P(FinalRefusalTest, EndsTheReaderWithTheBrokersWords) {
  mock.inject(Fault::answer(RequestCode::kPullMessage, GetParam().code, GetParam().remark, -1));
  const Error error = failure_of(*reader_from(0));
  EXPECT_EQ(error.code, GetParam().code);
  EXPECT_THAT(error.text, AllOf(HasSubstr("orders@broker-a:0"), HasSubstr(GetParam().remark)));
}

INSTANTIATE_TEST_SUITE_P(Pulls, FinalRefusalTest,
                         testing::Values(Refusal{"NoPermission", 16, "check signature failed."},
                                         Refusal{"BadFilter", 23, "parse the consumer's subscription failed"},
                                         Refusal{"NoGroup", 26, "subscription group [readers] does not exist"}),
                         [](const auto& param_info) { return param_info.param.name; });

TEST_F(ReaderFaultsTest, AThrottlingServiceIsAskedLessAndLessOften) {
  mock.inject(Fault::answer(RequestCode::kPullMessage, ResponseCode::kFlowControl, "flow limit", -1));
  const auto reading = reader_from(0);
  EXPECT_THAT(take(*reading, 1, milliseconds(60'000)), IsEmpty());
  // 100, 200, 400, 800, 1600, 3200 ms, then 5 s again and again: of each the half at least.
  EXPECT_GE(mock.count(RequestCode::kPullMessage), 7U + 10U);
  EXPECT_LE(mock.count(RequestCode::kPullMessage), 7U + 22U);
  EXPECT_EQ(reading->stats().throttled, mock.count(RequestCode::kPullMessage));
  mock.clear_faults();
  EXPECT_EQ(take(*reading, 200), bodies(0, 200));
}

TEST_F(ReaderFaultsTest, ABrokerThatComesBackIsReadOn) {
  const auto reading = started_reader();
  EXPECT_EQ(take(*reading, 200).size(), 200U);
  mock.stop("broker-a/0");
  EXPECT_THAT(take(*reading, 1, milliseconds(20'000)), IsEmpty());
  mock.start("broker-a/0");
  mock.append_many(queue0, 5);
  EXPECT_EQ(take(*reading, 5), bodies(200, 205));
}

TEST_F(ReaderFaultsTest, ABrokerThatComesBackAtAnotherAddressIsFoundThere) {
  const auto reading = started_reader();
  EXPECT_EQ(take(*reading, 200).size(), 200U);
  const std::string before = mock.address("broker-a/0");
  mock.stop("broker-a/0");
  EXPECT_THAT(take(*reading, 1, milliseconds(20'000)), IsEmpty());
  mock.start("broker-a/0", true);
  ASSERT_NE(mock.address("broker-a/0"), before);
  mock.append_many(queue0, 5);
  EXPECT_EQ(take(*reading, 5), bodies(200, 205));
}

TEST_F(ReaderFaultsTest, ABrokerThatLeavesTheRouteAndReturnsIsReadOn) {
  mock.create_topic("orders", 1);
  const auto reading = started_reader();
  EXPECT_EQ(take(*reading, 200).size(), 200U);
  mock.show_in_route("broker-a/0", false);
  mock.stop("broker-a/0");
  EXPECT_THAT(take(*reading, 1, milliseconds(20'000)), IsEmpty());
  mock.start("broker-a/0", true);
  mock.show_in_route("broker-a/0", true);
  mock.append_many(queue0, 5);
  EXPECT_EQ(take(*reading, 5), bodies(200, 205));
}

TEST_F(ReaderFaultsTest, WithoutTheNameServerReadingGoesOn) {
  const auto reading = started_reader();
  EXPECT_EQ(take(*reading, 200).size(), 200U);
  mock.stop("namesrv-0");
  mock.close_connections("broker-a/0");
  sleep_for(2 * timing.route_interval);
  mock.append_many(queue0, 5);
  EXPECT_EQ(take(*reading, 5), bodies(200, 205));
}

// As on Flink, where a reader's client is not that of the enumerator.
TEST_F(ReaderFaultsTest, AClientThatHasNoRouteYetAsksOnceForAllItsQueues) {
  mock.create_topic("orders", 8);
  const auto splits = discovered();
  forget_client();
  const auto asked = mock.count(RequestCode::kGetRouteInfoByTopic);
  const auto reading = reader();
  reading->add_splits(splits);
  EXPECT_EQ(take(*reading, 200), bodies(0, 200));
  EXPECT_EQ(mock.count(RequestCode::kGetRouteInfoByTopic), asked + 1);
  EXPECT_EQ(reading->stats().retries, 0);
  EXPECT_THAT(logged(), testing::IsEmpty());
}

TEST_F(ReaderFaultsTest, ANameServerThatIsAwayAtFirstIsWaitedForWithAWarning) {
  const auto splits = discovered();
  forget_client();
  mock.stop("namesrv-0");
  const auto reading = reader();
  reading->add_splits(splits);
  EXPECT_TRUE(warned("its broker is not in the route"));
  mock.start("namesrv-0");
  EXPECT_EQ(take(*reading, 200), bodies(0, 200));
}

TEST_F(ReaderFaultsTest, AnEmptyRouteDoesNotTakeTheBrokerAway) {
  const auto reading = started_reader();
  EXPECT_EQ(take(*reading, 200).size(), 200U);
  mock.set_route_body("orders", R"({"brokerDatas":[],"queueDatas":[]})");
  sleep_for(2 * timing.route_interval);
  mock.append_many(queue0, 5);
  EXPECT_EQ(take(*reading, 5), bodies(200, 205));
}

TEST_F(ReaderFaultsTest, ASlaveIsReadFromWhileTheMasterIsDown) {
  mock.add_slave("broker-a", 1);
  const auto reading = started_reader();
  EXPECT_EQ(take(*reading, 200).size(), 200U);
  EXPECT_EQ(mock.count(RequestCode::kPullMessage, "broker-a/1"), 0U);
  sleep_for(2 * timing.route_interval);
  Fault swallowed = Fault::of(Fault::Kind::kDrop, RequestCode::kPullMessage, -1);
  swallowed.server = "broker-a/0";
  mock.inject(swallowed);
  mock.append_many(queue0, 300);  // the slave has them, the reader does not
  mock.stop("broker-a/0");
  EXPECT_EQ(take(*reading, 300), bodies(200, 500));
  EXPECT_GT(mock.count(RequestCode::kPullMessage, "broker-a/1"), 0U);
}

/// A hung process still takes connections, and what its slave has is there all the time.
TEST_F(ReaderFaultsTest, AMasterThatHangsDoesNotKeepItsSlaveFromBeingRead) {
  mock.add_slave("broker-a", 1);
  const auto reading = started_reader();
  EXPECT_EQ(take(*reading, 200).size(), 200U);
  Fault swallowed = Fault::of(Fault::Kind::kDrop, RequestCode::kPullMessage, -1);
  swallowed.server = "broker-a/0";
  mock.inject(swallowed);
  mock.append_many(queue0, 1);
  EXPECT_EQ(take(*reading, 1), bodies(200, 201));
  mock.forget_seen();
  for (std::int64_t i = 201; i < 321; ++i) {  // ten minutes
    mock.append_many(queue0, 1);
    EXPECT_EQ(take(*reading, 1, milliseconds(1000)), bodies(i, i + 1));
    sleep_for(milliseconds(5000));
  }
  EXPECT_LE(mock.count(RequestCode::kPullMessage, "broker-a/0"), 65U) << "now and then";
  mock.clear_faults();
  EXPECT_TRUE(comes_true(
      [&] {
        mock.forget_seen();
        mock.append_many(queue0, 1);
        EXPECT_EQ(take(*reading, 1).size(), 1U);
        return mock.count(RequestCode::kPullMessage, "broker-a/0") > 0;
      },
      timing.slave_stay + timing.suspended_answer));
}

TEST_F(ReaderFaultsTest, WhenTheRouteHasOnlyASlaveItIsReadFrom) {
  mock.add_slave("broker-a", 2);
  mock.show_in_route("broker-a/0", false);
  mock.stop("broker-a/0");
  EXPECT_EQ(take(*reader_from(0), 200), bodies(0, 200));
}

TEST_F(ReaderFaultsTest, TheBrokerIdThatIsSuggestedIsReadFrom) {
  mock.add_slave("broker-a", 1);
  mock.suggest_broker("broker-a", 1);
  EXPECT_EQ(take(*started_reader(), 200), bodies(0, 200));
  EXPECT_GT(mock.count(RequestCode::kPullMessage, "broker-a/1"), 5U);
}

TEST_F(ReaderFaultsTest, AHangingBrokerIsNoticedAndLeft) {
  const auto reading = started_reader();
  EXPECT_EQ(take(*reading, 200).size(), 200U);
  mock.set_silent("broker-a/0", true);
  EXPECT_THAT(take(*reading, 1, 3 * timing.suspended_answer / 2), IsEmpty());
  mock.set_silent("broker-a/0", false);
  mock.append_many(queue0, 3);
  EXPECT_EQ(take(*reading, 3, timing.suspended_answer), bodies(200, 203));
}

/// Many queues of a broker that hangs, each with much to read, beside few of another one.
class HangingBrokerTest : public SourceTest {
 protected:
  static constexpr int kQueues = 24;
  static constexpr int kMessages = 40;
  static constexpr std::size_t kMessageBytes = 64 * 1024;

  HangingBrokerTest() : SourceTest({.brokers = {"broker-a", "broker-b"}}) {
    mock.create_topic("orders", kQueues);
    for (std::int32_t id = 0; id < kQueues; ++id) fill({"orders", "broker-a", id}, kMessages);
    fill(there, kThere);
  }

  void fill(const QueueId& queue, int messages) {
    MockMessage message;
    message.body.assign(kMessageBytes, queue.broker.back());
    for (int i = 0; i < messages; ++i) mock.append(queue, message);
  }

  static constexpr int kThere = 300;
  const QueueId there{"orders", "broker-b", 0};
};

TEST_F(HangingBrokerTest, WhatIsAskedOfItLeavesRoomForOthers) {
  Fault swallowed = Fault::of(Fault::Kind::kDrop, RequestCode::kPullMessage, -1);
  swallowed.server = "broker-a/0";
  swallowed.skip = 4 * kQueues;
  mock.inject(swallowed);
  const auto reading = started_reader();
  int left = kThere;
  const SteadyTime begin = now();
  MessageBatch batch;
  while (left > 0 && now() - begin < kPatience) {
    const auto outcome = reading->poll(batch, milliseconds(1000));
    ASSERT_TRUE(outcome) << outcome.error().text;
    if (*outcome != PollOutcome::kBatch) continue;
    for (auto next = batch.next(); next && *next != nullptr; next = batch.next())
      left -= (*next)->body[0] == 'b' ? 1 : 0;
  }
  EXPECT_EQ(left, 0);
  EXPECT_LT(now() - begin, timing.pull / 2);
}

const std::string kWrongKey = "check signature failed.";

TEST_F(ReaderFaultsTest, ADenialAtTheStartIsFinal) {
  options.connection.access_id = "me";
  options.connection.access_key = "hush";
  mock.inject(Fault::answer(RequestCode::kPullMessage, ResponseCode::kNoPermission, kWrongKey, -1));
  const auto reading = reader_from(0);
  const Error error = failure_of(*reading);
  EXPECT_THAT(error.text, AllOf(HasSubstr("does not permit PULL_MESSAGE to account 'me'"), HasSubstr(kWrongKey)));
  EXPECT_THAT(error.text, testing::Not(HasSubstr("hush")));
  EXPECT_EQ(mock.count(RequestCode::kPullMessage), 1U) << "no second try";
}

TEST_F(ReaderFaultsTest, ADenialOfWhatHasWorkedIsTriedAgainAFewTimesOnly) {
  Fault fault = Fault::answer(RequestCode::kPullMessage, ResponseCode::kNoPermission, kWrongKey, -1);
  fault.when = [](const mock::SeenRequest& request) { return request.header.ext.find_int("queueOffset") >= 100; };
  mock.inject(fault);
  const auto reading = reader_from(92);  // the first pull takes eight
  EXPECT_EQ(take(*reading, 8), bodies(92, 100));
  EXPECT_THAT(failure_of(*reading).text, HasSubstr(kWrongKey));
  const auto pulls = mock.seen(RequestCode::kPullMessage);
  const auto asked = std::count_if(pulls.begin(), pulls.end(), [](const mock::SeenRequest& request) {
    return request.header.ext.find_int("queueOffset") == 100;
  });
  // The first and three more, and one that was asked before its turn.
  EXPECT_THAT(asked, AllOf(testing::Ge(4), testing::Le(5)));
}

TEST_F(ReaderFaultsTest, KeysThatReachTheBrokerLateDoNotEndAJob) {
  Fault fault = Fault::answer(RequestCode::kPullMessage, ResponseCode::kNoPermission, kWrongKey, 2);
  fault.when = [](const mock::SeenRequest& request) { return request.header.ext.find_int("queueOffset") == 100; };
  mock.inject(fault);
  const auto reading = reader_from(90);
  EXPECT_EQ(take(*reading, 110), bodies(90, 200));
}

TEST_F(ReaderFaultsTest, AGroupThatGoesMissingIsTriedAgainAFewTimesOnly) {
  const auto reading = reader_from(90);
  EXPECT_EQ(take(*reading, 110), bodies(90, 200));
  const auto group_is_missing = [](int times) {
    return Fault::answer(RequestCode::kPullMessage, ResponseCode::kSubscriptionGroupNotExist, "no such group", times);
  };
  mock.inject(group_is_missing(3));
  mock.append_many(queue0, 5);
  EXPECT_EQ(take(*reading, 5), bodies(200, 205)) << "a broker that has read its configuration anew";
  mock.inject(group_is_missing(-1));
  mock.append_many(queue0, 5);
  const Error error = failure_of(*reading);
  EXPECT_EQ(error.code, static_cast<std::int32_t>(ResponseCode::kSubscriptionGroupNotExist));
  EXPECT_THAT(error.text, HasSubstr("updateSubGroup"));
}

}  // namespace

}  // namespace rocketlink::test
