#pragma once

#include <chrono>
#include <cstdint>

#include "rocketlink/types.h"

/// Wall clocks taken apart and put together, in the proleptic Gregorian calendar as java.time has it.
namespace rocketlink::planner::functions {

inline constexpr std::int64_t kSecondsOfDay = 86'400;

[[nodiscard]] constexpr std::int64_t floor_divide(std::int64_t value, std::int64_t divisor) {
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

struct Civil {
  std::int32_t year = 1970;
  std::int32_t month = 1;
  std::int32_t day = 1;
  std::int32_t hour = 0;
  std::int32_t minute = 0;
  std::int32_t second = 0;
  std::int32_t nanos = 0;
};

[[nodiscard]] inline std::int32_t days_of(std::int32_t year, std::int32_t month, std::int32_t day) {
  const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(1));
  return static_cast<std::int32_t>(std::chrono::sys_days(date).time_since_epoch().count()) + day - 1;
}

[[nodiscard]] inline std::int32_t last_day(std::int32_t year, std::int32_t month) {
  const std::chrono::year_month_day_last last(
      std::chrono::year(year), std::chrono::month_day_last(std::chrono::month(static_cast<unsigned>(month))));
  return static_cast<std::int32_t>(static_cast<unsigned>(last.day()));
}

[[nodiscard]] inline Civil civil_of_days(std::int64_t days) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  return {static_cast<int>(date.year()), static_cast<std::int32_t>(static_cast<unsigned>(date.month())),
          static_cast<std::int32_t>(static_cast<unsigned>(date.day()))};
}

[[nodiscard]] inline Civil civil_of(const Timestamp& time) {
  const std::int64_t days = floor_divide(time.seconds, kSecondsOfDay);
  const auto rest = static_cast<std::int32_t>(time.seconds - days * kSecondsOfDay);
  Civil civil = civil_of_days(days);
  civil.hour = rest / 3600;
  civil.minute = rest / 60 % 60;
  civil.second = rest % 60;
  civil.nanos = time.nanos;
  return civil;
}

[[nodiscard]] inline Timestamp timestamp_of(const Civil& civil) {
  const std::int64_t days = days_of(civil.year, civil.month, civil.day);
  return {days * kSecondsOfDay + civil.hour * std::int64_t{3600} + civil.minute * std::int64_t{60} + civil.second,
          civil.nanos};
}

/// Keeps `precision` (0..9) fraction digits.
[[nodiscard]] constexpr std::int32_t cut_nanos(std::int32_t nanos, std::int32_t precision) {
  std::int32_t unit = 1;
  for (std::int32_t i = precision; i < 9; ++i) unit *= 10;
  return nanos - nanos % unit;
}

}  // namespace rocketlink::planner::functions
