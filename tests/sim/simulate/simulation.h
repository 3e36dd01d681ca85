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

/// What was wrong, what happened last, and the hash of the trace until then. Must not return.
using Failed = std::function<void(const std::string& what, const std::string& newest, std::uint64_t hash)>;

/// Runs the world of a seed to its end: jobs copy a topic while servers, links and processes are troubled; then all
/// heals, and everything must arrive.
[[nodiscard]] Outcome simulate(std::uint64_t seed, const Trace::Sink& trace, const Failed& failed);

}  // namespace rocketlink::sim
