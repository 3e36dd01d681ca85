#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
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

/// Keeps each row as one text of raw values, as the decoder gave them.
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

/// One field of a row; the alternative must be the one that the column's type is read with.
using Value = std::variant<std::monostate, bool, std::int8_t, std::int16_t, std::int32_t, std::int64_t, float, double,
                           Int128, std::string, Timestamp>;

/// A row of values; takes each at most once, as the concept promises.
class ValueReader {
 public:
  explicit ValueReader(std::vector<Value> row) : row_(std::move(row)), read_(row_.size()) {}

  [[nodiscard]] bool is_null(std::size_t c) const { return std::holds_alternative<std::monostate>(row_.at(c)); }
  bool get_boolean(std::size_t c) { return take<bool>(c); }
  std::int8_t get_int8(std::size_t c) { return take<std::int8_t>(c); }
  std::int16_t get_int16(std::size_t c) { return take<std::int16_t>(c); }
  std::int32_t get_int32(std::size_t c) { return take<std::int32_t>(c); }
  std::int64_t get_int64(std::size_t c) { return take<std::int64_t>(c); }
  float get_float(std::size_t c) { return take<float>(c); }
  double get_double(std::size_t c) { return take<double>(c); }
  Int128 get_decimal(std::size_t c) { return take<Int128>(c); }
  std::string_view get_string(std::size_t c) { return take<std::string>(c); }
  std::string_view get_bytes(std::size_t c) { return take<std::string>(c); }
  std::int32_t get_date(std::size_t c) { return take<std::int32_t>(c); }
  std::int64_t get_time(std::size_t c) { return take<std::int64_t>(c); }
  Timestamp get_timestamp(std::size_t c) { return take<Timestamp>(c); }
  Timestamp get_timestamp_ltz(std::size_t c) { return take<Timestamp>(c); }

 private:
  template <class T>
  const T& take(std::size_t column) {
    EXPECT_FALSE(read_.at(column)) << "column " << column << " is read twice";
    read_[column] = true;
    return std::get<T>(row_.at(column));
  }

  std::vector<Value> row_;
  std::vector<bool> read_;
};
static_assert(RowReader<ValueReader>);

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
