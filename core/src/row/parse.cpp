#include "rocketlink/row/parse.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <optional>

#include "int128_digits.h"
#include "seconds.h"

namespace rocketlink::row {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
    if (c != lower[i]) return false;
  }
  return true;
}

// Sign, digits, point and exponent of a decimal number, without blanks.
struct Number {
  bool negative = false;
  std::string_view whole;     // before the point
  std::string_view fraction;  // behind it
  std::int64_t exponent = 0;  // within ±kMaxExponent, which no type reaches
};

constexpr std::int64_t kMaxExponent = 1'000'000'000;  // a larger one counts as this, which no type reaches

std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

bool take_sign(std::string_view& text) {
  if (text.empty() || (text.front() != '-' && text.front() != '+')) return false;
  const bool negative = text.front() == '-';
  text.remove_prefix(1);
  return negative;
}

std::optional<Number> split_number(std::string_view text) {
  Number number;
  number.negative = take_sign(text);
  number.whole = take_digits(text);
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    number.fraction = take_digits(text);
  }
  if (number.whole.empty() && number.fraction.empty()) return std::nullopt;
  if (text.empty()) return number;
  if (text.front() != 'e' && text.front() != 'E') return std::nullopt;
  text.remove_prefix(1);
  const bool negative = take_sign(text);
  const std::string_view digits = take_digits(text);
  if (digits.empty() || !text.empty()) return std::nullopt;
  std::int64_t exponent = 0;
  for (const char c : digits) {
    exponent = exponent * 10 + (c - '0');
    if (exponent > kMaxExponent) exponent = kMaxExponent;
  }
  number.exponent = negative ? -exponent : exponent;
  return number;
}

// Whether a number that floating point cannot hold is too small rather than too large.
bool is_tiny(std::string_view text) {
  const auto number = split_number(text);
  if (!number) return false;
  const std::size_t first = number->whole.find_first_not_of('0');
  if (first != std::string_view::npos) {
    return static_cast<std::int64_t>(number->whole.size() - first) + number->exponent < 0;
  }
  const std::size_t zeros = number->fraction.find_first_not_of('0');
  return zeros == std::string_view::npos || number->exponent - static_cast<std::int64_t>(zeros) < 0;
}

template <class T>
bool parse_floating(std::string_view text, T& out) {
  text = trim_blanks(text);
  const std::string_view whole = text;
  const bool negative = take_sign(text);
  if (text.empty()) return false;
  if (!is_digit(text.front()) && text.front() != '.') {
    if (text == "NaN") {
      out = std::numeric_limits<T>::quiet_NaN();
      return true;
    }
    out = negative ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::infinity();
    return text == "Infinity";
  }
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, out);
  if (stop != end || error == std::errc::invalid_argument) return false;
  if (error == std::errc::result_out_of_range) {
    if (!is_tiny(whole)) return false;
    out = 0;
  }
  if (negative) out = -out;
  return true;
}

// Digits from `position` on, all of `count`.
bool fixed_digits(std::string_view text, std::size_t position, std::size_t count, std::int32_t& out) {
  out = 0;
  for (std::size_t i = position; i < position + count; ++i) {
    if (!is_digit(text[i])) return false;
    out = out * 10 + (text[i] - '0');
  }
  return true;
}

constexpr std::array<std::int32_t, 10> kNanosOfDigit = {1'000'000'000, 100'000'000, 10'000'000, 1'000'000, 100'000,
                                                        10'000,        1'000,       100,        10,        1};

std::int32_t cut(std::int32_t nanos, std::int32_t precision) {
  return nanos - nanos % kNanosOfDigit[static_cast<std::size_t>(precision)];
}

bool civil_date(std::int32_t year, std::int32_t month, std::int32_t day, std::int32_t& days) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return false;
  days = static_cast<std::int32_t>(std::chrono::sys_days(date).time_since_epoch().count());
  return true;
}

bool time_of_day(std::int32_t hour, std::int32_t minute, std::int32_t second, std::int32_t nanos, Timestamp& out) {
  if (hour > 23 || minute > 59 || second > 59) return false;
  out = {hour * 3600 + minute * 60 + second, nanos};
  return true;
}

bool parse_iso_date(std::string_view text, std::int32_t& days) {
  std::int32_t year = 0;
  std::int32_t month = 0;
  std::int32_t day = 0;
  return text.size() == 10 && text[4] == '-' && text[7] == '-' && fixed_digits(text, 0, 4, year) &&
         fixed_digits(text, 5, 2, month) && fixed_digits(text, 8, 2, day) && civil_date(year, month, day, days);
}

// Seconds of the day and nanoseconds, not yet cut.
bool parse_iso_time(std::string_view text, Timestamp& out) {
  std::int32_t hour = 0;
  std::int32_t minute = 0;
  std::int32_t second = 0;
  std::int32_t nanos = 0;
  if (text.size() < 5 || text[2] != ':' || !fixed_digits(text, 0, 2, hour) || !fixed_digits(text, 3, 2, minute)) {
    return false;
  }
  if (text.size() > 5) {
    if (text.size() < 8 || text[5] != ':' || !fixed_digits(text, 6, 2, second)) return false;
  }
  if (text.size() > 8) {
    const std::size_t digits = text.size() - 9;
    if (text[8] != '.' || digits < 1 || digits > 9 || !fixed_digits(text, 9, digits, nanos)) return false;
    nanos *= kNanosOfDigit[digits];
  }
  return time_of_day(hour, minute, second, nanos, out);
}

// `yyyyMMdd`
bool parse_date_digits(std::string_view text, std::int32_t& days) {
  std::int32_t year = 0;
  std::int32_t month = 0;
  std::int32_t day = 0;
  return text.size() == 8 && fixed_digits(text, 0, 4, year) && fixed_digits(text, 4, 2, month) &&
         fixed_digits(text, 6, 2, day) && civil_date(year, month, day, days);
}

// `HHmmss` or `HHmmssSSS`
bool parse_time_digits(std::string_view text, Timestamp& out) {
  std::int32_t hour = 0;
  std::int32_t minute = 0;
  std::int32_t second = 0;
  std::int32_t millis = 0;
  return (text.size() == 6 || text.size() == 9) && fixed_digits(text, 0, 2, hour) && fixed_digits(text, 2, 2, minute) &&
         fixed_digits(text, 4, 2, second) && fixed_digits(text, 6, text.size() - 6, millis) &&
         time_of_day(hour, minute, second, millis * 1'000'000, out);
}

bool is_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_digit);
}

// Seconds, milliseconds or microseconds since the epoch, told apart by the number of digits, which leaves the years
// 1973 to 2286. Nothing when the text is of another form.
std::optional<Timestamp> parse_epoch(std::string_view text) {
  std::int64_t unit = 0;  // in a second
  switch (text.size()) {
    case 9:
    case 10:
      unit = 1;
      break;
    case 12:
    case 13:
      unit = 1000;
      break;
    case 15:
    case 16:
      unit = 1'000'000;
      break;
    default:
      return std::nullopt;
  }
  std::int64_t value = 0;
  if (!is_digits(text) || !parse_integer(text, value)) return std::nullopt;
  return Timestamp{value / unit, static_cast<std::int32_t>(value % unit * (kNanosOfSecond / unit))};
}

// The wall clock that `text` denotes, not yet cut.
bool parse_wall_clock(std::string_view text, TimeZone& zone, Timestamp& out) {
  if (const auto instant = parse_epoch(text)) {
    out = {zone.to_local(instant->seconds), instant->nanos};
    return true;
  }
  std::int32_t days = 0;
  out = {};
  if (is_digits(text)) {
    if (!parse_date_digits(text.substr(0, 8), days)) return false;
    if (text.size() > 8 && !parse_time_digits(text.substr(8), out)) return false;
  } else {
    if (text.size() < 16 || (text[10] != ' ' && text[10] != 'T')) return false;
    if (!parse_iso_date(text.substr(0, 10), days) || !parse_iso_time(text.substr(11), out)) return false;
  }
  out.seconds += days * kSecondsOfDay;
  return true;
}

// Takes `Z` or an offset off the end of `text`, which begins with a date and a time. False when it is malformed.
bool take_offset(std::string_view& text, std::optional<std::int64_t>& offset) {
  if (text.size() < 16) return true;
  if (text.back() == 'Z') {
    text.remove_suffix(1);
    offset = 0;
    return true;
  }
  const std::size_t sign = text.find_first_of("+-", 16);
  if (sign == std::string_view::npos) return true;
  std::string_view digits = text.substr(sign + 1);
  std::int32_t hours = 0;
  std::int32_t minutes = 0;
  if (digits.size() < 2 || !fixed_digits(digits, 0, 2, hours)) return false;
  digits.remove_prefix(2);
  if (!digits.empty()) {
    if (digits.front() == ':') digits.remove_prefix(1);
    if (digits.size() != 2 || !fixed_digits(digits, 0, 2, minutes)) return false;
  }
  const std::int32_t seconds = hours * 3600 + minutes * 60;
  if (minutes > 59 || seconds > kMaxOffsetSeconds) return false;
  offset = text[sign] == '-' ? -seconds : seconds;
  text = text.substr(0, sign);
  return true;
}

}  // namespace

bool parse_boolean(std::string_view text, bool& out) {
  text = trim_blanks(text);
  if (text == "1" || equals_ignoring_case(text, "true")) {
    out = true;
    return true;
  }
  out = false;
  return text == "0" || equals_ignoring_case(text, "false");
}

bool parse_float(std::string_view text, float& out) {
  return parse_floating(text, out);
}

bool parse_double(std::string_view text, double& out) {
  return parse_floating(text, out);
}

bool parse_decimal(std::string_view text, std::int32_t precision, std::int32_t scale, Int128& out) {
  const auto number = split_number(trim_blanks(text));
  if (!number) return false;
  // How many digits, counted from the first one of `whole`, stand before the point of value × 10^scale.
  const std::int64_t kept = static_cast<std::int64_t>(number->whole.size()) + number->exponent + scale;
  const auto total = static_cast<std::int64_t>(number->whole.size() + number->fraction.size());
  const auto digit = [&](std::int64_t i) {
    const auto at = static_cast<std::size_t>(i);
    const std::size_t whole = number->whole.size();
    return (at < whole ? number->whole[at] : number->fraction[at - whole]) - '0';
  };
  UInt128 value = 0;
  std::int64_t i = 0;
  std::uint64_t first = 0;  // 18 digits fit, and 64 bits are quicker
  for (; i < kept && i < total && i < 18; ++i) first = first * 10 + static_cast<std::uint64_t>(digit(i));
  value = first;
  const UInt128 limit = power_of_ten(precision);
  const UInt128 full = power_of_ten(precision - 1);  // one more digit would be too many
  for (; i < kept; ++i) {
    if (i >= total && value == 0) break;
    if (value >= full) return false;
    value = value * 10 + static_cast<UInt128>(i < total ? digit(i) : 0);
  }
  if (kept >= 0 && kept < total && digit(kept) >= 5) ++value;
  if (value >= limit) return false;
  out = number->negative ? -static_cast<Int128>(value) : static_cast<Int128>(value);
  return true;
}

bool parse_date(std::string_view text, std::int32_t& out) {
  text = trim_blanks(text);
  return is_digits(text) ? parse_date_digits(text, out) : parse_iso_date(text, out);
}

bool parse_time(std::string_view text, std::int32_t precision, std::int64_t& out) {
  text = trim_blanks(text);
  Timestamp time;
  if (is_digits(text) ? text.size() != 6 || !parse_time_digits(text, time) : !parse_iso_time(text, time)) return false;
  out = time.seconds * kNanosOfSecond + cut(time.nanos, precision);
  return true;
}

bool parse_timestamp(std::string_view text, TimeZone& zone, std::int32_t precision, Timestamp& out) {
  if (!parse_wall_clock(trim_blanks(text), zone, out)) return false;
  out.nanos = cut(out.nanos, precision);
  return true;
}

bool parse_timestamp_ltz(std::string_view text, TimeZone& zone, std::int32_t precision, Timestamp& out) {
  text = trim_blanks(text);
  if (const auto instant = parse_epoch(text)) {
    out = *instant;
  } else {
    Timestamp wall_clock;
    std::optional<std::int64_t> offset;
    if (!take_offset(text, offset) || (offset && is_digits(text)) || !parse_wall_clock(text, zone, wall_clock)) {
      return false;
    }
    out = {offset ? wall_clock.seconds - *offset : zone.to_utc(wall_clock.seconds), wall_clock.nanos};
    if (!in_calendar(out.seconds) && !in_calendar(zone.to_local(out.seconds))) return false;
  }
  out.nanos = cut(out.nanos, precision);
  return true;
}

Timestamp timestamp_of_millis(std::int64_t epoch_millis, std::int32_t precision) {
  std::int64_t seconds = epoch_millis / 1000;
  std::int64_t millis = epoch_millis % 1000;
  if (millis < 0) {
    millis += 1000;
    --seconds;
  }
  return {seconds, cut(static_cast<std::int32_t>(millis) * 1'000'000, precision)};
}

}  // namespace rocketlink::row
