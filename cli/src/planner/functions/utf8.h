#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// Characters (code points) of valid UTF-8.
namespace rocketlink::planner::functions {

[[nodiscard]] constexpr bool is_character_start(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

[[nodiscard]] inline std::int64_t character_count(std::string_view text) {
  std::int64_t count = 0;
  for (const char c : text) count += is_character_start(c) ? 1 : 0;
  return count;
}

/// The units of UTF-16, as Java counts: two for a code point of four bytes.
[[nodiscard]] inline std::int64_t unit_count(std::string_view text) {
  std::int64_t count = 0;
  for (const char c : text) count += is_character_start(c) ? (static_cast<unsigned char>(c) >= 0xF0 ? 2 : 1) : 0;
  return count;
}

/// The byte at which character `index` (from 0) begins; the size of the text when it has no such character.
[[nodiscard]] inline std::size_t position_of_character(std::string_view text, std::int64_t index) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (is_character_start(text[at]) && index-- == 0) break;
  }
  return at;
}

}  // namespace rocketlink::planner::functions
