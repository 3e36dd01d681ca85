#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sql/failure.h"

/// The one layer of a script below its grammar: what is quoted, what is comment.
namespace rocketlink::sql {

/// Where the quoted piece that begins at `offset` (with ' or `) ends: behind its closing quote, a doubled quote being
/// one quote of the content; npos when it is not closed.
[[nodiscard]] std::size_t quoted_end(std::string_view text, std::size_t offset);

/// Where the comment that begins at `offset` ends (a line comment before its line's end): npos when it is not closed,
/// `offset` when no comment begins there.
[[nodiscard]] std::size_t comment_end(std::string_view text, std::size_t offset);

/// The content of a quoted piece, doubled quotes made single.
[[nodiscard]] std::string unquoted(std::string_view quoted);

/// Where the longest prefix that is UTF-8 ends.
[[nodiscard]] std::size_t utf8_end(std::string_view text);

/// A script with blanks in place of comments and byte order mark: of the same length and with the same lines, up to the
/// first thing that can be no part of a script. The script must be UTF-8.
struct PlainText {
  std::string text;
  std::optional<Failure> failure;  ///< what ends `text` early: not closed, in double quotes, or a hint
};
[[nodiscard]] PlainText without_comments(std::string_view text);

}  // namespace rocketlink::sql
