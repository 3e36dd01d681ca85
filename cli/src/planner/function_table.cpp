#include "planner/function_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "planner/casts.h"
#include "planner/failure.h"
#include "planner/scope.h"
#include "planner/types.h"

namespace rocketlink::planner {
namespace {

// Functions of Flink that keep state over the stream.
constexpr std::array<std::string_view, 24> kStateful = {
    "COUNT",          "SUM",           "AVG",       "MIN",      "MAX",         "COLLECT",    "LISTAGG",
    "STDDEV_POP",     "STDDEV_SAMP",   "VAR_POP",   "VAR_SAMP", "STDDEV",      "VARIANCE",   "ROW_NUMBER",
    "RANK",           "DENSE_RANK",    "LAG",       "LEAD",     "FIRST_VALUE", "LAST_VALUE", "ARRAY_AGG",
    "JSON_OBJECTAGG", "JSON_ARRAYAGG", "COUNT_STAR"};

bool accepts(Accepts wanted, const Expression& value) {
  if (value.interval) return false;
  if (value.null_literal) return true;
  const TypeKind kind = value.type.kind;
  switch (wanted) {
    case Accepts::kText:
      return is_character(kind);
    case Accepts::kInt:
      return is_integer(kind) && kind != TypeKind::kBigInt;
    case Accepts::kBigInt:
      return is_integer(kind);
    case Accepts::kDouble:
    case Accepts::kNumber:
      return is_numeric(kind);
    case Accepts::kDecimal:
      return kind == TypeKind::kDecimal;
    case Accepts::kFloating:
      return is_approximate(kind);
    case Accepts::kBoolean:
      return kind == TypeKind::kBoolean;
    case Accepts::kBytes:
      return is_binary(kind);
    case Accepts::kMoment:
      return kind == TypeKind::kDate || is_timestamp(kind);
    case Accepts::kTime:
      return kind == TypeKind::kTime;
    case Accepts::kAny:
      return true;
  }
  return false;
}

Expression converted(Context& context, Accepts wanted, const Expression& value) {
  DataType type = value.type;
  switch (wanted) {
    case Accepts::kText:
      // A literal and a CHAR are texts as they are.
      if (!value.null_literal) return value;
      type = text_type();
      break;
    case Accepts::kInt:
      type = integer_type(TypeKind::kInteger);
      break;
    case Accepts::kBigInt:
      type = integer_type(TypeKind::kBigInt);
      break;
    case Accepts::kDouble:
      type = integer_type(TypeKind::kDouble);
      break;
    case Accepts::kBytes:
      if (!value.null_literal) return value;
      type = DataType{TypeKind::kVarbinary, kUnboundedLength, 0, true};
      break;
    case Accepts::kBoolean:
      type = boolean_type();
      break;
    case Accepts::kMoment:
      if (value.null_literal) {
        type = DataType{TypeKind::kTimestamp, 3, 0, true};
      } else if (type.kind == TypeKind::kTimestampLtz) {
        type.kind = TypeKind::kTimestamp;
      }
      break;
    case Accepts::kDecimal:
    case Accepts::kNumber:
    case Accepts::kFloating:
      if (value.null_literal) type = integer_type(TypeKind::kInteger);
      break;
    case Accepts::kTime:
      if (value.null_literal) type = DataType{TypeKind::kTime, 0, 0, true};
      break;
    case Accepts::kAny:
      if (value.null_literal) type = text_type();
      break;
  }
  return convert(context, value, type);
}

DataType result_type(Gives gives, const Expressions& arguments) {
  switch (gives) {
    case Gives::kText:
      return text_type();
    case Gives::kInt:
      return integer_type(TypeKind::kInteger);
    case Gives::kBigInt:
      return integer_type(TypeKind::kBigInt);
    case Gives::kDouble:
      return integer_type(TypeKind::kDouble);
    case Gives::kBoolean:
      return boolean_type();
    case Gives::kBytes:
      return {TypeKind::kVarbinary, kUnboundedLength, 0, true};
    case Gives::kDate:
      return {TypeKind::kDate, 0, 0, true};
    case Gives::kTime:
      return {TypeKind::kTime, 0, 0, true};
    case Gives::kTimestamp3:
      return {TypeKind::kTimestamp, 3, 0, true};
    case Gives::kTimestampLtz3:
      return {TypeKind::kTimestampLtz, 3, 0, true};
    case Gives::kFirst:
      break;
  }
  return arguments.front().type;
}

bool matches(const Function& function, const Expressions& arguments) {
  const std::size_t fixed = function.parameters.size();
  if (arguments.size() != fixed && !(function.variadic && arguments.size() > fixed)) return false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!accepts(function.parameters[std::min(i, fixed - 1)], arguments[i])) return false;
  }
  return true;
}

// {0}, {1} … by the arguments, {*} by all of them.
std::string filled(std::string_view pattern, const Expressions& arguments) {
  std::string out;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] != '{') {
      out += pattern[at];
      continue;
    }
    if (pattern[at + 1] == '*') {
      for (std::size_t i = 0; i < arguments.size(); ++i) out += (i == 0 ? "" : ", ") + arguments[i].sql;
    } else {
      out += arguments.at(static_cast<std::size_t>(pattern[at + 1] - '0')).sql;
    }
    at += 2;
  }
  return out;
}

Expression built(Context& context, const Function& function, const FunctionCall& call) {
  if (function.build != nullptr) return function.build(context, call);
  FunctionCall with_types = call;
  bool nullable = false;
  Expression out;
  out.constant = !call.arguments.empty();
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const Accepts wanted = function.parameters[std::min(i, function.parameters.size() - 1)];
    with_types.arguments[i] = converted(context, wanted, call.arguments[i]);
    nullable = nullable || with_types.arguments[i].type.nullable;
    out.fallible = out.fallible || with_types.arguments[i].fallible;
    out.constant = out.constant && with_types.arguments[i].constant;
  }
  out.sql = filled(function.sql, with_types.arguments);
  out.type = result_type(function.gives, with_types.arguments);
  out.type.nullable = function.nulls == Nulls::kMaybe || (function.nulls == Nulls::kStrict && nullable);
  out.fallible = out.fallible || function.fallible;
  return out;
}

std::string argument_types(const Expressions& arguments) {
  std::string out;
  for (const Expression& argument : arguments) {
    std::string type = to_string(argument.type);
    if (argument.null_literal) type = "NULL";
    if (argument.interval) type = "INTERVAL";
    out += (out.empty() ? "" : ", ") + type;
  }
  return "(" + out + ")";
}

[[noreturn]] void unknown_function(const FunctionCall& call) {
  if (std::find(kStateful.begin(), kStateful.end(), call.name) != kStateful.end()) {
    unsupported(call.offset,
                fmt::format("{} is an aggregate, which needs state over the stream; the native runner keeps "
                            "none",
                            call.name));
  }
  std::vector<std::string> names;
  for (const FunctionGroup& group : function_groups()) {
    for (const Function& function : group.functions) {
      if (!function.name.starts_with('$')) names.emplace_back(function.name);
    }
  }
  const std::string near = did_you_mean(call.name, names);
  fail(call.offset,
       fmt::format("function '{}' is not done by the native runner{}; where Flink has it, run the script with --flink",
                   call.name, near.empty() ? "; docs/sql.md has those that are" : near),
       ErrorCode::kUnsupported);
}

}  // namespace

std::vector<FunctionGroup> function_groups() {
  return {{"Conditional", conditional_functions()},
          {"Numbers", number_functions()},
          {"Texts and bytes", text_functions()},
          {"JSON", json_functions()},
          {"Time", time_functions()}};
}

Expression call_function(Context& context, const FunctionCall& call) {
  std::string signatures;
  for (const FunctionGroup& group : function_groups()) {
    for (const Function& function : group.functions) {
      if (function.name != call.name) continue;
      if (matches(function, call.arguments)) {
        Expression out = built(context, function, call);
        out.offset = call.offset;
        return out;
      }
      if (!function.signature.empty()) {
        signatures += fmt::format("{}{}({})", signatures.empty() ? "" : " or ", function.name, function.signature);
      }
    }
  }
  if (signatures.empty()) unknown_function(call);
  fail(call.offset,
       fmt::format("{} cannot be called with {}; it is {}", call.name, argument_types(call.arguments), signatures));
}

std::string functions_as_markdown() {
  std::string out;
  for (const FunctionGroup& group : function_groups()) {
    out += fmt::format("### {}\n\n| function | gives |\n|---|---|\n", group.title);
    for (const Function& function : group.functions) {
      if (function.meaning.empty()) continue;
      out += fmt::format("| `{}({})` | {} |\n", function.name, function.signature, function.meaning);
    }
    out += "\n";
  }
  return out;
}

}  // namespace rocketlink::planner
