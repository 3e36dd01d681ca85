#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rocketlink/types.h"

/// What an engine gives the codecs: a place to write decoded fields into, and one to read fields from. Codecs are
/// templates over these, so that each engine gets its own inlined copy. `column` counts the columns of the codec's
/// own schema (all declared columns, in order); an engine that projects ignores the columns it does not want
/// (`wants` tells the decoder, which still converts the field, so that the same records are skipped whatever the query
/// reads).
namespace rocketlink::row {

/// A row is begun with begin_row, gets each column set once, and is kept by end_row or dropped by the next begin_row.
template <class W>
concept RowWriter = requires(W w, std::size_t column, std::string_view text, Timestamp time, Int128 unscaled) {
  { w.wants(column) } -> std::same_as<bool>;
  w.begin_row();
  w.set_null(column);
  w.set_boolean(column, bool{});
  w.set_int8(column, std::int8_t{});
  w.set_int16(column, std::int16_t{});
  w.set_int32(column, std::int32_t{});
  w.set_int64(column, std::int64_t{});
  w.set_float(column, float{});
  w.set_double(column, double{});
  w.set_decimal(column, unscaled);     // value × 10^scale of the column's type
  w.set_string(column, text);          // CHAR, VARCHAR: valid UTF-8; copied by the writer
  w.set_bytes(column, text);           // BINARY, VARBINARY; copied by the writer
  w.set_date(column, std::int32_t{});  // days since 1970-01-01
  w.set_time(column, std::int64_t{});  // nanoseconds of the day
  w.set_timestamp(column, time);       // wall clock, as if UTC
  w.set_timestamp_ltz(column, time);   // instant
  w.end_row();
};

/// One row's fields; values as above. Asked for in any order, each at most once per row.
template <class R>
concept RowReader = requires(R r, std::size_t column) {
  { r.is_null(column) } -> std::same_as<bool>;
  { r.get_boolean(column) } -> std::same_as<bool>;
  { r.get_int8(column) } -> std::same_as<std::int8_t>;
  { r.get_int16(column) } -> std::same_as<std::int16_t>;
  { r.get_int32(column) } -> std::same_as<std::int32_t>;
  { r.get_int64(column) } -> std::same_as<std::int64_t>;
  { r.get_float(column) } -> std::same_as<float>;
  { r.get_double(column) } -> std::same_as<double>;
  { r.get_decimal(column) } -> std::same_as<Int128>;
  { r.get_string(column) } -> std::convertible_to<std::string_view>;
  { r.get_bytes(column) } -> std::convertible_to<std::string_view>;
  { r.get_date(column) } -> std::same_as<std::int32_t>;
  { r.get_time(column) } -> std::same_as<std::int64_t>;
  { r.get_timestamp(column) } -> std::same_as<Timestamp>;
  { r.get_timestamp_ltz(column) } -> std::same_as<Timestamp>;
};

}  // namespace rocketlink::row
