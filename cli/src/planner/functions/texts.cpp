#include <fmt/format.h>

#include <algorithm>

#include "planner/functions/case_mapping.h"
#include "planner/functions/functions.h"
#include "planner/functions/like.h"
#include "planner/functions/utf8.h"

/// Functions on texts. Positions count characters (code points) from 1.
namespace rocketlink::planner::functions {
namespace {

constexpr std::size_t kLongestTextBytes = std::size_t{256} << 20;  // a function that would give more fails

bool too_long(Call& call, std::size_t bytes, std::string_view function) {
  if (bytes > kLongestTextBytes) call.fail(fmt::format("{} would give a text of {} bytes", function, bytes));
  return bytes > kLongestTextBytes;
}

std::int32_t char_length(Call&, std::string_view text) {
  return static_cast<std::int32_t>(character_count(text));
}

std::string_view characters(std::string_view text, std::int64_t begin, std::int64_t count) {
  text.remove_prefix(position_of_character(text, begin));
  return text.substr(0, position_of_character(text, count));
}

std::optional<std::string_view> substring(Call&, std::string_view text, std::int64_t start, std::int64_t length) {
  if (length < 0 || length > INT32_MAX || start > INT32_MAX) return std::nullopt;
  if (start > 0) return characters(text, start - 1, length);
  if (start == 0) return characters(text, 0, length);
  const std::int64_t begin = character_count(text) + start;
  return begin < 0 ? std::string_view() : characters(text, begin, length);
}
std::optional<std::string_view> substring_from(Call& call, std::string_view text, std::int64_t start) {
  return substring(call, text, start, INT32_MAX);
}
std::string_view left(Call&, std::string_view text, std::int32_t length) {
  return length <= 0 ? std::string_view() : characters(text, 0, length);
}
std::string_view right(Call&, std::string_view text, std::int32_t length) {
  if (length <= 0) return {};
  return text.substr(position_of_character(text, std::max<std::int64_t>(0, character_count(text) - length)));
}

bool has_character(std::string_view characters, std::string_view one) {
  return !one.empty() && characters.find(one) != std::string_view::npos;
}
std::string_view trim_left(std::string_view text, std::string_view set) {
  while (!text.empty()) {
    const std::size_t size = position_of_character(text, 1);
    if (!has_character(set, text.substr(0, size))) break;
    text.remove_prefix(size);
  }
  return text;
}
std::string_view trim_right(std::string_view text, std::string_view set) {
  while (!text.empty()) {
    std::size_t begin = text.size() - 1;
    while (begin > 0 && !is_character_start(text[begin])) --begin;
    if (!has_character(set, text.substr(begin))) break;
    text.remove_suffix(text.size() - begin);
  }
  return text;
}
std::string_view ltrim(Call&, std::string_view text, std::string_view set) {
  return trim_left(text, set);
}
std::string_view rtrim(Call&, std::string_view text, std::string_view set) {
  return trim_right(text, set);
}
std::string_view btrim(Call&, std::string_view text, std::string_view set) {
  return trim_right(trim_left(text, set), set);
}

// 1-based; 0 when it is not there. `from` counts characters from 0.
std::int32_t find(std::string_view seek, std::string_view text, std::int64_t from) {
  if (seek.empty()) return 1;
  const std::size_t begin = from > 0 ? position_of_character(text, from) : 0;
  const std::size_t at = text.find(seek, begin);
  return at == std::string_view::npos ? 0 : static_cast<std::int32_t>(character_count(text.substr(0, at))) + 1;
}
std::int32_t locate(Call&, std::string_view seek, std::string_view text, std::int32_t from) {
  // Of which Java would take one off.
  return from == INT32_MIN ? 0 : find(seek, text, std::int64_t{from} - 1);
}

std::string reversed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t end = text.size(); end > 0;) {
    std::size_t begin = end - 1;
    while (begin > 0 && !is_character_start(text[begin])) --begin;
    out += text.substr(begin, end - begin);
    end = begin;
  }
  return out;
}
std::string reverse(Call&, std::string_view text) {
  return reversed(text);
}

std::int32_t instr(Call& call, std::string_view text, std::string_view seek, std::int32_t start, std::int32_t nth) {
  if (nth <= 0) {
    call.fail(fmt::format("INSTR: the fourth argument counts appearances from 1, not {}", nth));
    return 0;
  }
  if (start == 0) return 0;
  if (start < 0) {
    const std::int32_t at = instr(call, reversed(text), reversed(seek), -start, nth);
    if (at == 0) return 0;
    return static_cast<std::int32_t>(character_count(text) + 2 - at - character_count(seek));
  }
  std::int64_t from = start;
  std::int32_t at = 0;
  for (std::int32_t i = 0; i < nth; ++i) {
    at = find(seek, text, from - 1);
    if (at == 0) return 0;
    from = std::int64_t{at} + 1;
  }
  return at;
}

std::string replace(Call& call, std::string_view text, std::string_view old, std::string_view by) {
  std::string out;
  if (old.empty()) {  // it is found before each character and at the end
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t size = position_of_character(text.substr(at), 1);
      // Java has two halves of a wide one, and each is shown as '?'.
      out += by;
      out += size == 4 ? "?" : text.substr(at, size);
      if (size == 4) out.append(by).append("?");
      at += size;
    }
    return out += by;
  }
  std::size_t from = 0;
  for (std::size_t at = text.find(old); at != std::string_view::npos; at = text.find(old, from)) {
    out += text.substr(from, at - from);
    out += by;
    from = at + old.size();
    if (too_long(call, out.size(), "REPLACE")) return {};
  }
  return out += text.substr(from);
}

std::string repeat(Call& call, std::string_view text, std::int32_t times) {
  std::string out;
  if (times <= 0 || too_long(call, text.size() * static_cast<std::size_t>(times), "REPEAT")) return out;
  out.reserve(text.size() * static_cast<std::size_t>(times));
  for (std::int32_t i = 0; i < times; ++i) out += text;
  return out;
}

// LPAD and RPAD count units of UTF-16; half of a code point is shown as '?'.
std::string units(std::string_view text, std::int64_t begin, std::int64_t count) {
  std::string out;
  std::int64_t unit = 0;
  for (std::size_t at = 0; at < text.size() && unit < begin + count;) {
    const std::size_t size = position_of_character(text.substr(at), 1);
    const std::int64_t wide = size == 4 ? 2 : 1;
    if (unit >= begin && unit + wide <= begin + count) {
      out += text.substr(at, size);
    } else if (unit + wide > begin) {
      out += '?';
    }
    unit += wide;
    at += size;
  }
  return out;
}
// `count` units of `pad`, over and over.
std::string padding(std::string_view pad, std::int64_t count) {
  const std::int64_t once = unit_count(pad);
  std::string out;
  for (std::int64_t i = 0; i < count / once; ++i) out += pad;
  return out += units(pad, 0, count % once);
}
template <bool kLeft>
std::optional<std::string> pad(Call& call, std::string_view text, std::int32_t length, std::string_view filler) {
  if (length < 0 || filler.empty()) return std::nullopt;
  const std::int64_t missing = length - unit_count(text);
  if (missing <= 0) return units(text, 0, length);
  if (too_long(call, static_cast<std::size_t>(missing), kLeft ? "LPAD" : "RPAD")) return std::nullopt;
  return kLeft ? padding(filler, missing) + std::string(text) : std::string(text) + padding(filler, missing);
}

bool is_white_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || (c >= '\x1c' && c <= '\x1f');
}

// An empty separator stands for any single white space.
std::optional<std::string_view> split_index(Call&, std::string_view text, std::string_view separator,
                                            std::int32_t index) {
  if (index < 0 || text.empty()) return std::nullopt;
  for (std::int32_t i = 0;; ++i) {
    std::size_t at = text.find(separator);
    if (separator.empty()) {
      at = static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_white_space) - text.begin());
      if (at == text.size()) at = std::string_view::npos;
    }
    if (i == index) return text.substr(0, at);
    if (at == std::string_view::npos) return std::nullopt;
    text.remove_prefix(at + std::max<std::size_t>(1, separator.size()));
  }
}
std::optional<std::string_view> split_index_by_code(Call& call, std::string_view text, std::int32_t code,
                                                    std::int32_t index) {
  if (code < 1 || code > 255) return std::nullopt;
  const std::string separator =
      code < 0x80 ? std::string(1, static_cast<char>(code))
                  : std::string{static_cast<char>(0xC0 | (code >> 6)), static_cast<char>(0x80 | (code & 0x3F))};
  return split_index(call, text, separator, index);
}

// Letters and digits of ASCII make words; of those letters the first is upper case, the others lower case.
std::string initcap(Call&, std::string_view text) {
  std::string out(text);
  bool in_word = false;
  for (char& c : out) {
    const bool is_lower = c >= 'a' && c <= 'z';
    const bool is_upper = c >= 'A' && c <= 'Z';
    if (is_lower && !in_word) c = static_cast<char>(c - 'a' + 'A');
    if (is_upper && in_word) c = static_cast<char>(c - 'A' + 'a');
    in_word = is_lower || is_upper || (c >= '0' && c <= '9');
  }
  return out;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
}
// Most texts are ASCII, and stay as they are here.
std::string_view for_upper(Call&, std::string_view text) {
  if (is_ascii(text)) return text;
  thread_local std::string out;
  out = before_upper(text);
  return out;
}
std::string_view for_lower(Call&, std::string_view text) {
  if (is_ascii(text)) return text;
  thread_local std::string out;
  out = before_lower(text);
  return out;
}

bool like(Call& call, std::string_view text, std::string_view pattern, std::string_view escape) {
  if (!has_valid_escapes(pattern, escape.front())) {
    call.fail(
        fmt::format("LIKE: the pattern '{}' has the escape character '{}' in front of something else than %, _ and "
                    "itself",
                    pattern.substr(0, kMostQuotedBytes), escape));
    return false;
  }
  return is_like(text, pattern, escape.front());
}

std::int32_t ascii(Call&, std::string_view text) {
  return text.empty() ? 0 : static_cast<signed char>(text.front());
}

std::string chr(Call&, std::int64_t code) {
  if (code < 0) return {};
  const auto c = static_cast<unsigned>(code & 0xFF);
  if (c < 0x80) return std::string(1, static_cast<char>(c));
  return {static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3F))};
}

}  // namespace

void register_text_functions(Registrar& registrar) {
  registrar.add<char_length>("rl_char_length");
  registrar.add<substring>("rl_substring");
  registrar.add<substring_from>("rl_substring_from");
  registrar.add<left>("rl_left");
  registrar.add<right>("rl_right");
  registrar.add<ltrim>("rl_ltrim");
  registrar.add<rtrim>("rl_rtrim");
  registrar.add<btrim>("rl_btrim");
  registrar.add<locate>("rl_locate");
  registrar.add<instr>("rl_instr");
  registrar.add<reverse>("rl_reverse");
  registrar.add<replace>("rl_replace");
  registrar.add<repeat>("rl_repeat");
  registrar.add<pad<true>>("rl_lpad");
  registrar.add<pad<false>>("rl_rpad");
  registrar.add<split_index>("rl_split_index");
  registrar.add<split_index_by_code>("rl_split_index_by_code");
  registrar.add<for_upper>("rl_before_upper");
  registrar.add<for_lower>("rl_before_lower");
  registrar.add<like>("rl_like");
  registrar.add<initcap>("rl_initcap");
  registrar.add<ascii>("rl_ascii");
  registrar.add<chr>("rl_chr");
}

}  // namespace rocketlink::planner::functions
