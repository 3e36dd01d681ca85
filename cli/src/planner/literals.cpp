#include "planner/literals.h"

#include <fmt/format.h>

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
  return out;
}

Expression boolean_literal(bool value) {
  Expression out;
  out.sql = value ? "TRUE" : "FALSE";
  out.type = boolean_type(false);
  return out;
}

Expression string_literal(const std::string& value) {
  Expression out;
  out.sql = text_literal(value);
  out.type = DataType{TypeKind::kChar, static_cast<std::int32_t>(functions::character_count(value)), 0, false};
  out.text = value;
  return out;
}

Expression number_literal(std::string_view text, std::size_t offset) {
  Expression out;
  out.type.nullable = false;
  const std::size_t point = text.find('.');
  if (text.find_first_of("eE") != std::string_view::npos) {
    out.type = integer_type(TypeKind::kDouble, false);
    out.sql = fmt::format("CAST({} AS DOUBLE)", text);
    return out;
  }
  const std::string_view digits = text.substr(0, point);
  const std::string_view fraction = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  std::int64_t value = 0;
  const char* end = digits.data() + digits.size();
  if (fraction.empty() && std::from_chars(digits.data(), end, value).ec == std::errc()) {
    const bool small = value <= std::numeric_limits<std::int32_t>::max();
    out.type = integer_type(small ? TypeKind::kInteger : TypeKind::kBigInt, false);
    out.integer = value;
    out.sql = fmt::format("CAST({} AS {})", value, small ? "INTEGER" : "BIGINT");
    return out;
  }
  const std::size_t precision = digits.size() + fraction.size();
  if (precision > 38) {
    fail(offset,
         fmt::format("{} has {} digits; a DECIMAL has at most 38 (write it with an exponent for a DOUBLE: 1E40)", text,
                     precision));
  }
  out.type = decimal_type(static_cast<std::int32_t>(precision), static_cast<std::int32_t>(fraction.size()), false);
  out.sql = fmt::format("CAST('{}' AS DECIMAL({}, {}))", text, precision, fraction.size());
  return out;
}

}  // namespace rocketlink::planner
