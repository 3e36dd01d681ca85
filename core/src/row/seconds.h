#pragma once

#include <cstdint>

namespace rocketlink::row {

inline constexpr std::int64_t kSecondsOfDay = 86400;
inline constexpr std::int64_t kNanosOfSecond = 1'000'000'000;
inline constexpr std::int64_t kMaxOffsetSeconds = 18 * 3600;  ///< of a zone, as Java has it; a larger one is none

}  // namespace rocketlink::row
