#include "sim/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "sim/world.h"

namespace rocketlink::sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Ge;

TEST(Process, StandsStillWhileItIsPaused) {
  World world(1);
  Process& paused = world.process("paused");
  Process& other = world.process("other");
  const SteadyTime start = world.now();
  const auto loop = paused.event_loop();
  const auto timer = loop->timer();
  std::vector<std::string> order;
  const auto at = [&](const std::string& what) {
    order.push_back(what);
    EXPECT_GE(world.now(), start + 10s) << what;
  };
  const auto thread = paused.spawn("thread", [&] {
    paused.sleep_until(start + 3s);
    at("thread");
  });
  loop->run_and_wait([&] { timer->set(start + 2s, [&] { at("timer"); }); });
  int others = 0;
  const auto busy = other.spawn("busy", [&] {
    for (int i = 0; i < 12; ++i) {
      other.sleep_for(1s);
      ++others;
    }
  });
  paused.pause_until(start + 10s);
  loop->post([&] { at("posted"); });
  loop->post([&] { at("posted after it"); });
  world.run_for(9s);
  EXPECT_GE(others, 8);
  EXPECT_THAT(order, ElementsAre());
  EXPECT_GE(paused.now(), start + 9s) << "the clock goes on";
  thread->join();
  busy->join();
  EXPECT_THAT(order, ElementsAre("posted", "posted after it", "timer", "thread")) << "as it would have come";
  EXPECT_EQ(world.count(Mishap::kPause), 1U);
}

TEST(Process, APauseMayBeEndedOrProlonged) {
  World world(1);
  Process& process = world.process("one");
  const SteadyTime start = world.now();
  SteadyTime woke;
  auto thread = process.spawn("thread", [&] {
    process.sleep_until(start + 1s);
    woke = process.now();
  });
  process.pause_until(start + 60s);
  process.pause_until(start + 5s);
  world.run_for(3s);
  process.resume();
  thread->join();
  EXPECT_LT(woke, start + 4s);
  const auto lets_go = process.spawn("other", [&] { woke = process.now(); });
  process.pause_until(world.now() + 1s);
  process.pause_until(world.now() + 10s);
  lets_go->join();
  EXPECT_GE(woke, start + 13s);
}

TEST(Process, AThreadPausesItsOwnProcess) {
  World world(1);
  Process& process = world.process("one");
  const SteadyTime start = world.now();
  const auto thread = process.spawn("thread", [&] {
    process.pause_until(start + 5s);
    process.yield();
    EXPECT_GE(process.now(), start + 5s);
  });
  thread->join();
  EXPECT_GE(world.now(), start + 5s);
}

TEST(Process, WhatIsHeldCanBeCancelled) {
  World world(1);
  Process& process = world.process("one");
  const auto loop = process.event_loop();
  const auto timer = loop->timer();
  loop->run_and_wait([&] { timer->set(world.now() + 1s, [] { FAIL(); }); });
  process.pause_until(world.now() + 5s);
  world.run_for(2s);
  timer->cancel();
  world.run_for(10s);
}

TEST(Process, WallClocksGoWithTimeAndJump) {
  World world(1);
  Process& one = world.process("one");
  Process& other = world.process("other");
  EXPECT_EQ(one.wall_clock_ms(), 1'795'996'800'000);
  world.run_for(1500ms);
  EXPECT_EQ(one.wall_clock_ms(), 1'795'996'801'500);
  const SteadyTime now = one.now();
  one.move_wall_clock(-1h);
  EXPECT_EQ(one.wall_clock_ms(), 1'795'993'201'500);
  EXPECT_EQ(one.now(), now);
  EXPECT_EQ(other.wall_clock_ms(), 1'795'996'801'500);
}

TEST(Process, WhatOneDrawsDoesNotMoveTheOthers) {
  World plain(5);
  World drawn(5);
  for (int i = 0; i < 10; ++i) (void)drawn.process("one").random();
  EXPECT_EQ(plain.process("other").random(), drawn.process("other").random());
  EXPECT_NE(plain.process("one").random(), drawn.process("one").random());
  World another(6);
  EXPECT_NE(plain.process("third").random(), another.process("third").random());
}

TEST(Process, DiesAndComesBackByItsName) {
  World world(1);
  Process& first = world.process("one");
  EXPECT_EQ(&world.process("one"), &first);
  bool done = false;
  const auto ghost = first.spawn("ghost", [&] {
    first.sleep_for(10s);
    done = true;
  });
  first.pause_until(world.now() + 60s);
  first.kill();
  first.kill();
  EXPECT_FALSE(first.alive());
  EXPECT_EQ(world.living("one"), nullptr);
  Process& second = world.process("one");
  EXPECT_NE(&second, &first);
  EXPECT_TRUE(second.alive());
  EXPECT_EQ(second.incarnation(), 1U);
  EXPECT_NE(second.random(), first.random());
  ghost->join();  // goes on, and can be ended in an orderly way
  EXPECT_TRUE(done);
  EXPECT_LT(world.now(), SteadyTime(1000s) + 11s) << "death ends the pause";
  EXPECT_EQ(world.count(Mishap::kCrash), 1U);
}

}  // namespace
}  // namespace rocketlink::sim
