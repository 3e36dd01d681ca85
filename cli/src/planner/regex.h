#pragma once

#include "planner/function_table.h"

/// Regular expressions: written for java.util.regex, matched by DuckDB's RE2.
namespace rocketlink::planner {

[[nodiscard]] Expression build_regexp(Context& context, const FunctionCall& call);
[[nodiscard]] Expression build_regexp_extract(Context& context, const FunctionCall& call);
[[nodiscard]] Expression build_regexp_replace(Context& context, const FunctionCall& call);

}  // namespace rocketlink::planner
