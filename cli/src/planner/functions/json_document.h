#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "planner/functions/json_path.h"

namespace rocketlink::planner::functions {

/// What a document has at a path.
struct JsonFinding {
  enum class Kind : std::uint8_t {
    kInvalid,  ///< it is no JSON
    kNothing,  ///< it is `null` as a whole, where Flink looks for no path
    kMissing,
    kNull,
    kContainer,
    kScalar
  };
  Kind kind = Kind::kMissing;
  std::string text;  ///< of a scalar: a string's content, a number as Java's BigDecimal or Long writes it, true, false
};

/// Reads as Jackson does: what follows the first value is of no interest, half of a surrogate pair is shown as '?', a
/// number may be of any size, and of keys that are there twice the last counts.
[[nodiscard]] JsonFinding find_json(std::string_view document, const JsonPath& path);

}  // namespace rocketlink::planner::functions
