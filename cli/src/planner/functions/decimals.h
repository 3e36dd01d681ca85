#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "planner/functions/java_text.h"
#include "planner/functions/values.h"

/// Arithmetic on decimals as Flink's DecimalData does it: computed exactly, rounded half up to the result's scale, NULL
/// when that has more digits than the result's precision.
namespace rocketlink::planner::functions {

/// What a decimal result must fit.
struct DecimalShape {
  std::int32_t precision = 38;
  std::int32_t scale = 0;
};

/// 10^exponent, exponent 0..38.
[[nodiscard]] Int128 power_of_ten(std::int32_t exponent);

/// The value with another scale.
[[nodiscard]] std::optional<Int128> rescale(Decimal value, DecimalShape shape);

[[nodiscard]] std::optional<Int128> add(Decimal left, Decimal right, DecimalShape shape);
[[nodiscard]] std::optional<Int128> subtract(Decimal left, Decimal right, DecimalShape shape);
[[nodiscard]] std::optional<Int128> multiply(Decimal left, Decimal right, DecimalShape shape);
/// `right` is not zero.
[[nodiscard]] std::optional<Int128> divide(Decimal left, Decimal right, DecimalShape shape);
[[nodiscard]] std::optional<Int128> modulo(Decimal left, Decimal right, DecimalShape shape);
/// Whether left / right has more whole digits than Java's BigDecimal divides to for a remainder, 38.
[[nodiscard]] bool passes_division(Decimal left, Decimal right);

/// A finite binary number, by its shortest decimal digits.
[[nodiscard]] std::optional<Int128> from_digits(const Digits& digits, DecimalShape shape);

/// -1, 0, 1.
[[nodiscard]] int sign(Int128 value);
/// The same of left - right, whose scales may be any.
[[nodiscard]] int compare(Decimal left, Decimal right);

/// Without its fraction, wrapped to 64 bits as BigDecimal.longValue does.
[[nodiscard]] std::int64_t whole_part(Decimal value);

[[nodiscard]] double to_double(Decimal value);

/// In plain notation with all digits of its scale.
[[nodiscard]] std::string to_text(Decimal value);

}  // namespace rocketlink::planner::functions
