#include "table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>

#include "java_strings.h"
#include "secrets.h"

namespace rocketlink::jni {

namespace {

constexpr std::size_t kColumnParts = 5;

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
  for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
    auto value = replace_secrets(words[i + 1], lookup);
    if (value) {
      table.entries.emplace_back(words[i], *std::move(value));
    } else {
      table.problems.push_back(fmt::format("option '{}': {}", words[i], value.error().text));
    }
  }
  const std::vector<std::string> parts = to_strings(env, columns);
  for (std::size_t i = 0; i + kColumnParts <= parts.size(); i += kColumnParts) {
    Column column;
    column.name = parts[i];
    if (auto type = parse_type(parts[i + 1])) {
      column.type = *type;
    } else {
      table.problems.push_back(fmt::format("column '{}': {}", column.name, type.error().text));
    }
    column.metadata_key = parts[i + 2];
    column.metadata = !column.metadata_key.empty();
    column.is_virtual = parts[i + 3] == "virtual";
    column.comment = parts[i + 4];
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
