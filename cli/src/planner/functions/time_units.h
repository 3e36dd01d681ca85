#pragma once

#include <optional>
#include <string_view>

#include "rocketlink/types.h"

/// Units of time and what is done by them.
namespace rocketlink::planner::functions {

enum class Unit : std::uint8_t {
  kSecond,
  kMinute,
  kHour,
  kDay,
  kWeek,
  kMonth,
  kQuarter,
  kYear,
  kDayOfYear,
  kDayOfWeek
};

/// From SQL's names in upper case, those of EXTRACT (DOY, DOW) among them.
[[nodiscard]] std::optional<Unit> read_unit(std::string_view name);

/// Milliseconds of a unit up to the week; 0 for those that are months.
[[nodiscard]] std::int64_t millis_of(Unit unit);
/// Months of a unit from the month on; 0 for the others.
[[nodiscard]] std::int64_t months_of(Unit unit);

/// The week is ISO's, the day of the week counts from 1 on Sunday. Before 1970 Flink cuts towards 1970, and so does
/// this.
[[nodiscard]] std::int64_t extract_unit(Unit unit, const Timestamp& time);

/// A day that the month has not becomes its last.
[[nodiscard]] Timestamp add_months(const Timestamp& time, std::int64_t months);
[[nodiscard]] Timestamp add_millis(const Timestamp& time, std::int64_t millis);

/// Whole units from `from` to `to`, as Calcite counts them.
[[nodiscard]] std::int64_t units_between(Unit unit, const Timestamp& from, const Timestamp& to);

/// The beginning of the unit that holds the day (weeks begin on Sunday), or the next one unless it is that; as Flink
/// has it, with the Julian calendar before 1582-10-15, the next day for any day, and the next quarter for all but the
/// first of January.
[[nodiscard]] std::int64_t round_days(Unit unit, std::int64_t days, bool up);
/// The same of a time, on the wall clock that is so far ahead of it. Fractions of milliseconds do not count.
[[nodiscard]] Timestamp round_time(Unit unit, const Timestamp& time, bool up, std::int64_t offset_seconds);

}  // namespace rocketlink::planner::functions
