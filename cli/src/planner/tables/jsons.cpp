#include <fmt/format.h>

#include "planner/casts.h"
#include "planner/failure.h"
#include "planner/function_table.h"
#include "planner/functions/json_behaviour.h"
#include "planner/functions/json_path.h"
#include "planner/types.h"

namespace rocketlink::planner {
namespace {

using functions::JsonBehaviour;

// What is said behind the path.
struct Clause {
  JsonBehaviour behaviour = JsonBehaviour::kNull;
  Expression value;
};

struct Clauses {
  std::optional<Clause> empty;
  std::optional<Clause> error;
};

constexpr std::string_view kMarker = "json clause ";

// A clause as an argument of the function, which takes it apart again.
Expression marker(const FunctionCall& call, JsonBehaviour behaviour, const std::string& when, Expression value) {
  value.offset = call.offset;
  value.text = std::string(kMarker) + when;
  value.integer = static_cast<std::int64_t>(behaviour);
  return value;
}
Expression clause(const FunctionCall& call, JsonBehaviour behaviour) {
  Expression none;
  none.sql = "CAST(NULL AS VARCHAR)";
  return marker(call, behaviour, *call.arguments[0].text, none);
}
Expression build_null(Context&, const FunctionCall& call) {
  return clause(call, JsonBehaviour::kNull);
}
Expression build_error(Context&, const FunctionCall& call) {
  return clause(call, JsonBehaviour::kError);
}
Expression build_true(Context&, const FunctionCall& call) {
  return clause(call, JsonBehaviour::kTrue);
}
Expression build_false(Context&, const FunctionCall& call) {
  return clause(call, JsonBehaviour::kFalse);
}
Expression build_default(Context& context, const FunctionCall& call) {
  const Expression& value = call.arguments[0];
  return marker(call, JsonBehaviour::kDefault, *call.arguments[1].text,
                value.null_literal ? convert(context, value, text_type()) : value);
}

Clauses read_clauses(const FunctionCall& call) {
  Clauses out;
  for (std::size_t i = 2; i < call.arguments.size(); ++i) {
    const Expression& argument = call.arguments[i];
    if (argument.null_literal) {
      if (!is_character(argument.type.kind)) {
        unsupported(argument.offset,
                    fmt::format("RETURNING {0} is not done by the native runner (CAST({1}(…) AS {0}) is)",
                                to_string(argument.type), call.name));
      }
      continue;
    }
    const bool known = argument.text && argument.text->starts_with(kMarker) && argument.integer;
    if (!known) fail(argument.offset, fmt::format("{} takes a text and a path", call.name));
    auto& place = argument.text->ends_with("empty") ? out.empty : out.error;
    place = Clause{static_cast<JsonBehaviour>(*argument.integer), argument};
  }
  return out;
}

// The path, which is known when the query is planned.
std::string path_literal(const FunctionCall& call) {
  const Expression& path = call.arguments[1];
  if (!path.text) unsupported(path.offset, "a JSON path that is not a string literal is not done by the native runner");
  std::string problem;
  if (!functions::JsonPath::read(*path.text, problem)) unsupported(path.offset, problem);
  return path.sql;
}

Expression build_json_value(Context& context, const FunctionCall& call) {
  const Clauses clauses = read_clauses(call);
  const Expression text =
      convert(context, call.arguments[0], call.arguments[0].null_literal ? text_type() : call.arguments[0].type);
  const auto part = [](const std::optional<Clause>& clause) {
    return clause ? fmt::format("{}, {}", static_cast<int>(clause->behaviour), clause->value.sql)
                  : std::string("0, CAST(NULL AS VARCHAR)");
  };
  Expression out;
  out.sql = fmt::format("rl_json_value({}, {}, {}, {})", text.sql, path_literal(call), part(clauses.empty),
                        part(clauses.error));
  out.type = text_type();
  const auto fails = [](const std::optional<Clause>& clause) {
    return clause && (clause->behaviour == JsonBehaviour::kError || clause->value.fallible);
  };
  out.fallible = text.fallible || fails(clauses.empty) || fails(clauses.error);
  for (const auto& clause : {clauses.empty, clauses.error}) {
    if (clause && clause->behaviour == JsonBehaviour::kDefault && !is_character(clause->value.type.kind)) {
      fail(clause->value.offset,
           fmt::format("DEFAULT of JSON_VALUE must be a text, not {}", to_string(clause->value.type)));
    }
  }
  return out;
}

Expression build_json_exists(Context& context, const FunctionCall& call) {
  const Clauses clauses = read_clauses(call);
  const Expression text =
      convert(context, call.arguments[0], call.arguments[0].null_literal ? text_type() : call.arguments[0].type);
  const JsonBehaviour on_error = clauses.error ? clauses.error->behaviour : JsonBehaviour::kFalse;
  Expression out;
  out.sql = fmt::format("rl_json_exists({}, {}, {})", text.sql, path_literal(call), static_cast<int>(on_error));
  out.type = boolean_type(text.type.nullable || on_error == JsonBehaviour::kNull);
  out.fallible = text.fallible || on_error == JsonBehaviour::kError;
  return out;
}

using enum Accepts;

const std::vector<Function>& jsons_table() {
  static const std::vector<Function> functions = {
      {.name = "JSON_VALUE",
       .signature = "text, path [clauses]",
       .parameters = {kText, kText},
       .meaning = "the single value at the path, as text; clauses are `RETURNING STRING`, `NULL`, `ERROR` or `DEFAULT "
                  "text`, each `ON EMPTY` or `ON ERROR`",
       .build = build_json_value},
      {.name = "JSON_VALUE", .parameters = {kText, kText, kAny}, .variadic = true, .build = build_json_value},
      {.name = "JSON_EXISTS",
       .signature = "text, path [clause]",
       .parameters = {kText, kText},
       .meaning = "whether something is at the path; the clause is `TRUE`, `FALSE`, `UNKNOWN` or `ERROR`, `ON ERROR`",
       .build = build_json_exists},
      {.name = "JSON_EXISTS", .parameters = {kText, kText, kAny}, .variadic = true, .build = build_json_exists},
      {.name = "$JSON_NULL", .parameters = {kText}, .build = build_null},
      {.name = "$JSON_UNKNOWN", .parameters = {kText}, .build = build_null},
      {.name = "$JSON_ERROR", .parameters = {kText}, .build = build_error},
      {.name = "$JSON_TRUE", .parameters = {kText}, .build = build_true},
      {.name = "$JSON_FALSE", .parameters = {kText}, .build = build_false},
      {.name = "$JSON_DEFAULT", .parameters = {kAny, kText}, .build = build_default},
  };
  return functions;
}

}  // namespace

std::span<const Function> json_functions() {
  return jsons_table();
}

}  // namespace rocketlink::planner
