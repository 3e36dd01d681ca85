#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Words of a script as people read them in an error.
namespace rocketlink::sql {

/// ASCII letters made capitals.
[[nodiscard]] std::string upper_case(std::string_view text);

/// `text`, cut when it is too long to be shown.
[[nodiscard]] std::string shortened(std::string_view text);

/// The one of `known` that `word` may be a slip of.
[[nodiscard]] std::optional<std::string_view> near_word(std::string_view word, std::span<const std::string_view> known);

/// The word, with letters of any script, digits and underscores, that `text` begins with; empty when none does.
[[nodiscard]] std::string_view leading_word(std::string_view text);

/// What `text` begins with, in words: `'x'`, `a string`, `the end of the script`. Strings are not shown: they may be
/// secrets.
[[nodiscard]] std::string token_text(std::string_view text);

}  // namespace rocketlink::sql
