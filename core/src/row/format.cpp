#include "rocketlink/row/format.h"

#include <array>
#include <charconv>
#include <cmath>

#include "int128_digits.h"
#include "rocketlink/row/parse.h"
#include "seconds.h"

namespace rocketlink::row {
namespace {

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a >= 0 ? a / b : -((b - 1 - a) / b);
}

// `value` with at least `width` digits.
void append_padded(std::int64_t value, std::size_t width, std::string& out) {
  std::array<char, 20> digits{};
  const char* end = std::to_chars(digits.begin(), digits.end(), value).ptr;
  const auto count = static_cast<std::size_t>(end - digits.begin());
  if (count < width) out.append(width - count, '0');
  out.append(digits.begin(), count);
}

template <class T>
void append_floating(T value, std::string& out) {
  if (std::isnan(value)) {
    out.append("NaN");
    return;
  }
  if (std::isinf(value)) {
    out.append(value < 0 ? "-Infinity" : "Infinity");
    return;
  }
  const T size = std::abs(value);
  const bool plain = size == 0 || (size >= static_cast<T>(1e-5) && size < static_cast<T>(1e17));
  std::array<char, 64> text{};
  const char* end =
      std::to_chars(text.begin(), text.end(), value, plain ? std::chars_format::fixed : std::chars_format::scientific)
          .ptr;
  out.append(text.begin(), static_cast<std::size_t>(end - text.begin()));
}

void append_clock(std::int64_t second_of_day, std::int32_t nanos, std::int32_t precision, std::string& out) {
  append_padded(second_of_day / 3600, 2, out);
  out.push_back(':');
  append_padded(second_of_day / 60 % 60, 2, out);
  out.push_back(':');
  append_padded(second_of_day % 60, 2, out);
  if (precision == 0) return;
  out.push_back('.');
  const auto cut = static_cast<std::int64_t>(power_of_ten(9 - precision));
  append_padded(nanos / cut, static_cast<std::size_t>(precision), out);
}

// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"; std::chrono's calendar ends at the year 32767.
void append_civil(std::int64_t days, std::string& out) {
  days += 719468;
  const std::int64_t era = floor_divide(days, 146097);
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t march_month = (5 * day_of_year + 2) / 153;
  const std::int64_t month = march_month < 10 ? march_month + 3 : march_month - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  if (year < 0) out.push_back('-');
  append_padded(year < 0 ? -year : year, 4, out);
  out.push_back('-');
  append_padded(month, 2, out);
  out.push_back('-');
  append_padded(day_of_year - (153 * march_month + 2) / 5 + 1, 2, out);
}

}  // namespace

void append_boolean(bool value, std::string& out) {
  out.append(value ? "true" : "false");
}

void append_integer(std::int64_t value, std::string& out) {
  append_padded(value, 1, out);
}

void append_float(float value, std::string& out) {
  append_floating(value, out);
}

void append_double(double value, std::string& out) {
  append_floating(value, out);
}

void append_decimal(Int128 unscaled, std::int32_t scale, std::string& out) {
  std::array<char, 40> digits{};  // written from the end
  auto at = digits.size();
  UInt128 rest = unscaled < 0 ? -static_cast<UInt128>(unscaled) : static_cast<UInt128>(unscaled);
  const auto fraction = static_cast<std::size_t>(scale);
  while (rest != 0 || digits.size() - at <= fraction) {
    digits[--at] = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  }
  if (unscaled < 0) out.push_back('-');
  const std::size_t point = digits.size() - fraction;
  out.append(&digits[at], point - at);
  if (fraction == 0) return;
  out.push_back('.');
  out.append(&digits[point], fraction);
}

void append_date(std::int32_t days, std::string& out) {
  append_civil(days, out);
}

void append_time(std::int64_t nanos_of_day, std::int32_t precision, std::string& out) {
  append_clock(nanos_of_day / kNanosOfSecond, static_cast<std::int32_t>(nanos_of_day % kNanosOfSecond), precision, out);
}

void append_timestamp(Timestamp wall_clock, std::int32_t precision, std::string& out) {
  const std::int64_t days = floor_divide(wall_clock.seconds, kSecondsOfDay);
  append_civil(days, out);
  out.push_back(' ');
  append_clock(wall_clock.seconds - days * kSecondsOfDay, wall_clock.nanos, precision, out);
}

void append_timestamp_ltz(Timestamp instant, std::int32_t precision, TimeZone& zone, std::string& out) {
  const std::int64_t local = zone.to_local(instant.seconds);
  if (in_calendar(local) && zone.to_utc(local) == instant.seconds) {
    append_timestamp({local, instant.nanos}, precision, out);
    return;
  }
  append_timestamp(instant, precision, out);
  out.push_back('Z');
}

}  // namespace rocketlink::row
