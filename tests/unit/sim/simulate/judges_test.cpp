#include "sim/simulate/judges.h"

#include "unit/sim/simulate/judges_fixture.h"

namespace rocketlink::sim {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class JudgesOfReading : public Judging {};

TEST_F(JudgesOfReading, EverythingInOrderIsFine) {
  append(5);
  start();
  copy(0, 5);
  judges_.committed("job", queue_, 5);
  EXPECT_TRUE(judges_.all_arrived("job"));
  judges_.must_have_arrived("job", 90s);
  judges_.ended_well("job");
  EXPECT_EQ(failure_, "");
}

TEST_F(JudgesOfReading, AMessageThatIsLeftOut) {
  append(3);
  start();
  give_out(0);
  finds("given out: run job.1.0 gives out 2 of input@broker-a:0 from 1 on without offset 1", [&] { give_out(2); });
}

TEST_F(JudgesOfReading, APositionThatPassesAMessage) {
  append(3);
  start();
  give_out(0);
  give_out(1);
  finds("given out: run job.1.0 passes to 3 of input@broker-a:0 from 2 on without offset 2", [&] { pass(3); });
}

TEST_F(JudgesOfReading, ABeginThatPassesAMessage) {
  append(3);
  finds("given out: run job.1.0 begins input@broker-a:0 at 2, though offset 0 never was flushed", [&] { start(2); });
}

TEST_F(JudgesOfReading, WhatIsReadTwice) {
  append(3);
  start();
  give_out(0);
  finds("order: run job.1.0 gives out 0 of input@broker-a:0, though it was at 1", [&] { give_out(0); });
}

TEST_F(JudgesOfReading, APositionThatGoesBack) {
  append(3);
  start();
  copy(0, 3);
  finds("order: run job.1.0 passes to 2 of input@broker-a:0, though it was at 3", [&] { pass(2); });
}

TEST_F(JudgesOfReading, AQueueThatItDoesNotRead) {
  append(2);
  start();
  give_out(0);
  judges_.taken("job.1.0", queue_);
  finds("given out: run job.1.0 gives out 1 of input@broker-a:0, which it does not read", [&] { give_out(1); });
}

TEST_F(JudgesOfReading, AMessageThatNobodyWrote) {
  append(1);
  start();
  give_out(0);
  finds("given out: run job.1.0 gives out 1 of input@broker-a:0, which nobody wrote", [&] { give_out(1); });
}

TEST_F(JudgesOfReading, AnotherBody) {
  append(2);
  start();
  judges_.given_out("job.1.0", queue_, 0, body_of({"broker-a", 0, 0}, 0), "key1");
  finds("given out: run job.1.0 gives out 1 of input@broker-a:0 with another body", [&] {
    judges_.given_out("job.1.0", queue_, 1, body_of({"broker-a", 0, 0}, 0), "key1");
  });
  const std::string whole = body_of({"broker-a", 0, 1}, 20);
  EXPECT_TRUE(is_whole(whole));
  EXPECT_FALSE(is_whole(whole.substr(0, whole.size() - 1)));
  EXPECT_FALSE(is_whole(whole + "x"));
  EXPECT_FALSE(is_whole(std::string(whole).replace(whole.size() - 5, 1, "y")));
}

TEST_F(JudgesOfReading, AMessageWithoutItsKey) {
  append(1);
  start();
  finds("given out: run job.1.0 gives out 0 of input@broker-a:0 without its key", [&] {
    judges_.given_out("job.1.0", queue_, 0, body_of({"broker-a", 0, 0}, 0), "");
  });
}

TEST_F(JudgesOfReading, WhatTheFilterHoldsBack) {
  append(1, false);
  append(1);
  start();
  give_out(1);
  pass(2);
  EXPECT_EQ(failure_, "");
}

TEST_F(JudgesOfReading, WhatTheFilterShouldHaveHeldBack) {
  append(1, false);
  start();
  finds("filter: run job.1.0 gives out 0 of input@broker-a:0, which lacks the tag", [&] { give_out(0); });
}

TEST_F(JudgesOfReading, DeletedMessagesNeedNotBeGivenOutAndMayBe) {
  append(4);
  start();
  judges_.deleted_before(queue_, 3);
  give_out(0);
  give_out(3);
  pass(4);
  EXPECT_EQ(failure_, "");
}

TEST_F(JudgesOfReading, TwoReadersOfAQueue) {
  start();
  finds("readers: input@broker-a:0 is given to job.1.1, and job.1.0 reads it",
        [&] { judges_.begins("job.1.1", "job", queue_, 0); });
}

TEST_F(JudgesOfReading, AQueueMayGoFromReaderToReader) {
  append(2);
  start();
  copy(0, 1);
  judges_.taken("job.1.0", queue_);
  judges_.begins("job.1.1", "job", queue_, 1);
  judges_.given_out("job.1.1", queue_, 1, body_of({"broker-a", 0, 1}, 0), "key1");
  EXPECT_EQ(failure_, "");
}

TEST_F(JudgesOfReading, ALaterLifeBeginsWhereItsGroupWas) {
  append(4);
  start();
  copy(0, 4);
  judges_.committed("job", queue_, 4);
  judges_.starts("job.2", "job");
  judges_.begins("job.2.0", "job", queue_, 4);
  judges_.starts("job.3", "job");
  finds("goes on: run job.3.0 begins input@broker-a:0 at 3, though 4 was committed when it started",
        [&] { judges_.begins("job.3.0", "job", queue_, 3); });
}

TEST_F(JudgesOfReading, OffsetsThatFellBackExcuseABeginThere) {
  append(4);
  start();
  copy(0, 4);
  judges_.committed("job", queue_, 4);
  judges_.committed_fell_back("job", queue_, 2);
  judges_.starts("job.2", "job");
  judges_.begins("job.2.0", "job", queue_, 2);
  EXPECT_EQ(failure_, "");
  judges_.starts("job.3", "job");
  finds("goes on: run job.3.0 begins input@broker-a:0 at 1, though 2 was committed when it started",
        [&] { judges_.begins("job.3.0", "job", queue_, 1); });
}

TEST_F(JudgesOfReading, ABeginBeforeAllThatTheGroupEverCommitted) {
  append(4);
  start();
  copy(0, 4);
  judges_.committed("job", queue_, 2);
  judges_.committed("job", queue_, 4);
  judges_.starts("job.2", "job", false);
  judges_.begins_by_group("job.2.0", "job", queue_, 2);
  EXPECT_EQ(failure_, "");
  finds("goes on: run job.2.0 begins input@broker-a:0 at 1, though its group has committed there, never less than 2",
        [&] { judges_.begins_by_group("job.2.0", "job", queue_, 1); });
}

TEST_F(JudgesOfReading, ABeginAtTheFirstMessageOfAGroupWhoseCommitsWereLost) {
  append(4);
  start();
  copy(0, 4);
  judges_.begins_by_group("job.1.0", "job", queue_, 0);
  judges_.committed("job", queue_, 4);
  judges_.starts("job.2", "job", false);
  judges_.committed_fell_back("job", queue_, std::nullopt);
  judges_.committed("job", queue_, 3);
  judges_.begins_by_group("job.2.0", "job", queue_, 0);
  EXPECT_EQ(failure_, "");
}

TEST_F(JudgesOfReading, AnAdminsResetSkipsWhatIsBefore) {
  append(4);
  judges_.set_committed("job", queue_, 3);
  start(3);
  copy(3, 4);
  EXPECT_TRUE(judges_.all_copied("job"));
  EXPECT_EQ(failure_, "");
}

TEST_F(JudgesOfReading, AnAdminsResetSkipsNothingOfAJobThatRuns) {
  append(4);
  start();
  copy(0, 1);
  judges_.set_committed("job", queue_, 3);
  finds("everything: 90 s after all healed the output of job lacks input@broker-a:0@1 input@broker-a:0@2",
        [&] { judges_.must_have_arrived("job", 90s); });
  finds("commit: group job commits 3 of input@broker-a:0, and only what is below 1 was flushed",
        [&] { judges_.committed("job", queue_, 3); });
  judges_.starts("job.2", "job");
  failure_.clear();
  judges_.begins("job.2.0", "job", queue_, 3);
  EXPECT_EQ(failure_, "");
  judges_.starts("job.3", "job");
  append(1);
  finds("given out: run job.3.0 begins input@broker-a:0 at 4, though offset 3 never was flushed",
        [&] { judges_.begins("job.3.0", "job", queue_, 4); });
}

TEST_F(JudgesOfReading, AStartAtTheEndSkipsWhatWasThere) {
  append(2);
  judges_.starts("job.1", "job");
  judges_.skips("job", queue_, 2);
  judges_.begins("job.1.0", "job", queue_, 2);
  append(1);
  copy(2, 3);
  EXPECT_TRUE(judges_.all_copied("job"));
  EXPECT_EQ(failure_, "");
}

TEST_F(JudgesOfReading, AStartAtATimeSkipsWhatIsOlder) {
  judges_.appended(queue_, 0, true, 100);
  judges_.appended(queue_, 1, true, 200);
  judges_.appended(queue_, 2, true, 300);
  judges_.starts("job.1", "job", false);
  judges_.skips_until("job", queue_, 200);
  judges_.begins("job.1.0", "job", queue_, 1);
  EXPECT_EQ(failure_, "");
  judges_.starts("job.2", "job", false);
  judges_.skips_until("job", queue_, 200);
  finds("given out: run job.2.0 begins input@broker-a:0 at 2, though offset 1 never was flushed",
        [&] { judges_.begins("job.2.0", "job", queue_, 2); });
}

TEST_F(JudgesOfReading, AStartByTimeThatReadsWhatIsOlder) {
  judges_.appended(queue_, 0, true, 100);
  judges_.appended(queue_, 1, true, 200);
  judges_.begins_at_time("job.1.0", queue_, 1, 150);
  judges_.begins_at_time("job.1.0", queue_, 2, 300);
  EXPECT_EQ(failure_, "");
  finds("start: run job.1.0 begins input@broker-a:0 at 0, which was stored 50 ms before",
        [&] { judges_.begins_at_time("job.1.0", queue_, 0, 150); });
}

TEST_F(JudgesOfReading, AStartAtTheEndThatReadsWhatWasThere) {
  append(3);
  judges_.begins_at_end("job.1.0", queue_, 3, 3);
  EXPECT_EQ(failure_, "");
  finds("start: run job.1.0 begins input@broker-a:0 at 2, and is to begin at its end, which was 3",
        [&] { judges_.begins_at_end("job.1.0", queue_, 2, 3); });
}

// ---- where a queue's end fell, what is below it is judged as ever

class JudgesOfAQueueThatFell : public Judging {
 protected:
  /// Ten messages, of which the last six are lost and others come in their place.
  JudgesOfAQueueThatFell() {
    for (; end_ < 10; ++end_) judges_.appended(queue_, end_, true, 100 * (end_ + 1));
    for (const int offset : {4, 5, 6, 7, 8, 9}) lose(offset);
    for (end_ = 4; end_ < 10; ++end_) judges_.appended(queue_, end_, true, 2000 + end_);
  }
  void lose(std::int64_t offset) {
    mock::MockRecord lost;
    lost.offset = offset;
    judges_.lost(queue_, lost);
  }
};

TEST_F(JudgesOfAQueueThatFell, OrderOfAPartitionText) {
  store(7, "key");
  store(4, "key");
  EXPECT_EQ(failure_, "");
  finds("order: run job.1.0 stores broker-a/0/3/", [&] { store(3, "key"); });
}

TEST_F(JudgesOfAQueueThatFell, GoingOn) {
  judges_.may_commit("job", queue_, 10);
  judges_.committed("job", queue_, 7);
  judges_.starts("job.1", "job");
  judges_.begins("job.1.0", "job", queue_, 0);
  EXPECT_EQ(failure_, "");
  judges_.set_committed("job", queue_, 4);
  judges_.starts("job.2", "job");
  finds("goes on: run job.2.0 begins input@broker-a:0 at 3, though 4 was committed",
        [&] { judges_.begins("job.2.0", "job", queue_, 3); });
}

TEST_F(JudgesOfAQueueThatFell, AStartByTime) {
  judges_.begins_at_time("job.1.0", queue_, 4, 3000);
  EXPECT_EQ(failure_, "");
  finds("start: run job.1.0 begins input@broker-a:0 at 3, which was stored",
        [&] { judges_.begins_at_time("job.1.0", queue_, 3, 3000); });
}

TEST_F(JudgesOfAQueueThatFell, AStartAtTheEnd) {
  judges_.begins_at_end("job.1.0", queue_, 4, 10);
  EXPECT_EQ(failure_, "");
  finds("start: run job.1.0 begins input@broker-a:0 at 3, and is to begin at its end, which was 10",
        [&] { judges_.begins_at_end("job.1.0", queue_, 3, 10); });
}

TEST_F(JudgesOfAQueueThatFell, ABoundedRead) {
  judges_.stops_at("job.1.0", queue_, 4, 10);
  EXPECT_EQ(failure_, "");
  finds("bounded: run job.1.0 is to read input@broker-a:0 up to 3",
        [&] { judges_.stops_at("job.1.0", queue_, 3, 10); });
}

// ---- bounded

class JudgesOfBoundedJobs : public Judging {};

TEST_F(JudgesOfBoundedJobs, AnEndAsOfTheStartIsFine) {
  append(3);
  start();
  judges_.stops_at("job.1.0", queue_, 3, 3);
  append(2);
  copy(0, 3);
  judges_.ended_bounded("job", {{queue_, 3}}, true);
  EXPECT_EQ(failure_, "");
}

TEST_F(JudgesOfBoundedJobs, AStopBeforeTheEndAsOfTheStart) {
  append(3);
  start();
  finds("bounded: run job.1.0 is to read input@broker-a:0 up to 2, and its end was 3 as it started and is 3",
        [&] { judges_.stops_at("job.1.0", queue_, 2, 3); });
}

TEST_F(JudgesOfBoundedJobs, AStopBehindTheEnd) {
  append(3);
  start();
  finds("bounded: run job.1.0 is to read input@broker-a:0 up to 4", [&] { judges_.stops_at("job.1.0", queue_, 4, 3); });
}

TEST_F(JudgesOfBoundedJobs, AMessageBehindTheStop) {
  append(3);
  start();
  judges_.stops_at("job.1.0", queue_, 3, 3);
  append(1);
  copy(0, 3);
  finds("bounded: run job.1.0 gives out 3 of input@broker-a:0, which it was to read up to 3", [&] { give_out(3); });
}

TEST_F(JudgesOfBoundedJobs, AnEndTooSoon) {
  append(3);
  start();
  judges_.stops_at("job.1.0", queue_, 3, 3);
  copy(0, 2);
  finds("bounded: job.1 ended without having copied offset 2 of input@broker-a:0, whose end was 3 as it started", [&] {
    judges_.ended_bounded("job", {{queue_, 3}}, true);
  });
}

TEST_F(JudgesOfBoundedJobs, AQueueThatItForgot) {
  const QueueId other{"input", "broker-b", 0};
  start();
  judges_.ended_bounded("job", {{other, 0}}, false);
  EXPECT_EQ(failure_, "");
  finds("bounded: job.1 ended without having read input@broker-b:0", [&] {
    judges_.ended_bounded("job", {{other, 0}}, true);
  });
}

// ---- flush and commit

class JudgesOfWriting : public Judging {};

TEST_F(JudgesOfWriting, AFlushThatLiesAboutAMessage) {
  append(2);
  start();
  for (const int offset : {0, 1}) {
    give_out(offset);
    write(offset);
  }
  store(0);
  finds("flush: run job.1.0 was told that all is stored, and broker-a/0/1/ is not",
        [&] { judges_.flushed("job.1.0"); });
}

TEST_F(JudgesOfWriting, ACopyOfAnEarlierLifeIsNotThisOnes) {
  append(1);
  start();
  copy(0, 1);
  judges_.starts("job.2", "job");
  judges_.begins("job.2.0", "job", queue_, 0);
  judges_.written("job.2.0", {"broker-a", 0, 0}, 10);
  finds("flush: run job.2.0 was told that all is stored", [&] { judges_.flushed("job.2.0"); });
}

TEST_F(JudgesOfWriting, WhatASinkHasGivenUpIsMissingAndNoMore) {
  append(3);
  start();
  for (const int offset : {0, 1, 2}) {
    give_out(offset);
    write(offset);
  }
  store(0);
  pass(3);
  judges_.flushed("job.1.0", 2);
  EXPECT_TRUE(judges_.all_copied("job"));
  write(1);
  finds("flush: run job.1.0 was told", [&] { judges_.flushed("job.1.0", 2); });
}

TEST_F(JudgesOfWriting, ACommitBeyondWhatWasFlushed) {
  append(3);
  start();
  copy(0, 2);
  judges_.committed("job", queue_, 2);
  give_out(2);
  write(2);
  store(2);
  pass(3);
  finds("commit: group job commits 3 of input@broker-a:0, and only what is below 2 was flushed",
        [&] { judges_.committed("job", queue_, 3); });
}

TEST_F(JudgesOfWriting, AnOrderlyEndWithoutACommit) {
  append(3);
  start();
  judges_.ended_well("job");
  copy(0, 2);
  judges_.committed("job", queue_, 2);
  copy(2, 3);
  finds("commit: an orderly end of job.1.0 leaves input@broker-a:0 committed at 2, though it was done with all below 3",
        [&] { judges_.ended_well("job"); });
}

TEST_F(JudgesOfWriting, AStartThatCountsIsCommitted) {
  start();
  judges_.ended_in_order("job");
  judges_.ended_well("job");
  EXPECT_EQ(failure_, "") << "it began at the first message, and another life would too";
  judges_.commits_start("job");
  judges_.ended_in_order("job");
  EXPECT_EQ(failure_, "") << "it may have been told to end before it began the queue";
  finds("commit: an orderly end of job.1.0 leaves input@broker-a:0 committed at -1",
        [&] { judges_.ended_well("job"); });
  EXPECT_FALSE(judges_.all_arrived("job"));
  judges_.committed("job", queue_, 0);
  failure_.clear();
  judges_.ended_in_order("job");
  judges_.ended_well("job");
  EXPECT_EQ(failure_, "");
}

TEST_F(JudgesOfWriting, AnEndThatDoesNotSayThatACommitWasLost) {
  append(3);
  start();
  copy(0, 2);
  judges_.committed("job", queue_, 2);
  judges_.ended_in_order("job");
  copy(2, 3);
  finds("commit: job.1.0 ended without a word, and at most 2 of input@broker-a:0 was committed, not 3",
        [&] { judges_.ended_in_order("job"); });
  judges_.logged("job.1", LogLevel::kWarning, "no answer; after a restart these messages would be read again");
  judges_.ended_in_order("job");
  judges_.starts("job.2", "job");
  judges_.begins("job.2.0", "job", queue_, 2);
  judges_.ended_in_order("job");
}

TEST_F(JudgesOfWriting, OneKeyOutOfOrder) {
  store(3, "key");
  store(3, "key");
  store(1, "other");
  store(1, "key", "job.1.1");
  EXPECT_EQ(failure_, "");
  finds("order: run job.1.0 stores broker-a/0/2/ in output@broker-b:1 behind offset 3 of the same partition text",
        [&] { store(2, "key"); });
  SinkOptions options;
  options.guarantee = DeliveryGuarantee::kNone;
  judges_.tries("job", options);
  failure_.clear();
  store(0, "key");
  judges_.flushed("job.1.0", 1);
  EXPECT_EQ(failure_, "") << "what was given up may come late";
  store(5, "key");
  store(4, "key");
  finds("order: run job.1.0 stores 2 messages behind later ones of their partition texts, and has given up 1",
        [&] { judges_.flushed("job.1.0", 1); });
}

TEST_F(JudgesOfWriting, APartitionTextInTwoQueues) {
  const QueueId other{"output", "broker-b", 2};
  store(1, "key");
  judges_.stored(other, record(2, "key"));
  judges_.routes_stay();
  store(3, "other");
  judges_.stored(other, record(4, "third", "job.2.0"));
  EXPECT_EQ(failure_, "");
  for (const std::string run : {"job.1.0", "job.1.1", "job.2.0"}) {
    finds("partition: run " + run +
              " stores broker-a/0/5/ in output@broker-b:2, and others of its partition text are in output@broker-b:1",
          [&] { judges_.stored(other, record(5, "other", run)); });
  }
}

TEST_F(JudgesOfWriting, AMessageForLaterThatIsForNow) {
  const std::string timer = std::string("TIMER_DELIVER_MS\x01") + "5000\x02";
  const std::string level = std::string("DELAY\x01") + "2\x02";
  append(3);
  start();
  for (const int offset : {0, 1, 2}) {
    give_out(offset);
    write(offset);
    mock::MockRecord stored = record(offset);
    if (offset == 0) stored.properties = timer;
    if (offset == 1) stored.properties = level;
    judges_.stored(copies_, stored);
  }
  judges_.delivers("job.1.0", {"broker-a", 0, 0}, DeliveryEncoding::kTimer, 5000);
  judges_.delivers("job.1.0", {"broker-a", 0, 1}, DeliveryEncoding::kDelayLevel, 5000);
  judges_.flushed("job.1.0");
  EXPECT_EQ(failure_, "");
  for (const auto& [offset, time_ms] : {std::pair(0, 5001), std::pair(2, 5000)}) {
    write(offset);
    mock::MockRecord stored = record(offset);
    if (offset == 0) stored.properties = timer;
    judges_.stored(copies_, stored);
    judges_.delivers("job.1.0", {"broker-a", 0, offset}, DeliveryEncoding::kTimer, time_ms);
    finds("without its delivery time", [&] { judges_.flushed("job.1.0"); });
  }
}

TEST_F(JudgesOfWriting, ABatchThatIsSentAgainIsInOrder) {
  for (const int offset : {1, 2, 3, 1, 2, 3, 4}) store(offset, "key");
  EXPECT_EQ(failure_, "");
}

TEST_F(JudgesOfWriting, ACopyWithAnotherBody) {
  mock::MockRecord damaged = record(1);
  damaged.body.back() = 'y';
  finds("given out: run job.1.0 stores broker-a/0/1/ with another body", [&] { judges_.stored(copies_, damaged); });
}

class JudgesOfACalmWorld : public Judging {
 protected:
  JudgesOfACalmWorld() : Judging(true) {}
};

TEST_F(JudgesOfACalmWorld, AMessageIsStoredOnce) {
  store(1);
  store(2);
  finds("once: broker-a/0/1/ is stored again by run job.1.0, without a fault", [&] { store(1); });
}

TEST_F(JudgesOfACalmWorld, NoCommitGoesBack) {
  append(4);
  start();
  copy(0, 4);
  judges_.committed("job", queue_, 2);
  judges_.committed("job", queue_, 2);
  judges_.committed("job", queue_, 4);
  EXPECT_EQ(failure_, "");
  finds("commit: group job commits 3 of input@broker-a:0 behind 4, without a fault",
        [&] { judges_.committed("job", queue_, 3); });
  failure_.clear();
  judges_.set_committed("job", queue_, 4);
  judges_.committed("job", queue_, 1);
  EXPECT_EQ(failure_, "") << "an admin's offset was the last, and who reads knows nothing of it";
}

TEST_F(JudgesOfACalmWorld, AJobThatBeginsAnewRepeatsItself) {
  append(4);
  start();
  judges_.begins_anew("job");
  copy(0, 4);
  judges_.committed("job", queue_, 4);
  judges_.starts("job.2", "job", false);
  judges_.begins("job.2.0", "job", queue_, 0);
  store(0);
  judges_.committed("job", queue_, 1);
  EXPECT_EQ(failure_, "");
}

TEST_F(JudgesOfACalmWorld, ThereIsNothingToWarnOf) {
  judges_.logged("job.1", LogLevel::kInfo, "reading");
  finds("calm: run job.1 warns without a fault: careful",
        [&] { judges_.logged("job.1", LogLevel::kWarning, "careful"); });
}

TEST_F(JudgesOfACalmWorld, NothingIsGivenUp) {
  judges_.flushed("job.1.0");
  finds("calm: run job.1.0 gives up 1 messages without a fault", [&] { judges_.flushed("job.1.0", 1); });
}

TEST_F(JudgesOfWriting, WithFaultsRepeatsAndWarningsAreFine) {
  store(1);
  store(1);
  judges_.logged("job.1", LogLevel::kWarning, "careful");
  EXPECT_EQ(judges_.repeats(), 1U);
  EXPECT_EQ(failure_, "");
}

// ---- everything

TEST_F(JudgesOfWriting, WhatIsMissingInTheEnd) {
  append(3);
  start();
  copy(0, 2);
  EXPECT_FALSE(judges_.all_arrived("job"));
  finds(
      "everything: 90 s after all healed the output of job lacks input@broker-a:0@2, input@broker-a:0 is read up to "
      "2 of 3",
      [&] { judges_.must_have_arrived("job", 90s); });
}

TEST_F(JudgesOfWriting, AQueueThatIsNotReadToItsEnd) {
  append(2);
  append(1, false);
  start();
  copy(0, 2);
  EXPECT_TRUE(judges_.all_copied("job"));
  finds("lacks, input@broker-a:0 is read up to 2 of 3", [&] { judges_.must_have_arrived("job", 90s); });
}

TEST_F(JudgesOfWriting, AJobThatABrokerHoldsUp) {
  judges_.appended(queue_, end_++, true, 100);
  judges_.appended(queue_, end_++, true, 200);
  start();
  copy(0, 1);
  finds("held up: broker-b is away, and job has not committed 0 of input@broker-a:0",
        [&] { judges_.must_have_kept_up("job", "broker-b", 200); });
  judges_.committed("job", queue_, 1);
  failure_.clear();
  judges_.must_have_kept_up("job", "broker-b", 200);
  judges_.must_have_kept_up("job", "broker-a", 300);
  EXPECT_EQ(failure_, "");
  finds("held up: broker-b is away, and job has not copied 1 of input@broker-a:0",
        [&] { judges_.must_have_kept_up("job", "broker-b", 300); });
}

TEST_F(JudgesOfWriting, AGroupThatNeverBegan) {
  append(1);
  finds("lacks input@broker-a:0@0", [&] { judges_.must_have_arrived("job", 90s); });
}

}  // namespace
}  // namespace rocketlink::sim
