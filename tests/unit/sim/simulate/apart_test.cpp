#include "sim/simulate/apart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "sim/simulate/tally.h"

/// A world that goes wrong in any way is told of, and takes nothing along.
namespace rocketlink::sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

Outcome some_outcome() {
  Outcome outcome;
  outcome.hash = ~std::uint64_t{0} - 5;
  outcome.lasted = 12345678901ns;
  outcome.events = 7;
  outcome.messages = 9;
  outcome.happened = {{"broker restarted", 3}, {"crash", 1}};
  return outcome;
}

Verdict verdict_of(const std::function<Outcome(const Failed& failed)>& world) {
  return Apart(world, 60s).wait();
}

TEST(Apart, AGoodWorldsOutcomeComesBack) {
  const Verdict verdict = verdict_of([](const Failed&) { return some_outcome(); });
  ASSERT_TRUE(verdict.outcome) << verdict.what << verdict.said;
  const Outcome expected = some_outcome();
  EXPECT_EQ(verdict.outcome->hash, expected.hash);
  EXPECT_EQ(verdict.outcome->lasted, expected.lasted);
  EXPECT_EQ(verdict.outcome->events, expected.events);
  EXPECT_EQ(verdict.outcome->messages, expected.messages);
  EXPECT_EQ(verdict.outcome->happened, expected.happened);
}

TEST(Apart, AFailureComesWithTheLastEvents) {
  const Verdict verdict = verdict_of([](const Failed& failed) {
    failed("seed 5, at 1.0: flush: a lie\n  thread main waits", "1.0 broker: is paused\n", 0xabc);
    return some_outcome();
  });
  EXPECT_FALSE(verdict.outcome);
  EXPECT_EQ(verdict.what, "seed 5, at 1.0: flush: a lie\n  thread main waits");
  EXPECT_EQ(verdict.hash, 0xabcU);
  EXPECT_EQ(verdict.said, "1.0 broker: is paused\n");
}

TEST(Apart, ASignalIsAFailure) {
  const Verdict verdict = verdict_of([](const Failed&) {
    std::signal(SIGTERM, SIG_DFL);
    std::raise(SIGTERM);
    return some_outcome();
  });
  EXPECT_FALSE(verdict.outcome);
  EXPECT_THAT(verdict.what, StartsWith("it was ended by signal 15"));
}

TEST(Apart, ASanitizersReportIsTold) {
  const Verdict verdict = verdict_of([](const Failed&) {
    std::fputs("=====\n==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\n    #0 in read\n", stderr);
    std::_Exit(1);
    return some_outcome();
  });
  EXPECT_FALSE(verdict.outcome);
  EXPECT_EQ(verdict.what, "==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x1");
  EXPECT_THAT(verdict.said, HasSubstr("    #0 in read\n"));
}

TEST(Apart, AnAbortsLastWordsAreTold) {
  const Verdict verdict = verdict_of([](const Failed&) {
    std::signal(SIGABRT, SIG_DFL);
    std::fputs("terminate called\n", stderr);
    std::abort();
    return some_outcome();
  });
  EXPECT_FALSE(verdict.outcome);
  EXPECT_THAT(verdict.said, HasSubstr("terminate called\n"));
}

TEST(Apart, AWorldThatSaysSomethingIsNotGood) {
  const Verdict verdict = verdict_of([](const Failed&) {
    std::fputs("x.cpp:3:1: runtime error: index 3 out of bounds\n", stderr);
    return some_outcome();
  });
  EXPECT_FALSE(verdict.outcome);
  EXPECT_EQ(verdict.what, "x.cpp:3:1: runtime error: index 3 out of bounds");
}

TEST(Apart, AWorldThatHangsIsEnded) {
  const auto hang = [](const Failed&) {
    std::atomic<std::uint64_t> turns = 0;
    while (turns.fetch_add(1) < UINT64_MAX) {
    }
    return some_outcome();
  };
  const Verdict verdict = Apart(hang, 1s).wait();
  EXPECT_FALSE(verdict.outcome);
  EXPECT_EQ(verdict.what, "it did not end within 1 s of processor time");
}

TEST(Tally, CountsWorldsAndWhatHappenedInThem) {
  Tally tally;
  Verdict good;
  good.outcome = some_outcome();
  good.processor_time = 2s;
  tally.add(4, good);
  tally.add(5, good);
  tally.add(6, {});
  EXPECT_EQ(tally.worlds(), 3U);
  EXPECT_THAT(tally.failed(), ElementsAre(6U));
  EXPECT_EQ(tally.counts(), "  broker restarted: 6 in 2 world(s)\n  crash: 2 in 2 world(s)\n");
  EXPECT_EQ(tally.sum(), "3 worlds, 1 failed; 18 messages, 25 virtual seconds in 4.0 of processor time: 6 a second");
  EXPECT_EQ(tally.row("abc", "4..6"), "| abc | 4..6 | 3 | 25 | 1 | 6 |");
}

}  // namespace
}  // namespace rocketlink::sim
