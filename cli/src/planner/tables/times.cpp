#include <fmt/format.h>

#include <algorithm>

#include "planner/casts.h"
#include "planner/failure.h"
#include "planner/function_table.h"
#include "planner/functions/time_pattern.h"
#include "planner/functions/time_units.h"
#include "planner/operators.h"
#include "planner/tables/time_literals.h"
#include "planner/tokens.h"
#include "planner/types.h"

namespace rocketlink::planner {
namespace {

using functions::PatternKind;
using functions::Unit;

// A pattern that is a literal is looked at before the job runs.
Expression pattern(Context& context, const Expression& value, PatternKind kind) {
  std::string problem;
  if (value.text && !functions::TimePattern::read(*value.text, kind, problem)) {
    fail(value.offset, problem, ErrorCode::kUnsupported);
  }
  Expression out = value.null_literal ? convert(context, value, text_type()) : value;
  out.fallible = out.fallible || !value.text;
  return out;
}

Expression call(std::string sql, DataType type, const Expressions& arguments) {
  Expression out;
  out.sql = std::move(sql);
  out.type = type;
  out.type.nullable = false;
  out.constant = true;
  for (const Expression& argument : arguments) {
    out.constant = out.constant && argument.constant;
    out.type.nullable = out.type.nullable || argument.type.nullable;
    out.fallible = out.fallible || argument.fallible;
  }
  return out;
}

DataType timestamp(TypeKind kind = TypeKind::kTimestamp) {
  return {kind, 3, 0, true};
}

// A zoned time as the wall clock of the session's zone, NULL as a TIMESTAMP.
Expression wall_clock(Context& context, const Expression& value) {
  DataType type = value.null_literal ? timestamp() : value.type;
  if (type.kind == TypeKind::kTimestampLtz) type.kind = TypeKind::kTimestamp;
  return convert(context, value, type);
}

Expression build_date_format(Context& context, const FunctionCall& c) {
  const bool of_text = is_character(c.arguments[0].type.kind) && !c.arguments[0].null_literal;
  const Expression time = of_text ? c.arguments[0] : wall_clock(context, c.arguments[0]);
  const Expression by =
      pattern(context, c.arguments[1], of_text ? PatternKind::kSimpleFormat : PatternKind::kFormatter);
  Expression out =
      call(fmt::format("rl_date_format{}({}, {})", of_text ? "_text" : "", time.sql, by.sql), text_type(), {time, by});
  out.type.nullable = out.type.nullable || of_text;
  return out;
}

Expression by_pattern(Context& context, const FunctionCall& c, std::string_view function, PatternKind kind,
                      DataType type, bool maybe_null) {
  const Expression value = c.arguments[0].null_literal ? convert(context, c.arguments[0], text_type()) : c.arguments[0];
  const Expression by = pattern(context, c.arguments[1], kind);
  Expression out = call(fmt::format("{}({}, {})", function, value.sql, by.sql), type, {value, by});
  out.type.nullable = out.type.nullable || maybe_null;
  return out;
}
Expression build_to_timestamp(Context& context, const FunctionCall& c) {
  return by_pattern(context, c, "rl_to_timestamp_by", PatternKind::kFormatter, timestamp(), true);
}
Expression build_to_date(Context& context, const FunctionCall& c) {
  const auto& text = c.arguments[0].text;
  const auto& by = c.arguments[1].text;
  std::string problem;
  const auto known = text && by ? functions::TimePattern::read(*by, PatternKind::kSimpleFormat, problem) : std::nullopt;
  if (known && !known->parse(*text)) {
    fail(c.arguments[0].offset, fmt::format("TO_DATE: '{}' does not follow the pattern '{}'", *text, *by));
  }
  return by_pattern(context, c, "rl_to_date_by", PatternKind::kSimpleFormat, {TypeKind::kDate, 0, 0, true}, true);
}
Expression build_unix_timestamp(Context& context, const FunctionCall& c) {
  return by_pattern(context, c, "rl_unix_timestamp", PatternKind::kSimpleFormat, integer_type(TypeKind::kBigInt),
                    false);
}
Expression build_from_unixtime(Context& context, const FunctionCall& c) {
  const Expression seconds = convert(context, c.arguments[0], integer_type(TypeKind::kBigInt));
  Expression by;
  by.sql = "'yyyy-MM-dd HH:mm:ss'";
  by.type.nullable = false;
  if (c.arguments.size() == 2) by = pattern(context, c.arguments[1], PatternKind::kSimpleFormat);
  Expression out = call(fmt::format("rl_from_unixtime({}, {})", seconds.sql, by.sql), text_type(), {seconds, by});
  out.fallible = true;
  return out;
}

Expression build_to_timestamp_ltz(Context& context, const FunctionCall& c) {
  const Expression& precision = c.arguments[1];
  if (!precision.integer || (*precision.integer != 0 && *precision.integer != 3)) {
    fail(precision.offset, "TO_TIMESTAMP_LTZ takes 0 (epoch seconds) or 3 (epoch milliseconds) as its second argument");
  }
  const bool approximate = !c.arguments[0].null_literal && is_approximate(c.arguments[0].type.kind);
  const Expression value =
      convert(context, c.arguments[0], integer_type(approximate ? TypeKind::kDouble : TypeKind::kBigInt));
  Expression out = call(fmt::format("rl_epoch{}({}, {})", approximate ? "_double" : "", value.sql, *precision.integer),
                        timestamp(TypeKind::kTimestampLtz), {value});
  out.type.nullable = true;
  return out;
}

Unit unit_of(const Expression& name, std::string_view function) {
  std::string text = upper(name.text.value_or(""));
  if (text.starts_with("SQL_TSI_")) text.erase(0, 8);
  const auto unit = functions::read_unit(text);
  if (!unit) {
    unsupported(name.offset, fmt::format("the unit {} of {} is not done by the native runner; it knows YEAR, QUARTER, "
                                         "MONTH, WEEK, DAY, HOUR, MINUTE, SECOND",
                                         name.text.value_or("?"), function));
  }
  return *unit;
}

std::string unit_literal(const Expression& name) {
  std::string text = upper(*name.text);
  if (text.starts_with("SQL_TSI_")) text.erase(0, 8);
  return text_literal(text);
}

Expression extracted(Context& context, const Expression& unit, const Expression& value, std::string_view function) {
  const Unit wanted = unit_of(unit, function);
  const bool of_day = wanted == Unit::kHour || wanted == Unit::kMinute || wanted == Unit::kSecond;
  if (value.type.kind == TypeKind::kTime && !value.null_literal) {
    if (!of_day) fail(unit.offset, fmt::format("a TIME has no {}", *unit.text));
    return call(fmt::format("rl_extract_time({}, {})", unit_literal(unit), value.sql), integer_type(TypeKind::kBigInt),
                {value});
  }
  const Expression time = value.null_literal ? wall_clock(context, value) : value;
  const bool zoned = time.type.kind == TypeKind::kTimestampLtz;
  return call(fmt::format("rl_extract{}({}, {})", zoned ? "_ltz" : "", unit_literal(unit), time.sql),
              integer_type(TypeKind::kBigInt), {time});
}
Expression build_extract(Context& context, const FunctionCall& c) {
  return extracted(context, c.arguments[0], c.arguments[1], "EXTRACT");
}
Expression build_part(Context& context, const FunctionCall& c) {
  Expression unit;
  unit.offset = c.offset;
  unit.text = c.name;
  if (c.name == "DAYOFYEAR") unit.text = "DOY";
  if (c.name == "DAYOFMONTH") unit.text = "DAY";
  if (c.name == "DAYOFWEEK") unit.text = "DOW";
  return extracted(context, unit, c.arguments[0], c.name);
}

Expression build_timestampadd(Context& context, const FunctionCall& c) {
  const Unit unit = unit_of(c.arguments[0], c.name);
  const Expression amount = convert(context, c.arguments[1], integer_type(TypeKind::kBigInt));
  Expression time = c.arguments[2];
  const std::int64_t months = functions::months_of(unit);
  const std::int64_t factor = months != 0 ? months : functions::millis_of(unit);
  if (time.type.kind == TypeKind::kDate && months == 0 && factor % functions::millis_of(Unit::kDay) != 0) {
    time = convert(context, time, DataType{TypeKind::kTimestamp, 6, 0, time.type.nullable});
  }
  const std::string suffix = time.type.kind == TypeKind::kDate ? "_date" : (time.type.precision > 6 ? "_ns" : "");
  return call(fmt::format("rl_add_{}{}({}, rl_multiply_bigint({}, CAST({} AS BIGINT)))",
                          months != 0 ? "months" : "millis", suffix, time.sql, amount.sql, factor),
              time.type, {amount, time});
}

Expression build_timestampdiff(Context& context, const FunctionCall& c) {
  (void)unit_of(c.arguments[0], c.name);
  // Of two instants the time that has gone by is taken, whatever their wall clock says.
  const auto zoned = [](const Expression& time) {
    return !time.null_literal && time.type.kind == TypeKind::kTimestampLtz;
  };
  if (zoned(c.arguments[1]) != zoned(c.arguments[2]) && !c.arguments[1].null_literal && !c.arguments[2].null_literal) {
    fail(c.offset, fmt::format("{} takes two TIMESTAMP_LTZ or none; CAST one of {} and {} to the other's type", c.name,
                               to_string(c.arguments[1].type), to_string(c.arguments[2].type)));
  }
  const Expression from = zoned(c.arguments[1]) ? c.arguments[1] : wall_clock(context, c.arguments[1]);
  const Expression to = zoned(c.arguments[2]) ? c.arguments[2] : wall_clock(context, c.arguments[2]);
  return call(fmt::format("rl_timestampdiff({}, {}, {})", unit_literal(c.arguments[0]), from.sql, to.sql),
              integer_type(TypeKind::kInteger), {from, to});
}

// FLOOR and CEIL of a time.
Expression to_unit(Context& context, const FunctionCall& c, std::string_view function) {
  const Unit unit = unit_of(c.arguments[1], c.name);
  const Expression time = c.arguments[0].null_literal ? wall_clock(context, c.arguments[0]) : c.arguments[0];
  const TypeKind kind = time.type.kind;
  if (kind == TypeKind::kDate && functions::months_of(unit) == 0 && unit != Unit::kDay && unit != Unit::kWeek) {
    fail(c.arguments[1].offset, fmt::format("a DATE has no {}", *c.arguments[1].text));
  }
  std::string suffix = kind == TypeKind::kDate ? "_date" : (kind == TypeKind::kTimestamp ? "_timestamp" : "_ltz");
  if (time.type.precision > 6) suffix += "_ns";
  return call(fmt::format("{}{}({}, {})", function, suffix, time.sql, unit_literal(c.arguments[1])), time.type, {time});
}
Expression build_floor_to(Context& context, const FunctionCall& c) {
  return to_unit(context, c, "rl_floor");
}
Expression build_ceil_to(Context& context, const FunctionCall& c) {
  return to_unit(context, c, "rl_ceil");
}

using enum Accepts;

Function part(std::string_view name, Accepts of, std::string_view meaning) {
  return {.name = name,
          .signature = of == kTime ? "time" : "time or date",
          .parameters = {of},
          .meaning = meaning,
          .build = build_part};
}

const std::vector<Function>& times_table() {
  static const std::vector<Function> functions = {
      {.name = "CURRENT_TIMESTAMP",
       .gives = Gives::kTimestampLtz3,
       .sql = "rl_current_timestamp()",
       .meaning = "now, TIMESTAMP_LTZ(3); also `NOW()`, `CURRENT_ROW_TIMESTAMP()`, `PROCTIME()`; without parentheses",
       .nulls = Nulls::kNever},
      {.name = "NOW", .gives = Gives::kTimestampLtz3, .sql = "rl_current_timestamp()", .nulls = Nulls::kNever},
      {.name = "CURRENT_ROW_TIMESTAMP",
       .gives = Gives::kTimestampLtz3,
       .sql = "rl_current_timestamp()",
       .nulls = Nulls::kNever},
      {.name = "PROCTIME", .gives = Gives::kTimestampLtz3, .sql = "rl_current_timestamp()", .nulls = Nulls::kNever},
      {.name = "LOCALTIMESTAMP",
       .gives = Gives::kTimestamp3,
       .sql = "rl_local_timestamp()",
       .meaning = "now in the session's zone, TIMESTAMP(3); without parentheses",
       .nulls = Nulls::kNever},
      {.name = "CURRENT_DATE",
       .gives = Gives::kDate,
       .sql = "rl_current_date()",
       .meaning = "today in the session's zone; without parentheses",
       .nulls = Nulls::kNever},
      {.name = "CURRENT_TIME",
       .gives = Gives::kTime,
       .sql = "rl_current_time()",
       .meaning = "the time of day in the session's zone; also `LOCALTIME`; without parentheses",
       .nulls = Nulls::kNever},
      {.name = "LOCALTIME", .gives = Gives::kTime, .sql = "rl_current_time()", .nulls = Nulls::kNever},
      {.name = "UNIX_TIMESTAMP",
       .gives = Gives::kBigInt,
       .sql = "rl_unix_now()",
       .meaning = "now as epoch seconds",
       .nulls = Nulls::kNever},
      {.name = "UNIX_TIMESTAMP",
       .signature = "text",
       .parameters = {kText},
       .gives = Gives::kBigInt,
       .sql = "rl_unix_timestamp({0}, 'yyyy-MM-dd HH:mm:ss')",
       .meaning = "the epoch seconds of `yyyy-MM-dd HH:mm:ss` in the session's zone"},
      {.name = "UNIX_TIMESTAMP",
       .signature = "text, pattern",
       .parameters = {kText, kText},
       .meaning = "the same for that pattern",
       .build = build_unix_timestamp},
      {.name = "FROM_UNIXTIME",
       .signature = "epoch seconds",
       .parameters = {kBigInt},
       .meaning = "as `yyyy-MM-dd HH:mm:ss` in the session's zone",
       .build = build_from_unixtime},
      {.name = "FROM_UNIXTIME",
       .signature = "epoch seconds, pattern",
       .parameters = {kBigInt, kText},
       .meaning = "the same by that pattern",
       .build = build_from_unixtime},
      {.name = "TO_TIMESTAMP",
       .signature = "text",
       .parameters = {kText},
       .gives = Gives::kTimestamp3,
       .sql = "rl_to_timestamp({0})",
       .meaning = "TIMESTAMP(3) of `yyyy-MM-dd HH:mm:ss`, NULL when it is none",
       .nulls = Nulls::kMaybe},
      {.name = "TO_TIMESTAMP",
       .signature = "text, pattern",
       .parameters = {kText, kText},
       .meaning = "the same by that pattern",
       .build = build_to_timestamp},
      {.name = "TO_TIMESTAMP_LTZ",
       .signature = "number, precision",
       .parameters = {kNumber, kInt},
       .meaning = "TIMESTAMP_LTZ(3) of epoch seconds (0) or milliseconds (3)",
       .build = build_to_timestamp_ltz},
      {.name = "TO_DATE",
       .signature = "text",
       .parameters = {kText},
       .gives = Gives::kDate,
       .sql = "rl_to_date({0})",
       .meaning = "the DATE of `yyyy-MM-dd`, NULL when it is none",
       .nulls = Nulls::kMaybe,
       .fallible = true},
      {.name = "TO_DATE",
       .signature = "text, pattern",
       .parameters = {kText, kText},
       .meaning = "the same by that pattern; 1705471-09-27 when the text does not follow it",
       .build = build_to_date},
      {.name = "DATE_FORMAT",
       .signature = "time, pattern",
       .parameters = {kMoment, kText},
       .meaning = "by that pattern",
       .build = build_date_format},
      {.name = "DATE_FORMAT",
       .signature = "text, pattern",
       .parameters = {kText, kText},
       .meaning = "the same for a `yyyy-MM-dd HH:mm:ss`, NULL when it is none",
       .build = build_date_format},
      {.name = "EXTRACT",
       .signature = "unit FROM time",
       .parameters = {kText, kMoment},
       .meaning = "YEAR, QUARTER, MONTH, WEEK (ISO), DAY, DOY, DOW (1 on Sunday), HOUR, MINUTE or SECOND of it, BIGINT",
       .build = build_extract},
      {.name = "EXTRACT", .parameters = {kText, kTime}, .build = build_extract},
      part("YEAR", kMoment, "as EXTRACT"),
      part("QUARTER", kMoment, "as EXTRACT"),
      part("MONTH", kMoment, "as EXTRACT"),
      part("WEEK", kMoment, "as EXTRACT"),
      part("DAYOFYEAR", kMoment, "as EXTRACT(DOY …)"),
      part("DAYOFMONTH", kMoment, "as EXTRACT(DAY …)"),
      part("DAYOFWEEK", kMoment, "as EXTRACT(DOW …)"),
      part("HOUR", kMoment, "as EXTRACT"),
      part("HOUR", kTime, ""),
      part("MINUTE", kMoment, "as EXTRACT"),
      part("MINUTE", kTime, ""),
      part("SECOND", kMoment, "as EXTRACT"),
      part("SECOND", kTime, ""),
      {.name = "TIMESTAMPADD",
       .signature = "unit, integer, time",
       .parameters = {kText, kBigInt, kMoment},
       .meaning = "so many units later",
       .build = build_timestampadd},
      {.name = "TIMESTAMPDIFF",
       .signature = "unit, from, to",
       .parameters = {kText, kMoment, kMoment},
       .meaning = "the whole units between the two, INT",
       .build = build_timestampdiff},
      {.name = "FLOOR",
       .signature = "time TO unit",
       .parameters = {kMoment, kText},
       .meaning = "the beginning of the unit that holds it (weeks begin on Sunday)",
       .build = build_floor_to},
      {.name = "CEIL",
       .signature = "time TO unit",
       .parameters = {kMoment, kText},
       .meaning = "the beginning of the next unit, unless it is one",
       .build = build_ceil_to},
      {.name = "$DATE_LITERAL", .parameters = {kText}, .build = build_date_literal},
      {.name = "$TIME_LITERAL", .parameters = {kText}, .build = build_time_literal},
      {.name = "$TIMESTAMP_LITERAL", .parameters = {kText}, .build = build_timestamp_literal},
      {.name = "$INTERVAL", .parameters = {kText, kText, kText}, .build = build_interval},
  };
  return functions;
}

}  // namespace

std::span<const Function> time_functions() {
  return times_table();
}

}  // namespace rocketlink::planner
