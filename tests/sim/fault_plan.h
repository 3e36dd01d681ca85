#pragma once

#include <array>
#include <string>

#include "sim/link.h"
#include "sim/mishaps.h"
#include "sim/process.h"
#include "sim/random.h"

namespace rocketlink::sim {

/// Which faults a world has, and how often. As it is: none.
struct FaultPlan {
  /// What is done to a world from outside, again and again.
  struct Rhythm {
    Nanoseconds every{0};    ///< in the mean; 0: never
    Nanoseconds longest{0};  ///< that it lasts, where it lasts
  };

  LinkSettings links;
  NameSettings names;
  Delays delays;
  Rhythm stalls;
  Rhythm resets;
  Rhythm partitions;
  Rhythm pauses;
  Rhythm clock_jumps;  ///< `longest`: the farthest, either way
  Rhythm crashes;

  /// A random choice of the kinds of faults, each as often and as bad as it comes (swarm testing): what all of them
  /// together would hide, some of them show.
  [[nodiscard]] static FaultPlan draw(Random random);

  [[nodiscard]] bool has(Mishap mishap) const { return chosen[static_cast<std::size_t>(mishap)]; }
  /// The names of the kinds that were chosen.
  [[nodiscard]] std::string text() const;

  std::array<bool, kMishaps> chosen{};
};

}  // namespace rocketlink::sim
