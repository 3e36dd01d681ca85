#include <algorithm>
#include <map>

#include "source_fixture.h"

namespace rocketlink::test {

namespace {

using testing::AllOf;
using testing::HasSubstr;

/// Queue 0 holds offsets 10 to 30, queue 1 is empty.
class EnumeratorTest : public SourceTest {
 protected:
  explicit EnumeratorTest(mock::MockSetup setup = {}) : SourceTest(std::move(setup)) {
    mock.create_topic("orders", 2);
    mock.append_many(queue0, 30);
    mock.expire_before(queue0, 10);
  }

  /// Begins of queues 0 and 1.
  [[nodiscard]] std::pair<std::int64_t, std::int64_t> begins() {
    const auto splits = discovered();
    EXPECT_EQ(splits.size(), 2U);
    return splits.size() == 2 ? std::pair(splits[0].offset, splits[1].offset) : std::pair<std::int64_t, std::int64_t>();
  }
};

using Pair = std::pair<std::int64_t, std::int64_t>;

TEST_F(EnumeratorTest, BeginsAtTheEarliest) {
  options.start_mode = StartMode::kEarliest;
  EXPECT_EQ(begins(), Pair(10, 0));
}

TEST_F(EnumeratorTest, BeginsAtTheLatest) {
  options.start_mode = StartMode::kLatest;
  EXPECT_EQ(begins(), Pair(30, 0));
}

TEST_F(EnumeratorTest, BeginsWhereTheGroupIs) {
  mock.set_committed("readers", queue0, 17);
  EXPECT_EQ(begins(), Pair(17, 0));
}

TEST_F(EnumeratorTest, AGroupWithoutOffsetsBeginsByTheFallback) {
  EXPECT_EQ(begins(), Pair(10, 0));
  options.start_fallback = StartMode::kLatest;
  EXPECT_EQ(begins(), Pair(30, 0));
}

TEST_F(EnumeratorTest, ACommitOfWhatCameDuringTheQuestionsIsNotBeyondTheEnd) {
  mock.inject(Fault::delayed(RequestCode::kGetMaxOffset, milliseconds(100)));  // answered with what is there now
  const auto found = in_background([this] { return discovered(); });
  ASSERT_TRUE(comes_true([this] { return !mock.seen(RequestCode::kGetMaxOffset).empty(); }));
  mock.append_many(queue0, 5);
  mock.set_committed("readers", queue0, 35);
  EXPECT_EQ(found.get().at(0).offset, 35);
  EXPECT_THAT(logged(), testing::IsEmpty());
}

TEST_F(EnumeratorTest, AQueueThatWasAddedWhileTheGroupWasAwayIsReadFromItsFirstMessage) {
  mock.append_many(queue1, 5);
  options.start_fallback = StartMode::kLatest;
  EXPECT_EQ(begins(), Pair(30, 5)) << "of a group that is new";
  mock.set_committed("readers", queue0, 30);
  EXPECT_EQ(begins(), Pair(30, 0));
}

TEST_F(EnumeratorTest, ACommittedZeroIsNotTakenForNone) {
  mock.create_topic("fresh", 1);
  const QueueId queue{"fresh", "broker-a", 0};
  mock.append_many(queue, 5);
  options.topic = "fresh";
  options.start_fallback = StartMode::kLatest;
  EXPECT_EQ(discovered().at(0).offset, 5) << "none";
  mock.set_committed("readers", queue, 0);
  EXPECT_EQ(discovered().at(0).offset, 0);
}

TEST_F(EnumeratorTest, ACommittedMinusOneIsNone) {
  options.start_fallback = StartMode::kLatest;
  mock.set_committed("readers", queue0, -1);
  EXPECT_EQ(begins(), Pair(30, 0));
}

TEST_F(EnumeratorTest, ACommittedOffsetThatIsGoneMovesToTheFirstMessageAndSaysHowManyAreLost) {
  mock.set_committed("readers", queue0, 4);
  EXPECT_EQ(begins(), Pair(10, 0));
  EXPECT_TRUE(warned("6 message(s) that group 'readers' has not read are gone"));
}

TEST_F(EnumeratorTest, AnOffsetBeyondTheEndIsMovedWithAWarning) {
  options.start_mode = StartMode::kOffset;
  options.start_offset = 1000;
  EXPECT_EQ(begins(), Pair(30, 0));
  EXPECT_TRUE(warned("asked to begin at offset 1000, which is outside of what is there (10 to 30): beginning at 30"));
}

TEST_F(EnumeratorTest, AnOffsetWithinIsTakenAsItIs) {
  options.start_mode = StartMode::kOffset;
  options.start_offset = 12;
  EXPECT_EQ(begins(), Pair(12, 0));
}

TEST_F(EnumeratorTest, SpecificOffsetsGoBeforeTheGroupsAndTheOthersFollowTheGroup) {
  mock.append_many(queue1, 9);
  mock.set_committed("readers", queue0, 11);
  mock.set_committed("readers", queue1, 5);
  options.start_mode = StartMode::kSpecificOffsets;
  options.specific_offsets = {{{"broker-a", 0}, 22}};
  EXPECT_EQ(begins(), Pair(22, 5));
}

TEST_F(EnumeratorTest, ASpecificOffsetOfAQueueThatIsNotThereIsRefused) {
  options.start_mode = StartMode::kSpecificOffsets;
  options.specific_offsets = {{{"broker-a", 7}, 22}};
  const auto found = enumerator()->discover();
  ASSERT_FALSE(found);
  EXPECT_TRUE(found.error().is(ErrorCode::kInvalidArgument));
  EXPECT_THAT(found.error().text, HasSubstr("'broker-a,7'"));
  EXPECT_THAT(found.error().text, HasSubstr("broker-a,0; broker-a,1"));
}

TEST_F(EnumeratorTest, BeginsAtATime) {
  const auto records = mock.records(queue0);
  options.start_mode = StartMode::kTimestamp;
  options.start_timestamp_ms = records.at(3).store_timestamp_ms;
  EXPECT_EQ(begins(), Pair(13, 0));
  options.start_timestamp_ms = 1;
  EXPECT_EQ(begins(), Pair(10, 0));
  options.start_timestamp_ms = records.back().store_timestamp_ms + 1;
  EXPECT_EQ(begins(), Pair(30, 0));
}

TEST_F(EnumeratorTest, StopsAtTheEndOfEachQueueAsItIsNow) {
  options.bounded_mode = BoundedMode::kLatest;
  const auto splits = discovered();
  ASSERT_EQ(splits.size(), 2U);
  EXPECT_EQ(splits[0].stop, 30);
  EXPECT_EQ(splits[1].stop, 0);
}

TEST_F(EnumeratorTest, StopsAtATime) {
  options.bounded_mode = BoundedMode::kTimestamp;
  options.bounded_timestamp_ms = mock.records(queue0).at(5).store_timestamp_ms;
  EXPECT_EQ(discovered().at(0).stop, 15);
}

TEST_F(EnumeratorTest, ARestrictionLeavesQueuesOut) {
  restriction.queue_ids = {{1, 7}};
  const auto splits = discovered();
  ASSERT_EQ(splits.size(), 1U);
  EXPECT_EQ(splits[0].queue.id, 1);
  restriction.queue_ids = {{7}};
  EXPECT_TRUE(discovered().empty()) << "which is no error";
}

TEST_F(EnumeratorTest, ARestrictionNarrowsRangesAndNeverWidensThem) {
  options.bounded_mode = BoundedMode::kLatest;
  restriction.first_offset = 12;
  restriction.stop_offset = 20;
  EXPECT_EQ(discovered().at(0), (Split{queue0, 12, 20}));
  EXPECT_EQ(discovered().at(1).offset, 0) << "no further than to the end";
  restriction = {.queue_ids = {}, .first_offset = 5, .stop_offset = 40, .first_time_ms = {}, .stop_time_ms = {}};
  EXPECT_EQ(discovered().at(0), (Split{queue0, 10, 30}));
  restriction = {.queue_ids = {}, .first_offset = 25, .stop_offset = 5, .first_time_ms = {}, .stop_time_ms = {}};
  EXPECT_EQ(discovered().at(0), (Split{queue0, 25, 25}));
  options.bounded_mode = BoundedMode::kUnbounded;
  EXPECT_EQ(discovered().at(0), (Split{queue0, 25, std::nullopt})) << "an endless scan goes on";
}

TEST_F(EnumeratorTest, GivesAQueueOnceAndFindsLaterOnesFromTheirFirstMessage) {
  options.start_mode = StartMode::kLatest;
  const auto finder = enumerator();
  ASSERT_EQ(finder->discover()->size(), 2U);
  EXPECT_TRUE(finder->discover()->empty());
  mock.create_topic("orders", 3);
  const QueueId queue2{"orders", "broker-a", 2};
  mock.append_many(queue2, 4);
  const auto later = finder->discover();
  ASSERT_TRUE(later);
  ASSERT_EQ(later->size(), 1U);
  EXPECT_EQ(later->front().split.queue, queue2);
  EXPECT_EQ(later->front().split.offset, 0) << "'latest' would lose what was written before the discovery";
}

TEST_F(EnumeratorTest, AFailedOrEmptyRouteChangesNothing) {
  const auto finder = enumerator();
  ASSERT_EQ(finder->discover()->size(), 2U);
  mock.inject(Fault::answer(RequestCode::kGetRouteInfoByTopic, ResponseCode::kSystemError, "starting", 1));
  EXPECT_FALSE(finder->discover());
  mock.inject(Fault::answer(RequestCode::kGetRouteInfoByTopic, ResponseCode::kTopicNotExist, "", 1));
  EXPECT_FALSE(finder->discover());
  mock.set_route_body("orders", R"({"brokerDatas":[],"queueDatas":[]})");
  auto found = finder->discover();
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->empty());
  mock.set_route_body("orders", "not json");
  EXPECT_FALSE(finder->discover());
  mock.set_route_body("orders", std::nullopt);
  found = finder->discover();
  ASSERT_TRUE(found) << found.error().text;
  EXPECT_TRUE(found->empty()) << "nothing was forgotten, so nothing is new";
}

TEST_F(EnumeratorTest, ATopicWithoutReadableQueuesIsAnErrorAtTheStart) {
  mock.set_permission("orders", "broker-a", 2);
  const auto found = enumerator()->discover();
  ASSERT_FALSE(found);
  EXPECT_TRUE(found.error().is(ErrorCode::kNotFound));
  EXPECT_TRUE(found.error().retriable);
}

TEST_F(EnumeratorTest, AFailureHalfWayGivesNothingAndTheNextCallStartsOver) {
  mock.inject(Fault::answer(RequestCode::kGetMaxOffset, ResponseCode::kSystemBusy, "[OVERLOAD]", 1));
  const auto finder = enumerator();
  const auto first = finder->discover();
  ASSERT_FALSE(first);
  EXPECT_TRUE(first.error().retriable);
  EXPECT_EQ(finder->discover()->size(), 2U);
}

TEST_F(EnumeratorTest, ARestoredStateIsKnownAndNotGivenOutAgain) {
  const auto before = enumerator();
  ASSERT_EQ(before->discover()->size(), 2U);
  const std::string state = before->serialize();

  options.start_mode = StartMode::kLatest;
  const auto after = enumerator();
  ASSERT_TRUE(after->restore(state));
  EXPECT_EQ(after->serialize(), state);
  EXPECT_TRUE(after->discover()->empty());
  mock.create_topic("orders", 3);
  mock.append_many({"orders", "broker-a", 2}, 4);
  const auto later = after->discover();
  ASSERT_EQ(later->size(), 1U);
  EXPECT_EQ(later->front().split.offset, 0);
}

TEST_F(EnumeratorTest, ARestoredQueueThatIsGoneIsSaidOnce) {
  const auto before = enumerator();
  ASSERT_EQ(before->discover()->size(), 2U);
  const auto after = enumerator();
  ASSERT_TRUE(after->restore(before->serialize()));
  mock.set_queues("orders", "broker-a", 1, 1);
  ASSERT_TRUE(after->discover());
  sleep_for(std::chrono::minutes(5));
  ASSERT_TRUE(after->discover());
  const auto lines = logged();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines[0], AllOf(HasSubstr("the checkpoint holds orders@broker-a:1"),
                              HasSubstr("topic 'orders' no longer has (1 to read on broker 'broker-a')")));
}

TEST_F(EnumeratorTest, ARestoredQueueWhoseBrokerIsAwayIsNothingToSay) {
  const auto before = enumerator();
  ASSERT_EQ(before->discover()->size(), 2U);
  const auto after = enumerator();
  ASSERT_TRUE(after->restore(before->serialize()));
  mock.add_broker("broker-b");
  mock.create_topic("orders", 1, {"broker-b"});
  mock.show_in_route("broker-a/0", false);
  ASSERT_TRUE(after->discover());
  mock.show_in_route("broker-a/0", true);
  mock.set_permission("orders", "broker-a", 2);
  const auto again = enumerator();
  ASSERT_TRUE(again->restore(before->serialize()));
  ASSERT_TRUE(again->discover());
  for (const std::string& line : logged()) EXPECT_THAT(line, testing::Not(HasSubstr("no longer has")));
}

TEST_F(EnumeratorTest, ACommitInAQueueThatIsGoneIsSaid) {
  mock.set_committed("readers", queue0, 12);
  mock.set_committed("readers", queue1, 7);
  (void)discovered();
  EXPECT_THAT(logged(), testing::IsEmpty());
  mock.set_queues("orders", "broker-a", 1, 1);
  EXPECT_EQ(discovered().size(), 1U);
  ASSERT_EQ(logged().size(), 1U);
  EXPECT_THAT(logged()[0], HasSubstr("group 'readers' has committed 7 for orders@broker-a:1"));
}

TEST_F(EnumeratorTest, AStateFromBeforeTheFirstDiscoveryLeavesTheStartToTheOptions) {
  options.start_mode = StartMode::kLatest;
  const std::string empty = enumerator()->serialize();
  const auto finder = enumerator();
  ASSERT_TRUE(finder->restore(empty));
  EXPECT_EQ(finder->discover()->at(0).split.offset, 30);
}

TEST_F(EnumeratorTest, ADamagedStateIsRefusedAndChangesNothing) {
  const auto finder = enumerator();
  const auto restored = finder->restore("\x01garbage");
  ASSERT_FALSE(restored);
  EXPECT_TRUE(restored.error().is(ErrorCode::kData));
  EXPECT_EQ(finder->discover()->size(), 2U);
}

TEST_F(EnumeratorTest, ABrokerThatCannotBeReachedIsNamedAndWhereItsAddressComesFrom) {
  mock.stop("broker-a/0");
  const auto found = enumerator()->discover();
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().text, AllOf(HasSubstr("the min offset of orders@broker-a:0 failed"),
                                        HasSubstr("the topic's route gives that address for broker 'broker-a'")));
}

TEST_F(EnumeratorTest, WakeUpEndsAWaitingCallAndAllLaterOnes) {
  mock.inject(Fault::of(Fault::Kind::kDrop, RequestCode::kGetRouteInfoByTopic, 1));
  const auto finder = enumerator();
  const auto waker = in_background([&] {
    EXPECT_TRUE(mock.wait_for(RequestCode::kGetRouteInfoByTopic, 1));
    finder->wake_up();
  });
  const SteadyTime begin = now();
  const auto found = finder->discover();
  ASSERT_FALSE(found);
  EXPECT_TRUE(found.error().is(ErrorCode::kClosed));
  EXPECT_LT(now() - begin, kAtOnce);
  EXPECT_TRUE(finder->discover().error().is(ErrorCode::kClosed));
}

TEST_F(EnumeratorTest, WakeUpEndsTheWaitForOffsetsToo) {
  mock.inject(Fault::of(Fault::Kind::kDrop, RequestCode::kGetMinOffset, -1));
  const auto finder = enumerator();
  const auto waker = in_background([&] {
    EXPECT_TRUE(mock.wait_for(RequestCode::kGetMinOffset, 1));
    finder->wake_up();
  });
  const auto found = finder->discover();
  ASSERT_FALSE(found);
  EXPECT_TRUE(found.error().is(ErrorCode::kClosed));
}

TEST_F(EnumeratorTest, ReadersGetQueuesInEqualShareAndSomeMayGetNone) {
  mock.create_topic("wide", 7);
  options.topic = "wide";
  for (const std::int32_t readers : {1, 2, 3, 7, 10}) {
    const auto found = enumerator(readers)->discover();
    ASSERT_TRUE(found);
    std::map<std::int32_t, int> load;
    for (const auto& assignment : *found) {
      EXPECT_GE(assignment.reader, 0);
      EXPECT_LT(assignment.reader, readers);
      ++load[assignment.reader];
    }
    const auto [least, most] =
        std::minmax_element(load.begin(), load.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    EXPECT_LE(most->second - least->second, 1);
    EXPECT_EQ(load.size(), static_cast<std::size_t>(std::min(readers, 7)));
    const auto again = enumerator(readers)->discover();
    EXPECT_TRUE(std::equal(found->begin(), found->end(), again->begin(), again->end(),
                           [](const auto& a, const auto& b) { return a.split == b.split && a.reader == b.reader; }))
        << "deterministic";
  }
}

TEST_F(EnumeratorTest, AFilterThatIsNoUtf8IsPutToTheBrokerAllTheSame) {
  options.sql92_filter = "a = '\xff'";
  EXPECT_TRUE(enumerator()->discover());
  EXPECT_EQ(mock.count(RequestCode::kCheckClientConfig), 2U);
}

TEST_F(EnumeratorTest, ASql92FilterIsCheckedWithTheBrokerFirst) {
  options.sql92_filter = "a > 1";
  EXPECT_EQ(enumerator()->discover()->size(), 2U);
  const auto checks = mock.seen(RequestCode::kCheckClientConfig);
  ASSERT_EQ(checks.size(), 2U) << "and whether it checks";
  EXPECT_THAT(checks[0].body, HasSubstr("\"subString\":\"a > 1\""));
  mock.set_filter_check(23, "Invalid syntax");
  auto refused = enumerator()->discover();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(ErrorCode::kInvalidArgument));
  EXPECT_THAT(refused.error().text, HasSubstr("Invalid syntax; mend the condition"));
  mock.set_filter_check(1, "The broker does not support consumer to filter message by SQL92");
  refused = enumerator()->discover();
  EXPECT_THAT(refused.error().text, HasSubstr("enablePropertyFilter=true"));
}

TEST_F(EnumeratorTest, ASql92FilterIsRefusedWhereEveryConditionIsFoundRight) {
  options.sql92_filter = "a > 1";
  mock.set_filter_check(0, "");
  const auto refused = enumerator()->discover();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(ErrorCode::kUnsupported));
  EXPECT_FALSE(refused.error().retriable);
  EXPECT_THAT(refused.error().text, HasSubstr("'scan.filter.sql92' = 'a > 1' is not served at 127.0.0.1:"));
}

TEST_F(EnumeratorTest, NeedsAtLeastOneReader) {
  EXPECT_FALSE(SourceEnumerator::create(client(), options, 0));
}

TEST_F(EnumeratorTest, TopicNamesMayHoldPercentAndBar) {
  options.topic = "%RETRY%group|a";
  mock.create_topic(options.topic, 1);
  const auto finder = enumerator();
  ASSERT_EQ(finder->discover()->size(), 1U);
  const auto restored = deserialize_splits(finder->serialize());
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->at(0).queue.topic, options.topic);
}

/// broker-a has a slave that acts for its master once that is away.
class ActingMasterTest : public EnumeratorTest {
 protected:
  ActingMasterTest() : EnumeratorTest(setup()) { mock.add_slave("broker-a", 1); }

  static mock::MockSetup setup() {
    mock::MockSetup setup = mock::MockSetup::like_real();
    setup.acting_master = true;
    setup.slave_reads = setup.slave_offsets = true;
    setup.sync_slaves_every.reset();
    return setup;
  }
  [[nodiscard]] std::string failure() {
    mock.crash("broker-a/0");
    auto found = enumerator()->discover();
    EXPECT_FALSE(found) << "but for it, it would begin";
    if (found) return "";
    EXPECT_TRUE(found.error().retriable);
    return found.error().text;
  }
};

TEST_F(ActingMasterTest, DoesNotSayThatAGroupHasNeverCommitted) {
  options.start_fallback = StartMode::kLatest;
  EXPECT_THAT(failure(), HasSubstr("the master of broker 'broker-a' is away"));
  mock.start("broker-a/0");
  EXPECT_EQ(begins(), Pair(30, 0));
}

TEST_F(ActingMasterTest, DoesNotSayWhereABoundedReadEnds) {
  options.start_mode = StartMode::kEarliest;
  options.bounded_mode = BoundedMode::kLatest;
  EXPECT_THAT(failure(), HasSubstr("the master of broker 'broker-a' is away"));
  mock.start("broker-a/0");
  EXPECT_EQ(begins(), Pair(10, 0));
}

TEST_F(ActingMasterTest, DoesNotSayThatAGroupIsAheadOfItsQueue) {
  mock.set_committed("readers", queue0, 40);
  mock.set_committed("readers", queue1, 0);
  EXPECT_THAT(failure(), HasSubstr("the master of broker 'broker-a' is away"));
}

TEST_F(ActingMasterTest, IsBelievedInWhatItDoesSay) {
  mock.set_committed("readers", queue0, 17);
  mock.set_committed("readers", queue1, 0);
  mock.crash("broker-a/0");
  EXPECT_EQ(begins(), Pair(17, 0));
}

TEST_F(ActingMasterTest, IsBelievedWhereANameServerDoesNotTell) {
  mock.crash("broker-a/0");
  for (const ResponseCode code : {ResponseCode::kRequestCodeNotSupported, ResponseCode::kNoPermission}) {
    mock.inject(Fault::answer(RequestCode::kGetBrokerMemberGroup, code, "", 1));
    EXPECT_EQ(begins(), Pair(10, 0)) << static_cast<int>(code);
  }
}

class ManyActingMastersTest : public SourceTest {
 protected:
  ManyActingMastersTest() : SourceTest(setup()) {
    mock.create_topic("orders", 1);
    for (const std::string& broker : setup().brokers) mock.add_slave(broker, 1);
  }
  static mock::MockSetup setup() {
    mock::MockSetup setup = mock::MockSetup::like_real();
    setup.acting_master = true;
    setup.name_servers = 2;
    setup.brokers = {"broker-a", "broker-b", "broker-c", "broker-d", "broker-e", "broker-f"};
    return setup;
  }
};

TEST_F(ManyActingMastersTest, AreLookedForAtTheNameServerThatAnswers) {
  options.start_fallback = StartMode::kLatest;
  mock.set_silent("namesrv-0", true);
  const SteadyTime begin = now();
  EXPECT_EQ(discovered().size(), 6U);
  EXPECT_LT(now() - begin, 2 * timing.name_server);
}

/// 4.9 searches by time only nearly.
class OldBrokerTest : public EnumeratorTest {
 protected:
  OldBrokerTest() : EnumeratorTest({.version = 407}) {}
};

TEST_F(OldBrokerTest, ATimeIsExactAllTheSame) {
  mock.create_topic("timed", 1);
  const QueueId queue{"timed", "broker-a", 0};
  constexpr std::int64_t kBase = 1'000'000;
  std::vector<std::int64_t> times;
  for (const std::int64_t at : {0, 0, 0, 203, 203, 203, 412, 412, 412}) {
    MockMessage message;
    message.store_timestamp_ms = kBase + at;
    mock.append(queue, message);
    times.push_back(kBase + at);
  }
  options.topic = "timed";
  options.start_mode = StartMode::kTimestamp;
  for (const std::int64_t asked : {-1000, 0, 1, 50, 183, 203, 204, 300, 412, 413, 100'000}) {
    options.start_timestamp_ms = kBase + asked;
    const auto exact = std::lower_bound(times.begin(), times.end(), kBase + asked) - times.begin();
    EXPECT_EQ(discovered().at(0).offset, exact) << "asked for " << asked;
  }
}

TEST_F(OldBrokerTest, ATimeOnAnEmptyQueueIsItsBeginning) {
  options.start_mode = StartMode::kTimestamp;
  options.start_timestamp_ms = 1;
  EXPECT_EQ(begins(), Pair(10, 0));
}

TEST_F(OldBrokerTest, ATimeIsExactAcrossHolesAndDamagedMessages) {
  mock.create_topic("timed", 1);
  const QueueId queue{"timed", "broker-a", 0};
  for (std::int64_t i = 0; i < 8; ++i) {
    MockMessage message;
    message.store_timestamp_ms = 1000 + 100 * i;
    message.bad_crc = i == 4;
    mock.append(queue, message);
    mock.skip_offsets(queue, 2);
  }
  options.topic = "timed";
  options.start_mode = StartMode::kTimestamp;
  options.start_timestamp_ms = 1300;
  auto begin = discovered().at(0).offset;
  EXPECT_GT(begin, 6) << "behind the message of 1200";
  EXPECT_LE(begin, 9) << "not behind the one of 1300";
  options.start_timestamp_ms = 1500;
  begin = discovered().at(0).offset;
  EXPECT_GT(begin, 9);
  EXPECT_LE(begin, 15);
}

}  // namespace

}  // namespace rocketlink::test
