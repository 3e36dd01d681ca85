#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace rocketlink::sim {

/// One step of splitmix64: every bit of the answer hangs on every bit of `value`.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

/// The same by every compiler and in every run, unlike std::hash. FNV-1a, mixed.
[[nodiscard]] constexpr std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char character : text) hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001b3U;
  return mix(hash);
}

/// xoshiro256**, with distributions of its own: the standard library's differ from one to the next.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) : seed_(seed) {
    for (std::uint64_t& word : state_) word = seed = mix(seed);
  }
  /// A generator of its own by a name: what is drawn from one does not move the others.
  [[nodiscard]] constexpr Random stream(std::string_view name) const { return Random(mix(seed_ ^ hash_of(name))); }
  [[nodiscard]] constexpr Random stream(std::uint64_t number) const { return Random(mix(seed_ ^ mix(number))); }

  constexpr std::uint64_t next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }
  /// 0 to bound - 1; 0 for a bound of 0.
  constexpr std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }
  /// Both ends are drawn as well.
  constexpr std::int64_t between(std::int64_t least, std::int64_t most) {
    if (most <= least) return least;
    return least + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(most - least) + 1));
  }
  /// True this often: 0 never, 1 always.
  constexpr bool chance(double often) { return often > 0 && static_cast<double>(next() >> 11U) * 0x1p-53 < often; }
  /// Every order of magnitude is as likely as the others: mostly near `least`, with a long tail up to `most`.
  constexpr std::uint64_t skewed(std::uint64_t least, std::uint64_t most) {
    if (most <= least) return least;
    const auto octaves = static_cast<std::uint64_t>(std::bit_width(most - least));
    const std::uint64_t power = below(octaves);
    return least + std::min(most - least, (std::uint64_t{1} << power) + below(std::uint64_t{1} << power) - 1);
  }
  constexpr std::chrono::nanoseconds skewed(std::chrono::nanoseconds least, std::chrono::nanoseconds most) {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(
        skewed(static_cast<std::uint64_t>(least.count()), static_cast<std::uint64_t>(most.count()))));
  }

 private:
  std::uint64_t seed_;
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace rocketlink::sim
