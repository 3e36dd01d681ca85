#include "planner/operators.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "planner/casts.h"
#include "planner/failure.h"
#include "planner/functions/parse_text.h"

namespace rocketlink::planner {
namespace {

Expression made(std::string sql, DataType type, std::size_t offset, const Expressions& operands) {
  Expression out;
  out.sql = std::move(sql);
  out.type = type;
  out.offset = offset;
  out.constant = true;
  for (const Expression& operand : operands) {
    out.fallible = out.fallible || operand.fallible;
    out.constant = out.constant && operand.constant;
  }
  return out;
}

bool any_nullable(const Expressions& values) {
  return std::any_of(values.begin(), values.end(), [](const Expression& value) { return value.type.nullable; });
}

// A literal that is no time, which Flink finds when it plans.
void refuse_no_time(const Expression& value, const DataType& time) {
  if (!value.text) return;
  const bool read = time.kind == TypeKind::kDate   ? functions::parse_date(*value.text).has_value()
                    : time.kind == TypeKind::kTime ? functions::parse_time(*value.text).has_value()
                                                   : functions::parse_timestamp(*value.text).has_value();
  if (!read) fail(value.offset, fmt::format("'{}' is no {}", *value.text, to_string(time)));
}

// Both get one type, for a comparison. DECIMALs that have none are rounded to one, unless they are to be `exact`.
void unify(Context& context, Expression& left, Expression& right, TypeRule rule, bool exact, std::size_t offset) {
  if (left.null_literal && right.null_literal) left = convert(context, left, text_type());
  if (left.null_literal) left = convert(context, left, right.type);
  if (right.null_literal) right = convert(context, right, left.type);
  std::optional<DataType> type = rule(left.type, right.type);
  if (!type && is_time(left.type.kind) && is_character(right.type.kind)) type = left.type;
  if (!type && is_time(right.type.kind) && is_character(left.type.kind)) type = right.type;
  // A text that is no time equals none, yet is not less than one either.
  const bool try_cast = rule == least_restrictive_type;
  if (!type) {
    fail(offset, fmt::format("{} and {} cannot be compared; CAST one to the other's type", to_string(left.type),
                             to_string(right.type)));
  }
  if (try_cast && is_time(type->kind)) {
    for (const Expression* value : {&left, &right}) refuse_no_time(*value, *type);
  }
  // Strings of other lengths are compared as they are.
  if (is_character(type->kind) || is_binary(type->kind)) return;
  if (exact && passes_all_digits(left.type, right.type)) return;
  const auto unified = [&](const Expression& value) {
    return cast(context, value, *type, try_cast && is_character(value.type.kind));
  };
  left = unified(left);
  right = unified(right);
}

void refuse_interval(const Expression& value) {
  if (value.interval) {
    unsupported(value.offset, "an INTERVAL can only be added to and taken from times by the native runner");
  }
}

Expression shifted(const Expression& time, const Interval& interval, bool back, std::size_t offset) {
  const std::int64_t sign = back ? -1 : 1;
  const auto kind = time.type.kind;
  if (kind == TypeKind::kTime && interval.is_months) fail(offset, "months cannot be added to a TIME");
  std::string_view function = interval.is_months ? "rl_add_months" : "rl_add_millis";
  std::string suffix;
  if (kind == TypeKind::kDate) suffix = "_date";
  if (kind == TypeKind::kTime) suffix = "_time";
  if (time.type.precision > 6 && is_timestamp(kind)) suffix = "_ns";
  const std::int64_t amount = sign * (interval.is_months ? interval.months : interval.millis);
  return made(fmt::format("{}{}({}, {})", function, suffix, time.sql, amount), time.type, offset, {time});
}

}  // namespace

Expression compare(Context& context, std::string_view op, Expression left, Expression right, std::size_t offset) {
  refuse_interval(left);
  refuse_interval(right);
  const bool equality = op == "=" || op == "<>";
  const bool itself = left.sql == right.sql;
  // A DECIMAL and a FLOAT or DOUBLE are ordered as Java's Double.compare has it.
  const bool total = !equality && ((left.type.kind == TypeKind::kDecimal && is_approximate(right.type.kind)) ||
                                   (is_approximate(left.type.kind) && right.type.kind == TypeKind::kDecimal));
  unify(context, left, right, equality ? least_restrictive_type : common_type, !equality, offset);
  const DataType type = boolean_type(left.type.nullable || right.type.nullable);
  std::string sql;
  if (itself && is_approximate(left.type.kind)) {
    // As Flink's planner has it, which does not think of NaN.
    sql = fmt::format("(CASE WHEN {} IS NOT NULL THEN {} END)", left.sql,
                      op == "=" || op == "<=" || op == ">=" ? "TRUE" : "FALSE");
  } else if (passes_all_digits(left.type, right.type)) {
    sql = fmt::format("(rl_compare_decimals({}, {}) {} 0)", left.sql, right.sql, op);
  } else if (is_approximate(left.type.kind)) {
    const bool swapped = op == ">" || op == ">=";
    const std::string_view function = op == "="                  ? "rl_equal"
                                      : op == "<>"               ? "rl_not_equal"
                                      : (op == "<" || op == ">") ? (total ? "rl_before" : "rl_less")
                                                                 : (total ? "rl_not_after" : "rl_less_or_equal");
    sql = fmt::format("{}({}, {})", function, swapped ? right.sql : left.sql, swapped ? left.sql : right.sql);
  } else {
    sql = fmt::format("({} {} {})", left.sql, op, right.sql);
  }
  return made(std::move(sql), type, offset, {left, right});
}

Expression folded(Expression value) {
  if (value.constant && !value.null_literal && is_approximate(value.type.kind)) {
    value.sql = fmt::format("rl_constant_{}({})", type_suffix(value.type.kind), value.sql);
  }
  return value;
}

namespace {

Expression is_element(Context& context, const Expression& value, const Expression& element, std::size_t offset) {
  const TypeKind kind = value.type.kind;
  const TypeKind other = element.type.kind;
  const bool numbers = is_numeric(kind) && is_numeric(other) && kind != other;
  const bool text_and_time = (is_character(kind) && is_time(other)) || (is_time(kind) && is_character(other));
  const bool fixed_length = kind == TypeKind::kChar && is_character(other) && !element.text;
  const bool typed = !value.null_literal && !element.null_literal && !value.interval && !element.interval;
  if (typed && (numbers || text_and_time || fixed_length)) {
    const DataType type = is_character(kind) && is_time(other) ? text_type() : value.type;
    return compare(context, "=", value, convert(context, element, type), offset);
  }
  if (typed && passes_all_digits(value.type, element.type)) {
    return made(fmt::format("(rl_compare_decimals({}, {}) = 0)", value.sql, element.sql),
                boolean_type(value.type.nullable || element.type.nullable), offset, {value, element});
  }
  return compare(context, "=", value, element, offset);
}

// Of several constants Flink makes a set, where 0.0 and -0.0 are two.
Expression is_in_set(Context& context, const Expression& value, const Expressions& elements, std::size_t offset) {
  std::string sql;
  for (const Expression& element : elements) {
    sql += fmt::format("{}rl_same_{}({}, {})", sql.empty() ? "(" : " OR ", type_suffix(value.type.kind), value.sql,
                       folded(convert(context, element, value.type)).sql);
  }
  return made(sql + ")", boolean_type(value.type.nullable), offset, {value});
}

}  // namespace

Expression is_in(Context& context, const Expression& value, const Expressions& elements, std::size_t offset) {
  const bool set = elements.size() > 1 && !value.null_literal && is_approximate(value.type.kind) &&
                   std::all_of(elements.begin(), elements.end(), [](const Expression& element) {
                     return element.constant && !element.null_literal && is_numeric(element.type.kind);
                   });
  if (set) return is_in_set(context, value, elements, offset);
  Expressions equal;
  for (const Expression& element : elements) equal.push_back(is_element(context, value, element, offset));
  return any_of(equal, offset);
}

Expression compare_with_nulls(Context& context, bool distinct, Expression left, Expression right, std::size_t offset) {
  refuse_interval(left);
  refuse_interval(right);
  unify(context, left, right, least_restrictive_type, true, offset);
  if (passes_all_digits(left.type, right.type)) {
    // NULL and NULL are the same, NULL and another are not.
    const std::string same = fmt::format(
        "(CASE WHEN {0} IS NULL OR {1} IS NULL THEN {0} IS NULL AND {1} IS NULL ELSE rl_compare_decimals({0}, {1}) = 0 "
        "END)",
        left.sql, right.sql);
    return made(distinct ? fmt::format("(NOT {})", same) : same, boolean_type(false), offset, {left, right});
  }
  return made(fmt::format("({} IS {}DISTINCT FROM {})", left.sql, distinct ? "" : "NOT ", right.sql),
              boolean_type(false), offset, {left, right});
}

Expression arithmetic(Context& context, Arithmetic operation, Expression left, Expression right, std::size_t offset) {
  const bool additive = operation == Arithmetic::kAdd || operation == Arithmetic::kSubtract;
  if (additive && right.interval && is_time(left.type.kind) && !left.interval && !left.null_literal) {
    return shifted(left, *right.interval, operation == Arithmetic::kSubtract, offset);
  }
  if (operation == Arithmetic::kAdd && left.interval && is_time(right.type.kind) && !right.interval &&
      !right.null_literal) {
    return shifted(right, *left.interval, false, offset);
  }
  refuse_interval(left);
  refuse_interval(right);
  if (left.null_literal)
    left = convert(context, left, right.null_literal ? integer_type(TypeKind::kInteger) : right.type);
  if (right.null_literal) right = convert(context, right, left.type);
  if (!is_numeric(left.type.kind) || !is_numeric(right.type.kind)) {
    const bool times = is_time(left.type.kind) && is_time(right.type.kind);
    fail(offset,
         fmt::format("{} and {} cannot be calculated with; {}", to_string(left.type), to_string(right.type),
                     times ? "TIMESTAMPDIFF(unit, from, to) gives the time between two" : "CAST both to numbers"));
  }
  DataType type = arithmetic_type(operation, left.type, right.type);
  if (operation == Arithmetic::kModulo && is_approximate(type.kind)) {
    fail(offset, fmt::format("% takes integers and decimals, not {} and {}; CAST them to DECIMAL", to_string(left.type),
                             to_string(right.type)));
  }
  type.nullable = left.type.nullable || right.type.nullable || type.kind == TypeKind::kDecimal;
  const bool of_decimals = left.type.kind == TypeKind::kDecimal || right.type.kind == TypeKind::kDecimal;
  if (operation == Arithmetic::kModulo && of_decimals && type.kind != TypeKind::kDecimal) {
    // A DECIMAL by an integer is one of the integer's type.
    DataType between = as_decimal(type);
    const std::string arguments = fmt::format("{}, {}", left.sql, right.sql);
    Expression rest =
        made(context.decimal_call("rl_decimal_modulo", between, arguments), between, offset, {left, right});
    rest.fallible = rest.fallible || !right.integer || *right.integer == 0;
    return convert(context, rest, type);
  }
  static constexpr std::array<std::string_view, 5> kNames = {"add", "subtract", "multiply", "divide", "modulo"};
  const std::string_view name = kNames[static_cast<std::size_t>(operation)];
  const bool divides = operation == Arithmetic::kDivide || operation == Arithmetic::kModulo;
  Expression out;
  if (type.kind == TypeKind::kDecimal) {
    const std::string arguments = fmt::format("{}, {}", left.sql, right.sql);
    out = made(context.decimal_call(fmt::format("rl_decimal_{}", name), type, arguments), type, offset, {left, right});
  } else {
    const bool remainder = operation == Arithmetic::kModulo;
    Expression a = convert(context, left, remainder ? integer_type(TypeKind::kBigInt) : type);
    Expression b = convert(context, right, type);
    if (a.constant != b.constant) {
      a = folded(a);
      b = folded(b);
    }
    // Flink's planner leaves 0 out of a sum, where -0.0 stays what it is.
    const bool maybe_nothing = operation == Arithmetic::kAdd && is_approximate(type.kind) && a.constant != b.constant;
    const Expression& first = maybe_nothing && a.constant ? b : a;
    const Expression& second = maybe_nothing && a.constant ? a : b;
    out = made(fmt::format("rl_{}_{}({}, {})", maybe_nothing ? "add_constant" : name, type_suffix(type.kind), first.sql,
                           second.sql),
               type, offset, {left, right});
  }
  const bool safe_divisor = right.integer && *right.integer != 0;
  out.fallible = out.fallible || (divides && !is_approximate(type.kind) && !safe_divisor);
  return out;
}

Expression negate(Context& context, const Expression& value, std::size_t offset) {
  if (value.interval) {
    Expression out = value;
    out.interval->months = -out.interval->months;
    out.interval->millis = -out.interval->millis;
    return out;
  }
  if (value.null_literal) return value;
  if (!is_numeric(value.type.kind)) {
    fail(offset, fmt::format("- takes a number, not {}", to_string(value.type)));
  }
  Expression out;
  if (value.type.kind == TypeKind::kDecimal) {
    out = made(context.decimal_call("rl_decimal_negate", value.type, value.sql), value.type, offset, {value});
  } else {
    out = made(fmt::format("rl_negate_{}({})", type_suffix(value.type.kind), value.sql), value.type, offset, {value});
  }
  if (value.integer) out.integer = -*value.integer;
  return out;
}

Expression concatenate(Context& context, const Expressions& parts, std::size_t offset) {
  std::string sql;
  DataType type{TypeKind::kChar, 0, 0, any_nullable(parts)};
  for (const Expression& part : parts) {
    const Expression text = part.null_literal ? convert(context, part, text_type()) : part;
    if (!is_character(text.type.kind)) {
      fail(part.offset,
           fmt::format("|| and CONCAT take texts, not {}; CAST it: CAST(x AS STRING)", to_string(text.type)));
    }
    if (text.type.kind != TypeKind::kChar) type.kind = TypeKind::kVarchar;
    type.precision = text.type.precision > kUnboundedLength - type.precision ? kUnboundedLength
                                                                             : type.precision + text.type.precision;
    sql += (sql.empty() ? "(" : " || ") + text.sql;
  }
  return made(sql + ")", type, offset, parts);
}

namespace {

Expression logical(const Expressions& operands, std::size_t offset, bool is_and) {
  const std::string_view joiner = is_and ? " AND " : " OR ";
  std::string sql = "(";
  for (std::size_t i = 0; i < operands.size(); ++i) sql += std::string(i == 0 ? "" : joiner) + operands[i].sql;
  sql += ")";
  const bool guarded =
      std::any_of(operands.begin() + 1, operands.end(), [](const Expression& e) { return e.fallible; });
  if (guarded) {
    // DuckDB evaluates operands of AND and OR in an order of its own, and both; CASE keeps to ours.
    std::string cases = "(CASE";
    for (std::size_t i = 0; i + 1 < operands.size(); ++i) {
      cases += fmt::format(" WHEN {}{} THEN {}", is_and ? "NOT " : "", operands[i].sql, is_and ? "FALSE" : "TRUE");
    }
    sql = cases + " ELSE " + sql + " END)";
  }
  return made(std::move(sql), boolean_type(any_nullable(operands)), offset, operands);
}

}  // namespace

Expression all_of(const Expressions& operands, std::size_t offset) {
  return logical(operands, offset, true);
}
Expression any_of(const Expressions& operands, std::size_t offset) {
  return logical(operands, offset, false);
}

DataType common_type_of(const Expressions& values, std::string_view what, std::size_t offset, TypeRule rule) {
  std::optional<DataType> type;
  bool nullable = false;
  for (const Expression& value : values) {
    refuse_interval(value);
    if (value.null_literal) {
      nullable = true;
      continue;
    }
    const auto common = type ? rule(*type, value.type) : value.type;
    if (!common) {
      fail(value.offset, fmt::format("{} have types that go not together: {} and {}; CAST them to one type", what,
                                     to_string(*type), to_string(value.type)));
    }
    type = common;
    nullable = nullable || value.type.nullable;
  }
  if (!type) {
    fail(offset, fmt::format("{} are all NULL, so they have no type; CAST one: CAST(NULL AS INT)", what));
  }
  type->nullable = nullable;
  return *type;
}

Expression as_condition(Context& context, const Expression& value, std::string_view what) {
  if (value.null_literal) return convert(context, value, boolean_type());
  refuse_interval(value);
  if (value.type.kind != TypeKind::kBoolean) {
    fail(value.offset,
         fmt::format("{} must be BOOLEAN, not {}; compare it with something", what, to_string(value.type)));
  }
  return value;
}

Expression choose(Context& context, const Expressions& conditions, const Expressions& values, std::size_t offset) {
  const DataType type = common_type_of(values, "the branches of a condition", offset, least_restrictive_type);
  std::string sql = "(CASE";
  Expressions parts;
  for (std::size_t i = 0; i < values.size(); ++i) {
    // Texts of other lengths stay as they are.
    const bool as_is = !values[i].null_literal && is_character(type.kind);
    Expression value = as_is ? values[i] : convert(context, values[i], type);
    if (i < conditions.size()) {
      sql += fmt::format(" WHEN {} THEN {}", conditions[i].sql, value.sql);
      parts.push_back(conditions[i]);
    } else {
      sql += fmt::format(" ELSE {}", value.sql);
    }
    parts.push_back(std::move(value));
  }
  Expression out = made(sql + " END)", type, offset, parts);
  if (type.kind == TypeKind::kDecimal) out.type.nullable = true;
  return out;
}

}  // namespace rocketlink::planner
