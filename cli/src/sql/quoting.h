#pragma once

#include <cstddef>
#include <string>
#include <string_view>

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

/// The script with blanks in place of comments and byte order mark, of the same length and with the same lines. Throws
/// Failure at what is not UTF-8, not closed, in double quotes, or a hint.
[[nodiscard]] std::string without_comments(std::string_view text);

}  // namespace rocketlink::sql
