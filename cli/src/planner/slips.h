#pragma once

#include <cstddef>

#include "planner/rewrite.h"

namespace rocketlink::planner {

/// Throws the Failure that says what is meant, or missing, at or before a token that the grammar does not take there,
/// if it is one of the slips that are known here.
void explain_slip(const Rewritten& rewritten, std::size_t token, std::size_t query_offset);

}  // namespace rocketlink::planner
