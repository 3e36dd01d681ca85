#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "rocketlink/options.h"

/// Tables to be parsed in tests: a sound one, changed in one place.
namespace rocketlink {

inline constexpr TableUse kSource{true, false};
inline constexpr TableUse kSink{false, true};
inline constexpr TableUse kBoth{true, true};
inline constexpr TableUse kUnused{false, false};

inline Column physical(std::string name, TypeKind kind = TypeKind::kVarchar) {
  Column column;
  column.name = std::move(name);
  column.type.kind = kind;
  return column;
}

inline Column metadata(std::string name, bool is_virtual = false) {
  Column column = physical(name);
  column.metadata = true;
  column.metadata_key = std::move(name);
  column.is_virtual = is_virtual;
  return column;
}

/// Options and columns that are sound for their use until a test changes them.
class Table {
 public:
  static Table source(std::string_view connector = "mq5") {
    Table table(kSource, connector);
    table.with("consumerGroup", "readers");
    if (connector == "mq") table.with("pullIntervalMs", "500");
    return table;
  }
  static Table sink(std::string_view connector = "mq5") {
    Table table(kSink, connector);
    table.with("producerGroup", "writers");
    return table;
  }
  static Table both(std::string_view connector = "mq5") {
    Table table = source(connector);
    table.use_ = kBoth;
    table.with("producerGroup", "writers");
    return table;
  }

  /// Another value for an option that is there, else one option more.
  Table& with(std::string_view name, std::string_view value) {
    for (auto& [known, old] : entries_) {
      if (known == name) {
        old = value;
        return *this;
      }
    }
    return with_another(name, value);
  }
  Table& with_another(std::string_view name, std::string_view value) {
    entries_.emplace_back(name, value);
    return *this;
  }
  Table& without(std::string_view name) {
    std::erase_if(entries_, [&](const auto& entry) { return entry.first == name; });
    return *this;
  }
  Table& used(TableUse use) {
    use_ = use;
    return *this;
  }
  Table& column(Column column) {
    schema_.columns.push_back(std::move(column));
    return *this;
  }

  [[nodiscard]] TableOptions parse() const { return parse_table_options(entries_, schema_, use_); }
  [[nodiscard]] std::vector<std::string> problems() const { return parse().problems; }
  /// The options read, or defaults and a failed test.
  [[nodiscard]] SourceOptions source_options() const {
    const TableOptions options = parse();
    EXPECT_THAT(options.problems, ::testing::IsEmpty());
    return options.source.value_or(SourceOptions());
  }
  [[nodiscard]] SinkOptions sink_options() const {
    const TableOptions options = parse();
    EXPECT_THAT(options.problems, ::testing::IsEmpty());
    return options.sink.value_or(SinkOptions());
  }

 private:
  Table(TableUse use, std::string_view connector) : use_(use) {
    schema_.columns = {physical("id"), physical("name")};
    with("connector", connector).with("endpoint", "127.0.0.1:9876").with("topic", "orders");
  }

  TableUse use_;
  OptionEntries entries_;
  Schema schema_;
};

}  // namespace rocketlink
