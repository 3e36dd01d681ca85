#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace rocketlink::base {

/// Exponential backoff with full jitter in its upper half: delays of d/2 … d, d doubling from `first` to `most`.
class Backoff {
 public:
  using Duration = std::chrono::milliseconds;
  static constexpr int kMaxDoublings = 16;  ///< of the first delay; beyond any longest one, and within 64 bits
  Backoff(Duration first, Duration most, std::uint32_t seed) : first_(first), most_(most), random_(seed) {}

  /// The longest delay after so many failures before.
  [[nodiscard]] static Duration longest(Duration first, Duration most, int failures) {
    return std::min(most, first * (std::int64_t{1} << std::min(failures, kMaxDoublings)));
  }

  [[nodiscard]] Duration next() {
    const Duration full = longest(first_, most_, failures_);
    ++failures_;
    std::uniform_int_distribution<std::int64_t> pick(full.count() / 2, full.count());
    return Duration(pick(random_));
  }
  void reset() { failures_ = 0; }
  [[nodiscard]] int failures() const { return failures_; }

 private:
  Duration first_;
  Duration most_;
  int failures_ = 0;
  std::minstd_rand random_;
};

}  // namespace rocketlink::base
