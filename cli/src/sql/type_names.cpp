#include "sql/type_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "rocketlink/options.h"
#include "sql/words.h"

namespace rocketlink::sql {

namespace {

constexpr std::array<std::string_view, 25> kTypes{
    "BOOLEAN", "TINYINT", "SMALLINT",  "INT",           "INTEGER", "BIGINT",    "FLOAT",  "DOUBLE",    "DECIMAL",
    "DEC",     "NUMERIC", "CHAR",      "VARCHAR",       "STRING",  "CHARACTER", "BINARY", "VARBINARY", "BYTES",
    "DATE",    "TIME",    "TIMESTAMP", "TIMESTAMP_LTZ", "ARRAY",   "MAP",       "ROW"};

/// What other databases call it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 24> kElsewhere{{
    {"BIGDECIMAL", "DECIMAL"},
    {"BLOB", "BYTES"},
    {"BOOL", "BOOLEAN"},
    {"BYTE", "TINYINT"},
    {"BYTEA", "BYTES"},
    {"CLOB", "STRING"},
    {"DATETIME", "TIMESTAMP"},
    {"FLOAT4", "FLOAT"},
    {"FLOAT8", "DOUBLE"},
    {"INT16", "SMALLINT"},
    {"INT2", "SMALLINT"},
    {"INT32", "INT"},
    {"INT4", "INT"},
    {"INT64", "BIGINT"},
    {"INT8", "BIGINT"},
    {"JSON", "STRING"},
    {"LONG", "BIGINT"},
    {"NUMBER", "DECIMAL"},
    {"NVARCHAR", "VARCHAR"},
    {"REAL", "FLOAT"},
    {"SHORT", "SMALLINT"},
    {"TEXT", "STRING"},
    {"TIMESTAMPTZ", "TIMESTAMP_LTZ"},
    {"VARCHAR2", "VARCHAR"},
}};

}  // namespace

DataType type_without_arguments(TypeKind kind) {
  DataType type{.kind = kind, .precision = 0};
  switch (kind) {
    case TypeKind::kVarchar:
    case TypeKind::kVarbinary:
      type.precision = kUnboundedLength;
      break;
    case TypeKind::kChar:
    case TypeKind::kBinary:
      type.precision = 1;
      break;
    case TypeKind::kDecimal:
      type.precision = 10;
      break;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      type.precision = 6;
      break;
    default:
      break;
  }
  return type;
}

std::string unknown_type_text(std::string_view name) {
  const std::string upper = upper_case(name);
  const auto elsewhere =
      std::find_if(kElsewhere.begin(), kElsewhere.end(), [&](const auto& pair) { return pair.first == upper; });
  std::string text = fmt::format("'{}' is no type of Flink SQL", shortened(name));
  if (elsewhere != kElsewhere.end()) return fmt::format("{}; {} is what it is called there", text, elsewhere->second);
  if (const auto near = near_word(name, kTypes)) return fmt::format("{}; did you mean {}?", text, *near);
  return text +
         "; there are BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, DECIMAL, CHAR, VARCHAR, STRING, "
         "BINARY, VARBINARY, BYTES, DATE, TIME, TIMESTAMP and TIMESTAMP_LTZ";
}

}  // namespace rocketlink::sql
