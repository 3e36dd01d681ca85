#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "later.h"
#include "sim/world.h"

namespace rocketlink::test {

/// A thread of a process, and what it gives in the end. Joins.
template <class T>
class Task {
 public:
  template <class F>
  Task(sim::Process& process, F function)
      : result_(process), thread_(process.spawn("task", [result = result_, function = std::move(function)]() mutable {
          result.set(function());
        })) {}

  [[nodiscard]] bool ends_within(std::chrono::nanoseconds time) const { return result_.comes_within(time); }
  [[nodiscard]] T get() const { return result_.get(); }

 private:
  Later<T> result_;
  std::unique_ptr<sim::Process::Running> thread_;
};

/// A test in a world of its own, in which time costs nothing: what is tested lives in one process, the servers that it
/// talks to in another, and the test's body is the world's main thread. It blocks in virtual time only: by the
/// functions below, or by conditions, loops and threads of the processes.
///
/// Every test passes whatever the seed: ROCKETLINK_SEED=7 tries another one, ROCKETLINK_TRACE=1 shows what happens.
class VirtualTimeTest : public testing::Test {
 protected:
  /// What anything takes that the network and threads may do at once: some messages back and forth, threads that wake
  /// each other.
  static constexpr std::chrono::milliseconds kAtOnce{5};
  /// How long after its time a call that was not answered may end: deadlines are looked at every 20 ms.
  static constexpr std::chrono::milliseconds kEndOfCall = std::chrono::milliseconds(20) + kAtOnce;

  [[nodiscard]] SteadyTime now() const { return world.now(); }
  /// The calling thread, whichever it is.
  void sleep_for(std::chrono::nanoseconds time) { world.run_for(time); }
  /// Runs `function` on a thread of the tested process.
  template <class F>
  [[nodiscard]] auto in_background(F function) {
    using Returned = std::invoke_result_t<F>;
    if constexpr (std::is_void_v<Returned>) {
      return Task<bool>(process, [function = std::move(function)]() mutable {
        function();
        return true;
      });
    } else {
      return Task<Returned>(process, std::move(function));
    }
  }
  /// Waits until `predicate` holds; false when it does not within `time`.
  template <class Predicate>
  [[nodiscard]] bool comes_true(Predicate predicate, std::chrono::nanoseconds time = std::chrono::minutes(1)) {
    const SteadyTime deadline = now() + time;
    while (!predicate()) {
      if (now() >= deadline) return false;
      sleep_for(std::chrono::milliseconds(1));
    }
    return true;
  }

  sim::World world{seed(), options()};
  sim::Process& servers = world.process("servers");
  sim::Process& process = world.process("tested");

 private:
  static std::uint64_t seed() {
    const char* const given = std::getenv("ROCKETLINK_SEED");  // NOLINT(concurrency-mt-unsafe): one thread
    return given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
  }
  static sim::Options options() {
    sim::Options options;
    options.delays.often_long = 0;  // so that a test can say when something happens
    options.events_per_second = 10'000'000;
    options.longest = std::chrono::hours(24 * 7);
    options.on_failure = [](const std::string& text) { std::fputs((text + '\n').c_str(), stderr); };
    if (std::getenv("ROCKETLINK_TRACE") != nullptr) {  // NOLINT(concurrency-mt-unsafe): one thread
      options.trace = [](std::string_view line) {
        std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
      };
    }
    return options;
  }
};

}  // namespace rocketlink::test
