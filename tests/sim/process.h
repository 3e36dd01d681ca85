#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "rocketlink/runtime.h"
#include "sim/random.h"
#include "sim/scheduler.h"

namespace rocketlink::sim {

class World;

/// How long after its time a thread gets to run: anything up to `usual`; now and then up to `longest`.
struct Delays {
  std::chrono::nanoseconds usual{50'000};
  std::chrono::nanoseconds longest{20'000'000};
  double often_long = 0.001;
  double often_spurious = 0;  ///< how often a wait on a condition ends for no reason
};

/// How a process ends.
enum class Death : std::uint8_t {
  kProcess,  ///< the machine closes its connections: what was written is still sent, some of it or all
  kMachine,  ///< no word to anyone: peers find out when they write to the machine once it is back, or by their patience
};

/// A process of a world: what runs in it gets time, chance, waiting and the network from it.
///
/// A killed process is a ghost: nothing of it reaches anyone any more, but its threads and loops go on, and whoever
/// started them stops and joins them as at any end (Runtime's rule that it outlives what was made of it holds). What it
/// writes elsewhere than to the network is to be ignored by whoever keeps that: `alive` tells. World::process gives a
/// new one of the same name, that can be started before the ghost has gone.
class Process final : public Runtime {
 public:
  /// A thread of a process. Joins in the end.
  class Running {
   public:
    Running(Scheduler& scheduler, Thread& thread) : scheduler_(scheduler), thread_(&thread) {}
    ~Running() { join(); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    void join();

   private:
    Scheduler& scheduler_;
    Thread* thread_;
  };

  Process(World& world, std::string name, std::uint64_t incarnation);

  [[nodiscard]] SteadyTime now() const override;
  [[nodiscard]] std::int64_t wall_clock_ms() const override;
  [[nodiscard]] std::uint32_t random() override { return static_cast<std::uint32_t>(random_.next() >> 32U); }
  [[nodiscard]] std::string identity() const override;
  [[nodiscard]] std::unique_ptr<Condition> condition() override;
  [[nodiscard]] std::unique_ptr<net::EventLoop> event_loop() override;

  [[nodiscard]] const std::string& name() const { return name_; }
  /// 0, and one more after each death.
  [[nodiscard]] std::uint64_t incarnation() const { return incarnation_; }
  [[nodiscard]] bool alive() const { return alive_; }

  [[nodiscard]] std::unique_ptr<Running> spawn(std::string name, std::function<void()> body);
  /// For the calling thread, which need not be one of the process.
  void sleep_until(SteadyTime when);
  void sleep_for(std::chrono::nanoseconds time) { sleep_until(now() + time); }
  /// Lets others run, and is a moment at which the process may be paused or killed: for between two calls.
  void yield() { sleep_until(now()); }
  /// The clock goes on, nothing of it runs. The calling thread, if it is of this process, stops when it blocks next.
  void pause_until(SteadyTime when);
  void resume();
  void kill(Death death = Death::kProcess);
  /// The wall clock jumps; what `now` says does not.
  void move_wall_clock(std::chrono::milliseconds by);
  /// A line of the trace.
  void log(std::string_view text);

  [[nodiscard]] World& world() { return world_; }
  [[nodiscard]] Group& group() { return group_; }
  /// When a thread that can run now will.
  [[nodiscard]] SteadyTime soon() { return late(now()); }
  /// When a thread that is to run at `when` will: never before.
  [[nodiscard]] SteadyTime late(SteadyTime when);
  /// When a wait that begins now ends for no reason; mostly never.
  [[nodiscard]] SteadyTime spurious_wake();

 private:
  World& world_;
  std::string name_;
  std::uint64_t incarnation_;
  Group group_;
  bool alive_ = true;
  Random random_;  ///< what the process draws from
  Random delays_;  ///< what the world draws for it
  std::chrono::milliseconds wall_clock_moved_{0};
  std::uint64_t conditions_ = 0;
  std::uint64_t loops_ = 0;
  EventId end_of_pause_;
};

}  // namespace rocketlink::sim
