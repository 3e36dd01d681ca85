#pragma once

#include <cstddef>
#include <vector>

#include "planner/tokens.h"
#include "rocketlink/types.h"

namespace rocketlink::planner {

/// Reads a type such as `DECIMAL(10, 2)` or `TIMESTAMP(3) WITH LOCAL TIME ZONE` from `tokens` at `at`, which is moved
/// behind it. Throws Failure when there is none, with offsets counted from `query_offset`.
[[nodiscard]] DataType read_type(const std::vector<Token>& tokens, std::size_t& at, std::size_t query_offset);

}  // namespace rocketlink::planner
