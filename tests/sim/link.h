#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "rocketlink/runtime.h"

namespace rocketlink::sim {

/// What the way between two processes is like.
struct LinkSettings {
  std::chrono::nanoseconds least_latency{50'000};
  std::chrono::nanoseconds usual_latency{500'000};  ///< anything between is as likely
  std::uint64_t bytes_per_second = 0;               ///< in each direction, of all connections together; 0: any number
  std::size_t send_buffer = 256 * 1024;
  std::size_t receive_buffer = 256 * 1024;
};

/// The way between two processes. Direction 0 is from the one whose name comes first.
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

}  // namespace rocketlink::sim
