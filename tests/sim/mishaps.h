#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace rocketlink::sim {

/// The kinds of things that go wrong in a world.
enum class Mishap : std::uint8_t {
  kLateWake,      ///< a thread or loop gets to run far later than it could
  kSpuriousWake,  ///< a wait ends for no reason
  kLatency,       ///< bytes take far longer than usual
  kBandwidth,     ///< bytes wait for those before them to leave
  kSplit,         ///< bytes arrive in pieces, or are read in pieces
  kFullBuffer,    ///< a write waits for room
  kStall,         ///< nothing arrives for a while
  kHalfOpen,      ///< a connection carries nothing any more, and nobody is told
  kReset,         ///< a connection breaks
  kRefused,       ///< a connect is refused
  kBlackHole,     ///< a connect is not answered
  kPartition,     ///< two machines do not reach each other
  kSlowName,      ///< the address of a name comes late
  kNoName,        ///< the address of a name cannot be found out
  kDeadAddress,   ///< a name's first address leads nowhere
  kPause,         ///< a process stands still
  kClockJump,     ///< a wall clock jumps
  kCrash,         ///< a process dies
  kCount
};

inline constexpr auto kMishaps = static_cast<std::size_t>(Mishap::kCount);

[[nodiscard]] constexpr std::string_view name_of(Mishap mishap) {
  constexpr std::array<std::string_view, kMishaps> names = {
      "late wake", "spurious wake", "latency",      "bandwidth", "split",      "full buffer",
      "stall",     "half-open",     "reset",        "refused",   "black hole", "partition",
      "slow name", "no name",       "dead address", "pause",     "clock jump", "crash"};
  return names[static_cast<std::size_t>(mishap)];
}

}  // namespace rocketlink::sim
