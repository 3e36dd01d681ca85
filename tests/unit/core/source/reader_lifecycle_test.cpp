#include "source/fetch_output.h"
#include "source_fixture.h"

namespace rocketlink::test {

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Waking, pausing, giving splits back, committing and ending.
class ReaderLifecycleTest : public SourceTest {
 protected:
  ReaderLifecycleTest() { mock.create_topic("orders", 2); }

  [[nodiscard]] static PollOutcome poll(SourceReader& reader, milliseconds timeout) {
    MessageBatch batch;
    const auto outcome = reader.poll(batch, timeout);
    EXPECT_TRUE(outcome);
    return outcome ? *outcome : PollOutcome::kFinished;
  }
  /// A started reader whose group is at `offset` of queue 0.
  [[nodiscard]] std::unique_ptr<SourceReader> reader_that_committed(std::int64_t offset) {
    auto reading = started_reader();
    EXPECT_TRUE(mock.wait_for(RequestCode::kPullMessage, 2));
    EXPECT_TRUE(reading->commit(std::vector<Position>{{queue0, offset}}, milliseconds(5000)));
    return reading;
  }
  /// How much is buffered while nobody polls: waits for `enough`, then for more than there should be.
  [[nodiscard]] std::uint64_t most_buffered(const SourceReader& reader, std::uint64_t enough) {
    EXPECT_TRUE(comes_true([&] { return reader.stats().bytes_buffered >= enough; }));
    sleep_for(std::chrono::minutes(1));
    return reader.stats().bytes_buffered;
  }
};

TEST_F(ReaderLifecycleTest, AWakeUpBeforeThePollIsNotLost) {
  const auto reading = reader();
  reading->wake_up();
  EXPECT_EQ(poll(*reading, milliseconds(5000)), PollOutcome::kWoken);
  EXPECT_EQ(poll(*reading, milliseconds(0)), PollOutcome::kTimeout) << "once";
}

TEST_F(ReaderLifecycleTest, AWakeUpEndsAWaitingPoll) {
  const auto reading = started_reader();
  const auto waker = in_background([&] {
    sleep_for(milliseconds(3000));
    reading->wake_up();
  });
  const SteadyTime begin = now();
  EXPECT_EQ(poll(*reading, milliseconds(20'000)), PollOutcome::kWoken);
  EXPECT_LT(now() - begin, milliseconds(3000) + kAtOnce);
}

TEST_F(ReaderLifecycleTest, AWakeUpLosesNoBatch) {
  mock.append_many(queue0, 500);
  const auto reading = started_reader();
  std::vector<std::string> all;
  while (all.size() < 500) {
    reading->wake_up();
    EXPECT_EQ(poll(*reading, milliseconds(1000)), PollOutcome::kWoken);
    const auto some = take(*reading, 1);
    ASSERT_FALSE(some.empty());
    all.insert(all.end(), some.begin(), some.end());
  }
  EXPECT_EQ(all, bodies(0, 500));
}

TEST_F(ReaderLifecycleTest, AWakeUpDuringACommitIsSeenByTheNextPoll) {
  const auto reading = started_reader();
  mock.inject(Fault::delayed(RequestCode::kUpdateConsumerOffset, milliseconds(100)));
  const auto waker = in_background([&] {
    EXPECT_TRUE(mock.wait_for(RequestCode::kUpdateConsumerOffset, 1));
    reading->wake_up();
  });
  EXPECT_TRUE(reading->commit(std::vector<Position>{{queue0, 0}}, milliseconds(5000)));
  EXPECT_EQ(poll(*reading, milliseconds(5000)), PollOutcome::kWoken);
}

TEST_F(ReaderLifecycleTest, PollWithoutTimeGivesWhatIsThere) {
  const auto reading = started_reader();
  EXPECT_EQ(poll(*reading, milliseconds(0)), PollOutcome::kTimeout);
  mock.append_many(queue0, 1);
  sleep_for(kAtOnce);
  const SteadyTime begin = now();
  EXPECT_EQ(poll(*reading, milliseconds(0)), PollOutcome::kBatch);
  EXPECT_EQ(now(), begin);
}

TEST_F(ReaderLifecycleTest, TheLongestTimeoutIsNoOverflow) {
  const auto reading = started_reader();
  mock.append_many(queue0, 1);
  EXPECT_EQ(poll(*reading, milliseconds::max()), PollOutcome::kBatch);
}

TEST_F(ReaderLifecycleTest, AfterARemoveNothingOfTheQueueIsGivenOut) {
  mock.append_many(queue0, 3000, "a");
  mock.append_many(queue1, 3000, "b");
  const auto reading = started_reader();
  EXPECT_GE(take(*reading, 100).size(), 100U);
  reading->remove_splits(std::vector<QueueId>{queue0});
  for (const std::string& body : take(*reading, 2900, milliseconds(3000))) EXPECT_EQ(body[0], 'b');
  EXPECT_EQ(reading->stats().queues.size(), 1U);
}

TEST_F(ReaderLifecycleTest, AnAnswerToAnOlderPullIsNotUsedAfterTheQueueCameBack) {
  mock.append_many(queue0, 1000);
  const auto reading = reader();
  for (int round = 0; round < 20; ++round) {
    mock.inject(Fault::delayed(RequestCode::kPullMessage, milliseconds(round), 4));
    reading->add_splits(std::vector<Split>{{queue0, 0, std::nullopt}});
    (void)take(*reading, 1, milliseconds(5));
    reading->remove_splits(std::vector<QueueId>{queue0});
    const std::int64_t from = 37 * (round + 1);
    reading->add_splits(std::vector<Split>{{queue0, from, std::nullopt}});
    const auto all = take(*reading, 50);
    ASSERT_GE(all.size(), 50U);
    EXPECT_EQ(all, bodies(from, from + static_cast<std::int64_t>(all.size())));
    reading->remove_splits(std::vector<QueueId>{queue0});
  }
}

TEST_F(ReaderLifecycleTest, APausedQueueRestsAndLosesNothing) {
  const auto reading = started_reader();
  mock.append_many(queue0, 10);
  EXPECT_EQ(take(*reading, 10), bodies(0, 10));
  reading->pause(std::vector<QueueId>{queue0}, true);
  sleep_for(kAtOnce);
  mock.append_many(queue0, 10);  // answers the long poll that is on its way
  EXPECT_THAT(take(*reading, 1, milliseconds(60'000)), IsEmpty());
  mock.forget_seen();
  mock.append_many(queue0, 10);
  EXPECT_THAT(take(*reading, 1, milliseconds(60'000)), IsEmpty());
  for (const auto& pull : mock.seen(RequestCode::kPullMessage)) EXPECT_NE(pull.ext("queueId"), "0");
  reading->pause(std::vector<QueueId>{queue0}, false);
  EXPECT_EQ(take(*reading, 20), bodies(10, 30));
}

// Bodies may be so long that two of them are more than what is fetched ahead of a queue.
TEST_F(ReaderLifecycleTest, ABatchThatIsDoneWithHoldsNothingBack) {
  const std::string body(static_cast<std::size_t>(rocketlink::source::kQueueBudgetBytes / 2), 'x');
  for (int i = 0; i < 3; ++i) {
    MockMessage message;
    message.body = body;
    mock.append(queue0, message);
  }
  const auto reading = started_reader();
  EXPECT_EQ(take(*reading, 3).size(), 3U);
  EXPECT_EQ(reading->stats().queues.at(0).position, 3);
}

TEST_F(ReaderLifecycleTest, CommitsGoToTheGroupAndAreCounted) {
  mock.append_many(queue0, 10);
  const auto reading = started_reader();
  EXPECT_EQ(take(*reading, 10).size(), 10U);
  EXPECT_TRUE(reading->commit(std::vector<Position>{{queue0, 10}}, milliseconds(5000)));
  EXPECT_EQ(mock.committed("readers", queue0), 10);
  EXPECT_EQ(reading->stats().queues.at(0).committed, 10);
  EXPECT_EQ(reading->stats().queues.at(1).committed, -1);
}

TEST_F(ReaderLifecycleTest, AGroupsFirstCommitOnABrokerGoesAlone) {
  const auto reading = started_reader();
  ASSERT_TRUE(mock.wait_for(RequestCode::kPullMessage, 2)) << "which make the group known";
  const std::vector<Position> both = {{queue0, 0}, {queue1, 0}};
  const std::vector<Position> later = {{queue0, 1}, {queue1, 1}};
  mock.inject(Fault::delayed(RequestCode::kUpdateConsumerOffset, milliseconds(60), 3));
  EXPECT_TRUE(reading->commit(both, milliseconds(5000)));
  EXPECT_TRUE(reading->commit(later, milliseconds(5000)));
  const auto commits = mock.seen(RequestCode::kUpdateConsumerOffset);
  ASSERT_EQ(commits.size(), 4U);
  EXPECT_GE(commits[1].time - commits[0].time, milliseconds(60)) << "the second waits for the first one's answer";
  EXPECT_LT(commits[3].time - commits[2].time, kAtOnce) << "later ones go together";
}

TEST_F(ReaderLifecycleTest, QueuesGivenBackAreNotCommitted) {
  const auto reading = started_reader();
  reading->remove_splits(std::vector<QueueId>{queue0});
  EXPECT_TRUE(reading->commit(std::vector<Position>{{queue0, 10}}, milliseconds(5000)));
  EXPECT_EQ(mock.count(RequestCode::kUpdateConsumerOffset), 0U);
}

TEST_F(ReaderLifecycleTest, WhatIsCommittedDoesNotGoAgain) {
  const auto reading = started_reader();
  ASSERT_TRUE(mock.wait_for(RequestCode::kPullMessage, 2));
  const std::vector<Position> both = {{queue0, 0}, {queue1, 0}};
  EXPECT_TRUE(reading->commit(both, milliseconds(5000)));
  EXPECT_TRUE(reading->commit(both, milliseconds(5000)));
  EXPECT_EQ(mock.count(RequestCode::kUpdateConsumerOffset), 2U);
}

TEST_F(ReaderLifecycleTest, AnotherProcessThatCommitsForTheGroupIsWarnedOf) {
  const auto reading = started_reader();
  ASSERT_TRUE(mock.wait_for(RequestCode::kPullMessage, 2));
  const auto commit = [&](std::int64_t offset) {
    reading->commit_soon(std::vector<Position>{{queue0, offset}, {queue1, 7}});
    sleep_for(milliseconds(1000));
  };
  for (std::int64_t offset = 1; offset <= 10; ++offset) commit(offset);
  EXPECT_THAT(logged(), IsEmpty());
  mock.set_committed("readers", queue0, 2000);
  for (std::int64_t offset = 11; offset <= 20; ++offset) commit(offset);
  EXPECT_THAT(logged(), IsEmpty()) << "it committed once, and ours are later";
  for (std::int64_t offset = 21; offset <= 40; ++offset) {
    mock.set_committed("readers", queue0, 2000);
    commit(offset);
  }
  ASSERT_EQ(logged().size(), 1U);
  for (const char* part : {"group 'readers'", "2000", "orders@broker-a:0", "another process", "'consumerGroup'"})
    EXPECT_THAT(logged()[0], HasSubstr(part));
  EXPECT_EQ(mock.committed("readers", queue0), 40);
}

TEST_F(ReaderLifecycleTest, AnotherProcessIsNoticedWhereNothingNewIsCommittedToo) {
  const auto reading = reader_that_committed(2000);
  mock.set_committed("readers", queue0, 30);
  EXPECT_TRUE(warned("has committed 30 for orders@broker-a:0, and this job committed 2000 there last"));
  sleep_for(milliseconds(100));
  EXPECT_EQ(mock.committed("readers", queue0), 2000);
}

TEST_F(ReaderLifecycleTest, WhatOthersHaveCommittedFurtherOnIsLeftToTheNextCommit) {
  const auto reading = reader_that_committed(30);
  mock.set_committed("readers", queue0, 2000);
  EXPECT_TRUE(warned("has committed 2000 for orders@broker-a:0, and this job committed 30 there last"));
  sleep_for(milliseconds(100));
  EXPECT_EQ(mock.committed("readers", queue0), 2000);
}

TEST_F(ReaderLifecycleTest, ACommitThatABrokerLostUnnoticedGoesAgain) {
  const auto reading = reader_that_committed(2000);
  mock.set_committed("readers", queue0, 0);
  EXPECT_TRUE(comes_true([&] { return mock.committed("readers", queue0) == 2000; }, milliseconds(20'000)));
  EXPECT_THAT(logged(), IsEmpty());
}

TEST_F(ReaderLifecycleTest, CommitsThatMayHaveBeenOvertakenAreRenewedWhereNoneFollows) {
  const auto reading = started_reader();
  ASSERT_TRUE(mock.wait_for(RequestCode::kPullMessage, 2));
  mock.inject(Fault::of(Fault::Kind::kDrop, RequestCode::kUpdateConsumerOffset));
  reading->commit_soon(std::vector<Position>{{queue0, 10}});
  EXPECT_TRUE(comes_true([&] { return mock.committed("readers", queue0) == 10; }, milliseconds(20'000)));
  mock.set_committed("readers", queue0, 5);  // the first one, on its way until now
  EXPECT_TRUE(comes_true([&] { return mock.committed("readers", queue0) == 10; }, milliseconds(65'000)));
}

TEST_F(ReaderLifecycleTest, LookingForOtherProcessesIsCheap) {
  const auto reading = started_reader();
  ASSERT_TRUE(mock.wait_for(RequestCode::kPullMessage, 2));
  mock.forget_seen();
  for (std::int64_t offset = 1; offset <= 600; ++offset) {
    reading->commit_soon(std::vector<Position>{{queue0, offset}});
    sleep_for(milliseconds(1000));
  }
  EXPECT_THAT(mock.count(RequestCode::kQueryConsumerOffset), testing::AllOf(testing::Ge(10U), testing::Le(14U)));
  EXPECT_THAT(logged(), IsEmpty());
}

TEST_F(ReaderLifecycleTest, CommitsThatABrokerForgotAreNoOtherProcess) {
  const auto reading = started_reader();
  ASSERT_TRUE(mock.wait_for(RequestCode::kPullMessage, 2));
  EXPECT_TRUE(reading->commit(std::vector<Position>{{queue0, 20}}, milliseconds(5000)));
  mock.stop("broker-a/0");
  sleep_for(milliseconds(7000));
  mock.set_committed("readers", queue0, 10);
  mock.start("broker-a/0");
  for (std::int64_t offset = 21; offset <= 40; ++offset) {
    reading->commit_soon(std::vector<Position>{{queue0, offset}});
    sleep_for(milliseconds(1000));
  }
  for (const std::string& line : logged()) EXPECT_THAT(line, testing::Not(HasSubstr("another process")));
  EXPECT_EQ(mock.committed("readers", queue0), 40);
}

TEST_F(ReaderLifecycleTest, TheLongestTimeOfACommitIsNoOverflow) {
  const auto reading = started_reader();
  EXPECT_TRUE(reading->commit(std::vector<Position>{{queue0, 0}}, milliseconds::max()));
}

TEST_F(ReaderLifecycleTest, AFailedCommitIsTriedAgain) {
  mock.append_many(queue0, 10);
  const auto reading = started_reader();
  EXPECT_EQ(take(*reading, 10).size(), 10U);
  mock.inject(Fault::answer(RequestCode::kUpdateConsumerOffset, ResponseCode::kSystemBusy, "[OVERLOAD]", 1));
  EXPECT_TRUE(reading->commit(std::vector<Position>{{queue0, 10}, {queue1, 0}}, milliseconds(5000)));
  EXPECT_THAT(logged(), Contains(HasSubstr("offsets of group 'readers' could not be committed for orders@broker-a:")));
  mock.append_many(queue0, 5);
  EXPECT_EQ(take(*reading, 5), bodies(10, 15)) << "reading goes on";
  EXPECT_TRUE(reading->commit(std::vector<Position>{{queue0, 15}}, milliseconds(5000)));
  EXPECT_EQ(mock.committed("readers", queue0), 15);
  EXPECT_THAT(logged(),
              testing::ElementsAre(HasSubstr("could not be committed"),
                                   HasSubstr("offsets of group 'readers' are committed again for orders@broker-a:")));
}

TEST_F(ReaderLifecycleTest, AMasterThatDoesNotKnowTheGroupIsToldOfItByAPull) {
  mock.add_slave("broker-a", 1);
  mock.append_many(queue0, 10);
  mock.suggest_broker("broker-a", 1);
  const auto reading = started_reader();
  EXPECT_EQ(take(*reading, 10).size(), 10U);
  sleep_for(milliseconds(100));  // all pulls are with the slave
  mock.forget_group("broker-a/0", "readers");
  EXPECT_TRUE(reading->commit(std::vector<Position>{{queue0, 10}}, milliseconds(500)));
  EXPECT_EQ(mock.committed("readers", queue0), 10);
  EXPECT_THAT(logged(), IsEmpty());
}

TEST_F(ReaderLifecycleTest, AGroupThatIsNewToItsBrokerIsNothingToWarnOfUnlessThatLasts) {
  const auto no_group = [this](int times) {
    mock.inject(Fault::answer(RequestCode::kUpdateConsumerOffset, ResponseCode::kSubscriptionGroupNotExist,
                              "Group readers not exist!", times));
  };
  const auto reading = started_reader();
  no_group(20);
  EXPECT_TRUE(reading->commit(std::vector<Position>{{queue0, 0}}, milliseconds(4000)));
  EXPECT_THAT(logged(), IsEmpty());
  no_group(-1);
  EXPECT_FALSE(reading->commit(std::vector<Position>{{queue1, 0}}, milliseconds(4000)));
  EXPECT_THAT(logged(), IsEmpty());
  EXPECT_FALSE(reading->commit(std::vector<Position>{{queue1, 0}}, milliseconds(2000)));
  EXPECT_THAT(logged(), Contains(HasSubstr("Group readers not exist!")));
}

TEST_F(ReaderLifecycleTest, CommitsRecoverAfterTheBrokerWasAway) {
  const auto reading = started_reader();
  mock.append_many(queue0, 1);
  EXPECT_EQ(take(*reading, 1).size(), 1U);
  mock.stop("broker-a/0");
  EXPECT_FALSE(reading->commit(std::vector<Position>{{queue0, 1}}, milliseconds(500)));
  mock.start("broker-a/0", true);
  EXPECT_TRUE(comes_true([&] { return reading->commit(std::vector<Position>{{queue0, 1}}, milliseconds(500)).ok(); }));
  EXPECT_EQ(mock.committed("readers", queue0), 1);
}

TEST_F(ReaderLifecycleTest, ACommitEndsWithinItsTime) {
  const auto reading = started_reader();
  mock.inject(Fault::of(Fault::Kind::kDrop, RequestCode::kUpdateConsumerOffset, -1));
  const SteadyTime begin = now();
  const auto failed = reading->commit(std::vector<Position>{{queue0, 1}}, milliseconds(5000));
  EXPECT_LT(now() - begin, milliseconds(5000) + kEndOfCall);
  ASSERT_FALSE(failed);
  EXPECT_TRUE(failed.error().retriable);
}

TEST_F(ReaderLifecycleTest, ASlowConsumerHoldsThePullsOfAQueueBack) {
  for (int i = 0; i < 200; ++i) mock.append(queue0, {.body = std::string(200'000, 'x')});
  auto reading = reader();
  reading->add_splits(std::vector<Split>{{queue0, 0, std::nullopt}});
  const std::uint64_t most = most_buffered(*reading, 6U << 20);
  EXPECT_LE(most, 9U << 20) << "8 MiB and the answers that were on their way";
  EXPECT_GE(most, 6U << 20);
  EXPECT_EQ(take(*reading, 200).size(), 200U) << "and goes on once there is room";
  EXPECT_EQ(reading->stats().bytes_buffered, 0U);
}

TEST_F(ReaderLifecycleTest, ASlowConsumerHoldsTheWholeReaderBack) {
  mock.create_topic("wide", 12);
  options.topic = "wide";
  for (std::int32_t id = 0; id < 12; ++id) {
    for (int i = 0; i < 30; ++i) mock.append({"wide", "broker-a", id}, {.body = std::string(240'000, 'x')});
  }
  const auto reading = started_reader();
  const std::uint64_t most = most_buffered(*reading, 36U << 20);
  EXPECT_LE(most, 52U << 20);
  EXPECT_GE(most, 36U << 20);
  EXPECT_EQ(take(*reading, 360).size(), 360U);
}

TEST_F(ReaderLifecycleTest, ABatchOutlivesReaderAndClient) {
  mock.append_many(queue0, 100);
  MessageBatch batch;
  {
    const auto reading = started_reader();
    ASSERT_EQ(*reading->poll(batch, milliseconds(5000)), PollOutcome::kBatch);
  }
  forget_client();
  int messages = 0;
  for (auto next = batch.next(); next && *next != nullptr; next = batch.next()) ++messages;
  EXPECT_GT(messages, 0);
  batch = MessageBatch();
}

TEST_F(ReaderLifecycleTest, AFullReadersBatchMayBeReleasedWhenAllElseIsGone) {
  for (int i = 0; i < 100; ++i) mock.append(queue0, {.body = std::string(200'000, 'x')});
  std::vector<MessageBatch> batches;
  {
    const auto reading = started_reader();
    ASSERT_TRUE(comes_true([&] {
      batches.emplace_back();
      if (*reading->poll(batches.back(), milliseconds(0)) != PollOutcome::kBatch) batches.pop_back();
      return reading->stats().bytes_buffered >= (7U << 20);
    }));
  }
  forget_client();
  batches.clear();  // makes room: nobody is left to be told
}

TEST_F(ReaderLifecycleTest, EndsQuicklyAtAnyMoment) {
  mock.append_many(queue0, 2000);
  const auto splits = discovered();
  for (int round = 0; round < 30; ++round) {
    if (round % 3 == 0) mock.inject(Fault::delayed(RequestCode::kPullMessage, milliseconds(200), 3));
    auto reading = reader();
    reading->add_splits(splits);
    if (round % 5 == 0) mock.close_connections("broker-a/0");
    sleep_for(std::chrono::microseconds(round * 150));
    const SteadyTime begin = now();
    reading.reset();
    if (round % 2 == 0) forget_client();
    EXPECT_LT(now() - begin, kAtOnce);
  }
}

TEST_F(ReaderLifecycleTest, AReaderNeedsATopicAndAGroup) {
  options.consumer_group.clear();
  EXPECT_FALSE(SourceReader::create(client(), options));
  options.consumer_group = "readers";
  options.topic.clear();
  EXPECT_FALSE(SourceReader::create(client(), options));
}

}  // namespace

}  // namespace rocketlink::test
