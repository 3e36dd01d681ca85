#pragma once

#include <array>
#include <cstddef>
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

[[nodiscard]] constexpr bool is_leap(std::int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

[[nodiscard]] constexpr std::int32_t last_day(std::int64_t year, std::int32_t month) {
  constexpr std::array<std::int32_t, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && is_leap(year) ? 1 : 0);
}

inline constexpr std::int64_t kDaysOfCycle = 146'097;  // 400 years, after which all comes again
inline constexpr std::int64_t kDaysToEpoch = 719'468;  // from 0000-03-01 to 1970-01-01

/// Days since 1970-01-01. Years begin in March here, so that a leap day is the last of its year.
[[nodiscard]] constexpr std::int64_t days_of(std::int64_t year, std::int32_t month, std::int32_t day) {
  const std::int64_t from_march = month <= 2 ? year - 1 : year;
  const std::int64_t cycle = floor_divide(from_march, 400);
  const std::int64_t of_cycle = from_march - cycle * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return cycle * kDaysOfCycle + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + of_year - kDaysToEpoch;
}

[[nodiscard]] constexpr Civil civil_of_days(std::int64_t days) {
  const std::int64_t since = days + kDaysToEpoch;
  const std::int64_t cycle = floor_divide(since, kDaysOfCycle);
  const std::int64_t of_cycle = since - cycle * kDaysOfCycle;
  const std::int64_t year = (of_cycle - of_cycle / 1460 + of_cycle / 36'524 - of_cycle / 146'096) / 365;
  const std::int64_t of_year = of_cycle - (365 * year + year / 4 - year / 100);
  const std::int64_t month = (5 * of_year + 2) / 153;
  Civil civil;
  civil.day = static_cast<std::int32_t>(of_year - (153 * month + 2) / 5 + 1);
  civil.month = static_cast<std::int32_t>(month < 10 ? month + 3 : month - 9);
  civil.year = static_cast<std::int32_t>(year + cycle * 400 + (civil.month <= 2 ? 1 : 0));
  return civil;
}

/// The Julian calendar, which java.text has before 1582-10-15.
inline constexpr std::int64_t kFirstGregorianDay = -141'427;
[[nodiscard]] constexpr std::int64_t julian_days_of(std::int64_t year, std::int32_t month, std::int32_t day) {
  const std::int64_t from_march = month <= 2 ? year - 1 : year;
  return from_march * 365 + floor_divide(from_march, 4) + (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1 -
         kDaysToEpoch - 2;
}
[[nodiscard]] constexpr Civil julian_civil_of_days(std::int64_t days) {
  const std::int64_t since = days + kDaysToEpoch + 2;
  const std::int64_t year = floor_divide(4 * since + 3, 1461);
  const std::int64_t of_year = since - (365 * year + floor_divide(year, 4));
  const std::int64_t month = (5 * of_year + 2) / 153;
  Civil civil;
  civil.day = static_cast<std::int32_t>(of_year - (153 * month + 2) / 5 + 1);
  civil.month = static_cast<std::int32_t>(month < 10 ? month + 3 : month - 9);
  civil.year = static_cast<std::int32_t>(year + (civil.month <= 2 ? 1 : 0));
  return civil;
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
