#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "rocketlink/result.h"
#include "rocketlink/types.h"

/// The statements of a script of Flink SQL. SELECTs are kept as text; the planner reads them.
namespace rocketlink::sql {

/// A script's text and name, so that every error can say where: `job.sql:3:14: …`, the line, and a mark under it.
class Script {
 public:
  Script(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {}
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  /// `text` with the place of byte `offset` before it, and the line with a mark behind it.
  [[nodiscard]] Error error(std::size_t offset, std::string_view text,
                            ErrorCode code = ErrorCode::kInvalidArgument) const;

 private:
  std::string name_;
  std::string text_;
};

// All offsets are bytes into the script.

struct TableOption {
  std::string name;
  std::string value;
  std::size_t name_offset = 0;
  std::size_t value_offset = 0;
};

struct CreateTable {
  std::string name;
  bool temporary = false;
  bool if_not_exists = false;
  Schema schema;
  std::vector<TableOption> options;
  std::string comment;
  std::size_t offset = 0;                   ///< of the name
  std::vector<std::size_t> column_offsets;  ///< of the names of the schema's columns
};

struct DropTable {
  std::string name;
  bool if_exists = false;
  std::size_t offset = 0;
};

/// `CREATE [TEMPORARY] VIEW name AS query`.
struct CreateView {
  std::string name;
  bool if_not_exists = false;
  std::string query;
  std::size_t query_offset = 0;
  std::size_t offset = 0;
};

/// A query is everything from SELECT, VALUES or WITH to the end of the statement, as written (comments blanked out, so
/// that offsets hold).
struct InsertInto {
  std::string table;
  std::vector<std::string> columns;         ///< empty: all that can be written, in order
  std::vector<std::size_t> column_offsets;  ///< of `columns`
  std::size_t offset = 0;                   ///< of the table's name
  std::string query;
  std::size_t query_offset = 0;
};

struct StatementSet {
  std::vector<InsertInto> inserts;
  std::size_t offset = 0;
};

struct SetOption {
  std::string name;
  std::string value;
  std::size_t offset = 0;
};

struct ResetOption {
  std::string name;  ///< empty: all
  std::size_t offset = 0;
};

using Statement = std::variant<CreateTable, DropTable, CreateView, InsertInto, StatementSet, SetOption, ResetOption>;

/// Reads a whole script. The Error tells the first thing that is wrong with each of its statements, one below the
/// other, and has the first one's code; statements that are known to Flink and not done here are refused by name
/// (kUnsupported), with a pointer to `--flink` where Flink does them.
[[nodiscard]] Result<std::vector<Statement>> parse_script(const Script& script);

}  // namespace rocketlink::sql
