#include "rocketlink/call_budget.h"

#include <gtest/gtest.h>

#include <cmath>
#include <deque>
#include <random>

namespace rocketlink {
namespace {

using namespace std::chrono_literals;
using Time = CallBudget::Clock::time_point;

constexpr Time kStart{1000s};

/// Spends whatever may go, at times a millisecond apart; gives how many calls went.
std::size_t spend_all(CallBudget& budget, Time& now, CallBudget::Clock::duration period) {
  std::size_t spent = 0;
  for (const Time end = now + period; now < end; now += 1ms) {
    const std::size_t may = budget.available(now);
    budget.spend(may, now);
    spent += may;
  }
  return spent;
}

TEST(CallBudget, WithoutALimit) {
  CallBudget budget(0);
  EXPECT_FALSE(budget.limited());
  budget.spend(1'000'000, kStart);
  EXPECT_GT(budget.available(kStart), 1'000'000'000);
  EXPECT_EQ(budget.wait_time(kStart), 0s);
}

TEST(CallBudget, NoMoreThanItsRateAndNoLess) {
  for (const double rate : {0.5, 3.0, 100.0, 5000.0, 100'000.0}) {
    CallBudget budget(rate);
    Time now = kStart;
    const auto spent = static_cast<double>(spend_all(budget, now, 10s));
    EXPECT_GE(spent, std::floor(10 * rate * 0.985)) << rate;
    EXPECT_LE(spent, 10 * rate) << rate;
  }
}

TEST(CallBudget, OverAnyTenSecondsWithinTheLimitHoweverItIsUsed) {
  std::minstd_rand random(7);
  for (const double rate : {0.5, 3.0, 12.0, 100.0, 5000.0}) {
    CallBudget budget(rate);
    const Time begin = kStart;
    Time now = begin;
    std::deque<std::pair<Time, std::size_t>> window;
    std::size_t in_window = 0;
    std::size_t most = 0;
    while (now < begin + 3000s) {
      // Busy for a while, then now and then idle, so that a burst comes behind every pause.
      now += std::chrono::milliseconds(random() % 1500 == 0 ? random() % 3000 : random() % 20);
      const std::size_t may = budget.available(now);
      budget.spend(may, now);
      window.emplace_back(now, may);
      in_window += may;
      while (window.front().first <= now - 10s) {
        in_window -= window.front().second;
        window.pop_front();
      }
      most = std::max(most, in_window);
    }
    EXPECT_LE(static_cast<double>(most), 10 * rate) << rate;
    EXPECT_GE(static_cast<double>(most), std::floor(10 * rate * 0.98)) << rate;
  }
}

TEST(CallBudget, WhatIsNotUsedIsNotSaved) {
  CallBudget budget(1000);
  budget.spend(1, kStart);
  Time now = kStart + 60s;
  EXPECT_LE(spend_all(budget, now, 1s), 1100);
}

TEST(CallBudget, TheTimeToWaitIsNotInVain) {
  CallBudget budget(7);
  Time now = kStart;
  for (int i = 0; i < 100; ++i) {
    now += budget.wait_time(now);
    ASSERT_EQ(budget.available(now), 1);
    budget.spend(1, now);
    ASSERT_EQ(budget.available(now), 0);
    ASSERT_GT(budget.wait_time(now), 0s);
  }
}

TEST(CallBudget, CallsThatDidNotWaitAreMadeUpFor) {
  CallBudget budget(100);
  Time now = kStart;
  budget.spend(201, now);
  EXPECT_EQ(budget.available(now + 1900ms), 0);
  EXPECT_EQ(budget.available(now + 2200ms), 10);
}

TEST(CallBudget, AShareOfTheWhole) {
  CallBudget budget(1000);
  Time now = kStart;
  budget.spend(budget.available(now), now);
  budget.set_share(0.25);
  EXPECT_NEAR(static_cast<double>(spend_all(budget, now, 4s)), 1000, 20);
  budget.set_share(1);  // the others have ended
  EXPECT_NEAR(static_cast<double>(spend_all(budget, now, 4s)), 3960, 40);
  CallBudget unlimited(0);
  unlimited.set_share(0.5);
  EXPECT_FALSE(unlimited.limited());
}

TEST(CallBudget, TheTimeIsTheCallers) {
  for (const Time start : {Time{}, Time{1s}, Time{100'000'000s}}) {
    CallBudget budget(100);
    Time now = start;
    EXPECT_NEAR(static_cast<double>(spend_all(budget, now, 10s)), 990, 2);
    budget.set_share(0.5);
    EXPECT_NEAR(static_cast<double>(spend_all(budget, now, 10s)), 495, 10);
  }
}

TEST(CallBudget, AClockThatStandsStill) {
  CallBudget budget(1000);
  budget.spend(1, kStart);
  const Time now = kStart + 1s;
  budget.spend(100, now);
  budget.spend(0, now - 10s);
  EXPECT_EQ(budget.available(now), 0);
}

}  // namespace
}  // namespace rocketlink
