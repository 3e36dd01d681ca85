#pragma once

#include <cstdint>

namespace rocketlink::planner::functions {

/// What JSON functions do ON EMPTY and ON ERROR.
enum class JsonBehaviour : std::uint8_t { kNull, kError, kDefault, kTrue, kFalse };

}  // namespace rocketlink::planner::functions
