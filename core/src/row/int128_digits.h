#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "rocketlink/types.h"

namespace rocketlink::row {

__extension__ typedef unsigned __int128 UInt128;

/// 10^exponent, exponent 0..38.
[[nodiscard]] inline UInt128 power_of_ten(std::int32_t exponent) {
  static constexpr auto kPowers = [] {
    std::array<UInt128, 39> powers{};
    powers[0] = 1;
    for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
    return powers;
  }();
  return kPowers[static_cast<std::size_t>(exponent)];
}

}  // namespace rocketlink::row
