#include "planner/context.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "planner/functions/functions.h"

namespace rocketlink::planner {

void Context::warn(std::size_t offset, std::string text) {
  const bool said = std::any_of(warnings.begin(), warnings.end(), [&](const Warning& warning) {
    return warning.offset == offset && warning.text == text;
  });
  if (!said) warnings.push_back({std::move(text), offset});
}

std::string Context::decimal_call(std::string_view function, const DataType& result, std::string_view arguments) const {
  (void)functions::register_decimal_function(connection.handle(), function, result.precision, result.scale);
  return fmt::format("{}_{}_{}({})", function, result.precision, result.scale, arguments);
}

std::string_view type_suffix(TypeKind kind) {
  switch (kind) {
    case TypeKind::kTinyInt:
      return "tinyint";
    case TypeKind::kSmallInt:
      return "smallint";
    case TypeKind::kInteger:
      return "integer";
    case TypeKind::kBigInt:
      return "bigint";
    case TypeKind::kFloat:
      return "float";
    default:
      return "double";
  }
}

}  // namespace rocketlink::planner
