#pragma once

#include <string>
#include <string_view>

#include "planner/expression.h"

namespace rocketlink::planner {

[[nodiscard]] Expression null_literal();
[[nodiscard]] Expression boolean_literal(bool value);
/// CHAR(n) NOT NULL, as in Flink, which counts the units of UTF-16 here.
[[nodiscard]] Expression string_literal(const std::string& value);
/// INT, BIGINT or DECIMAL by its digits; DOUBLE with an exponent. `text` has no sign.
[[nodiscard]] Expression number_literal(std::string_view text, bool negative, std::size_t offset);

}  // namespace rocketlink::planner
