#include <algorithm>

#include "source_fixture.h"

namespace rocketlink::test {

namespace {

using testing::AllOf;
using testing::HasSubstr;

/// Where queues begin when something is odd or away at the start. Queue 0 of broker-a holds offsets 0 to 30.
class StartPositionsTest : public SourceTest {
 protected:
  explicit StartPositionsTest(mock::MockSetup setup = {.brokers = {"broker-a", "broker-b"}})
      : SourceTest(std::move(setup)) {
    mock.create_topic("orders", 1);
    mock.append_many(queue0, 30);
  }

  void hide(const std::string& broker) {
    mock.show_in_route(broker + "/0", false);
    mock.stop(broker + "/0");
  }
  void bring_back(const std::string& broker) {
    mock.show_in_route(broker + "/0", true);
    mock.start(broker + "/0");
  }
  /// `count` messages in broker-b's queue, stored before the job starts, and as many after.
  void append_before_and_after(std::int64_t count) {
    const std::int64_t start = process.wall_clock_ms();
    for (std::int64_t i = 0; i < 2 * count; ++i) {
      MockMessage message;
      message.store_timestamp_ms = start + (i < count ? -3'600'000 : 3'600'000) + i;
      mock.append(away, message);
    }
  }
  /// The begin of broker-b's queue, which was away when the job started.
  [[nodiscard]] std::int64_t begin_of_the_one_away() {
    const auto finder = enumerator();
    hide("broker-b");
    const auto first = finder->discover();
    EXPECT_TRUE(first) << (first ? "" : first.error().text);
    if (!first || first->size() != 1) return -1;
    bring_back("broker-b");
    return begin_of_the_one_found(*finder);
  }
  [[nodiscard]] static std::int64_t begin_of_the_one_found(SourceEnumerator& finder) {
    const auto later = finder.discover();
    EXPECT_TRUE(later) << (later ? "" : later.error().text);
    return later && later->size() == 1 ? later->front().split.offset : -1;
  }

  const QueueId away{"orders", "broker-b", 0};
};

// ---- odd answers

TEST_F(StartPositionsTest, AnEmptyQueueThatBeginsBelowZeroIsReadFromItsFirstMessage) {
  // As a BatchCQ queue says of itself.
  mock.create_topic("new", 1);
  options.topic = "new";
  mock.inject(Fault::edited(
      RequestCode::kGetMinOffset,
      [](wire::Header& header, std::string& /*body*/) { header.ext.set("offset", std::int64_t{-1}); }, -1));
  const auto splits = discovered();
  ASSERT_EQ(splits.size(), 2U);
  EXPECT_EQ(splits[0].offset, 0);
  const auto reading = reader();
  reading->add_splits(splits);
  sleep_for(milliseconds(2000));
  mock.append_many({"new", "broker-a", 0}, 1);
  EXPECT_EQ(take(*reading, 1), bodies(0, 1));
}

TEST_F(StartPositionsTest, AnAnswerWithoutAnOffsetIsNotTakenForNone) {
  options.start_fallback = StartMode::kLatest;
  mock.set_committed("readers", queue0, 5);
  for (const RequestCode code :
       {RequestCode::kQueryConsumerOffset, RequestCode::kGetMaxOffset, RequestCode::kGetMinOffset}) {
    mock.inject(Fault::edited(
        code, [](wire::Header& header, std::string& /*body*/) { header.ext.clear(); }, 1));
    const auto finder = enumerator();
    const auto odd = finder->discover();
    ASSERT_FALSE(odd);
    EXPECT_TRUE(odd.error().retriable) << odd.error().text;
    EXPECT_THAT(odd.error().text, HasSubstr("has no offset"));
    const auto again = finder->discover();
    ASSERT_TRUE(again) << again.error().text;
    EXPECT_EQ(again->at(0).split.offset, 5);
  }
}

// ---- the master's word

TEST_F(StartPositionsTest, ASlaveIsNotAskedWhereAGroupIs) {
  mock.set_committed("readers", queue0, 7);
  options.start_fallback = StartMode::kLatest;
  mock.add_slave("broker-a", 1);
  Fault behind = Fault::answer(RequestCode::kQueryConsumerOffset, ResponseCode::kQueryNotFound, "", -1);
  behind.server = "broker-a/1";
  mock.inject(behind);
  hide("broker-a");
  const auto finder = enumerator();
  const auto refused = finder->discover();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().retriable);
  EXPECT_THAT(refused.error().text, HasSubstr("the master of queue orders@broker-a:0 is not in the route"));
  EXPECT_THAT(refused.error().text, HasSubstr("not asked of a slave"));
  for (const auto code : {RequestCode::kQueryConsumerOffset, RequestCode::kGetMinOffset, RequestCode::kGetMaxOffset})
    EXPECT_EQ(mock.count(code, "broker-a/1"), 0U);
  bring_back("broker-a");
  const auto found = finder->discover();
  ASSERT_TRUE(found) << found.error().text;
  EXPECT_EQ(found->front().split.offset, 7);
}

// ---- a group that is ahead of its queue: the topic was made anew, or the broker lost messages

class GroupAheadTest : public StartPositionsTest {
 protected:
  GroupAheadTest() : StartPositionsTest(mock::MockSetup{}) {
    mock.set_committed("readers", queue0, 40);
    options.consumer_group = "readers";
  }
};

TEST_F(GroupAheadTest, FailsTheReader) {
  const Error error = failure_of(*started_reader());
  EXPECT_TRUE(error.is(ErrorCode::kOffsetOutOfRange)) << error.text;
  EXPECT_THAT(error.text, AllOf(HasSubstr("orders@broker-a:0: offset 40 is beyond the end of the queue at 30"),
                                HasSubstr("the topic was created anew"), HasSubstr("scan.offset-out-of-range")));
}

TEST_F(GroupAheadTest, WaitsForABrokerThatHasStoredMoreThanItHasIndexed) {
  options.out_of_range = OutOfRangePolicy::kEarliest;
  const auto reading = started_reader();
  EXPECT_TRUE(warned("may have stored more than it has indexed"));
  sleep_for(milliseconds(20'000));
  mock.append_many(queue0, 12);  // an earlier reader of the group had read on at a slave
  EXPECT_EQ(take(*reading, 2), bodies(40, 42));
}

TEST_F(GroupAheadTest, UnderEarliestReadsWhatIsThere) {
  options.out_of_range = OutOfRangePolicy::kEarliest;
  EXPECT_EQ(take(*started_reader(), 30), bodies(0, 30));
}

TEST_F(GroupAheadTest, UnderLatestReadsWhatComes) {
  options.out_of_range = OutOfRangePolicy::kLatest;
  const auto reading = started_reader();
  ASSERT_TRUE(warned("going on at 30"));
  mock.append_many(queue0, 2);
  EXPECT_EQ(take(*reading, 2), bodies(30, 32));
}

TEST_F(GroupAheadTest, FailsABoundedReadToo) {
  options.bounded_mode = BoundedMode::kLatest;
  EXPECT_THAT(failure_of(*started_reader()).text, HasSubstr("offset 40 is beyond the end of the queue at 30"));
}

TEST_F(GroupAheadTest, ABoundedReadUnderEarliestReadsAll) {
  options.bounded_mode = BoundedMode::kLatest;
  options.out_of_range = OutOfRangePolicy::kEarliest;
  const auto reading = started_reader();
  reading->no_more_splits();
  EXPECT_EQ(read_to_end(*reading), bodies(0, 30));
}

TEST_F(GroupAheadTest, ABoundedReadUnderLatestEnds) {
  options.bounded_mode = BoundedMode::kLatest;
  options.out_of_range = OutOfRangePolicy::kLatest;
  const auto reading = started_reader();
  reading->no_more_splits();
  EXPECT_THAT(read_to_end(*reading), testing::IsEmpty());
}

TEST_F(GroupAheadTest, IsNotAheadOfWhatIsBehindTheBoundOfTheRead) {
  mock.append_many(queue0, 20);
  options.bounded_mode = BoundedMode::kTimestamp;
  options.bounded_timestamp_ms = 0;
  const auto reading = started_reader();
  reading->no_more_splits();
  EXPECT_THAT(read_to_end(*reading), testing::IsEmpty());
}

// ---- search by time

TEST_F(StartPositionsTest, ASearchThatForgetsTheEndOfInnerBatchesIsPutRight) {
  mock.create_topic("batches", 1, {"broker-a"});
  const QueueId queue{"batches", "broker-a", 0};
  for (const int size : {5, 5, 5, 3}) {
    MockMessage batch;
    batch.members = std::vector<std::string>(static_cast<std::size_t>(size), "x");
    mock.append(queue, batch);
  }
  mock.inject(Fault::edited(
      RequestCode::kSearchOffsetByTimestamp,
      [](wire::Header& header, std::string&) { header.ext.set("offset", std::int64_t{15}); }, -1));
  options.topic = "batches";
  options.start_mode = StartMode::kEarliest;
  options.bounded_mode = BoundedMode::kTimestamp;
  options.bounded_timestamp_ms = process.wall_clock_ms() + 3'600'000;
  EXPECT_EQ(discovered().at(0).stop, 18);
}

/// What a broker may say of a search, whatever the truth.
class WrongSearchTest : public StartPositionsTest, public testing::WithParamInterface<std::int64_t> {};

TEST_P(WrongSearchTest, IsComparedWithStoreTimes) {
  hide("broker-b");
  mock.inject(Fault::edited(
      RequestCode::kSearchOffsetByTimestamp,
      [claimed = GetParam()](wire::Header& header, std::string&) { header.ext.set("offset", claimed); }, -1));
  options.start_mode = StartMode::kTimestamp;
  const auto records = mock.records(queue0);
  for (const std::size_t wanted : {0U, 1U, 12U, 29U}) {
    options.start_timestamp_ms = records.at(wanted).store_timestamp_ms;
    EXPECT_EQ(discovered().at(0).offset, static_cast<std::int64_t>(wanted));
  }
  options.start_timestamp_ms = records.back().store_timestamp_ms + 1;
  EXPECT_EQ(discovered().at(0).offset, 30);
}

INSTANTIATE_TEST_SUITE_P(Claims, WrongSearchTest, testing::Values(-1, 0, 11, 12, 13, 29, 30, 1000));

TEST_F(StartPositionsTest, ASearchByStoreTimesGoesOnBehindAHole) {
  hide("broker-b");
  mock.skip_offsets(queue0, 100);  // 30 to 129
  mock.append_many(queue0, 5);
  options.bounded_timestamp_ms = mock.records(queue0).back().store_timestamp_ms + 1;
  mock.append_many(queue0, 2);
  mock.inject(Fault::edited(
      RequestCode::kSearchOffsetByTimestamp,
      [](wire::Header& header, std::string&) { header.ext.set("offset", std::int64_t{-1}); }, -1));
  // As a broker says it of an index whose file is gone (OFFSET_FOUND_NULL).
  Fault hole = Fault::edited(
      RequestCode::kPullMessage,
      [](wire::Header& header, std::string& body) {
        header.code = 19;
        header.ext.set("nextBeginOffset", std::int64_t{130});
        body.clear();
      },
      -1);
  hole.when = [](const mock::SeenRequest& request) {
    const int asked = std::stoi(request.ext("queueOffset"));
    return asked >= 30 && asked < 130;
  };
  mock.inject(hole);
  options.start_mode = StartMode::kEarliest;
  options.bounded_mode = BoundedMode::kTimestamp;
  EXPECT_EQ(discovered().at(0).stop, 135);
}

TEST_F(StartPositionsTest, ARightSearchTakesTwoLooksAQueue) {
  hide("broker-b");
  options.start_mode = StartMode::kTimestamp;
  options.start_timestamp_ms = mock.records(queue0).at(12).store_timestamp_ms;
  EXPECT_EQ(discovered().at(0).offset, 12);
  EXPECT_EQ(mock.count(RequestCode::kPullMessage), 2U);
}

TEST_F(StartPositionsTest, AResetThatIsSaidDuringTheSearchIsNotTakenForAPlace) {
  hide("broker-b");
  mock.inject(Fault::edited(
      RequestCode::kPullMessage,
      [](wire::Header& header, std::string& body) {
        header.code = 21;
        header.remark = "OFFSET_RESET";
        header.ext.set("nextBeginOffset", std::int64_t{29});
        body.clear();
      },
      3));
  options.start_mode = StartMode::kTimestamp;
  options.start_timestamp_ms = mock.records(queue0).at(12).store_timestamp_ms;
  EXPECT_EQ(discovered().at(0).offset, 12);
}

// ---- brokers that were away at the start

TEST_F(StartPositionsTest, UnderLatestAQueueThatWasAwayBeginsAtTheTimeOfTheStart) {
  append_before_and_after(40);
  options.start_mode = StartMode::kLatest;
  EXPECT_EQ(begin_of_the_one_away(), 40);
}

TEST_F(StartPositionsTest, UnderFallbackLatestToo) {
  append_before_and_after(40);
  options.start_fallback = StartMode::kLatest;
  EXPECT_EQ(begin_of_the_one_away(), 40);
  mock.set_committed("readers", away, 13);
  EXPECT_EQ(begin_of_the_one_away(), 13) << "the group's own offset goes before";
}

TEST_F(StartPositionsTest, UnderTimestampAQueueThatWasAwayBeginsAtThatTime) {
  append_before_and_after(40);
  options.start_mode = StartMode::kTimestamp;
  options.start_timestamp_ms = mock.records(away).at(25).store_timestamp_ms;
  EXPECT_EQ(begin_of_the_one_away(), 25);
}

TEST_F(StartPositionsTest, UnderAnOffsetAQueueThatWasAwayBeginsThere) {
  append_before_and_after(40);
  options.start_mode = StartMode::kOffset;
  options.start_offset = 17;
  EXPECT_EQ(begin_of_the_one_away(), 17);
}

TEST_F(StartPositionsTest, UnderEarliestAQueueThatWasAwayBeginsAtItsFirstMessage) {
  append_before_and_after(40);
  options.start_mode = StartMode::kEarliest;
  EXPECT_EQ(begin_of_the_one_away(), 0);
}

TEST_F(StartPositionsTest, AQueueThatIsNewBeginsAtItsFirstMessageWhateverItsTime) {
  options.start_mode = StartMode::kLatest;
  const auto finder = enumerator();
  ASSERT_EQ(finder->discover()->size(), 2U);
  mock.add_queues("orders", "broker-b", 1);
  mock.append_many({"orders", "broker-b", 1}, 4);  // by a clock far behind ours
  EXPECT_EQ(begin_of_the_one_found(*finder), 0);
}

TEST_F(StartPositionsTest, AfterARestoreAQueueThatWasAwayLosesNothingUnderLatest) {
  append_before_and_after(40);
  options.start_mode = StartMode::kLatest;
  std::string state;
  {
    const auto finder = enumerator();
    hide("broker-b");
    ASSERT_EQ(finder->discover()->size(), 1U);
    state = finder->serialize();
  }
  const auto finder = enumerator();
  ASSERT_TRUE(finder->restore(state));
  bring_back("broker-b");
  EXPECT_EQ(begin_of_the_one_found(*finder), 0);
}

// ---- filters

class FilterCheckTest : public StartPositionsTest {
 protected:
  FilterCheckTest() { options.sql92_filter = "k = 'never' AND"; }
  void refuse(const std::string& server, int times = -1) {
    Fault fault = Fault::answer(RequestCode::kCheckClientConfig, ResponseCode::kSubscriptionParseFailed,
                                "Encountered \"<EOF>\" at line 1\n\x1B[31m" + std::string(5 << 20, 'x'), times);
    fault.server = server;
    mock.inject(fault);
  }
  /// As it is found without a filter.
  [[nodiscard]] std::string state() {
    auto without = options;
    without.sql92_filter.clear();
    const auto finder = SourceEnumerator::create(client(), without, 1);
    EXPECT_TRUE((*finder)->discover());
    return (*finder)->serialize();
  }
};

TEST_F(FilterCheckTest, IsCheckedForRestoredQueuesToo) {
  const std::string before = state();
  refuse("broker-b/0");
  const auto finder = enumerator();
  ASSERT_TRUE(finder->restore(before));
  const auto refused = finder->discover();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(ErrorCode::kInvalidArgument));
  EXPECT_TRUE(refused.error().fatal);
  EXPECT_THAT(refused.error().text, HasSubstr("refused by broker 'broker-b': Encountered \"<EOF>\" at line 1  [31mxx"));
  EXPECT_LT(refused.error().text.size(), 600U);
}

TEST_F(FilterCheckTest, EachBrokerIsAskedOnce) {
  const std::string before = state();
  const auto finder = enumerator();
  ASSERT_TRUE(finder->restore(before));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(finder->discover());
  EXPECT_EQ(mock.count(RequestCode::kCheckClientConfig, "broker-a/0"), 2U) << "about it and about one that is none";
  EXPECT_EQ(mock.count(RequestCode::kCheckClientConfig, "broker-b/0"), 2U);
}

TEST_F(FilterCheckTest, ABrokerThatJoinsLaterIsAskedBeforeItsQueuesAreGivenOut) {
  hide("broker-b");
  const auto finder = enumerator();
  ASSERT_EQ(finder->discover()->size(), 1U);
  bring_back("broker-b");
  refuse("broker-b/0", 1);
  const auto refused = finder->discover();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().fatal);
  EXPECT_EQ(finder->discover()->size(), 1U) << "once it finds the filter right";
}

TEST_F(FilterCheckTest, ABrokerThatDoesNotAnswerIsAskedAgain) {
  const std::string before = state();
  mock.inject(Fault::of(Fault::Kind::kClose, RequestCode::kCheckClientConfig, 1));
  const auto finder = enumerator();
  ASSERT_TRUE(finder->restore(before));
  const auto failed = finder->discover();
  ASSERT_FALSE(failed);
  EXPECT_TRUE(failed.error().retriable);
  EXPECT_FALSE(failed.error().fatal);
  EXPECT_TRUE(comes_true([&] { return finder->discover().ok(); }));
  EXPECT_EQ(mock.count(RequestCode::kCheckClientConfig, "broker-b/0"), 2U);
}

// ---- what is found later

TEST_F(StartPositionsTest, ABrokerThatDoesNotAnswerHoldsUpNoNewQueueOfAnother) {
  timing.control = milliseconds(300);
  const auto finder = enumerator();
  ASSERT_EQ(finder->discover()->size(), 2U);
  mock.add_queues("orders", "broker-a", 1);
  mock.add_queues("orders", "broker-b", 1);
  mock.set_silent("broker-a/0", true);
  const auto found = finder->discover();
  ASSERT_TRUE(found) << found.error().text;
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().split.queue, (QueueId{"orders", "broker-b", 1}));
  EXPECT_TRUE(warned("queues of broker 'broker-a' are not read yet"));
  const auto none = finder->discover();
  ASSERT_FALSE(none) << "there is only one that cannot be had";
  EXPECT_TRUE(none.error().retriable);
  mock.set_silent("broker-a/0", false);
  std::vector<SourceEnumerator::Assignment> later;
  EXPECT_TRUE(comes_true([&] {
    if (auto more = finder->discover()) later = *std::move(more);
    return !later.empty();
  }));
  ASSERT_EQ(later.size(), 1U);
  EXPECT_EQ(later.front().split.queue, (QueueId{"orders", "broker-a", 1}));
}

TEST_F(StartPositionsTest, WhereABeginIsMovedIsSaidOnceHoweverOftenTheStartIsTried) {
  mock.expire_before(queue0, 10);
  mock.set_committed("readers", queue0, 4);
  options.bounded_mode = BoundedMode::kLatest;
  Fault busy = Fault::answer(RequestCode::kGetMaxOffset, ResponseCode::kSystemBusy, "[OVERLOAD]", -1);
  const auto asked = std::make_shared<int>(0);
  busy.when = [asked](const mock::SeenRequest&) { return ++*asked % 4 > 2; };  // all begins are told, the ends are not
  mock.inject(busy);
  const auto finder = enumerator();
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(finder->discover());
  mock.clear_faults();
  EXPECT_TRUE(finder->discover());
  const auto lines = logged();
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                          [](const auto& line) { return line.find("6 message(s)") != std::string::npos; }),
            1);
}

// ---- the end of a bounded read

/// Brokers acknowledge what their queues' ends do not count yet.
class BoundedEndTest : public StartPositionsTest {
 protected:
  BoundedEndTest() : StartPositionsTest({.brokers = {"broker-a"}}) {
    options.bounded_mode = BoundedMode::kLatest;
    options.start_mode = StartMode::kEarliest;
  }
  /// The states of its log that the broker gives, one after the other: its end, and how many bytes are in no queue yet.
  void answer_log_states(std::vector<std::pair<int, int>> states) {
    const auto asked = std::make_shared<std::size_t>(0);
    mock.inject(Fault::edited(
        RequestCode::kGetBrokerRuntimeInfo,
        [asked, states = std::move(states)](wire::Header& header, std::string& body) {
          header.code = 0;
          const auto [end, behind] = states.at(std::min((*asked)++, states.size() - 1));
          body = R"({"table":{"commitLogMaxOffset":")" + std::to_string(end) + R"(","dispatchBehindBytes":")" +
                 std::to_string(behind) + R"("}})";
        },
        -1));
  }
  [[nodiscard]] std::size_t asked() const { return mock.count(RequestCode::kGetBrokerRuntimeInfo); }
};

TEST_F(BoundedEndTest, IsAskedForOnceAllThatWasAcknowledgedIsInItsQueue) {
  answer_log_states({{1000, 500}, {1000, 200}, {1000, 0}});
  EXPECT_EQ(discovered().at(0).stop, 30);
  EXPECT_EQ(asked(), 3U);
  const auto ends = mock.seen(RequestCode::kGetMaxOffset);
  const auto states = mock.seen(RequestCode::kGetBrokerRuntimeInfo);
  EXPECT_GT(ends.back().time, states.back().time);
}

TEST_F(BoundedEndTest, OfABrokerThatIsAlwaysBehindIsAskedForToo) {
  answer_log_states({{1000, 500}, {1600, 500}, {2200, 500}, {2800, 500}});
  EXPECT_EQ(discovered().at(0).stop, 30);
  EXPECT_EQ(asked(), 3U) << "1600 was told before the last 500, so 1100 are in queues";
}

TEST_F(BoundedEndTest, OfABrokerThatStaysBehindIsTakenAfterAWhileWithAWarning) {
  timing.control = milliseconds(300);
  answer_log_states({{1000, 500}});
  EXPECT_EQ(discovered().at(0).stop, 30);
  EXPECT_TRUE(warned("is 500 bytes behind with what it has acknowledged"));
}

TEST_F(BoundedEndTest, OfAServerThatTellsAbsurdlyMuchIsTakenAsItIs) {
  const auto body = std::make_shared<std::string>(8 << 20, '[');
  mock.inject(Fault::edited(
      RequestCode::kGetBrokerRuntimeInfo,
      [body](wire::Header& header, std::string& into) {
        header.code = 0;
        into = *body;
      },
      -1));
  EXPECT_EQ(discovered().at(0).stop, 30);
}

TEST_F(BoundedEndTest, OfAServerThatDoesNotTellIsTakenAsItIs) {
  EXPECT_EQ(discovered().at(0).stop, 30) << "not supported";
  for (const char* const body : {"", "[]", "{}", R"({"table":3})", R"({"table":{"commitLogMaxOffset":"x"}})"}) {
    mock.clear_faults();
    mock.inject(Fault::edited(RequestCode::kGetBrokerRuntimeInfo, [body](wire::Header& header, std::string& into) {
      header.code = 0;
      into = body;
    }));
    EXPECT_EQ(discovered().at(0).stop, 30) << body;
  }
  mock.inject(Fault::answer(RequestCode::kGetBrokerRuntimeInfo, ResponseCode::kNoPermission, "no", -1));
  EXPECT_EQ(discovered().at(0).stop, 30) << "not permitted";
}

TEST_F(BoundedEndTest, OfABrokerThatIsTooBusyToTellIsAskedForOnceItTells) {
  mock.inject(Fault::answer(RequestCode::kGetBrokerRuntimeInfo, ResponseCode::kSystemBusy, "[OVERLOAD]", 2));
  answer_log_states({{1000, 500}, {1000, 0}});
  EXPECT_EQ(discovered().at(0).stop, 30);
  EXPECT_EQ(asked(), 4U);
}

TEST_F(BoundedEndTest, OfABrokerThatStaysTooBusyToTellIsTakenWithAWarning) {
  timing.control = milliseconds(300);
  mock.inject(Fault::answer(RequestCode::kGetBrokerRuntimeInfo, ResponseCode::kSystemBusy, "[OVERLOAD]", -1));
  EXPECT_EQ(discovered().at(0).stop, 30);
  EXPECT_TRUE(warned("[OVERLOAD]; what was sent last may be missing"));
}

TEST_F(BoundedEndTest, OfABrokerWhoseAnswerIsLostIsNotTaken) {
  timing.control = milliseconds(300);
  mock.inject(Fault::of(Fault::Kind::kDrop, RequestCode::kGetBrokerRuntimeInfo, 1));
  const auto finder = enumerator();
  const auto lost = finder->discover();
  ASSERT_FALSE(lost);
  EXPECT_TRUE(lost.error().retriable);
  EXPECT_TRUE(comes_true([&] { return finder->discover().ok(); }));
}

TEST_F(BoundedEndTest, TheWaitForItCanBeEnded) {
  answer_log_states({{1000, 500}});
  const auto finder = enumerator();
  const auto waker = in_background([&] {
    EXPECT_TRUE(mock.wait_for(RequestCode::kGetBrokerRuntimeInfo, 2));
    finder->wake_up();
  });
  const auto found = finder->discover();
  ASSERT_FALSE(found);
  EXPECT_TRUE(found.error().is(ErrorCode::kClosed));
}

TEST_F(BoundedEndTest, AnEndlessReadAsksForNone) {
  options.bounded_mode = BoundedMode::kUnbounded;
  EXPECT_EQ(discovered().size(), 1U);
  EXPECT_EQ(asked(), 0U);
}

// ---- why nothing can be read

TEST_F(StartPositionsTest, WhatCannotBeReadIsSaidBrokerByBroker) {
  mock.set_permission("orders", "broker-a", 2);
  hide("broker-b");
  EXPECT_THAT(enumerator()->discover().error().text, HasSubstr("(broker-a: no read permission)"));
  hide("broker-a");
  forget_client();  // a route without brokers does not replace one that is known
  EXPECT_THAT(enumerator()->discover().error().text, HasSubstr("none of its brokers is in the route: they are down"));
}

// ---- 4.9, which says 0 for "none"

class ZeroOf4Test : public StartPositionsTest {
 protected:
  ZeroOf4Test() : StartPositionsTest({.brokers = {"broker-a"}, .version = 407}) {
    options.start_fallback = StartMode::kLatest;
  }
};

TEST_F(ZeroOf4Test, IsNoneForAGroupWithoutOffsets) {
  EXPECT_EQ(discovered().at(0).offset, 30);
  mock.set_committed("others", queue0, 5);
  mock.set_committed("readers", {"orders-2", "broker-a", 0}, 5);
  EXPECT_EQ(discovered().at(0).offset, 30);
}

TEST_F(ZeroOf4Test, IsAnOffsetForAGroupThatCommittedIt) {
  mock.set_committed("readers", queue0, 0);
  EXPECT_EQ(discovered().at(0).offset, 0);
}

TEST_F(ZeroOf4Test, IsTakenForAnOffsetWhereItCannotBeTold) {
  mock.inject(Fault::answer(RequestCode::kGetAllConsumerOffset, ResponseCode::kRequestCodeNotSupported, "", -1));
  EXPECT_EQ(discovered().at(0).offset, 0) << "old rows, rather than rows that are lost";
  EXPECT_TRUE(warned("whether group 'readers' has committed offset 0 or none cannot be told"));
}

TEST_F(ZeroOf4Test, UnderEarliestItIsAllTheSame) {
  options.start_fallback = StartMode::kEarliest;
  EXPECT_EQ(discovered().at(0).offset, 0);
  EXPECT_EQ(mock.count(RequestCode::kGetAllConsumerOffset), 0U);
}

}  // namespace

}  // namespace rocketlink::test
