#include "planner/functions/java_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace rocketlink::planner::functions {
namespace {

// Where one digit does, since the numbers there are so far from each other, Java takes the two that are nearest.
template <class T>
void two_digits(T value, Digits& out) {
  std::array<char, 32> buffer{};
  (void)std::snprintf(buffer.data(), buffer.size(), "%.1e", std::fabs(static_cast<double>(value)));
  if (static_cast<T>(std::strtod(buffer.data(), nullptr)) != std::fabs(value)) return;
  out.digits = {buffer[0], buffer[2]};
  if (out.digits[1] == '0') out.digits.pop_back();
}

template <class T>
Digits digits_of(T value) {
  std::array<char, 64> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific).ptr;
  std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  Digits out;
  if (text.front() == '-') {
    out.negative = true;
    text.remove_prefix(1);
  }
  const std::size_t e = text.find('e');
  for (const char c : text.substr(0, e)) {
    if (c != '.') out.digits += c;
  }
  const char* exponent = text.data() + e + 1;
  if (*exponent == '+') ++exponent;
  std::from_chars(exponent, end, out.exponent);
  ++out.exponent;
  if (out.digits.size() == 1 && value != 0 && !std::isnormal(value)) two_digits(value, out);
  return out;
}

template <class T>
std::string text_of(T value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  const Digits parts = digits_of(value);
  std::string out = parts.negative ? "-" : "";
  const auto count = static_cast<int>(parts.digits.size());
  if (value == 0) return out + "0.0";
  if (parts.exponent > -3 && parts.exponent <= 7) {  // 10^-3 <= |value| < 10^7
    if (parts.exponent <= 0) {
      out += "0." + std::string(static_cast<std::size_t>(-parts.exponent), '0') + parts.digits;
    } else if (count <= parts.exponent) {
      out += parts.digits + std::string(static_cast<std::size_t>(parts.exponent - count), '0') + ".0";
    } else {
      const auto whole = static_cast<std::size_t>(parts.exponent);
      out += parts.digits.substr(0, whole) + "." + parts.digits.substr(whole);
    }
    return out;
  }
  out += parts.digits.substr(0, 1) + "." + (count > 1 ? parts.digits.substr(1) : "0");
  return out + "E" + std::to_string(parts.exponent - 1);
}

}  // namespace

std::string java_text(double value) {
  return text_of(value);
}
std::string java_text(float value) {
  return text_of(value);
}
Digits shortest_digits(double value) {
  return digits_of(value);
}
Digits shortest_digits(float value) {
  return digits_of(value);
}

}  // namespace rocketlink::planner::functions
