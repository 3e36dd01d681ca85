#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "rocketlink/row/format.h"
#include "rocketlink/row/row.h"
#include "rocketlink/types.h"

/// Rows as Flink's print connector writes them: as the text that Java gives for the objects of the row.
namespace rocketlink::connectors {

/// As Double.toString and Float.toString: `100.0`, `1.0E10`, `1.0E-5`, with the fewest digits that read back to the
/// same value (as since JDK 19; older ones give more digits for some values).
void append_java_float(float value, std::string& out);
void append_java_double(double value, std::string& out);

/// As BigDecimal.toString: plain with the type's scale, but `1E-7` below a millionth.
void append_big_decimal(Int128 unscaled, std::int32_t scale, std::string& out);

/// As Arrays.toString(byte[]): `[1, -2, 3]`.
void append_byte_array(std::string_view bytes, std::string& out);

/// As LocalDate.toString of days since 1970-01-01, LocalTime.toString of nanoseconds of the day,
/// LocalDateTime.toString and Instant.toString. Seconds and fractions of them are left out when they are 0 (an instant
/// has its seconds always), the fraction has 3, 6 or 9 digits.
void append_local_date(std::int64_t days, std::string& out);
void append_local_time(std::int64_t nanos_of_day, std::string& out);
void append_local_date_time(Timestamp wall_clock, std::string& out);
void append_instant(Timestamp instant, std::string& out);

/// One field that is not NULL.
template <row::RowReader Reader>
void append_field(Reader& reader, std::size_t column, const DataType& type, std::string& out) {
  switch (type.kind) {
    case TypeKind::kBoolean:
      return row::append_boolean(reader.get_boolean(column), out);
    case TypeKind::kTinyInt:
      return row::append_integer(reader.get_int8(column), out);
    case TypeKind::kSmallInt:
      return row::append_integer(reader.get_int16(column), out);
    case TypeKind::kInteger:
      return row::append_integer(reader.get_int32(column), out);
    case TypeKind::kBigInt:
      return row::append_integer(reader.get_int64(column), out);
    case TypeKind::kFloat:
      return append_java_float(reader.get_float(column), out);
    case TypeKind::kDouble:
      return append_java_double(reader.get_double(column), out);
    case TypeKind::kDecimal:
      return append_big_decimal(reader.get_decimal(column), type.scale, out);
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      out += std::string_view(reader.get_string(column));
      return;
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
      return append_byte_array(reader.get_bytes(column), out);
    case TypeKind::kDate:
      return append_local_date(reader.get_date(column), out);
    case TypeKind::kTime:
      return append_local_time(reader.get_time(column), out);
    case TypeKind::kTimestamp:
      return append_local_date_time(reader.get_timestamp(column), out);
    case TypeKind::kTimestampLtz:
      return append_instant(reader.get_timestamp_ltz(column), out);
  }
}

/// The reader's row, of the schema's persisted columns: `+I[1, null, text]`.
template <row::RowReader Reader>
void append_row(Reader& reader, const Schema& schema, std::string& out) {
  out += "+I[";
  bool first = true;
  for (std::size_t i = 0; i < schema.columns.size(); ++i) {
    if (schema.columns[i].is_virtual) continue;
    if (!first) out += ", ";
    first = false;
    if (reader.is_null(i)) {
      out += "null";
    } else {
      append_field(reader, i, schema.columns[i].type, out);
    }
  }
  out += ']';
}

}  // namespace rocketlink::connectors
