#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/mishaps.h"
#include "sim/process.h"
#include "sim/random.h"
#include "sim/scheduler.h"
#include "sim/sim_network.h"
#include "sim/trace.h"

namespace rocketlink::sim {

struct Options {
  Delays delays;
  Trace::Sink trace;
  /// What the clocks of all processes show at first: 2026-11-30 00:00:00 UTC.
  std::int64_t wall_clock_ms = 1'795'996'800'000;
  std::uint64_t events_per_second = 0;  ///< more in one virtual second are a failure; 0: no limit
  std::chrono::nanoseconds longest{0};  ///< of virtual time: more is a failure; 0: no limit
  /// Given a failure's text, wherever it is found. Empty: prints it and aborts. Where it returns, the main thread gets
  /// a Failure thrown out of what it waits in.
  Scheduler::OnFailure on_failure;
};

/// Everything that a test's processes are in: time, chance and a network, all of one seed. Whoever makes it is its main
/// thread, and belongs to no process; others run while that blocks. Thus a test's body is a thread like the others:
///
///   World world(seed);
///   mock::MockCluster cluster({}, world.process("servers"), &world.network());
///   Process& runner = world.process("runner");  // a Runtime
///   const auto thread = runner.spawn("reader", [&] { … poll, flush, commit … });
///   runner.pause_until(world.now() + 5s);
///   world.network().cut("runner", "servers");
///   world.run_for(10s);
///   thread->join();
///
/// What has loops and threads ends before the world does; whatever is left is a failure.
class World {
 public:
  explicit World(std::uint64_t seed, Options options = {});
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  [[nodiscard]] SteadyTime now() const { return scheduler_.now(); }
  /// The right time, from which the clocks of processes may differ.
  [[nodiscard]] std::int64_t wall_clock_ms() const;
  /// A generator of its own by a name.
  [[nodiscard]] Random random(std::string_view name) const { return Random(seed_).stream(name); }

  /// The living process of a name, made the first time and after a death.
  [[nodiscard]] Process& process(const std::string& name);
  /// Null when it is dead or was never made.
  [[nodiscard]] Process* living(const std::string& name);
  [[nodiscard]] SimNetwork& network() { return network_; }
  [[nodiscard]] Trace& trace() { return trace_; }
  /// The main thread waits for so long.
  void run_for(std::chrono::nanoseconds time);
  /// What is found wrong: by a judge, for instance.
  [[noreturn]] void fail(const std::string& what);

  [[nodiscard]] Scheduler& scheduler() { return scheduler_; }
  /// For what happens in the world and in no process.
  [[nodiscard]] Executor& executor() { return executor_; }
  [[nodiscard]] const Delays& delays() const { return options_.delays; }
  void set_delays(const Delays& delays) { options_.delays = delays; }

  /// Something went wrong, as it was to.
  void happened(Mishap mishap) { ++happened_[static_cast<std::size_t>(mishap)]; }
  [[nodiscard]] std::uint64_t count(Mishap mishap) const { return happened_[static_cast<std::size_t>(mishap)]; }
  /// How often each mishap has happened, by its name; those that have not are left out.
  [[nodiscard]] std::map<std::string, std::uint64_t> mishaps() const;

  /// A loop tells that it is there, or that it has ended.
  void loop_begins() { ++loops_; }
  void loop_ends() { --loops_; }

 private:
  void report(const std::string& text);

  const std::uint64_t seed_;
  Options options_;
  SteadyTime start_;
  Trace trace_;
  Group group_{.name = "world", .held = false, .kept = {}};
  Executor executor_{.group = group_, .name = "world"};
  std::map<std::string, std::vector<std::unique_ptr<Process>>> processes_;  ///< of each name, the newest last
  Scheduler scheduler_;
  SimNetwork network_;
  std::array<std::uint64_t, kMishaps> happened_{};
  int loops_ = 0;  ///< that are there
};

}  // namespace rocketlink::sim
