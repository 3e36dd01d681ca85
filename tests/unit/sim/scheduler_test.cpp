#include "sim/scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <mutex>
#include <string>
#include <vector>

#include "sanitized.h"
#include "sim/world.h"
#include "unit/sim/pair.h"

namespace rocketlink::sim {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(Scheduler, EventsComeByTimeAndThoseOfOneTimeInTheirOrder) {
  World world(1);
  std::vector<int> order;
  const SteadyTime start = world.now();
  const auto at = [&](std::chrono::nanoseconds time, int number) {
    return world.scheduler().at(start + time, world.executor(), [&order, number] { order.push_back(number); });
  };
  at(3s, 5);
  at(1s, 1);
  at(2s, 3);
  const EventId cancelled = at(2s, 99);
  at(2s, 4);
  at(1s, 2);
  world.scheduler().cancel(cancelled);
  world.run_for(10s);
  EXPECT_THAT(order, ElementsAre(1, 2, 3, 4, 5));
  EXPECT_EQ(world.now(), start + 10s);
}

TEST(Scheduler, ManyEventsAreOrderedWhileSomeAreCancelled) {
  World world(1);
  Random random(3);
  std::vector<SteadyTime> came;
  std::vector<EventId> events;
  for (int i = 0; i < 5000; ++i) {
    const SteadyTime when = world.now() + std::chrono::nanoseconds(random.below(1'000'000));
    events.push_back(world.scheduler().at(when, world.executor(), [&, when] {
      EXPECT_EQ(world.now(), when);
      came.push_back(when);
    }));
  }
  for (int i = 0; i < 5000; i += 2) world.scheduler().cancel(events[random.below(5000)]);
  world.run_for(1s);
  EXPECT_TRUE(std::is_sorted(came.begin(), came.end()));
  EXPECT_GT(came.size(), 2500U);
  EXPECT_LT(came.size(), 3500U);
}

TEST(Scheduler, ThreadsBlockAndAreJoined) {
  World world(1);
  Process& process = world.process("one");
  std::vector<std::string> order;
  const auto slow = process.spawn("slow", [&] {
    process.sleep_for(2s);
    order.emplace_back("slow");
  });
  const auto quick = process.spawn("quick", [&] {
    process.sleep_for(1s);
    order.emplace_back("quick");
  });
  slow->join();
  quick->join();
  EXPECT_THAT(order, ElementsAre("quick", "slow"));
}

TEST(Scheduler, AConditionWakesItsThreadsAndADeadlineEndsTheWait) {
  World world(1);
  Process& process = world.process("one");
  std::mutex mutex;
  bool ready = false;
  const auto condition = process.condition();
  const auto thread = process.spawn("setter", [&] {
    process.sleep_for(1s);
    const std::lock_guard lock(mutex);
    ready = true;
    condition->notify_all();
  });
  std::unique_lock lock(mutex);
  const SteadyTime start = process.now();
  EXPECT_FALSE(condition->wait_until(lock, start + 500ms, [&] { return ready; }));
  EXPECT_GE(process.now(), start + 500ms);
  EXPECT_TRUE(condition->wait_until(lock, start + 5s, [&] { return ready; }));
  EXPECT_TRUE(lock.owns_lock());
  EXPECT_LT(process.now(), start + 2s);
  EXPECT_FALSE(condition->wait_until(lock, start, [&] { return false; })) << "a deadline that is over already";
}

TEST(Scheduler, AConditionMayWakeForNoReason) {
  Options options;
  options.delays.often_spurious = 1;
  World world(1, options);
  Process& process = world.process("one");
  std::mutex mutex;
  const auto condition = process.condition();
  std::unique_lock lock(mutex);
  int looks = 0;
  const SteadyTime deadline = process.now() + 10s;
  EXPECT_FALSE(condition->wait_until(lock, deadline, [&] {
    ++looks;
    return false;
  }));
  EXPECT_GE(process.now(), deadline);
  EXPECT_GT(looks, 2);
  EXPECT_EQ(world.count(Mishap::kSpuriousWake), static_cast<std::uint64_t>(looks) - 2);
}

TEST(Scheduler, ExceptionsStayWithTheirThreads) {
  World world(1);
  Process& process = world.process("one");
  std::vector<std::string> caught;
  const auto fall = [&](const std::string& name) {
    try {
      throw std::runtime_error(name);
    } catch (const std::runtime_error& error) {
      process.sleep_for(1s);  // the others are in their handlers, too
      caught.emplace_back(error.what());
      try {
        std::rethrow_exception(std::current_exception());
      } catch (const std::runtime_error& again) {
        process.sleep_for(1s);
        caught.emplace_back(again.what());
      }
    }
    EXPECT_EQ(std::current_exception(), nullptr);
  };
  const auto first = process.spawn("first", [&] { fall("first"); });
  const auto second = process.spawn("second", [&] { fall("second"); });
  fall("main");
  first->join();
  second->join();
  EXPECT_THAT(caught, testing::UnorderedElementsAre("first", "first", "second", "second", "main", "main"));
}

TEST(Scheduler, ADeadlockSaysWhoWaitsForWhat) {
  std::string failure;
  World world(1, keeping(failure));
  Process& process = world.process("runner");
  std::mutex mutex;
  bool ready = false;
  const auto condition = process.condition();
  const auto thread = process.spawn("poller", [&] {
    process.sleep_for(3s);
    std::unique_lock lock(mutex);
    condition->wait(lock, [&] { return ready; });
  });
  EXPECT_THROW(thread->join(), Failure);
  EXPECT_THAT(failure, AllOf(HasSubstr("seed 1"), HasSubstr("at 3.0"), HasSubstr("nothing is left to run"),
                             HasSubstr("thread poller of runner waits for condition 1 of runner (addr2line 0x"),
                             HasSubstr("thread main of world waits for the end of thread poller")));
  // Whoever got the failure can mend it.
  ready = true;
  condition->notify_all();
  thread->join();
}

TEST(Scheduler, ADeadlineIsNoDeadlock) {
  std::string failure;
  World world(1, keeping(failure));
  world.run_for(std::chrono::hours(1000));
  EXPECT_EQ(failure, "");
}

TEST(Scheduler, ABusyLoopIsAFailure) {
  std::string failure;
  Options options = keeping(failure);
  options.events_per_second = 1000;
  World world(1, options);
  for (int i = 0; i < 20; ++i) {  // much, but not within a second
    for (int j = 0; j < 500; ++j) world.scheduler().at(world.now(), world.executor(), [] {});
    world.run_for(1s);
  }
  std::function<void()> spin = [&] { world.scheduler().at(world.now(), world.executor(), spin); };
  spin();
  EXPECT_THROW(world.run_for(1s), Failure);
  EXPECT_THAT(failure, HasSubstr("more than 1000 events in a second"));
}

TEST(Scheduler, TheWorldMayHaveAnEnd) {
  std::string failure;
  Options options = keeping(failure);
  options.longest = 10s;
  World world(1, options);
  world.run_for(9s);
  EXPECT_THROW(world.run_for(2s), Failure);
  EXPECT_THAT(failure, HasSubstr("the world's time is over"));
}

TEST(Scheduler, WhatRunsOnALoopMustNotBlock) {
  std::string failure;
  World world(1, keeping(failure));
  Process& process = world.process("one");
  const auto loop = process.event_loop();
  loop->post([&] { process.sleep_for(1s); });
  EXPECT_THROW(world.run_for(1s), Failure);
  EXPECT_THAT(failure, HasSubstr("loop 1 of one must not block, but waits for the time to pass"));
}

TEST(Scheduler, AMutexThatIsHeldWhileBlockingIsFound) {
  std::string failure;
  World world(1, keeping(failure));
  Process& process = world.process("one");
  std::mutex mutex;
  const auto condition = process.condition();
  const auto holder = process.spawn("holder", [&] {
    process.sleep_for(1s);
    const std::lock_guard lock(mutex);
    process.sleep_for(1min);
  });
  {
    std::unique_lock lock(mutex);
    const SteadyTime deadline = process.now() + 10s;
    EXPECT_THROW(condition->wait_until(lock, deadline, [] { return false; }), Failure);
  }
  EXPECT_THAT(failure, HasSubstr("a thread blocks while it holds the mutex of condition 1 of one"));
  holder->join();
}

TEST(SchedulerDeathTest, AFailureEndsTheProgramWithTheNewestEvents) {
  EXPECT_DEATH(
      {
        World world(77);
        world.process("runner").log("the last word");
        world.fail("a judge says no");
      },
      AllOf(HasSubstr("The newest events"), HasSubstr("runner: the last word"),
            HasSubstr("seed 77, at 0.000000000: a judge says no")));
}

TEST(SchedulerDeathTest, ALoopThatOutlivesItsWorldIsAFailure) {
  EXPECT_DEATH(
      {
        std::unique_ptr<net::EventLoop> loop;
        World world(1);
        loop = world.process("one").event_loop();
      },
      HasSubstr("1 event loops are left"));
}

/// A bound that only a defect misses: ten times what it takes, on a machine that does something else as well.
TEST(Scheduler, AMillionEventsAndTensOfThousandsOfSwitchesTakeNoTime) {
  const auto begin = std::chrono::steady_clock::now();
  World world(1);
  constexpr int kEvents = test::kSanitized ? 100'000 : 1'000'000;
  int left = kEvents;
  std::function<void()> next = [&] {
    if (--left > 0) world.scheduler().at(world.now() + 1us, world.executor(), [&] { next(); });
  };
  next();
  world.run_for(10s);
  EXPECT_EQ(left, 0);
  const auto events = std::chrono::steady_clock::now();
  Process& process = world.process("one");
  constexpr int kSwitches = test::kSanitized ? 5000 : 50'000;
  const auto turn = [&] {
    for (int i = 0; i < kSwitches / 2; ++i) process.yield();
  };
  const auto first = process.spawn("first", turn);
  const auto second = process.spawn("second", turn);
  first->join();
  second->join();
  const auto end = std::chrono::steady_clock::now();
  RecordProperty("events_ms", static_cast<int>((events - begin) / 1ms));
  RecordProperty("switches_ms", static_cast<int>((end - events) / 1ms));
  EXPECT_LT(events - begin, 10s);
  EXPECT_LT(end - events, 2s);
}

}  // namespace
}  // namespace rocketlink::sim
