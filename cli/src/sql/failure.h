#pragma once

#include <cstddef>
#include <string>

#include "rocketlink/result.h"

namespace rocketlink::sql {

/// Thrown by rules and actions at the first thing that is wrong; parse_script makes an Error of it.
struct Failure {
  std::size_t offset = 0;
  std::string text;
  ErrorCode code = ErrorCode::kInvalidArgument;
  bool at_end = false;  ///< the text ended where more was wanted
};

}  // namespace rocketlink::sql
