#pragma once

#include <fmt/format.h>

#include <string>
#include <variant>

#include "rocketlink/types.h"
#include "sql/script.h"

namespace rocketlink::sql::testing {

inline std::string described(const CreateTable& table) {
  std::string text = fmt::format("{}table{} {}", table.temporary ? "temporary " : "",
                                 table.if_not_exists ? " if new" : "", table.name);
  if (!table.comment.empty()) text += fmt::format(" /{}/", table.comment);
  for (const Column& column : table.schema.columns) {
    text += fmt::format("; {} {}", column.name, to_string(column.type));
    if (column.metadata) text += fmt::format(" of {}", column.metadata_key);
    if (column.is_virtual) text += " virtual";
    if (!column.comment.empty()) text += fmt::format(" /{}/", column.comment);
  }
  for (const TableOption& option : table.options) text += fmt::format("; {} = {}", option.name, option.value);
  return text;
}

inline std::string described(const DropTable& drop) {
  return fmt::format("drop{} {}", drop.if_exists ? " if there" : "", drop.name);
}

inline std::string described(const CreateView& view) {
  return fmt::format("view{} {}: {}", view.if_not_exists ? " if new" : "", view.name, view.query);
}

inline std::string described(const InsertInto& insert) {
  std::string text = "insert " + insert.table;
  for (const std::string& column : insert.columns) text += " ." + column;
  return fmt::format("{}: {}", text, insert.query);
}

inline std::string described(const StatementSet& set) {
  std::string text = "set";
  for (const InsertInto& insert : set.inserts) text += fmt::format(" [{}]", described(insert));
  return text;
}

inline std::string described(const SetOption& set) {
  return fmt::format("set {} = {}", set.name, set.value);
}

inline std::string described(const ResetOption& reset) {
  return fmt::format("reset <{}>", reset.name);
}

/// Its statements a line each, or its error's text.
inline std::string parsed(const std::string& text) {
  const auto statements = parse_script(Script("job.sql", text));
  if (!statements) return statements.error().text;
  std::string lines;
  for (const Statement& statement : *statements) {
    if (!lines.empty()) lines += '\n';
    lines += std::visit([](const auto& s) { return described(s); }, statement);
  }
  return lines;
}

/// The error of a script of one line, without its excerpt: `column: text`.
inline std::string problem(const std::string& text) {
  const auto statements = parse_script(Script("j", text));
  if (statements) return "no problem";
  const std::string& error = statements.error().text;
  return error.substr(error.find(':') + 3, error.find('\n') - error.find(':') - 3);
}

}  // namespace rocketlink::sql::testing
