#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rocketlink::planner::functions {

/// A path of SQL/JSON without wildcards, filters or functions: `[lax|strict] $.a.b[0]['c d']`; strict when nothing is
/// said, as in Flink.
struct JsonPath {
  bool lax = false;
  std::vector<std::variant<std::string, std::int64_t>> steps;

  /// Nothing, and a sentence in `problem`, for a path that cannot be used.
  static std::optional<JsonPath> read(std::string_view text, std::string& problem);
};

}  // namespace rocketlink::planner::functions
