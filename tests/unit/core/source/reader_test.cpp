#include "source_fixture.h"

namespace rocketlink::test {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ReaderTest : public SourceTest {
 protected:
  explicit ReaderTest(mock::MockSetup setup = {}) : SourceTest(std::move(setup)) { mock.create_topic("orders", 1); }

  [[nodiscard]] std::unique_ptr<SourceReader> reader_from(std::int64_t offset,
                                                          std::optional<std::int64_t> stop = std::nullopt) {
    auto made = reader();
    made->add_splits(std::vector<Split>{{queue0, offset, stop}});
    return made;
  }
};

TEST_F(ReaderTest, ReadsAllOfAQueueInOrderSeveralPullsAtATime) {
  mock.append_many(queue0, 3000);
  mock.inject(Fault::delayed(RequestCode::kPullMessage, milliseconds(100), -1));
  const auto reading = started_reader();
  const SteadyTime begin = now();
  EXPECT_EQ(take(*reading, 3000), bodies(0, 3000));
  // 32 messages a pull: 94 pulls, soon eight at a time.
  EXPECT_LT(now() - begin, (94 / 8 + 3) * milliseconds(101));
}

TEST_F(ReaderTest, KeepsTheOrderOfAnswersThatComeOutOfOrder) {
  mock.append_many(queue0, 2000);
  Fault reversed = Fault::reversed(RequestCode::kPullMessage, 4, 32);
  reversed.skip = 3;  // until four are in flight
  mock.inject(reversed);
  const auto reading = started_reader();
  EXPECT_EQ(take(*reading, 2000), bodies(0, 2000));
}

TEST_F(ReaderTest, WrongGuessesLoseAndRepeatNothing) {
  mock.append_many(queue0, 1000);
  mock.set_limits({.messages = 32});
  const auto reading = started_reader();
  auto all = take(*reading, 300);
  mock.set_limits({.messages = 7});  // from here on every guess is too far
  const auto more = take(*reading, 1000 - all.size());
  all.insert(all.end(), more.begin(), more.end());
  EXPECT_EQ(all, bodies(0, 1000));
}

TEST_F(ReaderTest, AnswersCutByTheirSizeLoseAndRepeatNothing) {
  for (int i = 0; i < 300; ++i) {
    MockMessage message;
    message.body = "m" + std::to_string(i);
    if (i % 40 > 20) message.body.resize(20'000, 'x');
    mock.append(queue0, message);
  }
  mock.set_limits({.bytes = 64 * 1024});
  const auto reading = started_reader();
  const auto all = take(*reading, 300);
  ASSERT_EQ(all.size(), 300U);
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].substr(0, all[i].find('x')), "m" + std::to_string(i));
}

TEST_F(ReaderTest, InnerBatchesThatOverlapAreGivenOutOnce) {
  std::vector<std::string> expected;
  for (int batch = 0; batch < 100; ++batch) {
    MockMessage message;
    for (int i = 0; i < 1 + batch % 23; ++i) {
      message.members.push_back(std::to_string(batch) + "." + std::to_string(i));
      expected.push_back(message.members.back());
    }
    mock.append(queue0, message);
  }
  const auto reading = started_reader();
  EXPECT_EQ(take(*reading, expected.size()), expected);
}

TEST_F(ReaderTest, AStartWithinAnInnerBatchBeginsThere) {
  mock.append(queue0, {.members = {"a", "b", "c"}});
  mock.append(queue0, {.body = "d"});
  EXPECT_THAT(take(*reader_from(1), 3), ElementsAre("b", "c", "d"));
}

TEST_F(ReaderTest, HolesInTheOffsetsAreStepped) {
  for (int i = 0; i < 50; ++i) {
    mock.append(queue0, {.body = std::to_string(i)});
    mock.skip_offsets(queue0, i % 5 == 0 ? 40 : 1);
  }
  const auto reading = started_reader();
  const auto all = take(*reading, 50);
  ASSERT_EQ(all.size(), 50U);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(all[static_cast<std::size_t>(i)], std::to_string(i));
}

TEST_F(ReaderTest, AtTheTailOneLongPollWaitsPerSuspend) {
  mock.append_many(queue0, 100);
  const auto reading = started_reader();
  EXPECT_EQ(take(*reading, 100).size(), 100U);
  sleep_for(timing.suspend / 2);
  mock.forget_seen();
  EXPECT_THAT(take(*reading, 1, 4 * timing.suspend), IsEmpty());
  EXPECT_EQ(mock.count(RequestCode::kPullMessage), 4U);
}

TEST_F(ReaderTest, ALongPollGivesANewMessageAtOnce) {
  const auto reading = started_reader();
  ASSERT_TRUE(mock.wait_for(RequestCode::kPullMessage, 1));
  for (int i = 0; i < 5; ++i) {
    sleep_for(milliseconds(10));
    mock.append_many(queue0, 1);
    const SteadyTime begin = now();
    EXPECT_EQ(take(*reading, 1), bodies(i, i + 1));
    EXPECT_LT(now() - begin, kAtOnce);
  }
  sleep_for(kAtOnce);
  EXPECT_EQ(mock.count(RequestCode::kPullMessage), 6U) << "one for each message, and one that waits";
}

TEST_F(ReaderTest, WithAPullIntervalIdleQueuesAreAskedInItsCadence) {
  options.pull_interval_ms = 10'000;
  mock.append_many(queue0, 200);
  const auto reading = started_reader();
  EXPECT_EQ(take(*reading, 200), bodies(0, 200)) << "behind, it does not wait between pulls";
  sleep_for(milliseconds(5000));
  mock.forget_seen();
  EXPECT_THAT(take(*reading, 1, milliseconds(60'000)), IsEmpty());
  EXPECT_EQ(mock.count(RequestCode::kPullMessage), 6U);
  for (const auto& pull : mock.seen(RequestCode::kPullMessage)) EXPECT_EQ(pull.ext("sysFlag"), "4") << "not suspended";
}

TEST_F(ReaderTest, ABrokerThatDoesNotHoldPullsIsNotAskedInATightLoop) {
  timing.suspend = milliseconds(1);
  const auto reading = started_reader();
  EXPECT_THAT(take(*reading, 1, 50 * timing.no_progress_pause), IsEmpty());
  EXPECT_LE(mock.count(RequestCode::kPullMessage), 50U);
}

TEST_F(ReaderTest, OnlyMessagesWithTheTagsTextPassNotThoseOfTheSameHash) {
  options.tags = {"Aa", "other"};
  mock.append(queue0, {.body = "1", .tags = "Aa"});
  mock.append(queue0, {.body = "2", .tags = "BB"});  // the same hash as "Aa": the broker lets it through
  mock.append(queue0, {.body = "3", .tags = "Aaa"});
  mock.append(queue0, {.body = "4"});
  mock.append(queue0, {.body = "5", .tags = "other"});
  const auto reading = reader_from(0, 5);
  reading->no_more_splits();
  EXPECT_THAT(read_to_end(*reading), ElementsAre("1", "5"));
  EXPECT_EQ(mock.seen(RequestCode::kPullMessage).at(0).ext("subscription"), "Aa || other");
}

TEST_F(ReaderTest, ASql92SubscriptionIsHandedToTheBroker) {
  options.sql92_filter = "a > 1";
  mock.append(queue0, {.body = "1", .passes_sql92 = false});
  mock.append(queue0, {.body = "2"});
  EXPECT_THAT(take(*reader_from(0), 1), ElementsAre("2"));
  const auto pull = mock.seen(RequestCode::kPullMessage).at(0);
  EXPECT_EQ(pull.ext("expressionType"), "SQL92");
  EXPECT_EQ(pull.ext("subscription"), "a > 1");
}

TEST_F(ReaderTest, ThePositionPassesWhatTheBrokerFiltered) {
  options.tags = {"wanted"};
  for (int i = 0; i < 2000; ++i) mock.append(queue0, {.body = "x", .tags = i % 500 == 0 ? "wanted" : "no"});
  const auto reading = started_reader();
  EXPECT_EQ(take(*reading, 4).size(), 4U);
  MessageBatch batch;
  EXPECT_TRUE(comes_true([&] {
    (void)reading->poll(batch, milliseconds(0));
    return reading->stats().queues.at(0).position == 2000;
  }));
}

TEST_F(ReaderTest, ABoundedReadEndsAtItsStop) {
  mock.append_many(queue0, 100);
  const auto reading = reader_from(10, 50);
  EXPECT_EQ(take(*reading, 40), bodies(10, 50));
  MessageBatch batch;
  EXPECT_EQ(*reading->poll(batch, milliseconds(50)), PollOutcome::kTimeout) << "further splits may come";
  reading->no_more_splits();
  EXPECT_EQ(*reading->poll(batch, milliseconds(5000)), PollOutcome::kFinished);
  EXPECT_EQ(*reading->poll(batch, milliseconds(0)), PollOutcome::kFinished);
}

TEST_F(ReaderTest, ABoundedReadThatBeginsBehindItsStopEndsAtOnce) {
  mock.append_many(queue0, 100);
  const auto reading = reader_from(70, 50);
  reading->no_more_splits();
  EXPECT_THAT(read_to_end(*reading), IsEmpty());
}

TEST_F(ReaderTest, ABoundedReadEndsWhenAllThatIsLeftIsFiltered) {
  options.tags = {"wanted"};
  mock.append(queue0, {.body = "1", .tags = "wanted"});
  for (int i = 0; i < 3000; ++i) mock.append(queue0, {.body = "x", .tags = "no"});
  options.bounded_mode = BoundedMode::kLatest;
  const auto reading = started_reader();
  reading->no_more_splits();
  EXPECT_THAT(read_to_end(*reading), ElementsAre("1"));
}

TEST_F(ReaderTest, ABoundedReadEndsAtAHole) {
  mock.append_many(queue0, 3);
  mock.skip_offsets(queue0, 10);
  options.bounded_mode = BoundedMode::kLatest;
  const auto reading = started_reader();
  reading->no_more_splits();
  EXPECT_EQ(read_to_end(*reading), bodies(0, 3));
}

TEST_F(ReaderTest, ABoundedReadOfEmptyQueuesEndsAtOnceWithoutAPull) {
  mock.create_topic("orders", 4);
  options.bounded_mode = BoundedMode::kLatest;
  const auto reading = started_reader();
  reading->no_more_splits();
  EXPECT_THAT(read_to_end(*reading), IsEmpty());
  EXPECT_EQ(mock.count(RequestCode::kPullMessage), 0U);
}

TEST_F(ReaderTest, WithoutSplitsItFinishesOnceNoneWillCome) {
  const auto reading = reader();
  MessageBatch batch;
  EXPECT_EQ(*reading->poll(batch, milliseconds(10)), PollOutcome::kTimeout);
  reading->no_more_splits();
  EXPECT_EQ(*reading->poll(batch, milliseconds(10)), PollOutcome::kFinished);
}

TEST_F(ReaderTest, ManyQueuesOfLargeMessagesKeepToTheBudget) {
  constexpr int kQueues = 64;
  mock.create_topic("large", kQueues);
  const std::string body(1 << 20, 'x');
  for (int queue = 0; queue < kQueues; ++queue) {
    for (int i = 0; i < 4; ++i) mock.append({"large", "broker-a", queue}, {.body = body});
  }
  options.topic = "large";
  const auto reading = started_reader();
  MessageBatch batch;
  std::uint64_t most = 0;
  for (int i = 0; i < 3 * kQueues; ++i) {
    ASSERT_EQ(*reading->poll(batch, kPatience), PollOutcome::kBatch);
    sleep_for(milliseconds(20));  // longer than any answer takes
    // First answers come all together: what queues have is not known before.
    if (i >= kQueues) most = std::max(most, reading->stats().bytes_buffered);
  }
  EXPECT_LE(most, 48U << 20);
  EXPECT_GE(most, 40U << 20) << "and it is used";
}

TEST_F(ReaderTest, AQueueIsReadAheadBesideAThousandThatAreIdle) {
  mock.create_topic("wide", 1000);
  options.topic = "wide";
  const auto reading = started_reader();
  sleep_for(milliseconds(1000));
  mock.forget_seen();
  mock.append_many({"wide", "broker-a", 7}, 5000);
  EXPECT_EQ(take(*reading, 5000).size(), 5000U);
  int ahead = 0;
  for (const auto& pull : mock.seen(RequestCode::kPullMessage))
    ahead += pull.ext("suspendTimeoutMillis") == "0" ? 1 : 0;
  EXPECT_GE(ahead, 10) << "of some 160";
}

TEST_F(ReaderTest, ADamagedMessageIsOneErrorAndReadingGoesOn) {
  mock.append(queue0, {.body = "before"});
  mock.append(queue0, {.body = "wrong CRC", .bad_crc = true});
  mock.append(queue0, {.body = "no zlib stream", .sys_flag = 0x1});
  mock.append(queue0, {.body = "unknown compression", .sys_flag = 0x401});
  mock.append(queue0, {.body = "after"});
  const auto reading = reader_from(0);
  std::vector<std::string> seen;
  MessageBatch batch;
  ASSERT_EQ(*reading->poll(batch, milliseconds(5000)), PollOutcome::kBatch);
  for (int i = 0; i < 5; ++i) {
    const auto next = batch.next();
    EXPECT_TRUE(next ? *next != nullptr : next.error().is(ErrorCode::kData));
    seen.push_back(next ? std::string((*next)->body) : next.error().text);
  }
  EXPECT_EQ(seen[0], "before");
  EXPECT_THAT(seen[1], testing::AllOf(testing::HasSubstr("orders@broker-a:0"), testing::HasSubstr("offset 1"),
                                      testing::HasSubstr("CRC")));
  EXPECT_THAT(seen[2], testing::HasSubstr("offset 2"));
  EXPECT_THAT(seen[3], testing::HasSubstr("compression"));
  EXPECT_EQ(seen[4], "after");
  EXPECT_EQ(batch.next_offset(), 5);
}

TEST_F(ReaderTest, AStoredMessageThatIsGarbageEndsItsBatchAndNothingElse) {
  mock.append(queue0, {.raw = std::string(120, '\xFF')});
  mock.append(queue0, {.body = "behind it"});
  const auto reading = reader_from(0);
  MessageBatch batch;
  ASSERT_EQ(*reading->poll(batch, milliseconds(5000)), PollOutcome::kBatch);
  const auto next = batch.next();
  ASSERT_FALSE(next);
  EXPECT_TRUE(next.error().is(ErrorCode::kProtocol));
  const auto end = batch.next();
  ASSERT_TRUE(end);
  EXPECT_EQ(*end, nullptr);
  mock.append(queue0, {.body = "next answer"});
  EXPECT_THAT(take(*reading, 1), ElementsAre("next answer"));
}

TEST_F(ReaderTest, EveryPullSaysWhatAProxyAndABrokerNeed) {
  mock.append_many(queue0, 1);
  options.pull_batch_size = 5;
  EXPECT_EQ(take(*reader_from(0), 1).size(), 1U);
  const auto pull = mock.seen(RequestCode::kPullMessage).at(0);
  EXPECT_EQ(pull.ext("bname"), "broker-a");
  EXPECT_EQ(pull.ext("consumerGroup"), "readers");
  EXPECT_EQ(pull.ext("maxMsgNums"), "5");
  EXPECT_EQ(pull.ext("sysFlag"), "6");
  EXPECT_EQ(pull.ext("suspendTimeoutMillis"), "15000");
  EXPECT_EQ(pull.header.version, 513);
}

TEST_F(ReaderTest, AStaticTopicsQueuesAreReadWhereTheyLieWithTheirLogicalOffsets) {
  mock.create_static_topic("static", {"broker-a", "broker-a"}, 10'000);
  const QueueId logical{"static", std::string(mock::kStaticBroker), 1};
  mock.append(logical, {.body = "a"});
  mock.append(logical, {.body = "b"});
  options.topic = "static";
  const auto reading = started_reader();
  MessageBatch batch;
  ASSERT_EQ(*reading->poll(batch, milliseconds(5000)), PollOutcome::kBatch);
  EXPECT_EQ(batch.queue(), logical);
  const auto first = batch.next();
  ASSERT_TRUE(first);
  ASSERT_NE(*first, nullptr);
  EXPECT_EQ((*first)->queue_offset, 10'000);
  EXPECT_EQ((*first)->queue_id, 1);
  EXPECT_EQ(batch.next_offset(), 10'002);
}

class OldBrokerReaderTest : public ReaderTest {
 protected:
  OldBrokerReaderTest() : ReaderTest({.version = 407}) {}
};

TEST_F(OldBrokerReaderTest, ReadsAllTheSame) {
  mock.append_many(queue0, 500);
  EXPECT_EQ(take(*started_reader(), 500), bodies(0, 500));
}

}  // namespace

}  // namespace rocketlink::test
