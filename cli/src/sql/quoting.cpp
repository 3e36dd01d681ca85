#include "sql/quoting.h"

#include <algorithm>

#include "rocketlink/row/utf8.h"

namespace rocketlink::sql {

namespace {

void blank(std::string& text, std::size_t begin, std::size_t end) {
  std::replace_if(
      text.begin() + static_cast<std::ptrdiff_t>(begin), text.begin() + static_cast<std::ptrdiff_t>(end),
      [](char c) { return c != '\n' && c != '\r'; }, ' ');
}

/// Where what begins at `at` (a quoted piece, a comment, an operator) ends; what is not closed or done is thrown.
std::size_t piece_end(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == '"') throw Failure{at, "found '\"'; strings stand in single quotes ('…'), names in backquotes (`…`)"};
  if (text.substr(at, 3) == "/*+") {
    throw Failure{at,
                  "hints (/*+ … */) are not done by the native engine; put the options into the table's WITH, or run "
                  "the script with --flink",
                  ErrorCode::kUnsupported};
  }
  const bool quoted = c == '\'' || c == '`';
  const std::size_t end = quoted ? quoted_end(text, at) : comment_end(text, at);
  if (end != std::string_view::npos) return std::max(end, at + 1);
  if (c == '\'') throw Failure{at, "this string is not closed: no ' follows"};
  if (c == '`') throw Failure{at, "this name is not closed: no ` follows"};
  throw Failure{at, "this comment is not closed: no */ follows"};
}

}  // namespace

std::size_t quoted_end(std::string_view text, std::size_t offset) {
  const char quote = text[offset];
  for (std::size_t at = text.find(quote, offset + 1); at != std::string_view::npos; at = text.find(quote, at + 2)) {
    if (at + 1 == text.size() || text[at + 1] != quote) return at + 1;
  }
  return std::string_view::npos;
}

std::size_t comment_end(std::string_view text, std::size_t offset) {
  const std::string_view mark = text.substr(offset, 2);
  if (mark == "/*") {
    const std::size_t end = text.find("*/", offset + 2);
    return end == std::string_view::npos ? end : end + 2;
  }
  // As in Flink `//` begins a comment too; not within a word, where it belongs to a path in a SET without quotes.
  const bool apart = offset == 0 || std::string_view(" \t\r\n;,()").find(text[offset - 1]) != std::string_view::npos;
  if (mark == "--" || (mark == "//" && apart)) {
    return std::min(text.find_first_of("\r\n", offset), text.size());
  }
  return offset;
}

std::string unquoted(std::string_view quoted) {
  std::string content;
  const char quote = quoted.front();
  for (std::size_t at = 1; at + 1 < quoted.size(); ++at) {
    content += quoted[at];
    if (quoted[at] == quote) ++at;
  }
  return content;
}

std::size_t utf8_end(std::string_view text) {
  if (row::is_utf8(text)) return text.size();
  std::size_t good = 0;
  while (good < text.size()) {
    std::size_t next = good + 1;
    while (next < text.size() && next - good < 4 && (static_cast<unsigned char>(text[next]) & 0xC0) == 0x80) ++next;
    if (!row::is_utf8(text.substr(good, next - good))) break;
    good = next;
  }
  return good;
}

PlainText without_comments(std::string_view text) {
  PlainText plain{.text = std::string(text), .failure = std::nullopt};
  std::size_t at = 0;
  if (text.starts_with(row::kByteOrderMark)) {
    at = row::kByteOrderMark.size();
    blank(plain.text, 0, at);
  }
  try {
    while ((at = text.find_first_of("'`\"-/", at)) != std::string_view::npos) {
      const std::size_t end = piece_end(text, at);
      if (comment_end(text, at) != at) blank(plain.text, at, end);
      at = end;
    }
  } catch (const Failure& failure) {
    plain.text.resize(failure.offset);
    plain.failure = failure;
  }
  return plain;
}

}  // namespace rocketlink::sql
