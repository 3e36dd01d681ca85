#include "planner/expressions.h"

#include <fmt/format.h>

#include <charconv>
#include <map>

#include "planner/casts.h"
#include "planner/failure.h"
#include "planner/function_table.h"
#include "planner/functions/like.h"
#include "planner/literals.h"
#include "planner/operators.h"

namespace rocketlink::planner {
namespace {

using nlohmann::json;

constexpr std::uint64_t kNowhere = ~std::uint64_t{0};

Expression negated(Expression value) {
  value.sql = fmt::format("(NOT {})", value.sql);
  return value;
}

bool is_boolean_type(const json& type) {
  return type.value("id", "") == "BOOLEAN";
}

}  // namespace

std::size_t ExpressionPlanner::offset(const json& node, std::size_t otherwise) const {
  const auto position = node.value("query_location", kNowhere);
  return position == kNowhere ? otherwise : query_offset_ + query_.original(position);
}

Expression ExpressionPlanner::plan(const json& node) {
  const std::size_t at = offset(node, last_ == 0 ? query_offset_ : last_);
  last_ = at;
  const std::string kind = node.at("class");
  Expression out;
  if (kind == "COLUMN_REF") {
    out = column(node);
  } else if (kind == "CONSTANT") {
    out = constant(node);
  } else if (kind == "COMPARISON") {
    out = comparison(node);
  } else if (kind == "CONJUNCTION") {
    const bool is_and = node.at("type") == "CONJUNCTION_AND";
    Expressions operands;
    for (const json& child : node.at("children")) {
      operands.push_back(as_condition(context_, plan(child), is_and ? "an operand of AND" : "an operand of OR"));
    }
    out = is_and ? all_of(operands, at) : any_of(operands, at);
  } else if (kind == "OPERATOR") {
    out = op(node);
  } else if (kind == "BETWEEN") {
    out = between(node);
  } else if (kind == "CASE") {
    out = case_when(node);
  } else if (kind == "CAST") {
    out = type_cast(node);
  } else if (kind == "FUNCTION") {
    out = function(node);
  } else if (kind == "SUBQUERY") {
    unsupported(at, "a query inside an expression (IN, EXISTS, =) is not done by the native runner");
  } else if (kind == "WINDOW") {
    unsupported(at, "OVER needs state over the stream, which the native runner does not keep");
  } else if (kind == "STAR") {
    fail(at, "* stands alone in a SELECT list; it is no value");
  } else {
    unsupported(at, fmt::format("this expression ({}) is not done by the native runner", kind));
  }
  out.offset = at;
  last_ = at;
  return out;
}

Expressions ExpressionPlanner::plan_all(const json& nodes) {
  Expressions out;
  for (const json& node : nodes) out.push_back(plan(node));
  return out;
}

Expression ExpressionPlanner::column(const json& node) {
  const ScopeColumn& found = find_column(scope_, node.at("column_names"), last_);
  Expression out;
  out.sql = found.sql;
  out.type = found.type;
  out.null_literal = found.null_literal;
  return out;
}

Expression ExpressionPlanner::constant(const json& node) {
  const json& value = node.at("value");
  if (value.at("is_null")) return null_literal();
  if (value.at("type").at("id") == "VARCHAR") return string_literal(value.at("value"));
  const auto position = node.value("query_location", kNowhere);
  if (position == kNowhere) unsupported(last_, "this literal is not done by the native runner");
  return number(position);
}

// The parser reads `-(-5)` as one constant, which begins at the first sign.
Expression ExpressionPlanner::number(std::size_t position) {
  bool negative = false;
  for (const Token* token = &query_.token(position); token != query_.tokens.data() + query_.tokens.size(); ++token) {
    if (token->kind == TokenKind::kNumber) {
      return number_literal(token->text, negative, last_);
    }
    if (token->is_symbol("-")) {
      negative = !negative;
    } else if (!token->is_symbol("(")) {
      break;
    }
  }
  unsupported(last_, "this literal is not done by the native runner");
}

Expression ExpressionPlanner::comparison(const json& node) {
  const std::size_t at = last_;
  const std::string type = node.at("type");
  const bool distinct = type == "COMPARE_DISTINCT_FROM";
  if (distinct || type == "COMPARE_NOT_DISTINCT_FROM") {
    const json& right = node.at("right");
    if (right.at("class") == "CONSTANT" && is_boolean_type(right.at("value").at("type"))) return is_truth_value(node);
    Expression a = plan(node.at("left"));
    Expression b = plan(right);
    return compare_with_nulls(context_, distinct, std::move(a), std::move(b), at);
  }
  std::string_view op;
  if (type == "COMPARE_EQUAL") op = "=";
  if (type == "COMPARE_NOTEQUAL") op = "<>";
  if (type == "COMPARE_LESSTHAN") op = "<";
  if (type == "COMPARE_LESSTHANOREQUALTO") op = "<=";
  if (type == "COMPARE_GREATERTHAN") op = ">";
  if (type == "COMPARE_GREATERTHANOREQUALTO") op = ">=";
  if (op.empty()) unsupported(at, fmt::format("this comparison ({}) is not done by the native runner", type));
  Expression a = plan(node.at("left"));
  Expression b = plan(node.at("right"));
  return compare(context_, op, std::move(a), std::move(b), at);
}

// `x IS [NOT] TRUE` reaches us as `CAST(x AS BOOLEAN) IS [NOT] DISTINCT FROM TRUE`; nobody can write the latter, since
// written types are of our own naming.
Expression ExpressionPlanner::is_truth_value(const json& node) {
  const bool truth = node.at("right").at("value").at("value");
  const bool is_not = node.at("type") == "COMPARE_DISTINCT_FROM";
  const json& left = node.at("left");
  const Expression value = as_condition(
      context_, plan(left.at("class") == "CAST" && is_boolean_type(left.at("cast_type")) ? left.at("child") : left),
      "the operand of IS TRUE or IS FALSE");
  Expression out = value;
  out.sql = fmt::format("({} IS {}DISTINCT FROM {})", value.sql, is_not ? "" : "NOT ", truth ? "TRUE" : "FALSE");
  out.type = boolean_type(false);
  return out;
}

Expression ExpressionPlanner::op(const json& node) {
  const std::size_t at = last_;
  const std::string type = node.at("type");
  const json& children = node.at("children");
  if (type == "OPERATOR_NOT") return negation(children.at(0));
  if (type == "OPERATOR_IS_NULL" || type == "OPERATOR_IS_NOT_NULL") {
    Expression out = plan(children.at(0));
    if (out.null_literal) out = convert(context_, out, text_type());
    if (out.interval) unsupported(at, "IS NULL of an INTERVAL is not done by the native runner");
    out.sql = fmt::format("({} IS {}NULL)", out.sql, type == "OPERATOR_IS_NULL" ? "" : "NOT ");
    out.type = boolean_type(false);
    out.text.reset();
    out.integer.reset();
    return out;
  }
  if (type == "COMPARE_IN") return in_list(node, false);
  if (type == "COMPARE_NOT_IN") return in_list(node, true);
  unsupported(at, fmt::format("the operator {} is not done by the native runner", type));
}

// As Flink's planner, which turns a comparison round: with NaN neither holds.
Expression ExpressionPlanner::negation(const json& node) {
  static const std::map<std::string, std::string_view> kTurned = {{"COMPARE_LESSTHAN", ">="},
                                                                  {"COMPARE_LESSTHANOREQUALTO", ">"},
                                                                  {"COMPARE_GREATERTHAN", "<="},
                                                                  {"COMPARE_GREATERTHANOREQUALTO", "<"}};
  const std::size_t at = offset(node, last_);
  if (node.at("class") == "BETWEEN") {
    const Expression value = plan(node.at("input"));
    const Expression low = plan(node.at("lower"));
    const Expression high = plan(node.at("upper"));
    return any_of({compare(context_, "<", value, low, at), compare(context_, ">", value, high, at)}, at);
  }
  const auto turned = kTurned.find(node.value("type", ""));
  if (node.at("class") == "COMPARISON" && turned != kTurned.end()) {
    const Expression left = plan(node.at("left"));
    return compare(context_, turned->second, left, plan(node.at("right")), at);
  }
  return negated(as_condition(context_, plan(node), "the operand of NOT"));
}

Expression ExpressionPlanner::in_list(const json& node, bool is_not) {
  const std::size_t at = last_;
  const Expressions values = plan_all(node.at("children"));
  Expression out = is_in(context_, values[0], {values.begin() + 1, values.end()}, at);
  return is_not ? negated(std::move(out)) : out;
}

Expression ExpressionPlanner::between(const json& node) {
  const std::size_t at = last_;
  const Expression value = plan(node.at("input"));
  const Expression low = plan(node.at("lower"));
  const Expression high = plan(node.at("upper"));
  return all_of({compare(context_, ">=", value, low, at), compare(context_, "<=", value, high, at)}, at);
}

Expression ExpressionPlanner::case_when(const json& node) {
  const std::size_t at = last_;
  Expressions conditions;
  Expressions values;
  for (const json& check : node.at("case_checks")) {
    conditions.push_back(as_condition(context_, plan(check.at("when_expr")), "the condition after WHEN"));
    values.push_back(plan(check.at("then_expr")));
  }
  values.push_back(plan(node.at("else_expr")));
  return choose(context_, conditions, values, at);
}

Expression ExpressionPlanner::type_cast(const json& node) {
  const std::size_t at = last_;
  const json& type = node.at("cast_type");
  if (is_boolean_type(type) && node.at("child").at("class") == "CONSTANT") {
    return boolean_literal(node.at("child").at("value").at("value") == "t");
  }
  const json info = type.value("type_info", json());
  if (!info.is_object() || info.value("name", "") != "rl_type") {
    unsupported(at, "this cast is not done by the native runner");
  }
  const std::size_t index = info.at("user_type_modifiers").at(0).at("value");
  Expression value = plan(node.at("child"));
  DataType to = query_.types.at(index);
  if (to.kind == TypeKind::kTime) to.precision = 0;  // Flink has no other TIME
  const bool or_null = node.at("try_cast");
  Expression out = cast(context_, value, to, or_null);
  if (value.constant && !or_null && to.kind == TypeKind::kDecimal && is_exact(value.type.kind)) {
    refuse_overflow(value, out);
  }
  return out;
}

// Flink takes the NULL that comes of it for a value.
void ExpressionPlanner::refuse_overflow(const Expression& number, const Expression& decimal) const {
  const DataType from = as_decimal(number.type);
  const DataType& to = decimal.type;
  if (from.precision - from.scale <= to.precision - to.scale || from.nullable) return;
  const auto null = context_.connection.text(fmt::format("SELECT {} IS NULL", decimal.sql));
  if (null && *null == "true") {
    fail(last_, fmt::format("the number has more digits before the point than {} has", to_string(to)));
  }
}

Expression ExpressionPlanner::function(const json& node) {
  const std::size_t at = last_;
  std::string name = node.at("function_name");
  if (node.at("is_operator") || name.ends_with("like_escape")) return operator_call(name, node);
  if (name == "row") unsupported(at, "ROW values are not done by the native runner");
  if (name == "regexp_full_match") unsupported(at, "SIMILAR TO is not done by the native runner");
  if (name == "date_part") name = "f_extract";
  if (name.starts_with("f_")) name.erase(0, 2);
  if (node.at("distinct") || !node.at("filter").is_null()) {
    unsupported(at, fmt::format("{}(DISTINCT …) and FILTER belong to aggregates, which need state over the stream; the "
                                "native runner keeps none",
                                upper(name)));
  }
  FunctionCall call{upper(name), at, {}};
  const json& children = node.at("children");
  const bool unit_first = call.name == "TIMESTAMPADD" || call.name == "TIMESTAMPDIFF";
  for (std::size_t i = 0; i < children.size(); ++i) {
    const json& child = children[i];
    if (unit_first && i == 0 && child.at("class") == "COLUMN_REF") {
      call.arguments.push_back(string_literal(child.at("column_names").at(0)));
      call.arguments.back().offset = offset(child, at);
    } else if (call.name == "$JSON_RETURNING") {
      Expression marker = null_literal();
      marker.type = query_.types.at(child.at("value").at("value"));
      return marker;
    } else {
      call.arguments.push_back(plan(child));
    }
  }
  return call_function(context_, call);
}

Expression ExpressionPlanner::operator_call(const std::string& name, const json& node) {
  const std::size_t at = last_;
  const json& children = node.at("children");
  if (name == "~~" || name == "like_escape") return like(node, false);
  if (name == "!~~" || name == "not_like_escape") return like(node, true);
  const Expressions values = plan_all(children);
  if (name == "||") return concatenate(context_, values, at);
  if (values.size() == 1 && name == "-") return negate(context_, values[0], at);
  if (values.size() == 1 && name == "+") return values[0];
  if (name == "+") return arithmetic(context_, Arithmetic::kAdd, values[0], values[1], at);
  if (name == "-") return arithmetic(context_, Arithmetic::kSubtract, values[0], values[1], at);
  if (name == "*") return arithmetic(context_, Arithmetic::kMultiply, values[0], values[1], at);
  if (name == "/") return arithmetic(context_, Arithmetic::kDivide, values[0], values[1], at);
  if (name == "%") return arithmetic(context_, Arithmetic::kModulo, values[0], values[1], at);
  unsupported(at, fmt::format("the operator {} is not done by the native runner", name));
}

Expression ExpressionPlanner::like(const json& node, bool is_not) {
  Expressions values = plan_all(node.at("children"));
  for (Expression& value : values) {
    if (value.null_literal) value = convert(context_, value, text_type());
    if (!is_character(value.type.kind)) {
      fail(value.offset, fmt::format("LIKE takes texts, not {}; CAST it: CAST(x AS STRING)", to_string(value.type)));
    }
  }
  char escape = '\\';
  if (values.size() == 3) {
    if (!values[2].text || values[2].text->size() != 1) {
      fail(values[2].offset, "ESCAPE takes a string literal of one ASCII character, such as '!'");
    }
    escape = values[2].text->front();
  }
  const auto& pattern = values[1].text;
  // Flink has a quicker way for such patterns, which knows no escape character.
  const bool plain = values.size() == 2 && pattern && pattern->find('_') == std::string::npos;
  if (pattern && !plain && !functions::has_valid_escapes(*pattern, escape)) {
    fail(values[1].offset, fmt::format("the LIKE pattern '{}' has the escape character '{}' in front of something else "
                                       "than %, _ and itself",
                                       *pattern, escape));
  }
  Expression out = values[0];
  out.text.reset();
  if (!plain) {
    out.sql = fmt::format("rl_like({}, {}, {})", values[0].sql, values[1].sql, text_literal(std::string(1, escape)));
  } else if (pattern->empty()) {  // which to that way is as good as '%'
    out.sql = fmt::format("(CASE WHEN {} IS NOT NULL THEN TRUE END)", values[0].sql);
  } else {
    out.sql = fmt::format("({} LIKE {})", values[0].sql, values[1].sql);
  }
  if (is_not) out.sql = fmt::format("(NOT {})", out.sql);
  out.type = boolean_type(values[0].type.nullable || values[1].type.nullable);
  out.fallible = values[0].fallible || values[1].fallible || !pattern;
  out.constant = values[0].constant && values[1].constant;
  return out;
}

}  // namespace rocketlink::planner
