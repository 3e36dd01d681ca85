#pragma once

#include <string>
#include <string_view>

#include "rocketlink/result.h"

namespace rocketlink::row {

/// The characters that a delimiter option stands for: `\n`, `\r`, `\t`, `\0`, `\\`, `\uXXXX` (four hex digits, a
/// UTF-16 unit; two of them may form a pair), `\xXX` (two hex digits, the character U+00XX) and `\ooo` (three octal
/// digits, as Hive writes them: the same characters) are replaced; everything else stands for itself. Gives UTF-8.
/// kInvalidArgument when an escape is unknown or cut off, when half of a surrogate pair stands alone, or when nothing
/// is left.
[[nodiscard]] Result<std::string> unescape_delimiter(std::string_view text);

}  // namespace rocketlink::row
