#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "rocketlink/runtime.h"

namespace rocketlink::sim {

using Nanoseconds = std::chrono::nanoseconds;

/// What the way between two processes is like, and how often what goes wrong there: 0 never, 1 always. As it is, it
/// does what the best of networks does.
struct LinkSettings {
  Nanoseconds least_latency{50'000};
  Nanoseconds usual_latency{500'000};  ///< anything between is as likely
  double often_late = 0;               ///< of all segments
  Nanoseconds longest_latency{2'000'000'000};

  std::uint64_t bytes_per_second = 0;  ///< in each direction, of all connections together; 0: any number
  std::size_t send_buffer = 256 * 1024;
  std::size_t receive_buffer = 256 * 1024;
  double often_split = 0;  ///< of all segments and reads

  double often_stalled = 0;  ///< at how many of all segments nothing arrives for a while
  Nanoseconds longest_stall{30'000'000'000};

  double often_reset = 0;                ///< of all connections, after some bytes
  double often_half_open = 0;            ///< as above; they are never told
  std::uint64_t longest_life = 1 << 20;  ///< in bytes, of such a connection

  double often_refused = 0;      ///< of all connects
  double often_black_holed = 0;  ///< as above
};

/// The way between two machines. Direction 0 is from the one whose name comes first.
struct Link {
  struct Direction {
    SteadyTime free{};           ///< when all bytes that are under way have left
    SteadyTime stalled_until{};  ///< nothing arrives before
  };
  LinkSettings settings;
  bool cut = false;  ///< nothing arrives; what was sent is sent again until it does
  std::array<Direction, 2> directions;
  std::uint64_t connections = 0;  ///< that were made
};

/// Asking for the addresses of names.
struct NameSettings {
  double often_slow = 0;
  Nanoseconds longest{20'000'000'000};
  double often_failing = 0;
  double often_dead_address = 0;  ///< how often one that leads nowhere comes before the right ones
};

}  // namespace rocketlink::sim
