#include "sim/scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "sanitized.h"
#include "sim/world.h"

namespace rocketlink::sim {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

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
}

}  // namespace
}  // namespace rocketlink::sim
