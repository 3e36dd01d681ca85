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

std::int64_t extract_date(Unit unit, std::int64_t days) {
  const Civil civil = civil_of_days(days);
  switch (unit) {
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
    default:
      return 0;
  }
}

// As Flink, which divides towards 1970.
std::int64_t extract_unit(Unit unit, const Timestamp& time) {
  const std::int64_t millis = total_millis(time);
  switch (unit) {
    case Unit::kSecond:
      return millis % kMinute / kSecond;
    case Unit::kMinute:
      return millis % kHour / kMinute;
    case Unit::kHour:
      return millis % kDayMillis / kHour;
    default:
      return extract_date(unit, millis / kDayMillis);
  }
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
  const std::int64_t millis = total_millis(to) - total_millis(from);
  // Flink has weeks by its seconds, an int.
  if (unit == Unit::kWeek) return static_cast<std::int32_t>(millis / kSecond) / (7 * kDayMillis / kSecond);
  return millis / millis_of(unit);
}

std::int64_t round_days(Unit unit, std::int64_t days, bool up) {
  const Civil civil = days < kFirstGregorianDay ? julian_civil_of_days(days) : civil_of_days(days);
  const bool first_of_year = civil.month == 1 && civil.day == 1;
  switch (unit) {
    case Unit::kYear:
      return days_of(civil.year + (up && !first_of_year ? 1 : 0), 1, 1);
    case Unit::kQuarter: {
      const std::int64_t quarter = (civil.month - 1) / 3 + (up && !first_of_year ? 1 : 0);
      return days_of(civil.year + quarter / 4, static_cast<std::int32_t>(quarter % 4 * 3 + 1), 1);
    }
    case Unit::kMonth: {
      const std::int32_t month = civil.month - 1 + (up && civil.day > 1 ? 1 : 0);
      return days_of(civil.year + month / 12, month % 12 + 1, 1);
    }
    case Unit::kWeek: {
      const std::int64_t since = weekday(days);
      return days_of(civil.year, civil.month, civil.day) - since + (up && since > 0 ? 7 : 0);
    }
    default:
      return days_of(civil.year, civil.month, civil.day) + (up ? 1 : 0);
  }
}

Timestamp round_time(Unit unit, const Timestamp& time, bool up, std::int64_t offset_seconds) {
  // Of minutes and seconds the wall clock has the same as the instant.
  const bool small = unit == Unit::kMinute || unit == Unit::kSecond;
  const std::int64_t offset = small ? 0 : offset_seconds * kSecond;
  const std::int64_t millis = total_millis(time) + offset;
  std::int64_t out = 0;
  if (small || unit == Unit::kHour || unit == Unit::kDay) {
    const std::int64_t size = millis_of(unit);
    out = floor_divide(millis + (up ? size - 1 : 0), size) * size;
  } else {
    out = round_days(unit, millis / kDayMillis, up) * kDayMillis;
  }
  out -= offset;
  const std::int64_t seconds = floor_divide(out, kSecond);
  return {seconds, static_cast<std::int32_t>(out - seconds * kSecond) * 1'000'000};
}

}  // namespace rocketlink::planner::functions
