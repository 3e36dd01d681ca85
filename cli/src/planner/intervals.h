#pragma once

#include <optional>
#include <string_view>

#include "planner/expression.h"

namespace rocketlink::planner {

/// `INTERVAL 'amount' first [TO last]`, the units in upper case; `last` may be empty. Nothing when the amount does not
/// go with the units or a unit is unknown.
[[nodiscard]] std::optional<Interval> read_interval(std::string_view amount, std::string_view first,
                                                    std::string_view last);

}  // namespace rocketlink::planner
