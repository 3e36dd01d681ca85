#include "planner/literals.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "planner/failure.h"
#include "planner/functions/utf8.h"
#include "planner/types.h"

namespace rocketlink::planner {

Expression null_literal() {
  Expression out;
  out.sql = "NULL";
  out.null_literal = true;
  out.constant = true;
  return out;
}

Expression boolean_literal(bool value) {
  Expression out;
  out.sql = value ? "TRUE" : "FALSE";
  out.constant = true;
  out.type = boolean_type(false);
  return out;
}

Expression string_literal(const std::string& value) {
  Expression out;
  out.sql = text_literal(value);
  out.constant = true;
  out.type = DataType{TypeKind::kChar, static_cast<std::int32_t>(functions::unit_count(value)), 0, false};
  out.text = value;
  return out;
}

Expression number_literal(std::string_view text, bool negative, std::size_t offset) {
  Expression out;
  out.constant = true;
  out.type.nullable = false;
  const std::string_view sign = negative ? "-" : "";
  const std::size_t point = text.find('.');
  if (text.find_first_of("eE") != std::string_view::npos) {
    out.type = integer_type(TypeKind::kDouble, false);
    // Flink has a literal as a decimal first, where there is no zero below zero.
    const bool zero = text.substr(0, text.find_first_of("eE")).find_first_not_of("0.") == std::string_view::npos;
    out.sql = fmt::format("CAST({}{} AS DOUBLE)", zero ? "" : sign, text);
    return out;
  }
  const std::string_view digits = text.substr(0, point);
  const std::string_view fraction = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  const std::string signed_digits = fmt::format("{}{}{}", sign, digits, fraction);
  std::int64_t value = 0;
  const auto read = std::from_chars(signed_digits.data(), signed_digits.data() + signed_digits.size(), value);
  if (read.ec != std::errc() || digits.size() + fraction.size() > kMaxPrecision) {
    fail(offset,
         fmt::format("the number {}{} has more digits than a literal may have (about 19); write it with an "
                     "exponent for a DOUBLE, or CAST('{}{}' AS DECIMAL({}, {}))",
                     sign, text, sign, text, std::clamp<std::size_t>(digits.size() + fraction.size(), 1, kMaxPrecision),
                     std::min<std::size_t>(fraction.size(), kMaxPrecision)));
  }
  if (fraction.empty()) {
    const bool small =
        value >= std::numeric_limits<std::int32_t>::min() && value <= std::numeric_limits<std::int32_t>::max();
    out.type = integer_type(small ? TypeKind::kInteger : TypeKind::kBigInt, false);
    out.integer = value;
    out.sql = fmt::format("CAST({} AS {})", value, small ? "INTEGER" : "BIGINT");
    return out;
  }
  const std::size_t precision = digits.size() + fraction.size();
  out.type = decimal_type(static_cast<std::int32_t>(precision), static_cast<std::int32_t>(fraction.size()), false);
  out.sql = fmt::format("CAST('{}{}' AS DECIMAL({}, {}))", sign, text, precision, fraction.size());
  return out;
}

}  // namespace rocketlink::planner
