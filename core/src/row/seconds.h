#pragma once

#include <cstdint>

namespace rocketlink::row {

inline constexpr std::int64_t kSecondsOfDay = 86400;
inline constexpr std::int64_t kNanosOfSecond = 1'000'000'000;

}  // namespace rocketlink::row
