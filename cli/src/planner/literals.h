#pragma once

#include <string>
#include <string_view>

#include "planner/expression.h"

namespace rocketlink::planner {

[[nodiscard]] Expression null_literal();
[[nodiscard]] Expression boolean_literal(bool value);
/// CHAR(n) NOT NULL, as in Flink.
[[nodiscard]] Expression string_literal(const std::string& value);
/// INT, BIGINT or DECIMAL by its digits; DOUBLE with an exponent.
[[nodiscard]] Expression number_literal(std::string_view text, std::size_t offset);

}  // namespace rocketlink::planner
