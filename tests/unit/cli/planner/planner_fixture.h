#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "duck/duck.h"
#include "planner/planner.h"

namespace rocketlink::planner {

/// Plans queries over small tables and runs them in a real DuckDB.
class PlannerTest : public testing::Test {
 protected:
  PlannerTest() : PlannerTest("UTC") {}
  explicit PlannerTest(const std::string& zone);

  static DataType type(TypeKind kind, std::int32_t precision = 0, std::int32_t scale = 0) {
    return {kind, precision, scale, true};
  }
  static DataType text() { return {TypeKind::kVarchar, kUnboundedLength, 0, true}; }

  /// A table `name` whose rows are what the DuckDB query `rows` gives, as columns c0, c1, …
  void table(const std::string& name, std::vector<Column> columns, const std::string& rows);

  /// `SELECT expression`, or over table `t` when there is one; the first column of every row as DuckDB shows it after a
  /// cast to Flink's STRING, NULL as "NULL", rows joined by '|'.
  std::string value(const std::string& expression);
  /// The type of an expression.
  std::string type_of(const std::string& expression);
  /// What `query` writes to a sink with these columns: fields joined by ',', rows by '|'.
  std::string insert(const std::string& query, std::vector<Column> columns, std::vector<std::string> names = {});
  /// The error of an expression, when planned or run.
  std::string error(const std::string& expression);
  /// What the plan of an expression warns of first; empty: of nothing.
  std::string warning(const std::string& expression);
  /// The error of a whole query into one STRING column; `offset` is where it points to.
  std::string query_error(const std::string& query);
  std::size_t error_offset = 0;

  std::map<std::string, View> views;

 private:
  Planner::Outcome plan(const std::string& query, const Schema& sink, std::vector<std::string> names = {});
  std::string run(const std::string& sql, std::size_t columns);

  duck::Database database_;
  duck::Connection connection_;
  Session session_;
  std::map<std::string, Schema> schemas_;
};

inline Column column(std::string name, DataType type) {
  Column out;
  out.name = std::move(name);
  out.type = type;
  return out;
}

}  // namespace rocketlink::planner
