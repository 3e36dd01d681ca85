#pragma once

#include <fmt/format.h>

#include <utility>

#include "sql/actions/types.h"
#include "sql/grammar/table.h"

/// Makes a CreateTable of what was read.
namespace rocketlink::sql::grammar {

template <>
struct Action<NamePart> {
  static void apply0(Builder& b) { b.name_parts.push_back(std::move(b.name)); }
};

template <>
struct Action<QualifiedName> {
  static void apply0(Builder& b) { b.table_name = own_table(std::exchange(b.name_parts, {})); }
};

template <>
struct Action<IfNotExists> {
  static void apply0(Builder& b) { b.if_exists = true; }
};

template <>
struct Action<NewTable> {
  static void apply0(Builder& b) {
    b.table = {.name = b.table_name.text,
               .temporary = b.temporary,
               .if_not_exists = b.if_exists,
               .schema = {},
               .options = {},
               .comment = {},
               .offset = b.table_name.offset,
               .column_offsets = {}};
    b.column_names.clear();
    b.option_names.clear();
    b.watermarks.clear();
  }
};

template <>
struct Action<ColumnName> {
  static void apply0(Builder& b) {
    b.column = {};
    b.column.name = b.name.text;
    b.table.column_offsets.push_back(b.name.offset);
    if (!b.column_names.insert(b.name.text).second) {
      throw Failure{b.name.offset, fmt::format("column '{}' is named twice", shortened(b.name.text))};
    }
  }
};

template <>
struct Action<Type> {
  static void apply0(Builder& b) { b.column.type = b.type; }
};

template <>
struct Action<NotNull> {
  static void apply0(Builder& b) { b.column.type.nullable = false; }
};

template <>
struct Action<MetadataKey> {
  static void apply0(Builder& b) { b.column.metadata_key = b.string.text; }
};

template <>
struct Action<Virtual> {
  static void apply0(Builder& b) { b.column.is_virtual = true; }
};

template <>
struct Action<Metadata> {
  static void apply0(Builder& b) {
    b.column.metadata = true;
    if (b.column.metadata_key.empty()) b.column.metadata_key = b.column.name;
  }
};

template <>
struct Action<Comment<Column>> {
  static void apply0(Builder& b) { b.column.comment = b.string.text; }
};

template <>
struct Action<Column> {
  static void apply0(Builder& b) { b.table.schema.columns.push_back(std::move(b.column)); }
};

template <>
struct Action<WatermarkColumn> {
  static void apply0(Builder& b) { b.watermarks.push_back(b.name); }
};

template <>
struct Action<Comment<CreateTable>> {
  static void apply0(Builder& b) { b.table.comment = b.string.text; }
};

template <>
struct Action<OptionName> {
  static void apply0(Builder& b) {
    if (!b.option_names.insert(b.string.text).second) {
      throw Failure{b.string.offset, fmt::format("option '{}' is given twice", shortened(b.string.text))};
    }
    b.table.options.push_back({.name = b.string.text, .value = {}, .name_offset = b.string.offset, .value_offset = 0});
  }
};

template <>
struct Action<OptionValue> {
  static void apply0(Builder& b) {
    b.table.options.back().value = std::move(b.string.text);
    b.table.options.back().value_offset = b.string.offset;
  }
};

template <>
struct Action<CreateTable> {
  static void apply0(Builder& b) {
    check_watermarks(b.watermarks, b.table.schema);
    b.statements.emplace_back(std::move(b.table));
  }
};

}  // namespace rocketlink::sql::grammar
