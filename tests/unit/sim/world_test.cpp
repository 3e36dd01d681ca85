#include "sim/world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <asio/error.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sim/chaos.h"
#include "sim/fault_plan.h"

namespace rocketlink::sim {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Key;

/// Answers every byte with the same, on as many connections as come.
class Echo {
 public:
  Echo(World& world, Process& process) : loop_(process.event_loop()) {
    loop_->run_and_wait([&] {
      listener_ = world.network().listen(*loop_, kPort, [](std::shared_ptr<net::Stream> stream) {
        std::make_shared<Session>(std::move(stream))->read();
      });
    });
  }
  ~Echo() {
    loop_->run_and_wait([&] { listener_.reset(); });
  }
  Echo(const Echo&) = delete;
  Echo& operator=(const Echo&) = delete;

  static constexpr std::uint16_t kPort = 7;

 private:
  struct Session : std::enable_shared_from_this<Session> {
    explicit Session(std::shared_ptr<net::Stream> of) : stream(std::move(of)) {}
    void read() {
      stream->read_some(room, [self = shared_from_this()](std::error_code error, std::size_t count) {
        if (error) {
          self->stream->close();
          return;
        }
        const std::string_view bytes(reinterpret_cast<const char*>(self->room.data()), count);
        self->stream->write({bytes}, [self](std::error_code failed) {
          if (failed) {
            self->stream->close();
          } else {
            self->read();
          }
        });
      });
    }
    std::shared_ptr<net::Stream> stream;
    std::array<std::uint8_t, 512> room{};
  };
  std::unique_ptr<net::EventLoop> loop_;
  std::unique_ptr<mock::Listener> listener_;
};

/// Sends numbers and waits for each to come back; what is not answered in time it sends again on a new connection.
class Asker {
 public:
  Asker(Process& process, int numbers)
      : process_(process),
        loop_(process.event_loop()),
        changed_(process.condition()),
        thread_(process.spawn("asker", [this, numbers] { run(numbers); })) {}
  ~Asker() {
    thread_->join();
    loop_->run_and_wait([&] {
      if (stream_) stream_->close();
    });
  }
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;

  [[nodiscard]] bool done() const { return done_; }

 private:
  void run(int numbers) {
    for (int number = 0; number < numbers;) {
      if (ask(std::to_string(number) + '\n')) ++number;
      process_.sleep_for(std::chrono::milliseconds(process_.random() % 100));
    }
    done_ = true;
  }
  bool ask(const std::string& text) {
    const int turn = ++turn_;
    auto question = std::make_shared<std::string>(text);
    loop_->post([this, turn, question] {
      answer_.clear();
      if (stream_) {
        put(stream_, turn, question);
        return;
      }
      stream_ = loop_->stream(nullptr);
      stream_->connect({asio::ip::address_v4::loopback(), Echo::kPort},
                       [this, turn, question, stream = stream_](std::error_code error) {
                         if (error || turn != turn_) return give_up(stream);
                         put(stream, turn, question);
                         read(stream);
                       });
    });
    std::unique_lock lock(mutex_);
    const bool answered =
        changed_->wait_until(lock, process_.now() + 2s, [&] { return answer_ == *question && written_ == turn; });
    ++turn_;
    if (!answered) loop_->post([this] { give_up(stream_); });
    return answered;
  }
  void put(const std::shared_ptr<net::Stream>& stream, int turn, const std::shared_ptr<std::string>& question) {
    if (turn != turn_) return;
    stream->write({*question}, [this, turn, question](std::error_code) {
      const std::lock_guard lock(mutex_);
      written_ = turn;
      changed_->notify_all();
    });
  }
  void read(const std::shared_ptr<net::Stream>& stream) {
    const auto room = std::make_shared<std::array<std::uint8_t, 64>>();
    stream->read_some(*room, [this, stream, room](std::error_code error, std::size_t count) {
      if (error) return give_up(stream);
      const std::lock_guard lock(mutex_);
      if (stream == stream_) answer_.append(reinterpret_cast<const char*>(room->data()), count);
      changed_->notify_all();
      read(stream);
    });
  }
  void give_up(const std::shared_ptr<net::Stream>& stream) {
    if (!stream) return;
    stream->close();
    if (stream == stream_) stream_.reset();
  }

  Process& process_;
  std::unique_ptr<net::EventLoop> loop_;
  std::mutex mutex_;
  std::unique_ptr<Condition> changed_;
  int turn_ = 0;
  int written_ = 0;  ///< in which turn the latest write ended
  bool done_ = false;
  std::string answer_;
  std::shared_ptr<net::Stream> stream_;
  std::unique_ptr<Process::Running> thread_;
};

struct History {
  std::uint64_t hash = 0;
  std::string trace;
  std::map<std::string, std::uint64_t> mishaps;
  std::uint64_t events = 0;
};

/// Askers and a server that dies now and then, in a world of a seed. Once its mishaps are over all is asked soon.
History live(std::uint64_t seed, const FaultPlan& plan) {
  History result;
  Options options;
  options.trace = [&](std::string_view line) { (result.trace += line) += '\n'; };
  options.events_per_second = 100'000;
  World world(seed, options);
  auto server = std::make_unique<Echo>(world, world.process("server"));
  {
    Chaos chaos(world, plan);
    chaos.add({.process = "server", .crash = [&](Death death) {
                 world.process("server").kill(death);
                 server.reset();
                 world.run_for(1s);
                 server = std::make_unique<Echo>(world, world.process("server"));
               }});
    chaos.add({.process = "first", .crash = nullptr});
    chaos.add({.process = "second", .crash = nullptr});
    chaos.begin();
    const Asker first(world.process("first"), 200);
    const Asker second(world.process("second"), 200);
    world.run_for(120s);
    chaos.end();
    world.run_for(60s);
    EXPECT_TRUE(first.done() && second.done()) << "seed " << seed << ", " << plan.text();
  }
  server.reset();
  result.hash = world.trace().hash();
  result.mishaps = world.mishaps();
  result.events = world.scheduler().events();
  return result;
}

History live(std::uint64_t seed) {
  return live(seed, FaultPlan::draw(Random(seed).stream("plan")));
}

TEST(World, TheSameSeedGivesTheSameTraceByteByByte) {
  std::set<std::uint64_t> hashes;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const History first = live(seed);
    const History second = live(seed);
    EXPECT_EQ(first.hash, second.hash);
    EXPECT_EQ(first.trace, second.trace);
    EXPECT_EQ(first.mishaps, second.mishaps);
    EXPECT_EQ(first.events, second.events);
    EXPECT_GT(first.trace.size(), 1000U);
    hashes.insert(first.hash);
  }
  EXPECT_EQ(hashes.size(), 6U) << "and another seed another one";
}

/// What a run of this world gives is written down here, so that compilers, levels of optimisation and sanitizers are
/// compared with each other. A change of the simulation changes it; a change of the compiler must not.
TEST(World, EveryBuildGivesTheSameTrace) {
  EXPECT_EQ(live(1).hash, 18418702067771844942U);
  EXPECT_EQ(live(2).hash, 8598624109252092524U);
}

TEST(World, EveryKindOfMishapHappens) {
  std::map<std::string, std::uint64_t> all;
  for (std::uint64_t seed = 100; seed < 140; ++seed) {
    for (const auto& [name, count] : live(seed).mishaps) all[name] += count;
  }
  for (std::size_t i = 0; i < kMishaps; ++i) {
    const auto mishap = static_cast<Mishap>(i);
    // No names are asked for in that world, and its questions are small.
    if (mishap == Mishap::kSlowName || mishap == Mishap::kNoName || mishap == Mishap::kDeadAddress) continue;
    if (mishap == Mishap::kFullBuffer) continue;
    EXPECT_THAT(all, Contains(Key(std::string(name_of(mishap)))));
  }
}

TEST(World, WithoutAPlanNothingGoesWrong) {
  const History calm = live(1, FaultPlan());
  for (const auto& [name, count] : calm.mishaps) EXPECT_EQ(name, "late wake") << count;
}

TEST(FaultPlan, SwitchesEachKindOnForSomeSeeds) {
  std::array<int, kMishaps> chosen{};
  std::set<std::string> texts;
  std::set<double> weights;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const FaultPlan plan = FaultPlan::draw(Random(seed));
    for (std::size_t i = 0; i < kMishaps; ++i) chosen.at(i) += plan.chosen.at(i) ? 1 : 0;
    texts.insert(plan.text());
    weights.insert(plan.links.often_late);
    EXPECT_EQ(plan.has(Mishap::kReset), plan.links.often_reset > 0);
    EXPECT_EQ(plan.has(Mishap::kCrash), plan.crashes.every.count() > 0);
  }
  EXPECT_THAT(chosen, Each(testing::AllOf(testing::Gt(50), testing::Lt(150))));
  EXPECT_GT(texts.size(), 150U);
  EXPECT_GT(weights.size(), 30U);
  EXPECT_EQ(FaultPlan().text(), "none");
}

TEST(Trace, ShowsTheNewestLinesAndHashesAll) {
  World world(1);
  Process& process = world.process("runner");
  const std::uint64_t before = world.trace().hash();
  for (int i = 0; i < 300; ++i) process.log("line " + std::to_string(i));
  EXPECT_NE(world.trace().hash(), before);
  world.run_for(1s);
  world.trace().note(world.now(), "world", "{0} and {2}, {3}", {1, 2, 3}, "text");
  EXPECT_THAT(world.trace().newest(),
              AllOf(HasSubstr("     0.000000000 runner: line 299\n"), testing::Not(HasSubstr("line 1\n")),
                    testing::EndsWith("     1.000000000 world: 1 and 3, text\n")));
}

}  // namespace
}  // namespace rocketlink::sim
