#include "engine/loop/read_loop.h"

#include "loop_fixture.h"

namespace rocketlink::engine {

namespace {

using mock::Fault;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using wire::RequestCode;

class ReadLoopTest : public LoopTest {
 protected:
  ReadLoopTest() { mock.create_topic("orders", 2); }
};

TEST_F(ReadLoopTest, CommitsWhatIsDoneEveryInterval) {
  loop.commit_interval = seconds(10);
  start();
  sleep_for(seconds(5));
  const SteadyTime begin = now();
  for (std::int64_t i = 1; i <= 3; ++i) {
    append("row");
    EXPECT_TRUE(committed_within(seconds(10) + kAtOnce, i));
  }
  EXPECT_GE(now() - begin, 2 * seconds(10));
  const auto commits = mock.count(RequestCode::kUpdateConsumerOffset);
  sleep_for(minutes(10));
  EXPECT_EQ(mock.count(RequestCode::kUpdateConsumerOffset), commits) << "where nothing comes, nothing is committed";
  EXPECT_TRUE(stop());
}

TEST_F(ReadLoopTest, EndsWithABoundedScanAllCommitted) {
  mock.append_many({"orders", "broker-a", 0}, 3);
  mock.append_many({"orders", "broker-a", 1}, 2);
  options.bounded_mode = BoundedMode::kLatest;
  loop.commit_interval = minutes(1);
  const SteadyTime begin = now();
  ASSERT_TRUE(finish());
  EXPECT_LT(now() - begin, 4 * kAtOnce);
  EXPECT_EQ(work.bodies.size(), 5U);
  EXPECT_EQ(work.closed, 1);
  EXPECT_EQ(mock.committed("readers", {"orders", "broker-a", 0}), 3);
  EXPECT_EQ(mock.committed("readers", {"orders", "broker-a", 1}), 2);
}

TEST_F(ReadLoopTest, CommitsNothingThatIsNotAcknowledged) {
  work.hold_flush(true);
  start();
  append("one");
  EXPECT_FALSE(committed_within(minutes(10), 1));
  EXPECT_THAT(work.bodies, ElementsAre("one"));
  work.hold_flush(false);
  EXPECT_TRUE(committed_within(kAtOnce, 1));
  EXPECT_TRUE(stop());
}

TEST_F(ReadLoopTest, AFailedFlushEndsTheRunWithoutCommitting) {
  work.flushes = Error(ErrorCode::kTimeout, "the broker does not answer");
  append("one");
  const Status done = finish();
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, HasSubstr("the broker does not answer"));
  EXPECT_EQ(mock.count(RequestCode::kUpdateConsumerOffset), 0U);
  EXPECT_EQ(work.closed, 0);
}

TEST_F(ReadLoopTest, AGroupThatBeginsAtTheEndCommitsItsBeginAtOnce) {
  for (const char* row : {"one", "two", "three"}) append(row);
  options.start_fallback = StartMode::kLatest;
  loop.commit_interval = minutes(1);
  start();
  // A commit may come before the first pull, which makes the group known to the broker.
  EXPECT_TRUE(committed_within(milliseconds(150), 3));
  EXPECT_TRUE(committed_within(milliseconds(150), 0, 1));
  EXPECT_TRUE(stop());
  EXPECT_THAT(work.bodies, IsEmpty());
}

TEST_F(ReadLoopTest, WhereAQueueBeginsIsCommittedThoughTheRunEndsBeforeItIsRead) {
  for (const char* row : {"one", "two", "three"}) append(row);
  loop.commits_start = true;
  const auto client = std::make_shared<Client>(std::make_unique<cluster::Cluster>(
      options.connection, [](LogLevel /*level*/, std::string_view /*text*/) {}, cluster::Timing{}, nullptr, nullptr,
      process));
  cluster::Interrupt never;
  ASSERT_TRUE(client->cluster().fetch_route_blocking("orders", never));
  ReadLoop reading(loop, *SourceReader::create(client, options), work, control);
  reading.add_splits(std::vector<Split>{{{"orders", "broker-a", 0}, 3, std::nullopt}});
  control.stop();
  EXPECT_TRUE(reading.run());
  EXPECT_EQ(mock.committed("readers", {"orders", "broker-a", 0}), 3);
}

TEST_F(ReadLoopTest, AQueueThatNoSpecificOffsetNamesGoesOnWhereItBegan) {
  mock.append_many({"orders", "broker-a", 0}, 3);
  mock.append_many({"orders", "broker-a", 1}, 2);
  options.start_mode = StartMode::kSpecificOffsets;
  options.specific_offsets = {{{"broker-a", 1}, 1}};
  options.start_fallback = StartMode::kLatest;
  start();
  EXPECT_TRUE(committed_within(seconds(2), 2, 1));
  EXPECT_TRUE(committed_within(seconds(2), 3)) << "else the next start would take it for one that was added since";
  EXPECT_TRUE(stop());
  EXPECT_EQ(work.bodies.size(), 1U);
}

TEST_F(ReadLoopTest, AFailedCommitIsAWarningAndTriedAgain) {
  mock.inject(Fault::answer(RequestCode::kUpdateConsumerOffset, 1, "not now", 2));
  loop.commit_interval = seconds(1);
  start();
  append("one");
  EXPECT_FALSE(committed_within(seconds(2), 1));
  EXPECT_TRUE(committed_within(seconds(2) + kAtOnce, 1)) << "1 s to the first one, then pauses of up to 1 and 2 s";
  EXPECT_THAT(log, Contains(HasSubstr("offsets of group 'readers' could not be committed")));
  EXPECT_THAT(log, Contains(HasSubstr("not now")));
  EXPECT_TRUE(stop());
}

TEST_F(ReadLoopTest, ABrokerThatAnswersNoCommitDoesNotTakeAllTheTime) {
  mock.inject(Fault::of(Fault::Kind::kDrop, RequestCode::kUpdateConsumerOffset, -1));
  start();
  std::size_t read = 0;
  for (; read < 600; ++read) {
    append("row");
    sleep_for(milliseconds(100));
  }
  EXPECT_LE(mock.count(RequestCode::kUpdateConsumerOffset), 7U) << "5 s each, and pauses that double";
  sleep_for(kAtOnce);
  EXPECT_EQ(work.bodies.size(), read);
  EXPECT_TRUE(stop());
}

TEST_F(ReadLoopTest, OffsetsThatABrokerForgotAtItsDeathAreCommittedAgain) {
  start();
  append("one");
  ASSERT_TRUE(committed_within(loop.commit_interval + 2 * kAtOnce, 1));
  mock.inject(Fault::of(Fault::Kind::kClose, RequestCode::kPullMessage));
  mock.set_committed("readers", {"orders", "broker-a", 0}, 0);
  append("two", 1);
  EXPECT_TRUE(committed_within(loop.commit_interval + kAtOnce, 1));
  EXPECT_TRUE(stop());
}

TEST_F(ReadLoopTest, AStopEndsAnIdleRunAtOnce) {
  start();
  sleep_for(minutes(1));
  const SteadyTime begin = now();
  EXPECT_TRUE(stop());
  EXPECT_LT(now() - begin, kAtOnce);
}

TEST_F(ReadLoopTest, AStopCommitsWhatWasDone) {
  loop.commit_interval = minutes(60);
  start();
  append("one");
  sleep_for(seconds(1));
  EXPECT_EQ(mock.committed("readers", {"orders", "broker-a", 0}), std::nullopt);
  EXPECT_TRUE(stop());
  EXPECT_EQ(mock.committed("readers", {"orders", "broker-a", 0}), 1);
}

TEST_F(ReadLoopTest, AReadersErrorNamesTheTableAndWhatWasDoneIsCommitted) {
  append("one");
  loop.commit_interval = minutes(60);
  start();
  sleep_for(seconds(1));
  mock.inject(Fault::answer(RequestCode::kPullMessage, wire::ResponseCode::kSubscriptionGroupNotExist, "no group", -1));
  append("two", 1);
  mock.close_connections("broker-a/0");
  const Status done = finish();
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, testing::AllOf(HasSubstr("source table source"), HasSubstr("no group")));
  EXPECT_EQ(mock.committed("readers", {"orders", "broker-a", 0}), 1);
}

}  // namespace

}  // namespace rocketlink::engine
