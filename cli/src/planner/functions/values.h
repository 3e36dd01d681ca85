#pragma once

#include <duckdb.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rocketlink/types.h"

/// How values cross between DuckDB's vectors and C++.
namespace rocketlink::planner::functions {

struct Bytes {
  std::string_view value;
};
struct OwnedBytes {
  std::string value;
};
struct Date {
  std::int32_t days = 0;
};
struct TimeOfDay {
  std::int64_t micros = 0;
};
/// An argument of DuckDB type DATE, TIMESTAMP or HUGEINT (nanoseconds since 1970).
struct Moment {
  Timestamp value;
};
/// Results of DuckDB types TIMESTAMP and HUGEINT.
struct Micros {
  Timestamp value;
};
struct Nanos {
  Timestamp value;
};
/// A decimal of any precision.
struct Decimal {
  Int128 unscaled = 0;
  std::int32_t scale = 0;
};

inline Int128 from_hugeint(duckdb_hugeint value) {
  return (static_cast<Int128>(value.upper) << 64) | static_cast<Int128>(value.lower);
}
inline duckdb_hugeint to_hugeint(Int128 value) {
  return {static_cast<std::uint64_t>(value), static_cast<std::int64_t>(value >> 64)};
}

/// One argument of a chunk.
class Argument {
 public:
  Argument(duckdb_data_chunk chunk, idx_t index)
      : vector_(duckdb_data_chunk_get_vector(chunk, index)),
        data_(duckdb_vector_get_data(vector_)),
        validity_(duckdb_vector_get_validity(vector_)) {}

  [[nodiscard]] bool is_null(idx_t row) const {
    return validity_ != nullptr && !duckdb_validity_row_is_valid(validity_, row);
  }
  template <class T>
  [[nodiscard]] const T& at(idx_t row) const {
    return static_cast<const T*>(data_)[row];
  }
  [[nodiscard]] std::string_view text(idx_t row) const {
    auto* string = &static_cast<duckdb_string_t*>(data_)[row];
    return {duckdb_string_t_data(string), duckdb_string_t_length(*string)};
  }
  /// The type of the argument itself, where the function takes several.
  void read_type();
  [[nodiscard]] Decimal decimal(idx_t row) const;
  [[nodiscard]] Timestamp moment(idx_t row) const;

 private:
  duckdb_vector vector_;
  void* data_;
  std::uint64_t* validity_;
  duckdb_type type_ = DUCKDB_TYPE_INVALID;  // of a decimal: the integer that holds it
  std::int32_t scale_ = 0;
};

/// The DuckDB type of an argument or result, and how one is read or written.
template <class T>
struct Value;

template <class T, duckdb_type id>
struct PlainValue {
  static constexpr duckdb_type kType = id;
  static constexpr bool kReadsType = false;
  static T read(const Argument& argument, idx_t row) { return argument.at<T>(row); }
  static void write(duckdb_vector vector, idx_t row, const T& value) {
    static_cast<T*>(duckdb_vector_get_data(vector))[row] = value;
  }
};
template <>
struct Value<bool> : PlainValue<bool, DUCKDB_TYPE_BOOLEAN> {};
template <>
struct Value<std::int8_t> : PlainValue<std::int8_t, DUCKDB_TYPE_TINYINT> {};
template <>
struct Value<std::int16_t> : PlainValue<std::int16_t, DUCKDB_TYPE_SMALLINT> {};
template <>
struct Value<std::int32_t> : PlainValue<std::int32_t, DUCKDB_TYPE_INTEGER> {};
template <>
struct Value<std::int64_t> : PlainValue<std::int64_t, DUCKDB_TYPE_BIGINT> {};
template <>
struct Value<float> : PlainValue<float, DUCKDB_TYPE_FLOAT> {};
template <>
struct Value<double> : PlainValue<double, DUCKDB_TYPE_DOUBLE> {};
template <>
struct Value<Date> : PlainValue<Date, DUCKDB_TYPE_DATE> {};
template <>
struct Value<TimeOfDay> : PlainValue<TimeOfDay, DUCKDB_TYPE_TIME> {};

template <>
struct Value<std::string_view> {
  static constexpr duckdb_type kType = DUCKDB_TYPE_VARCHAR;
  static constexpr bool kReadsType = false;
  static std::string_view read(const Argument& argument, idx_t row) { return argument.text(row); }
  static void write(duckdb_vector vector, idx_t row, std::string_view value) {
    duckdb_vector_assign_string_element_len(vector, row, value.data(), value.size());
  }
};
template <>
struct Value<std::string> : Value<std::string_view> {};
template <>
struct Value<Bytes> {
  static constexpr duckdb_type kType = DUCKDB_TYPE_BLOB;
  static constexpr bool kReadsType = false;
  static Bytes read(const Argument& argument, idx_t row) { return {argument.text(row)}; }
};
template <>
struct Value<OwnedBytes> {
  static constexpr duckdb_type kType = DUCKDB_TYPE_BLOB;
  static void write(duckdb_vector vector, idx_t row, const OwnedBytes& value) {
    duckdb_vector_assign_string_element_len(vector, row, value.value.data(), value.value.size());
  }
};
template <>
struct Value<Moment> {
  static constexpr duckdb_type kType = DUCKDB_TYPE_ANY;
  static constexpr bool kReadsType = true;
  static Moment read(const Argument& argument, idx_t row) { return {argument.moment(row)}; }
};
template <>
struct Value<Micros> {
  static constexpr duckdb_type kType = DUCKDB_TYPE_TIMESTAMP;
  static void write(duckdb_vector vector, idx_t row, const Micros& value) {
    static_cast<std::int64_t*>(duckdb_vector_get_data(vector))[row] =
        value.value.seconds * 1'000'000 + value.value.nanos / 1000;
  }
};
template <>
struct Value<Nanos> {
  static constexpr duckdb_type kType = DUCKDB_TYPE_HUGEINT;
  static void write(duckdb_vector vector, idx_t row, const Nanos& value) {
    static_cast<duckdb_hugeint*>(duckdb_vector_get_data(vector))[row] =
        to_hugeint(static_cast<Int128>(value.value.seconds) * 1'000'000'000 + value.value.nanos);
  }
};
template <>
struct Value<Decimal> {
  static constexpr duckdb_type kType = DUCKDB_TYPE_ANY;
  static constexpr bool kReadsType = true;
  static Decimal read(const Argument& argument, idx_t row) { return argument.decimal(row); }
};

/// Writes to a vector of a DECIMAL of `precision` digits.
void write_decimal(duckdb_vector vector, idx_t row, std::int32_t precision, Int128 value);

}  // namespace rocketlink::planner::functions
