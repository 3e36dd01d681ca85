#include "planner/functions/like.h"

#include <cstddef>

#include "planner/functions/utf8.h"

namespace rocketlink::planner::functions {
namespace {

// Of the character that the text begins with; 0 when it ends a line, as java.util.regex has it.
std::size_t size_of_any(std::string_view text) {
  if (text.empty() || text.front() == '\n' || text.front() == '\r') return 0;
  for (const std::string_view end : {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"}) {
    if (text.starts_with(end)) return 0;
  }
  std::size_t size = 1;
  while (size < text.size() && !is_character_start(text[size])) ++size;
  return size;
}

}  // namespace

bool has_valid_escapes(std::string_view pattern, char escape) {
  for (std::size_t at = pattern.find(escape); at != std::string_view::npos; at = pattern.find(escape, at + 2)) {
    if (at + 1 == pattern.size()) return false;
    const char next = pattern[at + 1];
    if (next != '%' && next != '_' && next != escape) return false;
  }
  return true;
}

// Where it fails behind a `%`, that one takes a byte more.
bool is_like(std::string_view text, std::string_view pattern, char escape) {
  std::size_t at = 0;
  std::size_t in = 0;
  std::size_t behind_percent = std::string_view::npos;  // in the pattern
  std::size_t taken = 0;                                // by that one, up to here in the text
  while (true) {
    if (in < pattern.size() && pattern[in] == '%' && escape != '%') {
      behind_percent = ++in;
      taken = at;
      continue;
    }
    if (at == text.size() && in == pattern.size()) return true;
    std::size_t matched = 0;
    std::size_t wide = 1;  // in the pattern
    if (at < text.size() && in < pattern.size()) {
      if (pattern[in] == escape) {
        matched = text[at] == pattern[in + 1] ? 1 : 0;
        wide = 2;
      } else if (pattern[in] == '_') {
        matched = size_of_any(text.substr(at));
      } else {
        matched = text[at] == pattern[in] ? 1 : 0;
      }
    }
    if (matched > 0) {
      at += matched;
      in += wide;
      continue;
    }
    if (behind_percent == std::string_view::npos || taken >= text.size()) return false;
    ++taken;
    while (taken < text.size() && !is_character_start(text[taken])) ++taken;
    at = taken;
    in = behind_percent;
  }
}

}  // namespace rocketlink::planner::functions
