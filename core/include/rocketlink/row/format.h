#pragma once

#include <cstdint>
#include <string>

#include "rocketlink/row/time_zone.h"
#include "rocketlink/types.h"

/// From a value to the text of a CSV field, which the functions of parse.h read back to the same value. All append to
/// `out`.
namespace rocketlink::row {

/// `true` or `false`.
void append_boolean(bool value, std::string& out);

/// Decimal digits.
void append_integer(std::int64_t value, std::string& out);

/// The fewest digits that read back to the same value: plain from 1e-5 up to below 1e17 (`100000`, `0.1`), with an
/// exponent outside of that (`1e+20`); `NaN`, `Infinity`, `-Infinity`.
void append_float(float value, std::string& out);
void append_double(double value, std::string& out);

/// unscaled × 10^-scale with exactly `scale` (0..38) fraction digits: `-0.05`, `12`.
void append_decimal(Int128 unscaled, std::int32_t scale, std::string& out);

/// `yyyy-MM-dd` of days since 1970-01-01.
void append_date(std::int32_t days, std::string& out);

/// `HH:mm:ss` of nanoseconds of the day, with `precision` (0..9) fraction digits behind a point if that is not 0.
void append_time(std::int64_t nanos_of_day, std::int32_t precision, std::string& out);

/// Date, a blank, time with `precision` fraction digits.
void append_timestamp(Timestamp wall_clock, std::int32_t precision, std::string& out);

/// The wall clock in `zone` of an instant. Where that wall clock would be read as another instant (the second pass of
/// the hour when clocks go back) or not at all (its year is none of 0000 to 9999): the wall clock in UTC and a `Z`.
void append_timestamp_ltz(Timestamp instant, std::int32_t precision, TimeZone& zone, std::string& out);

}  // namespace rocketlink::row
