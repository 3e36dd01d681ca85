#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rocketlink/message.h"
#include "rocketlink/row/row.h"
#include "rocketlink/types.h"

namespace rocketlink::row::testing {

inline std::string plain(Int128 value) {
  const bool negative = value < 0;
  std::string digits;
  do {
    const int digit = static_cast<int>(value % 10);
    digits.insert(digits.begin(), static_cast<char>('0' + (digit < 0 ? -digit : digit)));
    value /= 10;
  } while (value != 0);
  return negative ? "-" + digits : digits;
}

/// Keeps each row as one text of raw values: `name=value` would hide nothing, so values stand as the writer got them.
class TextWriter {
 public:
  explicit TextWriter(std::set<std::size_t> unwanted = {}) : unwanted_(std::move(unwanted)) {}

  [[nodiscard]] bool wants(std::size_t column) const { return !unwanted_.contains(column); }
  void begin_row() { row_.clear(); }
  void set_null(std::size_t c) { put(c, "NULL"); }
  void set_boolean(std::size_t c, bool v) { put(c, v ? "true" : "false"); }
  void set_int8(std::size_t c, std::int8_t v) { put(c, fmt::format("{}", static_cast<int>(v))); }
  void set_int16(std::size_t c, std::int16_t v) { put(c, fmt::format("{}", v)); }
  void set_int32(std::size_t c, std::int32_t v) { put(c, fmt::format("{}", v)); }
  void set_int64(std::size_t c, std::int64_t v) { put(c, fmt::format("{}", v)); }
  void set_float(std::size_t c, float v) { put(c, fmt::format("{}", v)); }
  void set_double(std::size_t c, double v) { put(c, fmt::format("{}", v)); }
  void set_decimal(std::size_t c, Int128 v) { put(c, plain(v)); }
  void set_string(std::size_t c, std::string_view v) { put(c, fmt::format("'{}'", v)); }
  void set_bytes(std::size_t c, std::string_view v) {
    std::string hex = "x";
    for (const char b : v) hex += fmt::format("{:02x}", static_cast<unsigned char>(b));
    put(c, hex);
  }
  void set_date(std::size_t c, std::int32_t v) { put(c, fmt::format("day {}", v)); }
  void set_time(std::size_t c, std::int64_t v) { put(c, fmt::format("nano {}", v)); }
  void set_timestamp(std::size_t c, Timestamp v) { put(c, fmt::format("wall {}.{:09}", v.seconds, v.nanos)); }
  void set_timestamp_ltz(std::size_t c, Timestamp v) { put(c, fmt::format("instant {}.{:09}", v.seconds, v.nanos)); }
  void end_row() {
    std::string text;
    for (const auto& [column, value] : row_) text += fmt::format("{}{}:{}", text.empty() ? "" : " ", column, value);
    rows.push_back(std::move(text));
  }

  std::vector<std::string> rows;  ///< `0:value 1:value`, in the order of setting

 private:
  void put(std::size_t column, std::string value) { row_.emplace_back(column, std::move(value)); }

  std::set<std::size_t> unwanted_;
  std::vector<std::pair<std::size_t, std::string>> row_;
};
static_assert(RowWriter<TextWriter>);

inline Column physical(std::string name, TypeKind kind, std::int32_t precision = kUnboundedLength,
                       std::int32_t scale = 0) {
  Column column;
  column.name = std::move(name);
  column.type = {.kind = kind, .precision = precision, .scale = scale};
  return column;
}

inline Column metadata(std::string name, std::string key, TypeKind kind, std::int32_t precision = kUnboundedLength) {
  Column column = physical(std::move(name), kind, precision);
  column.metadata = true;
  column.metadata_key = std::move(key);
  return column;
}

}  // namespace rocketlink::row::testing
