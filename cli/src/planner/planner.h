#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "duck/duck.h"
#include "rocketlink/result.h"
#include "rocketlink/types.h"

/// From a query in Flink's SQL to a DuckDB statement that means the same. DuckDB's own parser reads the query; one
/// table says for each function, operator and cast what it is in DuckDB. What is not in the table is refused by name.
namespace rocketlink::planner {

/// What a query may read.
struct Relation {
  const Schema* schema = nullptr;
  /// How the DuckDB statement names it: a table function call such as `scan_0()`, whose columns are c0, c1, … in the
  /// order of the schema, with the types of duck::logical_type.
  std::string duckdb_name;
  /// An unbounded stream: stateful queries over it are refused.
  bool unbounded = true;
};

/// A named query that stands for a relation.
struct View {
  std::string query;
  std::size_t query_offset = 0;
};

/// What names mean. Each gives nothing when there is no such name.
struct Catalog {
  std::function<std::optional<Relation>(std::string_view name)> relation;
  std::function<std::optional<View>(std::string_view name)> view;
  std::function<std::vector<std::string>()> names;  ///< for "did you mean"
};

/// Settings that the meaning of a query depends on.
struct Session {
  std::string local_time_zone = "UTC";  ///< `table.local-time-zone`
};

struct PlanError {
  Error error;
  std::size_t offset = 0;  ///< bytes into the query's script
};

/// What Flink would do otherwise, for some rows.
struct Warning {
  std::string text;
  std::size_t offset = 0;  ///< bytes into the query's script
};

struct Plan {
  /// The one relation that is scanned, by its name in the script; empty when the query reads none (VALUES, SELECT 1).
  std::string scanned;
  /// Gives exactly one column per entry of `types`, in order, of DuckDB type duck::logical_type(types[i]).
  std::string duckdb_sql;
  std::vector<DataType> types;
  std::vector<Warning> warnings;
};

/// The target of an INSERT.
struct Target {
  std::string name;
  const Schema* schema = nullptr;    ///< persisted columns are written: physical and non-virtual metadata ones
  std::vector<std::string> columns;  ///< as in `INSERT INTO t (a, b)`; empty: all persisted ones in order
  std::vector<std::size_t> column_offsets = {};  ///< of `columns`, bytes into the script; empty: the query's
};

/// A column of a query's result.
struct OutputColumn {
  std::string name;
  DataType type;
};

/// Must be run once on each connection's database: the functions and casts that plans use.
[[nodiscard]] Status register_functions(duck::Connection& connection, const Session& session);

/// Plans `query`, whose first byte stands at `query_offset` of the script. The result has one column per persisted
/// column of the target, in their order, implicitly cast as Flink would (or refused as Flink would); columns that are
/// not named get NULL (refused when NOT NULL). A row's value may be NULL for a NOT NULL column: what happens then is a
/// setting of the job. The statement runs on any connection of the database that `connection` belongs to: functions
/// with decimal results are registered there when a plan needs them.
class Planner {
 public:
  Planner(duck::Connection& connection, Catalog catalog, Session session)
      : connection_(connection), catalog_(std::move(catalog)), session_(std::move(session)) {}

  struct Outcome {
    std::optional<Plan> plan;
    std::optional<PlanError> error;
  };
  [[nodiscard]] Outcome plan(std::string_view query, std::size_t query_offset, const Target& target);

 private:
  duck::Connection& connection_;
  Catalog catalog_;
  Session session_;
};

}  // namespace rocketlink::planner
