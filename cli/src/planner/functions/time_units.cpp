#include "planner/functions/time_units.h"

#include <array>
#include <utility>

#include "planner/functions/calendar.h"

namespace rocketlink::planner::functions {
namespace {

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDayMillis = 24 * kHour;

// 0 on Sunday.
std::int64_t weekday(std::int64_t days) {
  return ((days + 4) % 7 + 7) % 7;
}

std::int64_t iso_week(std::int64_t days) {
  // The week belongs to the year that its Thursday is in.
  const std::int64_t monday = days - (weekday(days) + 6) % 7;
  const std::int64_t thursday = monday + 3;
  return (thursday - days_of(civil_of_days(thursday).year, 1, 1)) / 7 + 1;
}

std::int64_t plus_months(std::int64_t days, std::int64_t months) {
  const Civil civil = civil_of_days(days);
  const std::int64_t total = civil.year * std::int64_t{12} + civil.month - 1 + months;
  const auto year = static_cast<std::int32_t>(floor_divide(total, 12));
  const auto month = static_cast<std::int32_t>(total - floor_divide(total, 12) * 12) + 1;
  return days_of(year, month, civil.day > last_day(year, month) ? last_day(year, month) : civil.day);
}

std::int64_t months_between_days(std::int64_t later, std::int64_t earlier) {
  if (later < earlier) return -months_between_days(earlier, later);
  std::int64_t months = (later - earlier) / 31;
  while (plus_months(earlier, months) < later && plus_months(earlier, months + 1) <= later) ++months;
  return months;
}

std::int64_t total_millis(const Timestamp& time) {
  return time.seconds * 1000 + time.nanos / 1'000'000;
}

std::int64_t months_between(const Timestamp& to, const Timestamp& from) {
  const std::int64_t to_millis = total_millis(to);
  const std::int64_t from_millis = total_millis(from);
  const std::int64_t to_days = floor_divide(to_millis, kDayMillis);
  const std::int64_t from_days = floor_divide(from_millis, kDayMillis);
  const std::int64_t months = months_between_days(to_days, from_days);
  const bool early = to_millis - to_days * kDayMillis < from_millis - from_days * kDayMillis;
  return plus_months(from_days, months) == to_days && early ? months - 1 : months;
}

}  // namespace

std::optional<Unit> read_unit(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, Unit>, 10> kUnits = {{{"SECOND", Unit::kSecond},
                                                                                {"MINUTE", Unit::kMinute},
                                                                                {"HOUR", Unit::kHour},
                                                                                {"DAY", Unit::kDay},
                                                                                {"WEEK", Unit::kWeek},
                                                                                {"MONTH", Unit::kMonth},
                                                                                {"QUARTER", Unit::kQuarter},
                                                                                {"YEAR", Unit::kYear},
                                                                                {"DOY", Unit::kDayOfYear},
                                                                                {"DOW", Unit::kDayOfWeek}}};
  for (const auto& [known, unit] : kUnits) {
    if (known == name) return unit;
  }
  return std::nullopt;
}

std::int64_t millis_of(Unit unit) {
  switch (unit) {
    case Unit::kSecond:
      return kSecond;
    case Unit::kMinute:
      return kMinute;
    case Unit::kHour:
      return kHour;
    case Unit::kDay:
      return kDayMillis;
    case Unit::kWeek:
      return 7 * kDayMillis;
    default:
      return 0;
  }
}

std::int64_t months_of(Unit unit) {
  switch (unit) {
    case Unit::kMonth:
      return 1;
    case Unit::kQuarter:
      return 3;
    case Unit::kYear:
      return 12;
    default:
      return 0;
  }
}

std::int64_t extract_unit(Unit unit, const Timestamp& time) {
  const Civil civil = civil_of(time);
  const std::int64_t days = floor_divide(time.seconds, kSecondsOfDay);
  switch (unit) {
    case Unit::kSecond:
      return civil.second;
    case Unit::kMinute:
      return civil.minute;
    case Unit::kHour:
      return civil.hour;
    case Unit::kDay:
      return civil.day;
    case Unit::kWeek:
      return iso_week(days);
    case Unit::kMonth:
      return civil.month;
    case Unit::kQuarter:
      return (civil.month - 1) / 3 + 1;
    case Unit::kYear:
      return civil.year;
    case Unit::kDayOfYear:
      return days - days_of(civil.year, 1, 1) + 1;
    case Unit::kDayOfWeek:
      return weekday(days) + 1;
  }
  return 0;
}

Timestamp add_months(const Timestamp& time, std::int64_t months) {
  const std::int64_t days = floor_divide(time.seconds, kSecondsOfDay);
  return {plus_months(days, months) * kSecondsOfDay + time.seconds - days * kSecondsOfDay, time.nanos};
}

Timestamp add_millis(const Timestamp& time, std::int64_t millis) {
  const std::int64_t nanos = time.nanos + millis % 1000 * 1'000'000;
  const std::int64_t carry = floor_divide(nanos, 1'000'000'000);
  return {time.seconds + millis / 1000 + carry, static_cast<std::int32_t>(nanos - carry * 1'000'000'000)};
}

std::int64_t units_between(Unit unit, const Timestamp& from, const Timestamp& to) {
  if (const std::int64_t months = months_of(unit); months != 0) return months_between(to, from) / months;
  return (total_millis(to) - total_millis(from)) / millis_of(unit);
}

Timestamp floor_to(Unit unit, const Timestamp& time) {
  Civil civil = civil_of(time);
  if (unit == Unit::kSecond || unit == Unit::kMinute || unit == Unit::kHour) {
    const std::int64_t size = millis_of(unit) / 1000;
    return {floor_divide(time.seconds, size) * size, 0};
  }
  const std::int64_t days = floor_divide(time.seconds, kSecondsOfDay);
  if (unit == Unit::kDay) return {days * kSecondsOfDay, 0};
  if (unit == Unit::kWeek) return {(days - weekday(days)) * kSecondsOfDay, 0};
  if (unit == Unit::kQuarter) civil.month = (civil.month - 1) / 3 * 3 + 1;
  if (unit == Unit::kYear) civil.month = 1;
  return timestamp_of({civil.year, civil.month, 1});
}

Timestamp ceil_to(Unit unit, const Timestamp& time) {
  const Timestamp begin = floor_to(unit, time);
  if (const std::int64_t months = months_of(unit); months != 0) {
    // As Flink does: by the date alone, so any time on the first day counts as the beginning.
    return begin == floor_to(Unit::kDay, time) ? begin : add_months(begin, months);
  }
  if (begin == time) return begin;
  return add_millis(begin, millis_of(unit));
}

}  // namespace rocketlink::planner::functions
