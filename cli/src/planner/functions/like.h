#pragma once

#include <string_view>

/// LIKE as Flink does it with a regular expression.
namespace rocketlink::planner::functions {

/// Whether `escape` stands in front of `%`, `_` and itself only.
[[nodiscard]] bool has_valid_escapes(std::string_view pattern, char escape);

/// `%` is any text, `_` one character that ends no line. The pattern has valid escapes.
[[nodiscard]] bool is_like(std::string_view text, std::string_view pattern, char escape);

}  // namespace rocketlink::planner::functions
