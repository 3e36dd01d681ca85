#include "rocketlink/types.h"

#include <fmt/format.h>

namespace rocketlink {

namespace {

std::string with_length(std::string_view name, std::int32_t length) {
  if (length == kUnboundedLength) return std::string(name);
  return fmt::format("{}({})", name, length);
}

std::string without_nullability(const DataType& type) {
  switch (type.kind) {
    case TypeKind::kBoolean:
      return "BOOLEAN";
    case TypeKind::kTinyInt:
      return "TINYINT";
    case TypeKind::kSmallInt:
      return "SMALLINT";
    case TypeKind::kInteger:
      return "INT";
    case TypeKind::kBigInt:
      return "BIGINT";
    case TypeKind::kFloat:
      return "FLOAT";
    case TypeKind::kDouble:
      return "DOUBLE";
    case TypeKind::kDecimal:
      return fmt::format("DECIMAL({}, {})", type.precision, type.scale);
    case TypeKind::kChar:
      return fmt::format("CHAR({})", type.precision);
    case TypeKind::kVarchar:
      return with_length("VARCHAR", type.precision);
    case TypeKind::kBinary:
      return fmt::format("BINARY({})", type.precision);
    case TypeKind::kVarbinary:
      return with_length("VARBINARY", type.precision);
    case TypeKind::kDate:
      return "DATE";
    case TypeKind::kTime:
      return fmt::format("TIME({})", type.precision);
    case TypeKind::kTimestamp:
      return fmt::format("TIMESTAMP({})", type.precision);
    case TypeKind::kTimestampLtz:
      return fmt::format("TIMESTAMP_LTZ({})", type.precision);
  }
  return "UNKNOWN";
}

}  // namespace

std::string to_string(const DataType& type) {
  std::string text = without_nullability(type);
  if (!type.nullable) text += " NOT NULL";
  return text;
}

}  // namespace rocketlink
