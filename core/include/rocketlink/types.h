#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rocketlink/result.h"

namespace rocketlink {

/// The column types that messages can be read into and written from (Flink SQL's names).
enum class TypeKind : std::uint8_t {
  kBoolean,
  kTinyInt,
  kSmallInt,
  kInteger,
  kBigInt,
  kFloat,
  kDouble,
  kDecimal,    ///< precision 1..38, scale 0..precision
  kChar,       ///< length in characters
  kVarchar,    ///< length in characters, kUnboundedLength for STRING
  kBinary,     ///< length in bytes
  kVarbinary,  ///< length in bytes, kUnboundedLength for BYTES
  kDate,
  kTime,         ///< precision 0..9, fraction digits of the second
  kTimestamp,    ///< without zone, precision 0..9
  kTimestampLtz  ///< an instant, precision 0..9
};

inline constexpr std::int32_t kUnboundedLength = 2147483647;

/// A column's type. `precision` is the length of character and binary types, the digits of DECIMAL, the fraction
/// digits of times; `scale` is for DECIMAL only.
struct DataType {
  TypeKind kind = TypeKind::kVarchar;
  std::int32_t precision = kUnboundedLength;
  std::int32_t scale = 0;
  bool nullable = true;

  bool operator==(const DataType&) const = default;
};

/// The type as Flink SQL writes it: `DECIMAL(10, 2)`, `VARCHAR`, `TIMESTAMP(3) NOT NULL`.
[[nodiscard]] std::string to_string(const DataType& type);

/// Reads a type as Flink SQL writes it, synonyms such as STRING, NUMERIC and TIMESTAMP(3) WITH LOCAL TIME ZONE
/// included, whatever the case. kUnsupported names a type that is none of these; kInvalidArgument what is wrong with
/// its numbers.
[[nodiscard]] Result<DataType> parse_type(std::string_view text);

/// One column of a table, in the order of its declaration.
struct Column {
  std::string name;
  DataType type;
  bool metadata = false;     ///< METADATA column: filled from, or written to, the message's own fields
  std::string metadata_key;  ///< `FROM 'key'`, or the column's name; empty for physical columns
  bool is_virtual = false;   ///< METADATA … VIRTUAL: never written
  std::string comment;
};

struct Schema {
  std::vector<Column> columns;
};

/// A point in time or a wall-clock time as seconds since 1970-01-01T00:00:00 and nanoseconds (0..999,999,999) after
/// them.
struct Timestamp {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;

  bool operator==(const Timestamp&) const = default;
};

/// So many units since 1970, of which a second has `units_per_second`.
template <std::int64_t units_per_second, class T>
[[nodiscard]] constexpr Timestamp since_1970(T units) {
  T seconds = units / units_per_second;
  auto rest = static_cast<std::int64_t>(units % units_per_second);
  if (rest < 0) {
    rest += units_per_second;
    --seconds;
  }
  return {static_cast<std::int64_t>(seconds), static_cast<std::int32_t>(rest * (1'000'000'000 / units_per_second))};
}

__extension__ typedef __int128 Int128;

}  // namespace rocketlink
