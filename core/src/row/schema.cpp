#include "rocketlink/row/schema.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>

#include "rocketlink/options.h"

namespace rocketlink::row {
namespace {

void check_type(const Column& column, std::vector<std::string>& problems) {
  const DataType& type = column.type;
  const auto outside = [&](std::int32_t value, std::int32_t low, std::int32_t high, std::string_view what) {
    if (value < low || value > high) {
      problems.push_back(
          fmt::format("column '{}': {} is {}, allowed are {} to {}", column.name, what, value, low, high));
    }
  };
  switch (type.kind) {
    case TypeKind::kDecimal:
      outside(type.precision, 1, 38, "the precision of DECIMAL");
      outside(type.scale, 0, std::clamp(type.precision, 0, 38), "the scale of DECIMAL");
      break;
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      outside(type.precision, 0, 9, "the precision of a time");
      break;
    case TypeKind::kChar:
    case TypeKind::kVarchar:
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
      outside(type.precision, 1, kUnboundedLength, "the length");
      break;
    default:
      break;
  }
}

enum class MetadataType : std::uint8_t { kText, kInteger, kLong, kTime };

struct MetadataColumn {
  std::string_view key;
  MetadataType type;
};

constexpr std::array<MetadataColumn, 8> kSourceMetadata = {{{"topic", MetadataType::kText},
                                                            {"queue-id", MetadataType::kInteger},
                                                            {"queue-offset", MetadataType::kLong},
                                                            {"msg-id", MetadataType::kText},
                                                            {"store-timestamp", MetadataType::kTime},
                                                            {"born-timestamp", MetadataType::kTime},
                                                            {"keys", MetadataType::kText},
                                                            {"tags", MetadataType::kText}}};

// What the column's type must be; nothing when it is that.
std::optional<std::string_view> wanted_type(MetadataType wanted, TypeKind kind) {
  switch (wanted) {
    case MetadataType::kText:
      if (kind != TypeKind::kVarchar) return "VARCHAR";
      break;
    case MetadataType::kInteger:
      if (kind != TypeKind::kInteger) return "INT";
      break;
    case MetadataType::kLong:
      if (kind != TypeKind::kBigInt) return "BIGINT";
      break;
    case MetadataType::kTime:
      if (kind != TypeKind::kTimestamp && kind != TypeKind::kTimestampLtz) return "TIMESTAMP(3) or TIMESTAMP_LTZ(3)";
      break;
  }
  return std::nullopt;
}

void check_metadata_type(const Column& column, MetadataType wanted, std::vector<std::string>& problems) {
  const auto type = wanted_type(wanted, column.type.kind);
  if (type) {
    problems.push_back(fmt::format("metadata column '{}' (key '{}') is {}; it must be {}", column.name,
                                   column.metadata_key, to_string(column.type), *type));
  }
}

void check_columns(const Schema& schema, std::vector<std::string>& problems) {
  if (schema.columns.empty()) problems.emplace_back("the table has no columns; it needs at least one");
  for (const Column& column : schema.columns) check_type(column, problems);
}

}  // namespace

std::vector<std::string> source_schema_problems(const Schema& schema) {
  std::vector<std::string> problems;
  check_columns(schema, problems);
  for (const Column& column : schema.columns) {
    if (!column.metadata) continue;
    const auto* known = std::find_if(kSourceMetadata.begin(), kSourceMetadata.end(),
                                     [&](const MetadataColumn& m) { return m.key == column.metadata_key; });
    if (known == kSourceMetadata.end()) {
      std::vector<std::string_view> keys;
      for (const MetadataColumn& known_key : kSourceMetadata) keys.push_back(known_key.key);
      const auto near = nearest_name(column.metadata_key, keys);
      problems.push_back(fmt::format(
          "metadata column '{}': unknown key '{}'; {}", column.name, column.metadata_key,
          near ? fmt::format("did you mean '{}'?", *near) : fmt::format("a source knows {}", fmt::join(keys, ", "))));
    } else {
      check_metadata_type(column, known->type, problems);
    }
  }
  return problems;
}

std::vector<std::string> sink_schema_problems(const Schema& schema, std::string_view partition_field) {
  std::vector<std::string> problems;
  check_columns(schema, problems);
  for (const Column& column : schema.columns) {
    if (!column.metadata || column.is_virtual) continue;
    if (column.metadata_key == "keys" || column.metadata_key == "tags") {
      check_metadata_type(column, MetadataType::kText, problems);
    } else {
      problems.push_back(
          fmt::format("metadata column '{}': a sink cannot write '{}'; it writes keys and tags; declare "
                      "the column VIRTUAL to read it only",
                      column.name, column.metadata_key));
    }
  }
  for (const std::string_view key : {"keys", "tags"}) {
    std::vector<std::string_view> writers;
    for (const Column& column : schema.columns) {
      if (column.metadata && !column.is_virtual && column.metadata_key == key) writers.push_back(column.name);
    }
    if (writers.size() > 1) {
      problems.push_back(
          fmt::format("the metadata columns {} all write the message's '{}'; keep one of them, or declare "
                      "the others VIRTUAL",
                      fmt::join(writers, ", "), key));
    }
  }
  if (!partition_field.empty()) {
    const auto column = std::find_if(schema.columns.begin(), schema.columns.end(),
                                     [&](const Column& c) { return c.name == partition_field; });
    if (column == schema.columns.end()) {
      problems.push_back(fmt::format("partitionField '{}' is no column of the table", partition_field));
    } else if (column->is_virtual) {
      problems.push_back(
          fmt::format("partitionField '{}' is a VIRTUAL column, which a sink does not write", partition_field));
    }
  }
  return problems;
}

}  // namespace rocketlink::row
