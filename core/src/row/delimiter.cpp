#include "rocketlink/row/delimiter.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <optional>

#include "rocketlink/row/utf8.h"

namespace rocketlink::row {
namespace {

constexpr const char* kAllowed = R"(allowed are \n, \r, \t, \0, \\, \uXXXX, \xXX and \ooo)";

// Takes `digits` digits of that base from the front of `text`.
std::optional<std::uint32_t> take_number(std::string_view& text, std::size_t digits, int base) {
  if (text.size() < digits) return std::nullopt;
  std::uint32_t value = 0;
  const char* end = text.data() + digits;
  const auto [stop, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc() || stop != end) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

std::optional<char> simple_escape(char letter) {
  switch (letter) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case '\\':
      return '\\';
    default:
      return std::nullopt;
  }
}

// The code point of `\uXXXX`, of which `\u` is already taken; takes the second half of a surrogate pair too.
std::optional<char32_t> take_unicode(std::string_view& text) {
  const auto unit = take_number(text, 4, 16);
  if (!unit) return std::nullopt;
  if (*unit < 0xD800 || *unit > 0xDFFF) return *unit;
  if (*unit > 0xDBFF || !text.starts_with("\\u")) return std::nullopt;
  text.remove_prefix(2);
  const auto low = take_number(text, 4, 16);
  if (!low || *low < 0xDC00 || *low > 0xDFFF) return std::nullopt;
  return 0x10000 + ((*unit - 0xD800) << 10U) + (*low - 0xDC00);
}

// The code point of `\ooo`, of which `\` is already taken; `\0` alone is one too.
std::optional<char32_t> take_octal(std::string_view& text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.front() == '0' && (text.size() == 1 || !is_digit(text[1]))) {
    text.remove_prefix(1);
    return 0;
  }
  const auto code_point = take_number(text, 3, 8);
  if (!code_point || *code_point > 0xFF) return std::nullopt;
  return *code_point;
}

// `letter`, the first byte of a character, and the rest of that character, of which `text` holds what follows.
std::string character_of(char letter, std::string_view text) {
  std::string character(1, letter);
  for (; !text.empty() && (static_cast<unsigned char>(text.front()) & 0xC0U) == 0x80U; text.remove_prefix(1)) {
    character.push_back(text.front());
  }
  return character;
}

}  // namespace

Result<std::string> unescape_delimiter(std::string_view text) {
  const std::string_view whole = text;
  const auto refuse = [&](std::string_view why) -> Result<std::string> {
    std::string readable;
    replace_invalid_utf8(fmt::format("delimiter '{}': {}", whole, why), readable);
    return Error(ErrorCode::kInvalidArgument, std::move(readable));
  };
  std::string out;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c != '\\') {
      out.push_back(c);
      continue;
    }
    if (text.empty()) return refuse(fmt::format("a lone \\ at the end; {}; write \\\\ for a backslash", kAllowed));
    const char letter = text.front();
    if (letter >= '0' && letter <= '9') {
      const auto code_point = take_octal(text);
      if (!code_point) return refuse("\\ before a digit wants three octal digits, \\000 to \\377");
      append_utf8(*code_point, out);
      continue;
    }
    text.remove_prefix(1);
    if (const auto simple = simple_escape(letter)) {
      out.push_back(*simple);
    } else if (letter == 'u') {
      const auto code_point = take_unicode(text);
      if (!code_point) return refuse("\\u wants four hex digits, and the halves of a surrogate pair go together");
      append_utf8(*code_point, out);
    } else if (letter == 'x') {
      const auto code_point = take_number(text, 2, 16);
      if (!code_point) return refuse("\\x wants two hex digits");
      append_utf8(*code_point, out);
    } else {
      return refuse(
          fmt::format("unknown escape \\{}; {}; write \\\\ for a backslash", character_of(letter, text), kAllowed));
    }
  }
  if (out.empty()) return refuse("must have at least one character");
  return out;
}

}  // namespace rocketlink::row
