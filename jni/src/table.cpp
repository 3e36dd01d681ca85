#include "table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <span>

#include "java_strings.h"
#include "layout.h"
#include "secrets.h"

namespace rocketlink::jni {

namespace {

using layout::OptionEntry;
using layout::TableColumn;

std::optional<std::string> secret_in_environment(std::string_view name) {
  for (const std::string& variable : secret_variables(name)) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): a JVM does not change its environment
    if (const char* value = std::getenv(variable.c_str())) return value;
  }
  return std::nullopt;
}

}  // namespace

TableDescription read_table(JNIEnv* env, jobjectArray entries, jobjectArray columns) {
  TableDescription table;
  const std::vector<std::string> words = to_strings(env, entries);
  const SecretLookup lookup = secret_mask().hiding(secret_in_environment);
  for (std::size_t i = 0; i < words.size() / OptionEntry::kSize; ++i) {
    const auto entry = layout::record<OptionEntry>(std::span(words), i);
    const std::string& name = entry[OptionEntry::kName];
    auto value = replace_secrets(entry[OptionEntry::kValue], lookup);
    if (value) {
      table.entries.emplace_back(name, *std::move(value));
    } else {
      table.problems.push_back(fmt::format("option '{}': {}", name, value.error().text));
    }
  }
  const std::vector<std::string> parts = to_strings(env, columns);
  for (std::size_t i = 0; i < parts.size() / TableColumn::kSize; ++i) {
    const auto part = layout::record<TableColumn>(std::span(parts), i);
    Column column;
    column.name = part[TableColumn::kName];
    if (auto type = parse_type(part[TableColumn::kType])) {
      column.type = *type;
    } else {
      table.problems.push_back(fmt::format("column '{}': {}", column.name, type.error().text));
    }
    column.metadata_key = part[TableColumn::kMetadataKey];
    column.metadata = !column.metadata_key.empty();
    column.is_virtual = part[TableColumn::kVirtual] == layout::kVirtualText;
    column.comment = part[TableColumn::kComment];
    table.schema.columns.push_back(std::move(column));
  }
  return table;
}

Result<TableOptions> options_of(const TableDescription& table, TableUse use) {
  TableOptions options = parse_table_options(table.entries, table.schema, use);
  options.problems.insert(options.problems.begin(), table.problems.begin(), table.problems.end());
  if (options.problems.empty()) return options;
  return Error(ErrorCode::kInvalidArgument, fmt::format("{}", fmt::join(options.problems, "\n")));
}

}  // namespace rocketlink::jni
