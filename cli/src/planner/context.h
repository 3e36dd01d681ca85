#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "duck/duck.h"
#include "planner/planner.h"

namespace rocketlink::planner {

/// What the planning of one query shares.
struct Context {
  duck::Connection& connection;
  const Session& session;
  std::vector<Warning> warnings = {};  ///< for who runs the query

  /// Says that Flink does something else than the native runner for some rows; once for each place.
  void warn(std::size_t offset, std::string text);

  /// A call of one of our functions with a decimal result, which is registered for that type.
  [[nodiscard]] std::string decimal_call(std::string_view function, const DataType& result,
                                         std::string_view arguments) const;
};

/// The name of a numeric type in the names of our functions.
[[nodiscard]] std::string_view type_suffix(TypeKind kind);

}  // namespace rocketlink::planner
