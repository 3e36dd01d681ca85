#pragma once

#include <optional>
#include <string_view>

#include "planner/functions/decimals.h"

namespace rocketlink::planner::functions {

/// The number that Flink's CAST takes of a text, times 10^scale, rounded half up. Nothing when it is none, or has too
/// many digits. Of short texts for short decimals one character behind the number is left out, whatever it is.
[[nodiscard]] std::optional<Int128> parse_decimal_text(std::string_view text, DecimalShape shape);

}  // namespace rocketlink::planner::functions
