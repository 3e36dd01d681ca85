#pragma once

#include "planner/context.h"
#include "planner/expression.h"

namespace rocketlink::planner {

/// CAST(value AS type), or TRY_CAST, which gives NULL where CAST would end the job. Throws Failure where Flink has no
/// such cast.
[[nodiscard]] Expression cast(Context& context, const Expression& value, const DataType& type, bool try_cast = false);

/// As cast, for a cast that nobody wrote; a NULL literal gets its type here.
[[nodiscard]] Expression convert(Context& context, const Expression& value, const DataType& type);

}  // namespace rocketlink::planner
