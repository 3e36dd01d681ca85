#include "planner/functions/decimal_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "rocketlink/row/parse.h"

namespace rocketlink::planner::functions {
namespace {

constexpr std::int32_t kShortDigits = 18;  ///< of a number that fits 64 bits

bool is_blank_of_decimal(char c) {
  return c == ' ' || c == '\n' || c == '\t';
}

// Flink's own reader of short ones, which looks at the character that ends the digits no more.
std::optional<Int128> parse_short(std::string_view text, DecimalShape shape) {
  const auto digit_at = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  std::size_t at = 0;
  while (at < text.size() && is_blank_of_decimal(text[at])) ++at;
  if (at == text.size()) return std::nullopt;
  const bool negative = text[at] == '-';
  if (negative || text[at] == '+') ++at;
  if (at == text.size()) return std::nullopt;
  std::int64_t number = 0;
  std::int32_t count = 0;
  std::int32_t point = -1;
  char last = '\0';
  while (at < text.size()) {
    last = text[at++];
    if (last >= '0' && last <= '9') {
      number = number * 10 + (last - '0');
      ++count;
    } else if (last == '.') {
      if (point >= 0) return std::nullopt;
      point = count;
    } else {
      break;
    }
  }
  std::int32_t exponent = point < 0 ? 0 : point - count;
  if ((last == 'e' || last == 'E') && at < text.size()) {
    const bool below = text[at] == '-';
    if ((below || text[at] == '+') && ++at == text.size()) return std::nullopt;
    std::int32_t written = 0;
    while (at < text.size()) {
      const bool digit = digit_at(at);
      if (digit && written < 40) written = written * 10 + (text[at] - '0');
      ++at;
      if (!digit) break;
    }
    exponent += below ? -written : written;
  }
  if (!std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_blank_of_decimal))
    return std::nullopt;
  const std::int32_t change = exponent + shape.scale;
  if (count + change > shape.precision || -change > kShortDigits) return std::nullopt;
  const Decimal exact{negative ? -number : number, std::max(0, -change)};
  if (change <= 0) return rescale(exact, {shape.precision, 0});
  return Int128{exact.unscaled} * power_of_ten(change);
}

// Java takes the digits of all scripts; these are their zeros.
constexpr std::array<std::uint16_t, 36> kZeros = {
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
    0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90,
    0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10};

// With ASCII digits for those of other scripts.
std::string with_ascii_digits(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t size = lead >= 0xE0 && lead < 0xF0 ? 3 : (lead >= 0xC0 && lead < 0xE0 ? 2 : 1);
    if (size == 1 || at + size > text.size()) {
      out += text[at];
      continue;
    }
    std::uint32_t code = lead & (size == 2 ? 0x1FU : 0x0FU);
    for (std::size_t i = 1; i < size; ++i) code = (code << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
    const auto* zero = std::upper_bound(kZeros.begin(), kZeros.end(), code);
    const bool digit = zero != kZeros.begin() && code - *(zero - 1) <= 9;
    if (digit) {
      out += static_cast<char>('0' + (code - *(zero - 1)));
    } else {
      out += text.substr(at, size);
    }
    at += size - 1;
  }
  return out;
}

}  // namespace

std::optional<Int128> parse_decimal_text(std::string_view text, DecimalShape shape) {
  if (shape.precision <= kShortDigits && text.size() <= static_cast<std::size_t>(kShortDigits))
    return parse_short(text, shape);
  while (!text.empty() && is_blank_of_decimal(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank_of_decimal(text.back())) text.remove_suffix(1);
  if (text != row::trim_blanks(text)) return std::nullopt;
  Int128 value = 0;
  if (row::parse_decimal(text, shape.precision, shape.scale, value)) return value;
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
  if (!ascii && row::parse_decimal(with_ascii_digits(text), shape.precision, shape.scale, value)) return value;
  return std::nullopt;
}

}  // namespace rocketlink::planner::functions
