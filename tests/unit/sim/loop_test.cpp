#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <asio/error.hpp>
#include <chrono>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "sim/sim_loop.h"
#include "sim/world.h"
#include "unit/sim/pair.h"

namespace rocketlink::sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(SimLoop, RunsWhatIsPostedInOrderAndNotAtOnce) {
  World world(1);
  const auto loop = world.process("one").event_loop();
  std::vector<int> order;
  for (int i = 0; i < 100; ++i) loop->post([&order, i] { order.push_back(i); });
  EXPECT_THAT(order, IsEmpty());
  EXPECT_FALSE(loop->on_loop_thread());
  loop->run_and_wait([&] {
    EXPECT_TRUE(loop->on_loop_thread());
    EXPECT_EQ(order.size(), 100U) << "run_and_wait waits for its turn";
    loop->post([&] { order.push_back(100); });
    EXPECT_EQ(order.size(), 100U);
  });
  world.run_for(1s);
  std::vector<int> all(101);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(order, all);
}

TEST(SimLoop, WhenSeveralLoopsGetToTheirWorkIsDrawnFromTheSeed) {
  const auto order = [](std::uint64_t seed) {
    World world(seed);
    std::vector<std::unique_ptr<net::EventLoop>> loops;
    std::string came;
    for (char name = 'a'; name != 'k'; ++name) {
      loops.push_back(world.process("one").event_loop());
      loops.back()->post([&came, name] { came += name; });
    }
    world.run_for(1s);
    return came;
  };
  EXPECT_EQ(order(1), order(1));
  EXPECT_NE(order(1), order(2));
}

TEST(SimTimer, IsNeverEarlyAndMayBeLate) {
  Options options;
  options.delays.often_long = 0.2;
  World world(1, options);
  Process& process = world.process("one");
  const auto loop = process.event_loop();
  bool late = false;
  std::vector<std::unique_ptr<net::Timer>> timers;
  int came = 0;
  loop->run_and_wait([&] {
    for (int i = 0; i < 100; ++i) {
      timers.push_back(loop->timer());
      const SteadyTime when = process.now() + std::chrono::milliseconds(i);
      timers.back()->set(when, [&, when] {
        ++came;
        EXPECT_TRUE(loop->on_loop_thread());
        EXPECT_GE(process.now(), when);
        late |= process.now() > when + 100us;
      });
    }
  });
  world.run_for(1s);
  EXPECT_EQ(came, 100);
  EXPECT_TRUE(late);
  EXPECT_GT(world.count(Mishap::kLateWake), 0U);
}

TEST(SimTimer, RunsOnlyWhatItWasSetToLast) {
  World world(1);
  Process& process = world.process("one");
  const auto loop = process.event_loop();
  std::vector<std::string> came;
  std::unique_ptr<net::Timer> again;
  std::unique_ptr<net::Timer> cancelled;
  std::unique_ptr<net::Timer> destroyed;
  std::unique_ptr<net::Timer> never;
  std::unique_ptr<net::Timer> past;
  const auto word = std::make_shared<int>(0);  // of an action that will not run
  loop->run_and_wait([&] {
    const SteadyTime soon = process.now() + 1s;
    again = loop->timer();
    again->set(soon, [&, word] { came.emplace_back("old"); });
    again->set(soon + 1s, [&] {
      came.emplace_back("new");
      again->set(process.now() + 1s, [&] { came.emplace_back("newer"); });
    });
    cancelled = loop->timer();
    cancelled->set(soon, [&, word] { came.emplace_back("cancelled"); });
    cancelled->cancel();
    cancelled->cancel();
    destroyed = loop->timer();
    destroyed->set(soon, [&, word] { came.emplace_back("destroyed"); });
    destroyed.reset();
    never = loop->timer();
    never->set(SteadyTime::max(), [&] { came.emplace_back("never"); });
    past = loop->timer();
    past->set(SteadyTime{}, [&] { came.emplace_back("past"); });
    EXPECT_THAT(came, IsEmpty());
  });
  EXPECT_EQ(word.use_count(), 1);
  world.run_for(10s);
  EXPECT_THAT(came, ElementsAre("past", "new", "newer"));
}

TEST(SimTimer, BelongsToItsLoopsThread) {
  std::string failure;
  World world(1, keeping(failure));
  const auto loop = world.process("one").event_loop();
  const auto timer = loop->timer();
  EXPECT_THROW(timer->set(world.now(), [] {}), Failure);
  EXPECT_THAT(failure, HasSubstr("a timer is set elsewhere than on loop 1 of one"));
}

TEST(SimLoop, DestroysWhatItHasNotRun) {
  World world(1);
  Process& process = world.process("one");
  auto loop = process.event_loop();
  auto timer = loop->timer();
  const auto kept = std::make_shared<int>(0);
  loop->run_and_wait([&] { timer->set(world.now() + 1s, [kept] { FAIL(); }); });
  loop->post([kept] { FAIL(); });
  EXPECT_EQ(kept.use_count(), 3);
  loop.reset();
  EXPECT_EQ(kept.use_count(), 1);
  world.run_for(2s);
  timer.reset();  // may outlive its loop
}

TEST(SimLoop, DestroyedWithStreamsItDropsTheirHandlersAndConnections) {
  World world(1);
  const auto kept = std::make_shared<int>(0);
  Peer server(world, "server");
  server.listen(world);
  {
    auto loop = world.process("client").event_loop();
    std::array<std::uint8_t, 10> room{};
    loop->run_and_wait([&] {
      const auto stream = loop->stream(nullptr);
      stream->connect({asio::ip::address_v4::loopback(), server.listener->port()},
                      [&room, kept, stream](std::error_code) {
                        stream->read_some(room, [kept, stream](std::error_code, std::size_t) { FAIL(); });
                      });
      const auto nowhere = loop->stream(nullptr);
      nowhere->connect({asio::ip::address_v4(0x0affffffU), 1}, [kept, nowhere](std::error_code) { FAIL(); });
    });
    world.run_for(1s);
    EXPECT_EQ(kept.use_count(), 3);
    loop.reset();
    EXPECT_EQ(kept.use_count(), 1);
  }
  world.run_for(1s);
  EXPECT_TRUE(server.end.has_value());
}

class Resolve : public testing::Test {
 protected:
  std::vector<std::string> ask(World& world, const std::string& host) {
    Process& process = world.process("one");
    const auto loop = process.event_loop();
    std::optional<std::vector<std::string>> found;
    const SteadyTime begin = world.now();
    loop->run_and_wait([&] {
      loop->resolve(host, "9876", [&](std::error_code error, const std::vector<net::Endpoint>& endpoints) {
        EXPECT_EQ(endpoints.empty(), static_cast<bool>(error));
        EXPECT_TRUE(loop->on_loop_thread());
        found.emplace();
        for (const auto& endpoint : endpoints) {
          found->push_back(endpoint.address().to_string() + ":" + std::to_string(endpoint.port()));
        }
      });
      EXPECT_FALSE(found);
    });
    while (!found) world.run_for(10ms);
    took = world.now() - begin;
    return *found;
  }
  std::chrono::nanoseconds took{0};
};

TEST_F(Resolve, NamesHaveAddresses) {
  World world(1);
  world.network().name("mq.example", {world.network().address("a"), world.network().address("b")});
  EXPECT_THAT(ask(world, "mq.example"), ElementsAre("10.0.0.1:9876", "10.0.0.2:9876"));
  EXPECT_THAT(ask(world, "127.0.0.1"), ElementsAre("127.0.0.1:9876"));
  EXPECT_THAT(ask(world, "localhost"), ElementsAre("127.0.0.1:9876"));
  EXPECT_THAT(ask(world, "::1"), ElementsAre("::1:9876"));
  EXPECT_THAT(ask(world, "nowhere.example"), IsEmpty());
  EXPECT_LT(took, 100ms);
}

TEST_F(Resolve, MayBeSlowFailOrLeadNowhere) {
  World world(1);
  world.network().name("mq.example", {world.network().address("a")});
  world.network().set_names({.often_slow = 1, .often_failing = 0, .often_dead_address = 1});
  EXPECT_THAT(ask(world, "mq.example"), ElementsAre("10.255.255.255:9876", "10.0.0.1:9876"));
  world.network().set_names({.often_slow = 0, .often_failing = 1, .often_dead_address = 0});
  EXPECT_THAT(ask(world, "mq.example"), IsEmpty());
  EXPECT_EQ(world.count(Mishap::kSlowName), 1U);
  EXPECT_EQ(world.count(Mishap::kDeadAddress), 1U);
  EXPECT_EQ(world.count(Mishap::kNoName), 1U);
}

}  // namespace
}  // namespace rocketlink::sim
