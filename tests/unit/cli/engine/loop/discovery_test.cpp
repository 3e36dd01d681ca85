#include "engine/loop/discovery.h"

#include "loop_fixture.h"

namespace rocketlink::engine {

namespace {

using mock::Fault;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using wire::RequestCode;

class DiscoveryTest : public LoopTest {};

TEST_F(DiscoveryTest, AMissingTopicEndsTheRunWhenPatienceIsOver) {
  const SteadyTime begin = now();
  const Status done = finish();
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, AllOf(HasSubstr("source table source"), HasSubstr("'orders'")));
  EXPECT_GE(now() - begin, discovery.patience) << "a name server that has just started knows no topic";
  EXPECT_LT(now() - begin, discovery.patience + 2 * kAtOnce);
}

TEST_F(DiscoveryTest, ANameServerThatStartsLaterIsWaitedFor) {
  mock.create_topic("orders", 1);
  append("one");
  mock.stop("namesrv-0");
  options.bounded_mode = BoundedMode::kLatest;
  start();
  sleep_for(discovery.patience - seconds(5));
  EXPECT_FALSE(log.empty());
  mock.start("namesrv-0");
  const SteadyTime begin = now();
  ASSERT_TRUE(finish());
  EXPECT_LT(now() - begin, seconds(5));
  EXPECT_THAT(work.bodies, ElementsAre("one"));
  EXPECT_THAT(log.back(), HasSubstr("source table source: looking for queues works after "));
}

TEST_F(DiscoveryTest, ANameServerThatNeverStartsEndsTheRun) {
  mock.stop("namesrv-0");
  const SteadyTime begin = now();
  const Status done = finish();
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, HasSubstr(mock.endpoints()[0]));
  EXPECT_GE(now() - begin, discovery.patience);
  EXPECT_LT(now() - begin, discovery.patience + 2 * kAtOnce);
}

TEST_F(DiscoveryTest, AStopEndsTheWaitForANameServer) {
  mock.stop("namesrv-0");
  start();
  sleep_for(seconds(10));
  const SteadyTime begin = now();
  EXPECT_TRUE(stop());
  EXPECT_LT(now() - begin, kAtOnce);
}

TEST_F(DiscoveryTest, NewQueuesAreFoundWithTheNextLook) {
  mock.create_topic("orders", 1);
  start();
  sleep_for(seconds(1));
  mock.create_topic("orders", 2);
  append("new", 1);
  EXPECT_FALSE(comes_true([&] { return !work.bodies.empty(); }, discovery.interval - seconds(2)));
  EXPECT_TRUE(comes_true([&] { return !work.bodies.empty(); }, seconds(1) + 4 * kAtOnce));
  EXPECT_TRUE(stop());
}

TEST_F(DiscoveryTest, ALaterLookThatFailsIsAWarning) {
  mock.create_topic("orders", 1);
  start();
  sleep_for(seconds(1));
  EXPECT_THAT(log, IsEmpty());
  mock.inject(Fault::answer(RequestCode::kGetRouteInfoByTopic, 1, "starting", -1));
  sleep_for(discovery.interval);
  mock.clear_faults();
  EXPECT_THAT(log, ElementsAre(AllOf(HasSubstr("looking for new queues failed"), HasSubstr("starting"))));
  append("one");
  EXPECT_TRUE(comes_true([&] { return !work.bodies.empty(); }, kAtOnce));
  sleep_for(2 * discovery.interval);
  EXPECT_THAT(log, ElementsAre(HasSubstr("looking for new queues failed"),
                               "source table source: looking for new queues works again"));
  EXPECT_TRUE(stop());
}

}  // namespace

}  // namespace rocketlink::engine
