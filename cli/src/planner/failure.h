#pragma once

#include <cstddef>
#include <string>

#include "rocketlink/result.h"

namespace rocketlink::planner {

/// Ends the planning of a query; never leaves the planner.
struct Failure {
  Error error;
  std::size_t offset = 0;  ///< bytes into the script
};

[[noreturn]] inline void fail(std::size_t offset, std::string text, ErrorCode code = ErrorCode::kInvalidArgument) {
  throw Failure{Error(code, std::move(text)), offset};
}

/// Flink does it, the native runner does not.
[[noreturn]] inline void unsupported(std::size_t offset, const std::string& what) {
  fail(offset, what + "; Flink does it: run the same script with --flink", ErrorCode::kUnsupported);
}

}  // namespace rocketlink::planner
