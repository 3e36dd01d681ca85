#pragma once

#include <optional>
#include <vector>

#include "rocketlink/types.h"

/// Flink's rules about types alone.
namespace rocketlink::planner {

inline constexpr std::int32_t kMaxPrecision = 38;  ///< of a DECIMAL

[[nodiscard]] constexpr bool is_character(TypeKind kind) {
  return kind == TypeKind::kChar || kind == TypeKind::kVarchar;
}
[[nodiscard]] constexpr bool is_binary(TypeKind kind) {
  return kind == TypeKind::kBinary || kind == TypeKind::kVarbinary;
}
[[nodiscard]] constexpr bool is_integer(TypeKind kind) {
  return kind == TypeKind::kTinyInt || kind == TypeKind::kSmallInt || kind == TypeKind::kInteger ||
         kind == TypeKind::kBigInt;
}
[[nodiscard]] constexpr bool is_approximate(TypeKind kind) {
  return kind == TypeKind::kFloat || kind == TypeKind::kDouble;
}
[[nodiscard]] constexpr bool is_exact(TypeKind kind) {
  return is_integer(kind) || kind == TypeKind::kDecimal;
}
[[nodiscard]] constexpr bool is_numeric(TypeKind kind) {
  return is_exact(kind) || is_approximate(kind);
}
[[nodiscard]] constexpr bool is_timestamp(TypeKind kind) {
  return kind == TypeKind::kTimestamp || kind == TypeKind::kTimestampLtz;
}
[[nodiscard]] constexpr bool is_time(TypeKind kind) {
  return is_timestamp(kind) || kind == TypeKind::kDate || kind == TypeKind::kTime;
}

[[nodiscard]] DataType boolean_type(bool nullable = true);
[[nodiscard]] DataType integer_type(TypeKind kind, bool nullable = true);
[[nodiscard]] DataType text_type(bool nullable = true);
[[nodiscard]] DataType decimal_type(std::int32_t precision, std::int32_t scale, bool nullable = true);

/// An exact number's type as DECIMAL: INT is DECIMAL(10, 0), BIGINT is DECIMAL(19, 0).
[[nodiscard]] DataType as_decimal(const DataType& type);

enum class Arithmetic : std::uint8_t { kAdd, kSubtract, kMultiply, kDivide, kModulo };

/// The type of `left op right` for two numbers.
[[nodiscard]] DataType arithmetic_type(Arithmetic operation, const DataType& left, const DataType& right);

/// The type of ROUND(x, digits) for a decimal.
[[nodiscard]] DataType round_type(const DataType& type, std::int32_t digits);

/// The type that values of both can be given without being asked; nothing when there is none.
[[nodiscard]] std::optional<DataType> common_type(const DataType& left, const DataType& right);
/// The same where the planner that Flink is built on decides: for `=`, CASE, IF and arithmetic. Of FLOAT and DOUBLE it
/// takes the first, and of TIMESTAMP and TIMESTAMP_LTZ.
[[nodiscard]] std::optional<DataType> least_restrictive_type(const DataType& left, const DataType& right);

/// Whether no DECIMAL holds the values of both exact types.
[[nodiscard]] bool passes_all_digits(const DataType& left, const DataType& right);

/// Whether Flink casts unasked when a value of `from` is written to a column of type `to`. Nullability aside.
[[nodiscard]] bool casts_implicitly(const DataType& from, const DataType& to);

/// Whether Flink has the cast at all.
[[nodiscard]] bool casts_explicitly(const DataType& from, const DataType& to);

/// Same type, nullability aside.
[[nodiscard]] bool same_type(const DataType& left, const DataType& right);

}  // namespace rocketlink::planner
