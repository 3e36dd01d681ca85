#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "sql/script.h"

namespace rocketlink::sql {

/// A piece of the script, unquoted, and where it stands.
struct Piece {
  std::string text;
  std::size_t offset = 0;
};

/// What has been read so far: filled by the actions of the grammar's rules.
class Builder {
 public:
  explicit Builder(std::string_view text) : text_(text) {}

  [[nodiscard]] std::size_t offset(const char* at) const { return static_cast<std::size_t>(at - text_.data()); }
  /// Throws the Failure that at `at` there is not `wanted`; `near` are words that may be meant.
  [[noreturn]] void fail_unexpected(const char* at, std::string_view wanted,
                                    std::span<const std::string_view> near) const;
  /// Throws the Failure that what stands at `at` is not done; {} in `why` is the word there.
  [[noreturn]] void fail_refused(const char* at, std::string_view why) const;

  // The last pieces that were read.
  Piece name;
  Piece string;
  Piece number;
  Piece table_name;
  Piece query;
  std::vector<Piece> name_parts;

  // The statement that is being read.
  std::size_t statement_begin = 0;
  bool temporary = false;
  bool if_exists = false;  ///< IF EXISTS or IF NOT EXISTS
  CreateTable table;
  Column column;
  DataType type;
  std::unordered_set<std::string> column_names;
  std::unordered_set<std::string> option_names;
  std::vector<Piece> watermarks;  ///< columns of the table
  CreateView view;
  InsertInto insert;
  StatementSet set;
  Piece setting;  ///< the name in SET or RESET

  std::vector<Statement> statements;

 private:
  std::string_view text_;
};

/// The table that a name of one to three parts means; throws Failure when it is in another catalog or database.
[[nodiscard]] Piece own_table(std::vector<Piece> parts);

/// Throws Failure when a watermark's column is not in the schema or of no type that Flink takes there.
void check_watermarks(const std::vector<Piece>& columns, const Schema& schema);

}  // namespace rocketlink::sql
