#include <fmt/format.h>

#include "planner/casts.h"
#include "planner/failure.h"
#include "planner/function_table.h"
#include "planner/operators.h"
#include "planner/types.h"

namespace rocketlink::planner {
namespace {

// A function of one number whose result has the number's own type.
Expression same_type_call(Context& context, const FunctionCall& call, std::string_view function) {
  const Expression& value = call.arguments[0];
  if (value.null_literal) return convert(context, value, integer_type(TypeKind::kInteger));
  Expression out = value;
  out.integer.reset();
  if (value.type.kind == TypeKind::kDecimal) {
    out.sql = context.decimal_call(fmt::format("rl_decimal_{}", function), value.type, value.sql);
  } else {
    out.sql = fmt::format("rl_{}_{}({})", function, type_suffix(value.type.kind), value.sql);
  }
  return out;
}
Expression build_abs(Context& context, const FunctionCall& call) {
  return same_type_call(context, call, "abs");
}
// Flink's own code for these does not compile.
void refuse_small_integer(const FunctionCall& call) {
  const Expression& value = call.arguments[0];
  const bool small = value.type.kind == TypeKind::kTinyInt || value.type.kind == TypeKind::kSmallInt;
  if (small && !value.null_literal) {
    fail(call.offset,
         fmt::format("{0} of a {1} fails in Flink; CAST it: {0}(CAST(x AS INT))", call.name, to_string(value.type)));
  }
}

Expression build_sign(Context& context, const FunctionCall& call) {
  refuse_small_integer(call);
  const DataType& type = call.arguments[0].type;
  if (type.kind == TypeKind::kDecimal && type.precision == type.scale) {
    unsupported(call.offset, fmt::format("SIGN of a {}, which has no place for a 1, is not done by the native runner",
                                         to_string(type)));
  }
  return same_type_call(context, call, "sign");
}

Expression whole(Context& context, const FunctionCall& call, std::string_view function) {
  Expression out = call.arguments[0];
  if (out.null_literal) return convert(context, out, integer_type(TypeKind::kInteger));
  out.integer.reset();
  if (out.type.kind == TypeKind::kDecimal) {
    out.type.scale = 0;
    out.sql = context.decimal_call(fmt::format("rl_decimal_{}", function), out.type, out.sql);
  } else if (is_approximate(out.type.kind)) {
    out.sql = fmt::format("CAST(rl_{}({}) AS {})", function, out.sql, duck::type_name(out.type));
  }
  return out;
}
Expression build_floor(Context& context, const FunctionCall& call) {
  return whole(context, call, "floor");
}
Expression build_ceil(Context& context, const FunctionCall& call) {
  return whole(context, call, "ceil");
}

Expression rounded(Context& context, const FunctionCall& call, std::string_view function) {
  Expression out = call.arguments[0];
  if (out.null_literal) out = convert(context, out, integer_type(TypeKind::kInteger));
  Expression digits;
  digits.sql = "0";
  digits.integer = 0;
  digits.type = integer_type(TypeKind::kInteger, false);
  if (call.arguments.size() == 2) digits = convert(context, call.arguments[1], integer_type(TypeKind::kInteger));
  // The conversion of a literal leaves its value behind.
  if (call.arguments.size() == 2) digits.integer = call.arguments[1].integer;
  const bool nullable = out.type.nullable || digits.type.nullable;
  out.fallible = out.fallible || digits.fallible;
  out.constant = out.constant && (call.arguments.size() == 1 || digits.constant);
  if (out.type.kind == TypeKind::kDecimal) {
    if (!digits.integer) {
      unsupported(call.offset, fmt::format("{} of a DECIMAL to a number of digits that is not a literal is not done by "
                                           "the native runner",
                                           call.name));
    }
    out.type = round_type(out.type, static_cast<std::int32_t>(std::clamp<std::int64_t>(*digits.integer, -38, 38)));
    out.sql = context.decimal_call(fmt::format("rl_decimal_{}", function), out.type,
                                   fmt::format("{}, {}", out.sql, digits.sql));
  } else {
    const bool approximate = is_approximate(out.type.kind);
    const Expression wide = convert(context, out, integer_type(approximate ? TypeKind::kDouble : TypeKind::kBigInt));
    Expression result = wide;
    result.sql = fmt::format("rl_{}_{}({}, {})", function, approximate ? "double" : "bigint", wide.sql, digits.sql);
    result.fallible = out.fallible || approximate;
    result.integer.reset();
    out = cast(context, result, out.type);
  }
  out.integer.reset();
  out.type.nullable = nullable || out.type.kind == TypeKind::kDecimal;
  return out;
}
Expression build_round(Context& context, const FunctionCall& call) {
  return rounded(context, call, "round");
}
Expression build_truncate(Context& context, const FunctionCall& call) {
  refuse_small_integer(call);
  return rounded(context, call, "truncate");
}

Expression build_mod(Context& context, const FunctionCall& call) {
  return arithmetic(context, Arithmetic::kModulo, call.arguments[0], call.arguments[1], call.offset);
}

using enum Accepts;

const std::vector<Function>& numbers_table() {
  const auto of_double = [](std::string_view name, std::string_view sql, std::string_view meaning) {
    return Function{name, "number", {kDouble}, Gives::kDouble, sql, meaning};
  };
  static const std::vector<Function> functions = {
      {.name = "ABS",
       .signature = "number",
       .parameters = {kNumber},
       .meaning = "the amount, in the same type",
       .build = build_abs},
      {.name = "SIGN",
       .signature = "number",
       .parameters = {kNumber},
       .meaning = "-1, 0 or 1, in the same type",
       .build = build_sign},
      {.name = "CEIL",
       .signature = "number",
       .parameters = {kNumber},
       .meaning = "rounded up to a whole number; also `CEILING`",
       .build = build_ceil},
      {.name = "FLOOR",
       .signature = "number",
       .parameters = {kNumber},
       .meaning = "rounded down to a whole number",
       .build = build_floor},
      {.name = "ROUND",
       .signature = "number",
       .parameters = {kNumber},
       .meaning = "rounded half up to a whole number",
       .build = build_round},
      {.name = "ROUND",
       .signature = "number, digits",
       .parameters = {kNumber, kInt},
       .meaning = "rounded half up to so many digits behind the point",
       .build = build_round},
      {.name = "TRUNCATE",
       .signature = "number",
       .parameters = {kNumber},
       .meaning = "without its fraction",
       .build = build_truncate},
      {.name = "TRUNCATE",
       .signature = "number, digits",
       .parameters = {kNumber, kInt},
       .meaning = "cut to so many digits behind the point",
       .build = build_truncate},
      {.name = "MOD",
       .signature = "number, divisor",
       .parameters = {kNumber, kNumber},
       .meaning = "the remainder, with the sign of the first; by zero the job fails",
       .build = build_mod},
      {.name = "POWER",
       .signature = "base, exponent",
       .parameters = {kDouble, kDouble},
       .gives = Gives::kDouble,
       .sql = "rl_power({*})",
       .meaning = "DOUBLE"},
      of_double("SQRT", "rl_sqrt({0})", "the square root; NaN of a negative number"),
      of_double("EXP", "rl_exp({0})", "e to the power of the number"),
      of_double("LN", "rl_ln({0})", "the natural logarithm; -Infinity of 0"),
      of_double("LOG10", "rl_log10({0})", "the logarithm to base 10"),
      of_double("LOG2", "rl_log2({0})", "the logarithm to base 2"),
      of_double("LOG", "rl_ln({0})", "the natural logarithm"),
      {.name = "LOG",
       .signature = "base, number",
       .parameters = {kDouble, kDouble},
       .gives = Gives::kDouble,
       .sql = "rl_log({*})",
       .meaning = "the logarithm to that base"},
      of_double("SIN", "rl_sin({0})", "sine"),
      of_double("COS", "rl_cos({0})", "cosine"),
      of_double("TAN", "rl_tan({0})", "tangent"),
      of_double("COT", "rl_cot({0})", "cotangent"),
      of_double("ASIN", "rl_asin({0})", "arc sine"),
      of_double("ACOS", "rl_acos({0})", "arc cosine"),
      of_double("ATAN", "rl_atan({0})", "arc tangent"),
      {.name = "ATAN2",
       .signature = "y, x",
       .parameters = {kDouble, kDouble},
       .gives = Gives::kDouble,
       .sql = "rl_atan2({*})",
       .meaning = "arc tangent of y / x"},
      of_double("DEGREES", "rl_degrees({0})", "radians to degrees"),
      of_double("RADIANS", "rl_radians({0})", "degrees to radians"),
      {.name = "PI",
       .signature = "",
       .gives = Gives::kDouble,
       .sql = "CAST(3.141592653589793 AS DOUBLE)",
       .meaning = "3.141592653589793",
       .nulls = Nulls::kNever},
      {.name = "E",
       .signature = "",
       .gives = Gives::kDouble,
       .sql = "CAST(2.718281828459045 AS DOUBLE)",
       .meaning = "2.718281828459045",
       .nulls = Nulls::kNever},
      {.name = "BIN",
       .signature = "integer",
       .parameters = {kBigInt},
       .gives = Gives::kText,
       .sql = "rl_bin({0})",
       .meaning = "in binary, negative ones in two's complement"},
      {.name = "HEX",
       .signature = "integer",
       .parameters = {kBigInt},
       .gives = Gives::kText,
       .sql = "rl_hex_number({0})",
       .meaning = "in upper-case hexadecimal"},
  };
  return functions;
}

}  // namespace

std::span<const Function> number_functions() {
  return numbers_table();
}

}  // namespace rocketlink::planner
