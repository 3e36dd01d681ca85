#include "sql/words.h"

#include <fmt/format.h>

#include <cstdint>

#include "rocketlink/options.h"
#include "sql/grammar/lexical.h"
#include "sql/quoting.h"

namespace rocketlink::sql {

namespace {

constexpr std::size_t kShownCharacters = 40;  // a word is cut there in messages, and a longer one is near none

bool starts_code_point(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

/// Bytes of the first `count` code points.
std::size_t code_points(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (starts_code_point(text[at]) && count-- == 0) break;
  }
  return at;
}

std::uint32_t code_point(std::string_view utf8) {
  if (utf8.size() == 1) return static_cast<unsigned char>(utf8[0]);
  std::uint32_t value = static_cast<unsigned char>(utf8[0]) & (0x7FU >> utf8.size());
  for (const char c : utf8.substr(1)) value = value << 6 | (static_cast<unsigned char>(c) & 0x3FU);
  return value;
}

/// A code point that is neither letter, mark nor quote of a script.
std::string odd_character(std::string_view utf8) {
  const std::uint32_t value = code_point(utf8);
  const std::string code = fmt::format("U+{:04X}", value);
  if (value < 0x20 || value == 0x7F) return fmt::format("the control character {}", code);
  if (value == 0xA0 || (value >= 0x2000 && value <= 0x200F) || value == 0x3000 || value == 0xFEFF) {
    return fmt::format("the blank {}, which is no ordinary blank", code);
  }
  if (value >= 0x2018 && value <= 0x201F) return fmt::format("the typographic quote {} ({}); write '", utf8, code);
  if (value >= 0xFF01 && value <= 0xFF5E) {
    return fmt::format("the full-width '{}' ({}); write '{}'", utf8, code, static_cast<char>(value - 0xFEE0));
  }
  return fmt::format("'{}' ({})", utf8, code);
}

}  // namespace

std::string upper_case(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

std::string shortened(std::string_view text) {
  const std::size_t end = code_points(text, kShownCharacters);
  return end == text.size() ? std::string(text) : std::string(text.substr(0, end)) + "…";
}

std::optional<std::string_view> near_word(std::string_view word, std::span<const std::string_view> known) {
  if (word.empty() || word.size() > kShownCharacters) return std::nullopt;
  return nearest_name(word, known);
}

std::string_view leading_word(std::string_view text) {
  grammar::p::memory_input in(text.data(), text.size(), "");
  const bool found = grammar::p::parse<grammar::p::plus<grammar::WordPart>>(in);
  return found ? text.substr(0, in.byte()) : std::string_view{};
}

std::string token_text(std::string_view text) {
  if (text.empty()) return "the end of the script";
  if (text.front() == '\'') return "a string";
  if (text.front() == '`') return shortened(text.substr(0, quoted_end(text, 0)));
  if (const std::string_view word = leading_word(text); !word.empty()) return fmt::format("'{}'", shortened(word));
  if (text.front() == '#') return "'#' (a comment begins with --)";
  const std::string_view first = text.substr(0, code_points(text, 1));
  return first.size() == 1 && first.front() > ' ' && first.front() < 0x7F ? fmt::format("'{}'", first)
                                                                          : odd_character(first);
}

}  // namespace rocketlink::sql
