#include "unit/sim/simulate/judges_fixture.h"

/// What brokers lose excuses just that.
namespace rocketlink::sim {
namespace {

using namespace std::chrono_literals;

class JudgesOfBrokersThatLose : public Judging {
 protected:
  /// The input's end goes back to `end`.
  void lose_input(std::int64_t end) {
    while (end_ > end) {
      mock::MockRecord record;
      record.offset = --end_;
      judges_.lost(queue_, record);
    }
  }
  /// The input's only message is given out and stored, and nobody is told.
  void store_one(const std::string& key = "") {
    append(1);
    start();
    give_out(0);
    write(0);
    store(0, key);
  }
  /// The first copy.
  void lose_copy() {
    mock::MockRecord lost = record(0);
    lost.number = 1;
    judges_.lost(copies_, lost);
  }
};

TEST_F(JudgesOfBrokersThatLose, WhatTheInputLostNeedNotArrive) {
  append(5);
  start();
  lose_input(3);
  copy(0, 3);
  EXPECT_TRUE(judges_.all_copied("job"));
  EXPECT_EQ(failure_, "");
}

TEST_F(JudgesOfBrokersThatLose, WhatTheInputKeptMustArriveAllTheSame) {
  append(5);
  start();
  lose_input(3);
  give_out(0);
  finds("given out: run job.1.0 gives out 2 of input@broker-a:0 from 1 on without offset 1", [&] { give_out(2); });
}

TEST_F(JudgesOfBrokersThatLose, WhoHasReadFurtherMayMissWhatTakesTheirPlaceAndNoMore) {
  append(5);
  start();
  copy(0, 5);
  lose_input(3);
  append(4);  // 3 to 6; it goes on at 5
  give_out(5);
  EXPECT_EQ(failure_, "");
  append(1);
  finds("without offset 6", [&] { give_out(7); });
}

TEST_F(JudgesOfBrokersThatLose, WhoHasReadFurtherMayGoBackOnce) {
  append(5);
  start();
  copy(0, 5);
  lose_input(3);
  append(1);
  give_out(0);
  give_out(1);
  EXPECT_EQ(failure_, "");
  finds("order: run job.1.0 gives out 0 of input@broker-a:0, though it was at 2", [&] { give_out(0); });
}

TEST_F(JudgesOfBrokersThatLose, WhoGoesBackGoesBackBehindAllThatWasLost) {
  append(5);
  start();
  copy(0, 5);
  lose_input(3);
  append(1);
  finds("given out: run job.1.0 goes back from 5 to 4 of input@broker-a:0, and what was lost begins at 3",
        [&] { pass(4); });
}

TEST_F(JudgesOfBrokersThatLose, AReaderMayStillHaveWhatWasLostWhereTheFilterHoldsBackWhatIsThereNow) {
  append(5);
  start();
  lose_input(3);
  append(3, false);  // 3 to 5
  copy(0, 5);
  EXPECT_EQ(failure_, "");
  finds("filter: run job.1.0 gives out 5 of input@broker-a:0, which lacks the tag", [&] { give_out(5); });
}

TEST_F(JudgesOfBrokersThatLose, AReaderMayStillHaveWhatWasLostAndGoBackBehindThat) {
  append(5);
  start();
  lose_input(1);
  copy(0, 5);
  pass(1);
  EXPECT_EQ(failure_, "");
  finds("order: run job.1.0 passes to 0 of input@broker-a:0, though it was at 1", [&] { pass(0); });
}

TEST_F(JudgesOfBrokersThatLose, ACopyThatWasAcknowledgedAndLostNeedNotBeThere) {
  append(1);
  start();
  copy(0, 1);
  judges_.acknowledged(copies_, number_);
  lose_copy();
  EXPECT_TRUE(judges_.all_copied("job"));
}

TEST_F(JudgesOfBrokersThatLose, ACopyThatNobodyWasToldOfMustBeSentAgain) {
  store_one();
  pass(1);
  lose_copy();
  EXPECT_FALSE(judges_.all_copied("job"));
  finds("flush: run job.1.0 was told that all is stored, and broker-a/0/0/ is not",
        [&] { judges_.flushed("job.1.0"); });
}

TEST_F(JudgesOfBrokersThatLose, ACopyThatItsWriterGaveUpAndThatWasThereForAWhileNeedNotBe) {
  store_one();
  pass(1);
  judges_.flushed("job.1.0", 1);
  lose_copy();
  EXPECT_TRUE(judges_.all_copied("job"));
  EXPECT_EQ(failure_, "");
}

TEST_F(JudgesOfBrokersThatLose, ACopyThatIsSentAgainIsThere) {
  store_one("key");
  lose_copy();
  store(0, "key");
  pass(1);
  judges_.flushed("job.1.0");
  EXPECT_TRUE(judges_.all_copied("job"));
  EXPECT_EQ(failure_, "");
}

TEST_F(JudgesOfBrokersThatLose, AStopMayLieBeforeAnEndThatFell) {
  append(5);
  start();
  lose_input(3);
  judges_.stops_at("job.1.0", queue_, 3, 5);
  EXPECT_EQ(failure_, "");
}

}  // namespace
}  // namespace rocketlink::sim
