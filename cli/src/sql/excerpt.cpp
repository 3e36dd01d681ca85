#include "sql/excerpt.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "rocketlink/row/utf8.h"
#include "sql/secrets.h"

namespace rocketlink::sql {

namespace {

constexpr std::size_t kCharactersBefore = 60;  // shown of a line before the place of a problem
constexpr std::size_t kCharactersBehind = 40;  // and behind it
constexpr std::size_t kReadBytes = 4096;       // of a line on either side of the place: lines may be huge

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

bool begins_code_point(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
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

/// The code points of a piece of the script, three stars in place of each secret.
std::vector<Cell> cells(std::string_view text, std::size_t begin, std::size_t end) {
  const std::vector<TextRange> secrets = secret_ranges(text);
  auto secret = secrets.begin();
  std::vector<Cell> line;
  for (std::size_t at = begin; at < end;) {
    while (secret != secrets.end() && secret->end <= at) ++secret;
    if (secret != secrets.end() && secret->begin <= at) {
      line.insert(line.end(), 3, {"*", at});
      at = std::min(secret->end, end);
      continue;
    }
    const std::size_t length = code_point_length(text.substr(at, end - at));
    line.push_back({shown(text.substr(at, length)), at});
    at += length;
  }
  return line;
}

/// Keeps what stands around cell `place`; true when something before it is cut.
bool cut(std::vector<Cell>& line, std::size_t place) {
  if (line.size() <= kCharactersBefore + kCharactersBehind) return false;
  const std::size_t begin = place > kCharactersBefore ? place - kCharactersBefore : 0;
  const std::size_t end = std::min(line.size(), begin + kCharactersBefore + kCharactersBehind);
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
  const auto line_number = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(begin), '\n');
  if (begin == 0 && text.starts_with(row::kByteOrderMark)) begin = std::min(row::kByteOrderMark.size(), offset);
  const auto column = std::count_if(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                    text.begin() + static_cast<std::ptrdiff_t>(offset), begins_code_point);

  Excerpt out{.line = static_cast<std::size_t>(line_number) + 1,
              .column = static_cast<std::size_t>(column) + 1,
              .source = {},
              .mark = {}};
  const std::size_t end = std::min({text.find_first_of("\r\n", offset), text.size(), offset + kReadBytes});
  if (offset - begin > kReadBytes) begin = offset - kReadBytes;
  while (begin < offset && !begins_code_point(text[begin])) ++begin;
  std::vector<Cell> line = cells(text, begin, end);
  auto place = static_cast<std::size_t>(
      std::find_if(line.begin(), line.end(), [&](const Cell& c) { return c.offset >= offset; }) - line.begin());
  if (cut(line, place)) place = kCharactersBefore + 1;
  for (std::size_t i = 0; i < line.size(); ++i) {
    out.source += line[i].utf8;
    if (i < place) out.mark += line[i].utf8 == "\t" ? "\t" : is_wide(line[i].utf8) ? "  " : " ";
  }
  out.mark += '^';
  return out;
}

}  // namespace rocketlink::sql
