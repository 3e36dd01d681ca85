#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <string_view>
#include <system_error>

#include "rocketlink/row/time_zone.h"
#include "rocketlink/types.h"

/// From the text of one CSV field to a value. All return false, and leave `out` unspecified, when the text does not
/// denote a value of the type. Blanks around numbers, booleans and times (all characters up to U+0020, as Java's trim
/// has it) are no part of them; an empty text is no value here, NULL is the caller's matter. No allocation, no locale.
namespace rocketlink::row {

[[nodiscard]] inline std::string_view trim_blanks(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= 0x20) text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= 0x20) text.remove_suffix(1);
  return text;
}

/// `true` or `false` in any case, `1`, `0`.
[[nodiscard]] bool parse_boolean(std::string_view text, bool& out);

/// An optional sign and decimal digits; false on overflow too.
template <std::signed_integral T>
[[nodiscard]] inline bool parse_integer(std::string_view text, T& out) {
  text = trim_blanks(text);
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '-') return false;
  }
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, out);
  return error == std::errc() && stop == end && !text.empty();
}

/// Sign, digits with an optional point, optional exponent; or `NaN`, `Infinity` with an optional sign, in this very
/// case, as Java's Double.parseDouble takes them. Rounded to the nearest value; a finite text above the type's range is
/// an overflow (false), one that is too small becomes a zero of its sign. No hexadecimal form, no `f` or `d` behind.
[[nodiscard]] bool parse_float(std::string_view text, float& out);
[[nodiscard]] bool parse_double(std::string_view text, double& out);

/// Sign, digits with an optional point, optional exponent. `out` is the value times 10^scale, rounded half up (away
/// from zero); false when that has more than `precision` digits. precision 1..38, scale 0..precision.
[[nodiscard]] bool parse_decimal(std::string_view text, std::int32_t precision, std::int32_t scale, Int128& out);

/// `yyyy-MM-dd` or `yyyyMMdd`, year 0000..9999. `out` is days since 1970-01-01.
[[nodiscard]] bool parse_date(std::string_view text, std::int32_t& out);

/// `HH:mm`, `HH:mm:ss` or `HH:mm:ss.f` with 1 to 9 fraction digits, 00:00 to 23:59:59.999999999; or `HHmmss`. Cut to
/// `precision` fraction digits. `out` is nanoseconds of the day.
[[nodiscard]] bool parse_time(std::string_view text, std::int32_t precision, std::int64_t& out);

/// A date, a blank or `T`, a time; or digits alone: `yyyyMMdd`, `yyyyMMddHHmmss`, `yyyyMMddHHmmssSSS`, or the time
/// since the epoch in seconds (9 or 10 digits), milliseconds (12, 13) or microseconds (15, 16), whose wall clock in
/// `zone` is taken. Cut to `precision` fraction digits.
[[nodiscard]] bool parse_timestamp(std::string_view text, TimeZone& zone, std::int32_t precision, Timestamp& out);

/// As parse_timestamp; one that is not of digits alone may be followed by `Z` or an offset `+HH`, `+HHmm`, `+HH:mm` (at
/// most 18 hours). Without one the wall clock is in `zone`. `out` is the instant; it must be in_calendar in `zone` or
/// in UTC.
[[nodiscard]] bool parse_timestamp_ltz(std::string_view text, TimeZone& zone, std::int32_t precision, Timestamp& out);

/// Whether a wall clock, as seconds since 1970-01-01T00:00:00, lies in the years 0000 to 9999, which can be written.
[[nodiscard]] constexpr bool in_calendar(std::int64_t seconds) {
  return seconds >= -62167219200 && seconds < 253402300800;
}

/// An epoch millisecond as a Timestamp cut to `precision` fraction digits (0..9).
[[nodiscard]] Timestamp timestamp_of_millis(std::int64_t epoch_millis, std::int32_t precision);

}  // namespace rocketlink::row
