#include <fmt/format.h>

#include <algorithm>

#include "planner/casts.h"
#include "planner/failure.h"
#include "planner/function_table.h"
#include "planner/operators.h"
#include "planner/types.h"

namespace rocketlink::planner {
namespace {

// Flink computes all operands, and its job may end with one that nothing asks for.
void warn_of_all(Context& context, const FunctionCall& call) {
  context.warn(call.offset, fmt::format("{} computes all its values in Flink, whose job ends with a wrong one though "
                                        "another is taken; use TRY_CAST, or CASE",
                                        call.name));
}

Expression build_coalesce(Context& context, const FunctionCall& call) {
  const DataType type = common_type_of(call.arguments, fmt::format("the arguments of {}", call.name), call.offset);
  Expression out;
  out.type = type;
  out.type.nullable = true;
  for (const Expression& argument : call.arguments) {
    const bool as_is = !argument.null_literal && is_character(type.kind);
    const Expression value = as_is ? argument : convert(context, argument, type);
    if (value.fallible && !out.sql.empty()) warn_of_all(context, call);
    out.sql += (out.sql.empty() ? "coalesce(" : ", ") + value.sql;
    out.fallible = out.fallible || value.fallible;
    if (!value.type.nullable) out.type.nullable = false;
  }
  out.sql += ")";
  return out;
}

Expression build_nullif(Context& context, const FunctionCall& call) {
  const Expression equal = compare(context, "=", call.arguments[0], call.arguments[1], call.offset);
  Expression out = choose(
      context, {equal}, {convert(context, call.arguments[0], call.arguments[0].type), call.arguments[0]}, call.offset);
  out.sql = fmt::format("(CASE WHEN {} THEN NULL ELSE {} END)", equal.sql, call.arguments[0].sql);
  out.type.nullable = true;
  return out;
}

Expression build_if(Context& context, const FunctionCall& call) {
  const Expression condition = as_condition(context, call.arguments[0], "the first argument of IF");
  const Expression& first = call.arguments[1];
  Expression second = call.arguments[2];
  if (!first.null_literal && !second.null_literal && is_timestamp(first.type.kind) && is_timestamp(second.type.kind)) {
    if (first.type.kind == TypeKind::kTimestampLtz && first.type.precision < second.type.precision) {
      unsupported(call.offset,
                  fmt::format("IF of {} and {} is not done by the native runner; CAST one to the other's type",
                              to_string(first.type), to_string(second.type)));
    }
    second = convert(context, second, first.type);  // a time has the type of the first
  }
  return choose(context, {condition}, {first, second}, call.offset);
}

// NULL when one is NULL, which DuckDB's functions leave out.
Expression extreme(Context& context, const FunctionCall& call, std::string_view function) {
  const DataType type = common_type_of(call.arguments, fmt::format("the arguments of {}", call.name), call.offset);
  for (const Expression& argument : call.arguments) {
    // Flink would compare them without regard to the zone.
    if (is_timestamp(type.kind) && !argument.null_literal && argument.type.kind != type.kind) {
      fail(argument.offset,
           fmt::format("{} takes TIMESTAMP or TIMESTAMP_LTZ, not both; CAST one to the other's type", call.name));
    }
  }
  Expression out;
  out.type = type;
  std::string nulls;
  std::string values;
  for (const Expression& argument : call.arguments) {
    const Expression value = folded(convert(context, argument, type));
    if (argument.type.kind == TypeKind::kDecimal && argument.type.nullable && !same_type(argument.type, type)) {
      context.warn(call.offset, fmt::format("{} of DECIMALs of several types ends Flink's job when one is NULL; CAST "
                                            "each to {}",
                                            call.name, to_string(type)));
    }
    if (value.type.nullable) nulls += fmt::format("{}{} IS NULL", nulls.empty() ? "" : " OR ", value.sql);
    if (is_approximate(type.kind) && !values.empty()) {
      values = fmt::format("rl_{}_{}({}, {})", function, type_suffix(type.kind), values, value.sql);
    } else {
      values += (values.empty() ? "" : ", ") + value.sql;
    }
    out.fallible = out.fallible || value.fallible;
  }
  out.sql =
      is_approximate(type.kind) ? values : fmt::format("{}({})", function == "greater" ? "greatest" : "least", values);
  if (out.fallible && !nulls.empty()) warn_of_all(context, call);
  if (!nulls.empty()) out.sql = fmt::format("(CASE WHEN {} THEN NULL ELSE {} END)", nulls, out.sql);
  return out;
}
Expression build_greatest(Context& context, const FunctionCall& call) {
  return extreme(context, call, "greater");
}
Expression build_least(Context& context, const FunctionCall& call) {
  return extreme(context, call, "lesser");
}

using enum Accepts;

const std::vector<Function>& conditions_table() {
  static const std::vector<Function> functions = {
      {.name = "COALESCE",
       .signature = "value, …",
       .parameters = {kAny},
       .meaning = "the first that is not NULL",
       .variadic = true,
       .build = build_coalesce},
      {.name = "IFNULL",
       .signature = "value, otherwise",
       .parameters = {kAny, kAny},
       .meaning = "the first, or the second where that is NULL",
       .build = build_coalesce},
      {.name = "NULLIF",
       .signature = "value, other",
       .parameters = {kAny, kAny},
       .meaning = "NULL where both are equal, else the first",
       .build = build_nullif},
      {.name = "IF",
       .signature = "condition, then, otherwise",
       .parameters = {kAny, kAny, kAny},
       .meaning = "as CASE WHEN condition THEN … ELSE … END",
       .build = build_if},
      {.name = "GREATEST",
       .signature = "value, …",
       .parameters = {kAny},
       .meaning = "the greatest; NULL when one is NULL",
       .variadic = true,
       .build = build_greatest},
      {.name = "LEAST",
       .signature = "value, …",
       .parameters = {kAny},
       .meaning = "the least; NULL when one is NULL",
       .variadic = true,
       .build = build_least},
  };
  return functions;
}

}  // namespace

std::span<const Function> conditional_functions() {
  return conditions_table();
}

}  // namespace rocketlink::planner
