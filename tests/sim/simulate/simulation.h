#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "sim/trace.h"

namespace rocketlink::sim {

/// How a world came out that nothing was wrong with.
struct Outcome {
  std::uint64_t hash = 0;  ///< of its whole trace
  std::chrono::nanoseconds lasted{0};
  std::uint64_t events = 0;
  std::uint64_t messages = 0;
  std::map<std::string, std::uint64_t> happened;  ///< troubles by name, how often each
};

/// What was found wrong with a world.
struct Finding {
  std::string what;
  std::string newest;      ///< events
  std::uint64_t hash = 0;  ///< of the trace up to here
};

/// Runs the world of a seed to its end: jobs copy a topic while servers, links and processes are troubled; then all
/// heals, and everything must arrive. `failed` must not return.
[[nodiscard]] Outcome simulate(std::uint64_t seed, const Trace::Sink& trace,
                               const std::function<void(const Finding& finding)>& failed);

}  // namespace rocketlink::sim
