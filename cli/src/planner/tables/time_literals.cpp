#include "planner/tables/time_literals.h"

#include <fmt/format.h>

#include <algorithm>

#include "planner/failure.h"
#include "planner/functions/parse_text.h"
#include "planner/intervals.h"

namespace rocketlink::planner {
namespace {

Expression literal(const FunctionCall& c, bool valid, DataType type, std::string_view form) {
  const std::string& text = *c.arguments[0].text;
  if (!valid) {
    const std::string_view word = std::string_view(c.name).substr(1, c.name.find('_') - 1);
    fail(c.offset, fmt::format("{0} '{1}' is no {0}; it is written {0} '{2}'", word, text, form));
  }
  Expression out;
  type.nullable = false;
  out.sql = fmt::format("CAST({} AS {})", text_literal(text), duck::type_name(type));
  out.type = type;
  return out;
}
// The fraction's digits are the type's.
std::int32_t fraction_digits(const std::string& text) {
  const std::size_t point = text.find('.');
  return point == std::string::npos ? 0 : static_cast<std::int32_t>(text.size() - point - 1);
}

}  // namespace

Expression build_date_literal(Context&, const FunctionCall& c) {
  const std::string& text = *c.arguments[0].text;
  const bool valid = std::count(text.begin(), text.end(), '-') == 2 && text.find(' ') == std::string::npos &&
                     functions::parse_date(text);
  return literal(c, valid, {TypeKind::kDate, 0, 0, false}, "2024-01-31");
}
Expression build_time_literal(Context&, const FunctionCall& c) {
  const std::string& text = *c.arguments[0].text;
  const std::int32_t digits = fraction_digits(text);
  const bool valid = std::count(text.begin(), text.end(), ':') == 2 && text.find(' ') == std::string::npos &&
                     digits <= 3 && functions::parse_time(text);
  return literal(c, valid, {TypeKind::kTime, digits, 0, false}, "23:59:59");
}
Expression build_timestamp_literal(Context&, const FunctionCall& c) {
  const std::string& text = *c.arguments[0].text;
  const bool valid =
      text.find(':') != std::string::npos && functions::parse_timestamp(text) && functions::parse_date(text);
  return literal(c, valid, {TypeKind::kTimestamp, fraction_digits(text), 0, false}, "2024-01-31 23:59:59");
}
Expression build_interval(Context&, const FunctionCall& c) {
  const auto interval = read_interval(*c.arguments[0].text, *c.arguments[1].text, *c.arguments[2].text);
  if (!interval) {
    fail(c.offset,
         fmt::format("INTERVAL '{}' {}{} is no interval; such are INTERVAL '10' MINUTE, INTERVAL '1-6' YEAR TO "
                     "MONTH, INTERVAL '1 02:03:04' DAY TO SECOND",
                     *c.arguments[0].text, *c.arguments[1].text,
                     c.arguments[2].text->empty() ? "" : " TO " + *c.arguments[2].text));
  }
  for (const std::string& unit : {*c.arguments[1].text, *c.arguments[2].text}) {
    if (unit == "WEEK" || unit == "QUARTER") {
      const bool week = unit == "WEEK";
      unsupported(c.offset,
                  fmt::format("INTERVAL … {} is not done by the native runner: in Flink it is so many {}; write "
                              "INTERVAL '{}' {}",
                              unit, week ? "hours" : "months", week ? 7 : 3, week ? "DAY" : "MONTH"));
    }
  }
  Expression out;
  out.interval = interval;
  return out;
}

}  // namespace rocketlink::planner
