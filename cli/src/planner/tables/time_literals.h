#pragma once

#include "planner/function_table.h"

/// `DATE '…'`, `TIME '…'`, `TIMESTAMP '…'` and `INTERVAL '…' unit`, whose arguments are string literals.
namespace rocketlink::planner {

[[nodiscard]] Expression build_date_literal(Context& context, const FunctionCall& call);
[[nodiscard]] Expression build_time_literal(Context& context, const FunctionCall& call);
[[nodiscard]] Expression build_timestamp_literal(Context& context, const FunctionCall& call);
[[nodiscard]] Expression build_interval(Context& context, const FunctionCall& call);

}  // namespace rocketlink::planner
