#include <cmath>
#include <cstdlib>
#include <limits>
#include <numbers>
#include <string>

#include "planner/functions/decimals.h"
#include "planner/functions/functions.h"
#include "planner/functions/java_text.h"

/// Arithmetic on integers and binary floating-point numbers, with Java's meaning: integers wrap.
namespace rocketlink::planner::functions {
namespace {

template <class T>
T wrapped(std::uint64_t value) {
  return static_cast<T>(value);
}

template <class T>
T add(Call&, T left, T right) {
  if constexpr (std::is_integral_v<T>) {
    return wrapped<T>(static_cast<std::uint64_t>(left) + static_cast<std::uint64_t>(right));
  } else {
    return left + right;
  }
}
template <class T>
T add_constant(Call&, T left, T constant) {
  return constant == 0 ? left : left + constant;
}
// What Flink computes when it plans is a decimal in between, where there is no zero below zero.
template <class T>
T constant(Call&, T value) {
  return value == 0 ? 0 : value;
}
template <class T>
bool same(Call&, T left, T right) {
  return left == right && std::signbit(left) == std::signbit(right);
}
template <class T>
T subtract(Call&, T left, T right) {
  if constexpr (std::is_integral_v<T>) {
    return wrapped<T>(static_cast<std::uint64_t>(left) - static_cast<std::uint64_t>(right));
  } else {
    return left - right;
  }
}
template <class T>
T multiply(Call&, T left, T right) {
  if constexpr (std::is_integral_v<T>) {
    return wrapped<T>(static_cast<std::uint64_t>(left) * static_cast<std::uint64_t>(right));
  } else {
    return left * right;
  }
}
template <class T>
T divide(Call& call, T left, T right) {
  if constexpr (std::is_integral_v<T>) {
    if (right == 0) {
      call.fail("/ by zero: an integer cannot be divided by zero; NULLIF(x, 0) makes the result NULL instead");
      return 0;
    }
    if (right == -1) return wrapped<T>(std::uint64_t{0} - static_cast<std::uint64_t>(left));
    return static_cast<T>(left / right);
  } else {
    return left / right;
  }
}
// The result has the type of the divisor.
template <class T>
T modulo(Call& call, std::int64_t left, T right) {
  if (right == 0) {
    call.fail("/ by zero: the remainder of a division by zero is not defined; NULLIF(x, 0) makes it NULL instead");
    return 0;
  }
  if (right == -1) return 0;
  return static_cast<T>(left % right);
}
template <class T>
T negate(Call&, T value) {
  if constexpr (std::is_integral_v<T>) {
    return wrapped<T>(std::uint64_t{0} - static_cast<std::uint64_t>(value));
  } else {
    return -value;
  }
}
template <class T>
T absolute(Call& call, T value) {
  if constexpr (std::is_integral_v<T>) {
    return value < 0 ? negate(call, value) : value;
  } else {
    return std::fabs(value);
  }
}
template <class T>
T sign(Call&, T value) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(value < 0 ? -1 : (value > 0 ? 1 : 0));
  } else {
    return value < 0 ? T{-1} : (value > 0 ? T{1} : value);
  }
}

double round_half_up(Call& call, double value, std::int32_t digits) {
  if (!std::isfinite(value)) {
    call.fail("NaN and infinity cannot be rounded");
    return value;
  }
  Digits parts = shortest_digits(value);
  const std::int64_t kept = std::int64_t{parts.exponent} + digits;
  if (kept >= static_cast<std::int64_t>(parts.digits.size())) return value == 0 ? 0 : value;
  if (kept < 0) return 0;
  const bool up = parts.digits[static_cast<std::size_t>(kept)] >= '5';
  // A leading zero takes the carry.
  std::string text = "0" + parts.digits.substr(0, static_cast<std::size_t>(kept));
  for (std::size_t at = text.size(); up && at-- > 0;) {
    if (text[at] != '9') {
      ++text[at];
      break;
    }
    text[at] = '0';
  }
  text = (parts.negative ? "-" : "") + text + "e" + std::to_string(-digits);
  const double out = std::strtod(text.c_str(), nullptr);
  return out == 0 ? 0 : out;
}
// Flink makes a DECIMAL(38, 18) of it first.
double truncated(Call& call, double value, std::int32_t digits) {
  const DecimalShape shape{38, 18};
  if (!std::isfinite(value)) {
    call.fail("NaN and infinity cannot be truncated");
    return value;
  }
  const auto decimal = from_digits(shortest_digits(value), shape);
  if (!decimal) {
    call.fail("TRUNCATE takes numbers of up to 20 digits before the point");
    return value;
  }
  const std::int64_t dropped = std::int64_t{shape.scale} - digits;
  if (dropped <= 0) return to_double({*decimal, shape.scale});
  if (dropped > 38) return 0;
  return to_double({*decimal - *decimal % power_of_ten(static_cast<std::int32_t>(dropped)), shape.scale});
}
template <bool kHalfUp>
std::int64_t rounded_integer(Call&, std::int64_t value, std::int32_t digits) {
  if (digits >= 0) return value;
  if (digits < -18) return 0;  // every digit goes; half of 10^19 is more than any value
  std::int64_t unit = 1;
  for (std::int32_t i = digits; i < 0; ++i) unit *= 10;
  const std::int64_t rest = value % unit;
  std::uint64_t out = static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(rest);
  if (kHalfUp && rest >= unit - rest) out += static_cast<std::uint64_t>(unit);
  if (kHalfUp && -rest >= unit + rest) out -= static_cast<std::uint64_t>(unit);
  return static_cast<std::int64_t>(out);
}

bool equal(Call&, double left, double right) {
  return left == right;
}
bool not_equal(Call&, double left, double right) {
  return left != right;
}
bool less(Call&, double left, double right) {
  return left < right;
}
bool less_or_equal(Call&, double left, double right) {
  return left <= right;
}

// In Java's order of numbers, where NaN is the greatest and -0.0 is below 0.0.
template <class T>
bool before(T left, T right) {
  if (std::isnan(left) || std::isnan(right)) return !std::isnan(left);
  return left < right || (left == right && std::signbit(left) && !std::signbit(right));
}
bool stands_before(Call&, double left, double right) {
  return before(left, right);
}
bool stands_not_after(Call&, double left, double right) {
  return !before(right, left);
}
template <class T>
T greater(Call&, T left, T right) {
  return before(left, right) ? right : left;
}
template <class T>
T lesser(Call&, T left, T right) {
  return before(right, left) ? right : left;
}

// Of decimals that have no type in common.
std::int32_t compare_decimals(Call&, Decimal left, Decimal right) {
  return compare(left, right);
}

// Where C has a number, Java has none.
double power(Call&, double base, double exponent) {
  const bool undefined = std::isnan(exponent) || (std::isinf(exponent) && std::fabs(base) == 1);
  return undefined ? std::numeric_limits<double>::quiet_NaN() : std::pow(base, exponent);
}
// Which Flink has as a power, so there is no zero below 0.
double square_root(Call&, double value) {
  return std::pow(value, 0.5);
}
double exponential(Call&, double value) {
  return std::exp(value);
}
double logarithm(Call&, double value) {
  return std::log(value);
}
double logarithm_10(Call&, double value) {
  return std::log10(value);
}
double logarithm_2(Call&, double value) {
  return std::log(value) / std::log(2.0);
}
double logarithm_of_base(Call&, double base, double value) {
  return std::log(value) / std::log(base);
}
double sine(Call&, double value) {
  return std::sin(value);
}
double cosine(Call&, double value) {
  return std::cos(value);
}
double tangent(Call&, double value) {
  return std::tan(value);
}
double cotangent(Call&, double value) {
  return 1.0 / std::tan(value);
}
double arc_sine(Call&, double value) {
  return std::asin(value);
}
double arc_cosine(Call&, double value) {
  return std::acos(value);
}
double arc_tangent(Call&, double value) {
  return std::atan(value);
}
double arc_tangent_2(Call&, double y, double x) {
  return std::atan2(y, x);
}
double degrees(Call&, double value) {
  return value * (180.0 / std::numbers::pi);
}
double radians(Call&, double value) {
  return value * (std::numbers::pi / 180.0);
}
double floor_of(Call&, double value) {
  return std::floor(value);
}
double ceil_of(Call&, double value) {
  return std::ceil(value);
}

template <class T>
void register_arithmetic(Registrar& registrar, const std::string& type) {
  registrar.add<add<T>>("rl_add_" + type);
  registrar.add<subtract<T>>("rl_subtract_" + type);
  registrar.add<multiply<T>>("rl_multiply_" + type);
  registrar.add<divide<T>>("rl_divide_" + type);
  registrar.add<negate<T>>("rl_negate_" + type);
  registrar.add<absolute<T>>("rl_abs_" + type);
  registrar.add<sign<T>>("rl_sign_" + type);
  if constexpr (std::is_integral_v<T>) {
    registrar.add<modulo<T>>("rl_modulo_" + type);
  } else {
    registrar.add<add_constant<T>>("rl_add_constant_" + type);
    registrar.add<constant<T>>("rl_constant_" + type);
    registrar.add<same<T>>("rl_same_" + type);
    registrar.add<greater<T>>("rl_greater_" + type);
    registrar.add<lesser<T>>("rl_lesser_" + type);
  }
}

}  // namespace

void register_number_functions(Registrar& registrar) {
  register_arithmetic<std::int8_t>(registrar, "tinyint");
  register_arithmetic<std::int16_t>(registrar, "smallint");
  register_arithmetic<std::int32_t>(registrar, "integer");
  register_arithmetic<std::int64_t>(registrar, "bigint");
  register_arithmetic<float>(registrar, "float");
  register_arithmetic<double>(registrar, "double");
  registrar.add<round_half_up>("rl_round_double");
  registrar.add<truncated>("rl_truncate_double");
  registrar.add<rounded_integer<true>>("rl_round_bigint");
  registrar.add<rounded_integer<false>>("rl_truncate_bigint");
  registrar.add<equal>("rl_equal");
  registrar.add<not_equal>("rl_not_equal");
  registrar.add<less>("rl_less");
  registrar.add<less_or_equal>("rl_less_or_equal");
  registrar.add<stands_before>("rl_before");
  registrar.add<stands_not_after>("rl_not_after");
  registrar.add<compare_decimals>("rl_compare_decimals");
  registrar.add<power>("rl_power");
  registrar.add<square_root>("rl_sqrt");
  registrar.add<exponential>("rl_exp");
  registrar.add<logarithm>("rl_ln");
  registrar.add<logarithm_10>("rl_log10");
  registrar.add<logarithm_2>("rl_log2");
  registrar.add<logarithm_of_base>("rl_log");
  registrar.add<sine>("rl_sin");
  registrar.add<cosine>("rl_cos");
  registrar.add<tangent>("rl_tan");
  registrar.add<cotangent>("rl_cot");
  registrar.add<arc_sine>("rl_asin");
  registrar.add<arc_cosine>("rl_acos");
  registrar.add<arc_tangent>("rl_atan");
  registrar.add<arc_tangent_2>("rl_atan2");
  registrar.add<degrees>("rl_degrees");
  registrar.add<radians>("rl_radians");
  registrar.add<floor_of>("rl_floor");
  registrar.add<ceil_of>("rl_ceil");
}

}  // namespace rocketlink::planner::functions
