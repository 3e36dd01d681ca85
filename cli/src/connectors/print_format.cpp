#include "connectors/print_format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace rocketlink::connectors {

namespace {

constexpr std::int64_t kSecondsOfDay = 86400;
constexpr std::int64_t kNanosOfSecond = 1'000'000'000;

/// 0.d1d2d3… × 10^exponent, without sign.
struct Digits {
  std::string_view digits;
  int exponent = 0;
};

/// Reads `d.ddde±xx`, which to_chars has written to `text`, and takes the point out of it.
Digits digits_of(std::array<char, 32>& text, const char* end) {
  char* const e = std::find(text.data(), text.data() + (end - text.data()), 'e');
  const char* exponent_text = e + (e[1] == '+' ? 2 : 1);
  int exponent = 0;
  std::from_chars(exponent_text, end, exponent);
  const char* const last = text[1] == '.' ? std::copy(text.data() + 2, e, text.data() + 1) : e;
  return {{text.data(), static_cast<std::size_t>(last - text.data())}, exponent + 1};
}

/// The shortest digits that read back to `size`. Where one digit would do, Java takes the nearest two that do.
template <class T>
Digits shortest(T size, std::array<char, 32>& text) {
  const auto write = [&](auto... precision) {
    return std::to_chars(text.data(), text.data() + text.size(), size, std::chars_format::scientific, precision...).ptr;
  };
  const char* end = write();
  if (text[1] == '.') return digits_of(text, end);
  end = write(1);
  T back{};
  if (std::from_chars(text.data(), end, back).ec != std::errc{} || back != size) end = write();
  return digits_of(text, end);
}

template <class T>
void append_java(T value, std::string& out) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  if (std::signbit(value)) out += '-';
  const T size = std::abs(value);
  if (std::isinf(size)) {
    out += "Infinity";
    return;
  }
  if (size == 0) {
    out += "0.0";
    return;
  }
  std::array<char, 32> text{};
  const Digits number = shortest(size, text);
  std::string_view digits = number.digits;
  const bool plain = size >= static_cast<T>(1e-3) && size < static_cast<T>(1e7);
  const int whole = plain ? number.exponent : 1;  // digits before the point
  if (whole <= 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-whole), '0');
  } else {
    const auto count = static_cast<std::size_t>(whole);
    out += digits.substr(0, count);
    if (count > digits.size()) out.append(count - digits.size(), '0');
    out += '.';
    digits.remove_prefix(std::min(count, digits.size()));
  }
  while (digits.ends_with('0')) digits.remove_suffix(1);
  out += digits.empty() ? "0" : digits;
  if (!plain) {
    out += 'E';
    row::append_integer(number.exponent - 1, out);
  }
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

void append_clock(std::int64_t second_of_day, std::int32_t nanos, bool always_seconds, std::string& out) {
  const std::int32_t precision = nanos == 0 ? 0 : nanos % 1'000'000 == 0 ? 3 : nanos % 1'000 == 0 ? 6 : 9;
  row::append_time(second_of_day * kNanosOfSecond + nanos, precision, out);
  if (!always_seconds && second_of_day % 60 == 0 && nanos == 0) out.resize(out.size() - 3);
}

void append_date_and_time(Timestamp time, bool always_seconds, std::string& out) {
  const std::int64_t days = floor_divide(time.seconds, kSecondsOfDay);
  append_local_date(days, out);
  out += 'T';
  append_clock(time.seconds - days * kSecondsOfDay, time.nanos, always_seconds, out);
}

}  // namespace

void append_java_float(float value, std::string& out) {
  append_java(value, out);
}

void append_java_double(double value, std::string& out) {
  append_java(value, out);
}

void append_big_decimal(Int128 unscaled, std::int32_t scale, std::string& out) {
  std::string digits;
  row::append_decimal(unscaled < 0 ? -unscaled : unscaled, 0, digits);
  const std::int32_t exponent = static_cast<std::int32_t>(digits.size()) - 1 - scale;
  if (exponent >= -6 || scale == 0) {
    row::append_decimal(unscaled, scale, out);
    return;
  }
  if (unscaled < 0) out += '-';
  out += digits.front();
  if (digits.size() > 1) out += '.';
  out.append(digits, 1);
  out += 'E';
  row::append_integer(exponent, out);
}

void append_byte_array(std::string_view bytes, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0) out += ", ";
    row::append_integer(static_cast<signed char>(bytes[i]), out);
  }
  out += ']';
}

void append_local_date(std::int64_t days, std::string& out) {
  const std::size_t begin = out.size();
  row::append_timestamp({days * kSecondsOfDay, 0}, 0, out);
  out.resize(out.size() - std::string_view(" 00:00:00").size());
  constexpr std::size_t kFourDigitYear = std::string_view("1970-01-01").size();
  if (out.size() - begin > kFourDigitYear && out[begin] != '-') out.insert(begin, 1, '+');
}

void append_local_time(std::int64_t nanos_of_day, std::string& out) {
  append_clock(nanos_of_day / kNanosOfSecond, static_cast<std::int32_t>(nanos_of_day % kNanosOfSecond), false, out);
}

void append_local_date_time(Timestamp wall_clock, std::string& out) {
  append_date_and_time(wall_clock, false, out);
}

void append_instant(Timestamp instant, std::string& out) {
  append_date_and_time(instant, true, out);
  out += 'Z';
}

}  // namespace rocketlink::connectors
