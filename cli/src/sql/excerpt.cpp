#include "sql/excerpt.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "rocketlink/row/utf8.h"
#include "sql/quoting.h"
#include "sql/words.h"

namespace rocketlink::sql {

namespace {

constexpr std::size_t kShownBefore = 60;
constexpr std::size_t kShownBehind = 40;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// One code point of the line as it is shown.
struct Cell {
  std::string_view utf8;
  std::size_t offset = 0;  ///< in the script
};

/// Whether a terminal gives it two columns: Chinese, Japanese, Korean, full width.
bool is_wide(std::string_view utf8) {
  if (utf8.size() == 4) return utf8 >= "\U0001F300";
  return utf8.size() == 3 && ((utf8 >= "\u1100" && utf8 <= "\u115F") || (utf8 >= "\u2E80" && utf8 <= "\uA4CF") ||
                              (utf8 >= "\uAC00" && utf8 <= "\uD7A3") || (utf8 >= "\uF900" && utf8 <= "\uFAFF") ||
                              (utf8 >= "\uFE30" && utf8 <= "\uFE4F") || (utf8 >= "\uFF00" && utf8 <= "\uFF60"));
}

std::size_t code_point_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return row::is_utf8(text.substr(0, length)) ? std::min(length, text.size()) : 1;
}

std::string_view shown(std::string_view utf8) {
  if (utf8.size() > 1 || utf8 == "\t") return utf8;
  const auto byte = static_cast<unsigned char>(utf8.front());
  return byte < 0x20 || byte >= 0x7F ? "\uFFFD" : utf8;
}

std::vector<Cell> cells(std::string_view text, std::size_t begin, std::size_t end) {
  std::vector<Cell> line;
  for (std::size_t at = begin; at < end;) {
    const std::size_t length = code_point_length(text.substr(at, end - at));
    line.push_back({shown(text.substr(at, length)), at});
    at += length;
  }
  return line;
}

bool names_secret(std::string_view option) {
  constexpr std::array<std::string_view, 6> kSecret{"ACCESSKEY", "ACCESSID", "PASSWORD",
                                                    "SECRET",    "TOKEN",    "PASSPHRASE"};
  const std::string upper = upper_case(option);
  return std::any_of(kSecret.begin(), kSecret.end(),
                     [&](std::string_view word) { return upper.find(word) != std::string::npos; });
}

/// The contents of strings that an option's name before them says to be secret. Placeholders of secrets are none.
std::vector<std::pair<std::size_t, std::size_t>> secrets(std::string_view text) {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  bool is_secret = false;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '\'' || c == '`') {
      const std::size_t end = std::min(quoted_end(text, at), text.size());
      const std::string_view content = text.substr(at + 1, end - at - 1);
      if (is_secret && !content.starts_with("${")) found.emplace_back(at + 1, end);
      is_secret = !is_secret && names_secret(content);
      at = end;
    } else {
      if (c == ',' || c == ';' || c == ')') is_secret = false;
      at = std::max(std::min(comment_end(text, at), text.size()), at + 1);
    }
  }
  return found;
}

void mask(std::vector<Cell>& line, std::string_view text) {
  for (const auto& [begin, end] : secrets(text)) {
    const auto first = std::find_if(line.begin(), line.end(), [&](const Cell& c) { return c.offset >= begin; });
    const auto last = std::find_if(first, line.end(), [&](const Cell& c) { return c.offset + 1 >= end; });
    if (first == last) continue;
    std::array<Cell, 3> stars;
    stars.fill({"*", begin});
    line.insert(line.erase(first, last), stars.begin(), stars.end());
  }
}

/// Keeps what stands around cell `place`; true when something before it is cut.
bool cut(std::vector<Cell>& line, std::size_t place) {
  if (line.size() <= kShownBefore + kShownBehind) return false;
  const std::size_t begin = place > kShownBefore ? place - kShownBefore : 0;
  const std::size_t end = std::min(line.size(), begin + kShownBefore + kShownBehind);
  if (end < line.size()) {
    line.resize(end);
    line.push_back({"…", 0});
  }
  line.erase(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(begin));
  if (begin > 0) line.insert(line.begin(), {"…", 0});
  return begin > 0;
}

}  // namespace

Excerpt excerpt(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const std::size_t before = text.substr(0, offset).rfind('\n');
  std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  if (begin == 0 && text.starts_with(kByteOrderMark)) begin = std::min(kByteOrderMark.size(), offset);
  const std::size_t end = std::min(text.find_first_of("\r\n", offset), text.size());

  Excerpt out;
  out.line =
      1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(begin), '\n'));
  std::vector<Cell> line = cells(text, begin, std::max(begin, end));
  const auto at_offset = [&](const Cell& c) { return c.offset >= offset; };
  out.column = 1 + static_cast<std::size_t>(std::find_if(line.begin(), line.end(), at_offset) - line.begin());

  mask(line, text);
  auto place = static_cast<std::size_t>(std::find_if(line.begin(), line.end(), at_offset) - line.begin());
  if (cut(line, place)) place = kShownBefore + 1;
  for (std::size_t i = 0; i < line.size(); ++i) {
    out.source += line[i].utf8;
    if (i < place) out.mark += line[i].utf8 == "\t" ? "\t" : is_wide(line[i].utf8) ? "  " : " ";
  }
  out.mark += '^';
  return out;
}

}  // namespace rocketlink::sql
