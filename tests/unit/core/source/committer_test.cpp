#include "source_fixture.h"

/// What a group commits, where one of its brokers is in trouble and another is not.
namespace rocketlink::test {

namespace {

using testing::HasSubstr;
using testing::Not;

class CommitterTest : public SourceTest {
 protected:
  CommitterTest() : SourceTest({.brokers = {"broker-a", "broker-b"}}) { mock.create_topic("orders", 1); }

  /// One that has committed for both brokers, of which broker-a is down since.
  [[nodiscard]] std::unique_ptr<SourceReader> reader_of_a_half() {
    auto reading = started_reader();
    EXPECT_TRUE(mock.wait_for(RequestCode::kPullMessage, 2));
    EXPECT_TRUE(reading->commit(std::vector<Position>{{queue0, 7}, {there, 2000}}, milliseconds(5000)));
    mock.stop("broker-a/0");
    return reading;
  }

  const QueueId there{"orders", "broker-b", 0};
};

TEST_F(CommitterTest, WhatMayHaveBeenOvertakenIsRenewedThoughAnotherBrokerFailsOnAndOn) {
  const auto reading = started_reader();
  ASSERT_TRUE(mock.wait_for(RequestCode::kPullMessage, 2));
  Fault lost = Fault::of(Fault::Kind::kDrop, RequestCode::kUpdateConsumerOffset);
  lost.server = "broker-b/0";
  mock.inject(lost);
  reading->commit_soon(std::vector<Position>{{queue0, 7}, {there, 10}});
  ASSERT_TRUE(comes_true([&] { return mock.committed("readers", there) == 10; }, milliseconds(20'000)));
  mock.stop("broker-a/0");
  reading->commit_soon(std::vector<Position>{{queue0, 8}});
  sleep_for(milliseconds(1000));
  mock.set_committed("readers", there, 5);  // the first one, on its way until now
  EXPECT_TRUE(comes_true([&] { return mock.committed("readers", there) == 10; }, milliseconds(65'000)));
}

TEST_F(CommitterTest, ABrokerThatAnswersNoCommitHoldsUpNoOtherAndNoOtherIsBlamed) {
  const auto reading = started_reader();
  ASSERT_TRUE(mock.wait_for(RequestCode::kPullMessage, 2));
  Fault hung = Fault::of(Fault::Kind::kDrop, RequestCode::kUpdateConsumerOffset, -1);
  hung.server = "broker-a/0";
  mock.inject(hung);
  for (std::int64_t offset = 10; offset < 14; ++offset) {
    reading->commit_soon(std::vector<Position>{{queue0, offset}, {there, offset}});
    EXPECT_TRUE(comes_true([&] { return mock.committed("readers", there) == offset; }, kAtOnce)) << offset;
    sleep_for(milliseconds(3000));  // the first one is without an answer, then its broker is left alone
  }
  const auto failed = reading->commit(std::vector<Position>{{queue0, 20}, {there, 20}}, milliseconds(5000));
  ASSERT_FALSE(failed);
  EXPECT_EQ(mock.committed("readers", there), 20);
  EXPECT_THAT(failed.error().text, HasSubstr(to_string(queue0)));
  EXPECT_THAT(failed.error().text, Not(HasSubstr(to_string(there))));
  EXPECT_THAT(failed.error().text, Not(HasSubstr(" 0 ms")));
}

TEST_F(CommitterTest, AnotherProcessIsNoticedThoughABrokerIsDown) {
  const auto reading = reader_of_a_half();
  for (int i = 0; i < 120; ++i) {
    mock.set_committed("readers", there, 3000);
    reading->commit_soon(std::vector<Position>{{queue0, 7}, {there, 2000}});
    sleep_for(milliseconds(1000));
  }
  EXPECT_TRUE(
      warned("has committed 3000 for orders@broker-b:0, and this job committed 2000 there last", milliseconds(0)));
}

TEST_F(CommitterTest, WhatIsCommittedDoesNotGoAgainBecauseAnotherBrokerIsDown) {
  const auto reading = reader_of_a_half();
  mock.forget_seen();
  for (int i = 0; i < 60; ++i) {
    reading->commit_soon(std::vector<Position>{{queue0, 7}, {there, 2000}});
    sleep_for(milliseconds(1000));
  }
  EXPECT_LE(mock.count(RequestCode::kUpdateConsumerOffset, "broker-b/0"), 2U);
}

TEST_F(CommitterTest, WhatIsCommittedAlreadyIsSoThoughABrokerIsJustAskedWhatItHas) {
  const auto reading = started_reader();
  ASSERT_TRUE(mock.wait_for(RequestCode::kPullMessage, 2));
  const std::vector<Position> positions{{queue0, 7}, {there, 10}};
  ASSERT_TRUE(reading->commit(positions, milliseconds(5000)));
  mock.forget_seen();
  mock.inject(Fault::delayed(RequestCode::kQueryConsumerOffset, milliseconds(2000), -1));
  ASSERT_TRUE(comes_true([&] { return mock.count(RequestCode::kQueryConsumerOffset) == 2; }));
  const SteadyTime begin = now();
  EXPECT_TRUE(reading->commit(positions, milliseconds(8000)));
  EXPECT_LE(now() - begin, milliseconds(2000) + kAtOnce);
}

TEST_F(CommitterTest, ARefusalSaysWhoRefused) {
  const auto reading = started_reader();
  ASSERT_TRUE(mock.wait_for(RequestCode::kPullMessage, 2));
  mock.inject(Fault::answer(RequestCode::kUpdateConsumerOffset, ResponseCode::kSystemError, "no disk", -1));
  const auto failed = reading->commit(std::vector<Position>{{queue0, 7}}, milliseconds(1000));
  ASSERT_FALSE(failed);
  for (const char* part : {"orders@broker-a:0", "no disk"}) EXPECT_THAT(failed.error().text, HasSubstr(part));
  EXPECT_THAT(failed.error().text, HasSubstr(mock.address("broker-a/0")));
}

TEST_F(CommitterTest, WhereOnlySlavesAreLeftItIsSaidThatTheMasterIsMissing) {
  mock.add_slave("broker-a", 1);
  mock.show_in_route("broker-a/0", false);
  const auto reading = reader();
  reading->add_splits(std::vector<Split>{{queue0, 0, std::nullopt}});
  ASSERT_TRUE(mock.wait_for(RequestCode::kPullMessage, 1));
  const auto failed = reading->commit(std::vector<Position>{{queue0, 7}}, milliseconds(1000));
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().text, HasSubstr("the master of its broker is not in the route"));
}

TEST_F(CommitterTest, OfAStaticTopicEachBrokerBehindItIsCommittedToByItself) {
  mock.create_static_topic("static", {"broker-a", "broker-b"}, 0);
  options.topic = "static";
  const auto splits = discovered();
  ASSERT_EQ(splits.size(), 2U);
  const auto reading = reader();
  reading->add_splits(splits);
  ASSERT_TRUE(mock.wait_for(RequestCode::kPullMessage, 2));
  const auto commit = [&](int times) {
    for (int i = 0; i < times; ++i) {
      reading->commit_soon(std::vector<Position>{{splits[0].queue, 7}, {splits[1].queue, 9}});
      sleep_for(milliseconds(1000));
    }
  };
  commit(60);
  EXPECT_LE(mock.count(RequestCode::kUpdateConsumerOffset), 2U);
  mock.stop("broker-a/0");
  mock.forget_seen();
  reading->commit_soon(std::vector<Position>{{splits[0].queue, 8}, {splits[1].queue, 10}});
  sleep_for(milliseconds(5000));
  const SteadyTime begin = now();
  EXPECT_FALSE(reading->commit(std::vector<Position>{{splits[0].queue, 9}, {splits[1].queue, 11}}, milliseconds(2000)));
  EXPECT_GE(mock.count(RequestCode::kUpdateConsumerOffset, "broker-b/0"), 2U) << "the other one is down, not it";
  EXPECT_LE(now() - begin, milliseconds(2000) + kAtOnce);
}

TEST_F(CommitterTest, WhatIsUnderWayWhenAQueueIsGivenBackSaysNothingOnceItIsReadAgain) {
  const auto reading = started_reader();
  ASSERT_TRUE(mock.wait_for(RequestCode::kPullMessage, 2));
  const auto commit = [&](std::int64_t offset) { reading->commit_soon(std::vector<Position>{{queue0, offset}}); };
  commit(3);
  ASSERT_TRUE(comes_true([&] { return mock.committed("readers", queue0) == 3; }));
  mock.forget_seen();
  mock.inject(Fault::delayed(RequestCode::kUpdateConsumerOffset, milliseconds(500)));
  commit(7);
  ASSERT_TRUE(mock.wait_for(RequestCode::kUpdateConsumerOffset, 1));
  reading->remove_splits(std::vector<QueueId>{queue0});
  reading->add_splits(std::vector<Split>{{queue0, 5, std::nullopt}});
  commit(5);
  sleep_for(milliseconds(400));
  EXPECT_EQ(mock.count(RequestCode::kUpdateConsumerOffset), 1U) << "one of a queue is under way";
  EXPECT_EQ(reading->stats().queues.back().committed, -1);
  ASSERT_TRUE(comes_true([&] { return mock.committed("readers", queue0) == 5; }));
  sleep_for(milliseconds(1000));
  EXPECT_EQ(mock.count(RequestCode::kUpdateConsumerOffset), 2U);
  EXPECT_EQ(mock.committed("readers", queue0), 5);
}

TEST_F(CommitterTest, WhatIsUnderWayWhenAQueueIsGivenBackIsForgottenWithItsAnswer) {
  const auto reading = started_reader();
  ASSERT_TRUE(mock.wait_for(RequestCode::kPullMessage, 2));
  mock.inject(Fault::answer(RequestCode::kUpdateConsumerOffset, ResponseCode::kSystemError, "no disk"));
  reading->commit_soon(std::vector<Position>{{queue0, 7}});
  ASSERT_TRUE(mock.wait_for(RequestCode::kUpdateConsumerOffset, 1));
  reading->remove_splits(std::vector<QueueId>{queue0});
  sleep_for(std::chrono::minutes(2));
  EXPECT_EQ(mock.count(RequestCode::kUpdateConsumerOffset), 1U) << "another reader's by now";
}

/// A commit that its old master takes while another queue's goes to the new one.
TEST_F(CommitterTest, WhatWasUnderWayToAnotherAddressGoesAgain) {
  mock.create_topic("orders", 2);
  const auto reading = started_reader();
  ASSERT_TRUE(mock.wait_for(RequestCode::kPullMessage, 4));
  const auto commit = [&](const QueueId& queue, std::int64_t offset) {
    reading->commit_soon(std::vector<Position>{{queue, offset}});
  };
  commit(queue0, 1);
  ASSERT_TRUE(comes_true([&] { return mock.committed("readers", queue0) == 1; }));
  mock.inject(Fault::delayed(RequestCode::kUpdateConsumerOffset, milliseconds(4000)));
  commit(queue0, 7);
  ASSERT_TRUE(mock.wait_for(RequestCode::kUpdateConsumerOffset, 2));
  cluster::Interrupt never;
  mock.set_route_body(
      "orders", R"({"brokerDatas":[{"brokerName":"broker-a","brokerAddrs":{"0":")" + mock.address("broker-b/0") +
                    R"("}}],"queueDatas":[{"brokerName":"broker-a","readQueueNums":2,"writeQueueNums":2,"perm":6}]})");
  ASSERT_TRUE(client()->cluster().fetch_route_blocking("orders", never));
  mock.forget_seen();
  commit(queue1, 9);
  sleep_for(milliseconds(5000));
  std::vector<std::string> offsets;
  for (const auto& request : mock.seen(RequestCode::kUpdateConsumerOffset, "broker-b/0"))
    offsets.push_back(request.ext("queueId") + "=" + request.ext("commitOffset"));
  EXPECT_THAT(offsets, testing::UnorderedElementsAre("1=9", "0=7"));
}

class ManyCommitsTest : public SourceTest {
 protected:
  static constexpr std::int32_t kQueues = 64;
  ManyCommitsTest() { mock.create_topic("orders", kQueues); }
};

TEST_F(ManyCommitsTest, ThatFailAreToldOnceAMinuteAndANewCauseAtOnce) {
  const auto reading = started_reader();
  ASSERT_TRUE(mock.wait_for(RequestCode::kPullMessage, kQueues));
  std::vector<Position> positions;
  for (std::int32_t id = 0; id < kQueues; ++id) positions.push_back({{"orders", "broker-a", id}, 1});
  const auto commit_for = [&](int seconds) {
    for (int i = 0; i < seconds; ++i) {
      for (Position& position : positions) ++position.offset;
      reading->commit_soon(positions);
      sleep_for(milliseconds(1000));
    }
  };
  mock.inject(Fault::answer(RequestCode::kUpdateConsumerOffset, ResponseCode::kSystemError, "no disk", -1));
  commit_for(55);
  EXPECT_EQ(logged().size(), 1U);
  mock.clear_faults();
  mock.inject(Fault::answer(RequestCode::kUpdateConsumerOffset, ResponseCode::kNoPermission, "no right", -1));
  commit_for(40);
  EXPECT_TRUE(warned("no right", milliseconds(0)));
  EXPECT_LE(logged().size(), 4U);
}

}  // namespace

}  // namespace rocketlink::test
