#pragma once

#include <fmt/format.h>

#include <utility>

#include "sql/actions/table.h"
#include "sql/grammar/statements.h"

/// Makes Statements of what was read.
namespace rocketlink::sql::grammar {

template <>
struct Action<Temporary> {
  static void apply0(Builder& b) { b.temporary = true; }
};

template <>
struct Action<NewView> {
  static void apply0(Builder& b) {
    b.view = {.name = b.table_name.text,
              .if_not_exists = b.if_exists,
              .query = {},
              .query_offset = 0,
              .offset = b.table_name.offset};
  }
};

template <>
struct Action<CreateView> {
  static void apply0(Builder& b) {
    b.view.query = std::move(b.query.text);
    b.view.query_offset = b.query.offset;
    b.statements.emplace_back(std::move(b.view));
  }
};

template <>
struct Action<IfExists> {
  static void apply0(Builder& b) { b.if_exists = true; }
};

template <>
struct Action<Drop> {
  static void apply0(Builder& b) {
    b.statements.emplace_back(
        DropTable{.name = b.table_name.text, .if_exists = b.if_exists, .offset = b.table_name.offset});
  }
};

template <>
struct Action<Target> {
  static void apply0(Builder& b) {
    b.insert = {.table = b.table_name.text,
                .columns = {},
                .column_offsets = {},
                .offset = b.table_name.offset,
                .query = {},
                .query_offset = 0};
    b.column_names.clear();
  }
};

template <>
struct Action<TargetColumn> {
  static void apply0(Builder& b) {
    if (!b.column_names.insert(b.name.text).second) {
      throw Failure{b.name.offset, fmt::format("column '{}' is named twice", shortened(b.name.text))};
    }
    b.insert.columns.push_back(b.name.text);
    b.insert.column_offsets.push_back(b.name.offset);
  }
};

template <Place Where>
struct Action<QueryText<Where>> {
  template <class Input>
  static void apply(const Input& in, Builder& b) {
    b.query = {in.string(), b.offset(in.begin())};
  }
};

template <Place Where>
struct Action<Insert<Where>> {
  static void apply0(Builder& b) {
    b.insert.query = std::move(b.query.text);
    b.insert.query_offset = b.query.offset;
    if constexpr (Where == Place::kInSet) {
      b.set.inserts.push_back(std::move(b.insert));
    } else {
      b.statements.emplace_back(std::move(b.insert));
    }
  }
};

template <>
struct Action<SetStart> {
  template <class Input>
  static void apply(const Input& in, Builder& b) {
    b.set = {.inserts = {}, .offset = b.offset(in.begin())};
  }
};

template <>
struct Action<SetInserts> {
  static void apply0(Builder& b) { b.statements.emplace_back(std::move(b.set)); }
};

struct KeepString {
  template <class Input>
  static void apply(const Input& in, Builder& b) {
    b.string = {in.string(), b.offset(in.begin())};
  }
};
template <>
struct Action<BareSettingName> : KeepString {};
template <>
struct Action<BareSettingValue> : KeepString {};

template <>
struct Action<SettingName> {
  static void apply0(Builder& b) { b.setting = b.string; }
};

template <>
struct Action<Set> {
  static void apply0(Builder& b) {
    b.statements.emplace_back(SetOption{.name = b.setting.text, .value = b.string.text, .offset = b.setting.offset});
  }
};

template <>
struct Action<ResetWord> {
  template <class Input>
  static void apply(const Input& in, Builder& b) {
    b.setting = {"", b.offset(in.begin())};
  }
};

template <>
struct Action<Reset> {
  static void apply0(Builder& b) {
    b.statements.emplace_back(ResetOption{.name = b.setting.text, .offset = b.setting.offset});
  }
};

template <>
struct Action<StatementBegin> {
  template <class Input>
  static void apply(const Input& in, Builder& b) {
    b.statement_begin = b.offset(in.begin());
    b.temporary = b.if_exists = false;
    b.name_parts.clear();
  }
};

}  // namespace rocketlink::sql::grammar
