#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rocketlink::row {

inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  ///< U+FFFD
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// True when every byte is below 0x80.
[[nodiscard]] bool is_ascii(std::string_view text);

/// True when `text` is UTF-8: no surrogates, no overlong forms, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text);

/// Replaces the content of `out` by `text`, each maximal piece that is no UTF-8 by one U+FFFD, as Java's decoder and
/// the Unicode Standard (section 3.9, "substitution of maximal subparts") do. `text` must not point into `out`.
void replace_invalid_utf8(std::string_view text, std::string& out);

/// Appends a code point (0..0x10FFFF, no surrogate).
void append_utf8(char32_t code_point, std::string& out);

}  // namespace rocketlink::row
