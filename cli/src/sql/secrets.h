#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace rocketlink::sql {

/// Bytes of a script, from `begin` to before `end`.
struct TextRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// What must not be shown, in order: the values of options whose names say that they are secret. Scripts that are wrong
/// somewhere are searched too, so quotes and = may be missing.
[[nodiscard]] std::vector<TextRange> secret_ranges(std::string_view text);

}  // namespace rocketlink::sql
