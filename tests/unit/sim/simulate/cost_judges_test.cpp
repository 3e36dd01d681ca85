#include "unit/sim/simulate/judges_fixture.h"

namespace rocketlink::sim {
namespace {

using namespace std::chrono_literals;

class JudgesOfCosts : public Judging {};

TEST_F(JudgesOfCosts, AReaderKeepsToItsMemory) {
  judges_.buffered("job.1.0", 48 << 20);
  EXPECT_EQ(failure_, "");
  finds("memory: the reader of run job.1.0 holds 62914560 bytes", [&] { judges_.buffered("job.1.0", 60 << 20); });
}

TEST_F(JudgesOfCosts, ASinkKeepsToItsWindow) {
  SinkStats stats;
  for (int i = 0; i < 40; ++i) judges_.written("job.1.0", {"broker-a", 0, i}, 1 << 20);
  stats.messages_acknowledged = 10;
  stats.bytes_acknowledged = 10 << 20;
  judges_.sent("job.1.0", stats);
  EXPECT_EQ(failure_, "");
  stats.bytes_acknowledged = 5 << 20;
  stats.messages_acknowledged = 5;
  finds("memory: the sink of run job.1.0 has 35 messages of 36700160 bytes under way",
        [&] { judges_.sent("job.1.0", stats); });
}

TEST_F(JudgesOfCosts, ASinkTakesOneMessageOfAnySizeAndNotTooManySmallOnes) {
  judges_.written("job.1.0", {"broker-a", 0, 0}, 100 << 20);
  judges_.sent("job.1.0", {});
  EXPECT_EQ(failure_, "");
  for (int i = 0; i < 131'073; ++i) judges_.written("job.1.1", {"broker-a", 0, i}, 1);
  finds("memory: the sink of run job.1.1 has 131073 messages", [&] { judges_.sent("job.1.1", {}); });
}

TEST_F(JudgesOfCosts, CallsKeepToTheirBudget) {
  std::uint64_t calls = 0;
  for (int i = 0; i < 400; ++i) {
    judges_.called("job.1", calls, 40);
    calls += 2;  // in 50 ms: 40 in a second
    world_.run_for(50ms);
  }
  EXPECT_EQ(failure_, "");
  finds("budget: job.1 makes", [&] {
    for (int i = 0; i < 200; ++i) {
      judges_.called("job.1", calls, 40);
      calls += 3;
      world_.run_for(50ms);
    }
  });
}

TEST_F(JudgesOfCosts, ANewLifeHasABudgetOfItsOwn) {
  for (const std::uint64_t calls : {0, 400}) judges_.called("job.1", calls, 40);
  for (const std::uint64_t calls : {0, 400}) judges_.called("job.2", calls, 40);
  EXPECT_EQ(failure_, "");
}

TEST_F(JudgesOfCosts, NothingToDoIsLittleWork) {
  judges_.idled(3'000, 1s);
  EXPECT_EQ(failure_, "");
  finds("busy: 20000 events in a second in which nothing was to be done", [&] { judges_.idled(40'000, 2s); });
}

TEST_F(JudgesOfCosts, WhatFailsIsNotTriedWithoutPause) {
  std::uint64_t retries = 0;
  for (int i = 0; i < 400; ++i, world_.run_for(50ms)) judges_.retried("job.1.0", retries += 8);
  EXPECT_EQ(failure_, "");
  finds("busy: run job.1.0 tries", [&] {
    for (int i = 0; i < 200; ++i, world_.run_for(50ms)) judges_.retried("job.1.0", retries += 12);
  });
}

TEST_F(JudgesOfCosts, NoSecretIsInALine) {
  judges_.logged("job.1", LogLevel::kDebug, "the key is ******");
  EXPECT_EQ(failure_, "");
  finds("log: run job.1 writes a secret: the key is s3cret",
        [&] { judges_.logged("job.1", LogLevel::kDebug, "the key is s3cret"); });
}

TEST_F(JudgesOfCosts, NoSecretIsInARequest) {
  mock::SeenRequest request;
  request.server = "broker-a/0";
  request.header.code = 11;
  request.header.ext.set("AccessKey", "account");
  judges_.received(request);
  EXPECT_EQ(failure_, "");
  request.header.ext.set("SecretKey", "s3cret");
  finds("secret: a request of code 11 to broker-a/0 bears it in SecretKey", [&] { judges_.received(request); });
}

TEST_F(JudgesOfCosts, NoMoreCallsArriveThanReadersTellOf) {
  mock::SeenRequest request;
  request.header.ext.set("consumerGroup", "job");
  for (const std::int32_t code : {11, 15, 34}) {  // the last one is none of theirs
    request.header.code = code;
    for (int i = 0; i < 20; ++i) judges_.received(request);
  }
  judges_.told_of_calls("job", "job.1", 20);
  EXPECT_EQ(failure_, "");
  finds("budget: the readers of job tell of 39 calls, and 40 have arrived",
        [&] { judges_.told_of_calls("job", "job.1", 19); });
}

TEST_F(JudgesOfCosts, ConnectionsAreFew) {
  judges_.connected("job", 9, 9);
  EXPECT_EQ(failure_, "");
  finds("memory: job holds 10 connections, and needs 9 at most", [&] { judges_.connected("job", 10, 9); });
}

TEST_F(JudgesOfCosts, LinesOfAKindAreFewInAMinute) {
  const auto say = [&](const std::string& run, LogLevel level) {
    for (int i = 0; i < 24; ++i) judges_.logged(run, level, "connection " + std::to_string(i) + " broke");
  };
  say("job.1", LogLevel::kWarning);
  say("job.2", LogLevel::kWarning);
  for (int i = 0; i < 10; ++i) say("job.1", LogLevel::kDebug);
  judges_.logged("job.1", LogLevel::kWarning, "something else");
  world_.run_for(61s);
  say("job.1", LogLevel::kInfo);
  EXPECT_EQ(failure_, "");
  finds("log: run job.1 writes more than 24 lines of a kind in a minute, such as: connection 77 broke",
        [&] { judges_.logged("job.1", LogLevel::kInfo, "connection 77 broke"); });
}

TEST_F(JudgesOfCosts, AJobThatHasNeverWorkedMayGiveUpForAPassingReason) {
  judges_.ended_by_itself("job", Error(ErrorCode::kDisconnected, "no server", true), 36s, 20s);
  EXPECT_EQ(failure_, "");
  finds("life: the job ended by itself after 37.0 s: no server",
        [&] { judges_.ended_by_itself("job", Error(ErrorCode::kDisconnected, "no server", true), 37s, 37s); });
  finds("life: the job ended by itself after 5.0 s: no server",
        [&] { judges_.ended_by_itself("job", Error(ErrorCode::kDisconnected, "no server", true), 5s, 9s); });
  finds("life: the job ended by itself after 1.0 s: wrong",
        [&] { judges_.ended_by_itself("job", Error(ErrorCode::kInvalidArgument, "wrong", false), 1s, 1s); });
  finds("life: the job ended by itself after 1.0 s: no error",
        [&] { judges_.ended_by_itself("job", std::nullopt, 1s, 1s); });
}

TEST_F(JudgesOfCosts, AJobThatWorksMayNotGiveUp) {
  const Error lost(ErrorCode::kDisconnected, "no server", true);
  append(1);
  judges_.starts("job.1", "job");
  judges_.opens("job.1.0", "job");
  judges_.opens("job.1.1", "job");
  judges_.opened("job.1.0", "job");
  judges_.begins("job.1.0", "job", queue_, 0);
  give_out(0);
  judges_.ended_by_itself("job", lost, 12s, 12s);
  judges_.ended_as_told("job", lost, 12s);
  EXPECT_EQ(failure_, "") << "one of its sinks has never been open";
  judges_.opened("job.1.1", "job");
  finds("life: the job ended by itself after 12.0 s: no server",
        [&] { judges_.ended_by_itself("job", lost, 12s, 12s); });
  finds("life: the job ended as it was told, but with: no server", [&] { judges_.ended_as_told("job", lost, 12s); });
  judges_.starts("job.2", "job");
  failure_.clear();
  judges_.ended_by_itself("job", lost, 12s, 12s);
  EXPECT_EQ(failure_, "") << "a new life has yet to begin";
}

TEST_F(JudgesOfCosts, AJobMayEndWithItsSinkThatHasTriedAsOftenAsItMay) {
  Error error(ErrorCode::kTimeout, "no answer; given up after 2 tries ('retryTimes' = 1)", true);
  finds("life: the job ended by itself", [&] { judges_.ended_by_itself("job", error, 100s, 100s); });
  error.fatal = true;
  SinkOptions options;
  options.retry_times = 1;
  judges_.tries("job", options);
  failure_.clear();
  judges_.ended_by_itself("job", error, 100s, 100s);
  judges_.ended_as_told("job", error, 100s);
  EXPECT_EQ(failure_, "");
  EXPECT_EQ(judges_.gave_up(), 1U);
  options.retry_times = 2;
  judges_.tries("job", options);
  finds("life: the job ended by itself", [&] { judges_.ended_by_itself("job", error, 100s, 100s); });
  options.retry_times = 1;
  options.guarantee = DeliveryGuarantee::kNone;
  judges_.tries("job", options);
  finds("life: the job ended by itself", [&] { judges_.ended_by_itself("job", error, 100s, 100s); });
}

class JudgesOfCostsInACalmWorld : public Judging {
 protected:
  JudgesOfCostsInACalmWorld() : Judging(true) {}
};

TEST_F(JudgesOfCostsInACalmWorld, NoJobGivesUpAtItsStart) {
  const Error lost(ErrorCode::kDisconnected, "no server", true);
  finds("life: the job ended by itself after 12.0 s: no server",
        [&] { judges_.ended_by_itself("job", lost, 12s, 12s); });
  finds("life: the job ended as it was told, but with: no server", [&] { judges_.ended_as_told("job", lost, 12s); });
}

TEST_F(JudgesOfCosts, AJobEndsWhenItIsToldTo) {
  judges_.still_runs("job", 15s, 15s);
  EXPECT_EQ(failure_, "");
  finds("life: the job does not end within 15 s of being told to", [&] { judges_.still_runs("job", 16s, 15s); });
}

}  // namespace
}  // namespace rocketlink::sim
