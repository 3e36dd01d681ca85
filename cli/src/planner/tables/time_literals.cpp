#include "planner/tables/time_literals.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

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
  out.constant = true;
  return out;
}
// A unit of an interval, with the digits that its number may have: `DAY(3)`.
struct WrittenUnit {
  std::string name;
  std::size_t precision = 2;
};
WrittenUnit read_written_unit(const std::string& text) {
  WrittenUnit out;
  const std::size_t bracket = std::min(text.find('('), text.size());
  out.name = text.substr(0, bracket);
  if (bracket < text.size()) std::from_chars(text.data() + bracket + 1, text.data() + text.size(), out.precision);
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
  const DataType type{TypeKind::kTimestamp, fraction_digits(text), 0, false};
  Expression out = literal(c, valid, type, "2024-01-31 23:59:59");
  if (type.precision > 6) out.sql = fmt::format("rl_text_to_timestamp_ns({}, {})", text_literal(text), type.precision);
  return out;
}
Expression build_interval(Context&, const FunctionCall& c) {
  const std::string& amount = *c.arguments[0].text;
  const WrittenUnit first = read_written_unit(*c.arguments[1].text);
  const WrittenUnit last = read_written_unit(*c.arguments[2].text);
  const std::string written = fmt::format("{}{}", first.name, last.name.empty() ? "" : " TO " + last.name);
  const auto interval = read_interval(amount, first.name, last.name);
  if (!interval) {
    fail(c.offset, fmt::format("INTERVAL '{}' {} is no interval; such are INTERVAL '10' MINUTE, INTERVAL '1-6' YEAR TO "
                               "MONTH, INTERVAL '1 02:03:04' DAY TO SECOND",
                               amount, written));
  }
  for (const std::string& unit : {first.name, last.name}) {
    if (unit == "WEEK" || unit == "QUARTER") {
      const bool week = unit == "WEEK";
      unsupported(c.offset,
                  fmt::format("INTERVAL … {} is not done by the native runner: in Flink it is so many {}; write "
                              "INTERVAL '{}' {}",
                              unit, week ? "hours" : "months", week ? 7 : 3, week ? "DAY" : "MONTH"));
    }
  }
  const std::string_view number =
      std::string_view(amount).substr(std::min(amount.find_first_of("0123456789"), amount.size()));
  const std::size_t end = std::min(number.find_first_not_of("0123456789"), number.size());
  const std::size_t digits = end - std::min(number.find_first_not_of('0'), end);
  if (digits > first.precision) {
    fail(c.offset,
         fmt::format("INTERVAL '{}' {} has a number of {} digits, where Flink takes {}; write INTERVAL '{}' {}({}){}",
                     amount, written, digits, first.precision, amount, first.name, digits,
                     last.name.empty() ? "" : " TO " + last.name));
  }
  Expression out;
  out.interval = interval;
  return out;
}

}  // namespace rocketlink::planner
