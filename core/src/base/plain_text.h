#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rocketlink::base {

inline constexpr std::size_t kLongestPlainTextBytes = 300;  ///< what a server says is cut there

/// What a server says, fit for logs and terminals: control characters are blanks, and what is too long is cut.
[[nodiscard]] std::string plain(std::string_view text);

}  // namespace rocketlink::base
