#include "planner/types.h"

#include <algorithm>

namespace rocketlink::planner {
namespace {

constexpr std::int32_t kMinAdjustedScale = 6;

// Past 38 digits the scale gives way, down to six digits.
DataType adjusted(std::int32_t precision, std::int32_t scale) {
  if (precision <= kMaxPrecision) return decimal_type(precision, scale);
  const std::int32_t whole = precision - scale;
  return decimal_type(kMaxPrecision, std::max(kMaxPrecision - whole, std::min(scale, kMinAdjustedScale)));
}

int rank(TypeKind kind) {
  return static_cast<int>(kind);
}  // integers stand in ascending order

std::optional<DataType> common_string(const DataType& left, const DataType& right) {
  const bool character = is_character(left.kind);
  const TypeKind fixed = character ? TypeKind::kChar : TypeKind::kBinary;
  const TypeKind variable = character ? TypeKind::kVarchar : TypeKind::kVarbinary;
  const std::int32_t length = std::max(left.precision, right.precision);
  const bool same_fixed = left.kind == fixed && right.kind == fixed && left.precision == right.precision;
  return DataType{same_fixed ? fixed : variable, length, 0, true};
}

DataType common_numeric(const DataType& left, const DataType& right) {
  if (is_approximate(left.kind) || is_approximate(right.kind)) {
    const bool with_decimal = left.kind == TypeKind::kDecimal || right.kind == TypeKind::kDecimal;
    const bool with_double = left.kind == TypeKind::kDouble || right.kind == TypeKind::kDouble;
    return integer_type(with_decimal || with_double ? TypeKind::kDouble : TypeKind::kFloat);
  }
  if (left.kind != TypeKind::kDecimal && right.kind != TypeKind::kDecimal) {
    return integer_type(rank(left.kind) > rank(right.kind) ? left.kind : right.kind);
  }
  const DataType a = as_decimal(left);
  const DataType b = as_decimal(right);
  const std::int32_t whole = std::max(a.precision - a.scale, b.precision - b.scale);
  const std::int32_t scale = std::max(a.scale, b.scale);
  const std::int32_t precision = std::min(whole + scale, kMaxPrecision);
  return decimal_type(precision, std::max(0, std::min(scale, precision - std::min(whole, precision))));
}

// FLOAT and DOUBLE are of one precision to Flink's planner, so the first of both stays.
std::optional<DataType> first_of_approximate(const DataType& left, const DataType& right) {
  if (is_approximate(left.kind) && is_approximate(right.kind)) return integer_type(left.kind);
  return std::nullopt;
}

}  // namespace

DataType boolean_type(bool nullable) {
  return {TypeKind::kBoolean, 0, 0, nullable};
}
DataType integer_type(TypeKind kind, bool nullable) {
  return {kind, 0, 0, nullable};
}
DataType text_type(bool nullable) {
  return {TypeKind::kVarchar, kUnboundedLength, 0, nullable};
}
DataType decimal_type(std::int32_t precision, std::int32_t scale, bool nullable) {
  return {TypeKind::kDecimal, precision, scale, nullable};
}

DataType as_decimal(const DataType& type) {
  switch (type.kind) {
    case TypeKind::kTinyInt:
      return decimal_type(3, 0, type.nullable);
    case TypeKind::kSmallInt:
      return decimal_type(5, 0, type.nullable);
    case TypeKind::kInteger:
      return decimal_type(10, 0, type.nullable);
    case TypeKind::kBigInt:
      return decimal_type(19, 0, type.nullable);
    default:
      return type;
  }
}

DataType arithmetic_type(Arithmetic operation, const DataType& left, const DataType& right) {
  const bool whole_numbers = is_exact(left.kind) && is_exact(right.kind) && left.scale == 0 && right.scale == 0;
  if (operation == Arithmetic::kModulo && whole_numbers) return right;
  const DataType common = first_of_approximate(left, right).value_or(common_numeric(left, right));
  if (common.kind != TypeKind::kDecimal) return common;
  const DataType a = as_decimal(left);
  const DataType b = as_decimal(right);
  const std::int32_t a_whole = a.precision - a.scale;
  const std::int32_t b_whole = b.precision - b.scale;
  switch (operation) {
    case Arithmetic::kMultiply:
      return adjusted(a.precision + b.precision + 1, a.scale + b.scale);
    case Arithmetic::kDivide: {
      const std::int32_t scale = std::max(kMinAdjustedScale, a.scale + b.precision + 1);
      return adjusted(a_whole + b.scale + scale, scale);
    }
    case Arithmetic::kModulo: {
      const std::int32_t scale = std::max(a.scale, b.scale);
      return adjusted(std::min(a_whole, b_whole) + scale, scale);
    }
    case Arithmetic::kAdd:
    case Arithmetic::kSubtract:
      break;
  }
  const std::int32_t scale = std::max(a.scale, b.scale);
  return adjusted(std::max(a_whole, b_whole) + scale + 1, scale);
}

DataType round_type(const DataType& type, std::int32_t digits) {
  if (digits >= type.scale) return decimal_type(type.precision, type.scale);
  const std::int32_t whole = type.precision - type.scale;
  if (digits < 0) return decimal_type(std::min(kMaxPrecision, 1 + whole), 0);
  return decimal_type(1 + whole + digits, digits);
}

bool same_type(const DataType& left, const DataType& right) {
  if (left.kind != right.kind) return false;
  const bool sized = is_character(left.kind) || is_binary(left.kind) || is_timestamp(left.kind) ||
                     left.kind == TypeKind::kTime || left.kind == TypeKind::kDecimal;
  if (sized && left.precision != right.precision) return false;
  return left.kind != TypeKind::kDecimal || left.scale == right.scale;
}

std::optional<DataType> common_type(const DataType& left, const DataType& right) {
  std::optional<DataType> common;
  if (same_type(left, right)) {
    common = left;
  } else if ((is_character(left.kind) && is_character(right.kind)) || (is_binary(left.kind) && is_binary(right.kind))) {
    common = common_string(left, right);
  } else if (is_numeric(left.kind) && is_numeric(right.kind)) {
    common = common_numeric(left, right);
  } else if (is_timestamp(left.kind) && is_timestamp(right.kind)) {
    const bool zoned = left.kind == TypeKind::kTimestampLtz || right.kind == TypeKind::kTimestampLtz;
    common = DataType{zoned ? TypeKind::kTimestampLtz : TypeKind::kTimestamp, std::max(left.precision, right.precision),
                      0, true};
  } else if (left.kind == right.kind) {  // TIME
    common = DataType{left.kind, std::max(left.precision, right.precision), 0, true};
  }
  if (common) common->nullable = left.nullable || right.nullable;
  return common;
}

std::optional<DataType> least_restrictive_type(const DataType& left, const DataType& right) {
  auto type = first_of_approximate(left, right);
  if (!type) type = common_type(left, right);
  if (!type) return type;
  if (is_timestamp(left.kind) && is_timestamp(right.kind)) type->kind = left.kind;
  type->nullable = left.nullable || right.nullable;
  return type;
}

bool passes_all_digits(const DataType& left, const DataType& right) {
  if (!is_exact(left.kind) || !is_exact(right.kind)) return false;
  const DataType a = as_decimal(left);
  const DataType b = as_decimal(right);
  return std::max(a.precision - a.scale, b.precision - b.scale) + std::max(a.scale, b.scale) > kMaxPrecision;
}

bool casts_implicitly(const DataType& from, const DataType& to) {
  if (from.kind == to.kind) return true;
  if (is_character(from.kind)) return is_character(to.kind);
  if (is_binary(from.kind)) return is_binary(to.kind);
  if (is_integer(from.kind) && is_integer(to.kind)) return rank(from.kind) < rank(to.kind);
  if (is_numeric(from.kind)) {
    if (to.kind == TypeKind::kDouble || to.kind == TypeKind::kDecimal) return true;
    return to.kind == TypeKind::kFloat && is_exact(from.kind);
  }
  if (is_timestamp(from.kind)) {
    return is_timestamp(to.kind) ||
           (from.kind == TypeKind::kTimestamp && (to.kind == TypeKind::kDate || to.kind == TypeKind::kTime));
  }
  return false;
}

bool casts_explicitly(const DataType& from, const DataType& to) {
  if (from.kind == to.kind || is_character(from.kind) || is_character(to.kind)) return true;
  const bool number_from = is_numeric(from.kind) || from.kind == TypeKind::kBoolean;
  const bool number_to = is_numeric(to.kind) || to.kind == TypeKind::kBoolean;
  if (number_from && number_to) return true;
  if (is_binary(from.kind) && is_binary(to.kind)) return true;
  if (is_timestamp(from.kind)) return is_time(to.kind);
  if (from.kind == TypeKind::kDate || from.kind == TypeKind::kTime) return is_timestamp(to.kind);
  return false;
}

}  // namespace rocketlink::planner
