#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "rocketlink/types.h"

/// What Flink's CAST takes of a text.
namespace rocketlink::planner::functions {

/// t, true, y, yes, 1; f, false, n, no, 0; in any case.
[[nodiscard]] std::optional<bool> parse_boolean(std::string_view text);

/// Without the blanks (and no other white space) at both ends.
[[nodiscard]] std::string_view without_blanks(std::string_view text);

/// As Double.parseDouble and Float.parseFloat: white space around it, an `f` or `d` behind it and hexadecimal forms are
/// taken, too large numbers are infinite. False when it is none.
[[nodiscard]] bool parse_floating(std::string_view text, double& out);
[[nodiscard]] bool parse_floating(std::string_view text, float& out);

/// A sign and digits, which may be followed by a point and digits that are dropped; no blanks.
[[nodiscard]] std::optional<std::int64_t> parse_whole(std::string_view text, std::int64_t low, std::int64_t high);

/// `y-M-d`, `y-M` or `y`, blanks around the numbers allowed; what follows a blank after the date is dropped. Days since
/// 1970-01-01.
[[nodiscard]] std::optional<std::int32_t> parse_date(std::string_view text);
/// Whether a text that is no date begins with a number that no Java int holds, so that Flink's job ends.
[[nodiscard]] bool has_too_long_part(std::string_view text);

/// `H`, `H:m`, `H:m:s` or with a fraction, of which milliseconds are kept (rounded). Nanoseconds of the day.
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text);

/// `yyyy-M-d` or `yyyy-M-d H:m:s`, with up to nine fraction digits. A day of the month up to 31 that the month has not
/// is its last.
[[nodiscard]] std::optional<Timestamp> parse_timestamp(std::string_view text);

/// The same as java.sql has it: days of a month that it has not run over, the year 0 is 1.
[[nodiscard]] std::optional<Timestamp> parse_sql_timestamp(std::string_view text);

}  // namespace rocketlink::planner::functions
