#include "planner/planner_fixture.h"

namespace rocketlink::planner {

PlannerTest::PlannerTest(const std::string& zone)
    : database_(*duck::Database::open()), connection_(*duck::Connection::open(database_)), session_{zone} {
  const Status status = register_functions(connection_, session_);
  EXPECT_TRUE(status.ok()) << (status.ok() ? "" : status.error().text);
}

void PlannerTest::table(const std::string& name, std::vector<Column> columns, const std::string& rows) {
  std::string names;
  for (std::size_t i = 0; i < columns.size(); ++i) names += (i == 0 ? "c" : ", c") + std::to_string(i);
  const Status status =
      connection_.run("CREATE TABLE \"" + name + "\" AS SELECT * FROM (" + rows + ") AS r(" + names + ")");
  EXPECT_TRUE(status.ok()) << (status.ok() ? "" : status.error().text);
  schemas_[name] = Schema{std::move(columns)};
}

Planner::Outcome PlannerTest::plan(const std::string& query, const Schema& sink, std::vector<std::string> names) {
  Catalog catalog;
  catalog.relation = [this](std::string_view name) -> std::optional<Relation> {
    const auto found = schemas_.find(std::string(name));
    if (found == schemas_.end()) return std::nullopt;
    return Relation{&found->second, "\"" + found->first + "\"", true};
  };
  catalog.view = [this](std::string_view name) -> std::optional<View> {
    const auto found = views.find(std::string(name));
    if (found == views.end()) return std::nullopt;
    return found->second;
  };
  catalog.names = [this] {
    std::vector<std::string> out;
    for (const auto& [name, schema] : schemas_) out.push_back(name);
    return out;
  };
  Planner planner(connection_, catalog, session_);
  auto outcome = planner.plan(query, 0, Target{"sink", &sink, std::move(names)});
  if (outcome.error) error_offset = outcome.error->offset;
  return outcome;
}

std::string PlannerTest::run(const std::string& sql, std::size_t columns) {
  duckdb_result result;
  std::string out;
  std::string texts;
  for (std::size_t i = 0; i < columns; ++i) texts += (i == 0 ? "c" : ", c") + std::to_string(i) + "::VARCHAR";
  const std::string shown = "SELECT " + texts + " FROM (" + sql + ")";
  if (duckdb_query(connection_.handle(), shown.c_str(), &result) == DuckDBError) {
    out = duckdb_result_error(&result);
  } else {
    for (idx_t row = 0; row < duckdb_row_count(&result); ++row) {
      if (row > 0) out += "|";
      for (idx_t column = 0; column < columns; ++column) {
        char* field = duckdb_value_varchar(&result, column, row);
        out += (column == 0 ? "" : ",") + std::string(field == nullptr ? "NULL" : field);
        duckdb_free(field);
      }
    }
  }
  duckdb_destroy_result(&result);
  return out;
}

std::string PlannerTest::value(const std::string& expression) {
  const Schema sink{{column("x", text())}};
  const std::string from = schemas_.contains("t") ? " FROM t" : "";
  const auto outcome = plan("SELECT CAST(" + expression + " AS STRING)" + from, sink);
  if (outcome.error) return outcome.error->error.text;
  return run(outcome.plan->duckdb_sql, 1);
}

std::string PlannerTest::type_of(const std::string& expression) {
  // A column of a type that nothing is cast to unasked: the refusal shows the query's schema.
  const bool bytes = expression.find("AS BYTES") != std::string::npos;
  const Schema sink{{column("x", bytes ? type(TypeKind::kBoolean) : type(TypeKind::kVarbinary, 1))}};
  const std::string from = schemas_.contains("t") ? " FROM t" : "";
  const auto outcome = plan("SELECT " + expression + " AS v" + from, sink);
  if (!outcome.error) return "no refusal";
  const std::string& text = outcome.error->error.text;
  const std::size_t begin = text.find("Query schema: [v: ");
  if (begin == std::string::npos) return text;
  return text.substr(begin + 18, text.find("]\n", begin) - begin - 18);
}

std::string PlannerTest::insert(const std::string& query, std::vector<Column> columns, std::vector<std::string> names) {
  const Schema sink{std::move(columns)};
  const auto outcome = plan(query, sink, std::move(names));
  if (outcome.error) return outcome.error->error.text;
  EXPECT_EQ(outcome.plan->types.size(), sink.columns.size());
  return run(outcome.plan->duckdb_sql, sink.columns.size());
}

std::string PlannerTest::error(const std::string& expression) {
  return value(expression);
}

std::string PlannerTest::warning(const std::string& expression) {
  const Schema sink{{column("x", text())}};
  const std::string from = schemas_.contains("t") ? " FROM t" : "";
  const auto outcome = plan("SELECT CAST(" + expression + " AS STRING)" + from, sink);
  if (outcome.error) return outcome.error->error.text;
  return outcome.plan->warnings.empty() ? "" : outcome.plan->warnings.front().text;
}

std::string PlannerTest::query_error(const std::string& query) {
  const Schema sink{{column("x", text())}};
  error_offset = 0;
  const auto outcome = plan(query, sink);
  return outcome.error ? outcome.error->error.text : "no error";
}

}  // namespace rocketlink::planner
