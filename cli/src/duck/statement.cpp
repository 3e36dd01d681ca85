#include "duck/statement.h"

namespace rocketlink::duck {

Result<DataChunk> Rows::next() {
  DataChunk chunk(duckdb_fetch_chunk(result_));
  if (!chunk) {
    const char* reason = duckdb_result_error(&result_);
    if (reason != nullptr && *reason != '\0') return Error(ErrorCode::kData, reason);
  }
  return chunk;
}

Result<Statement> Statement::prepare(Connection& connection, const std::string& sql) {
  auto statement = prepare_once(connection, sql);
  // A condition that is constant is computed here, and may fail there; it is to fail when it is asked for, if it is.
  const bool constant_fails = !statement && statement.error().text.starts_with("Invalid Input Error");
  return constant_fails ? prepare_unsimplified(connection, sql) : std::move(statement);
}

Result<Statement> Statement::prepare_once(Connection& connection, const std::string& sql) {
  duckdb_prepared_statement handle = nullptr;
  const duckdb_state state = duckdb_prepare(connection.handle(), sql.c_str(), &handle);
  Statement statement(handle);
  if (state == DuckDBError) {
    const char* reason = duckdb_prepare_error(handle);
    return Error(ErrorCode::kInternal, reason != nullptr ? reason : "DuckDB gives no reason");
  }
  return statement;
}

Result<Statement> Statement::prepare_unsimplified(Connection& connection, const std::string& sql) {
  const auto before = connection.text("SELECT value FROM duckdb_settings() WHERE name = 'disabled_optimizers'");
  if (!before) return before.error();
  const auto set = [&](const std::string& optimizers) {
    return connection.run("SET disabled_optimizers = '" + optimizers + "'");
  };
  if (const Status status = set(*before + (before->empty() ? "" : ",") + "expression_rewriter,statistics_propagation");
      !status) {
    return status.error();
  }
  auto statement = prepare_once(connection, sql);
  if (const Status status = set(*before); !status) return status.error();
  return statement;
}

Result<Rows> Statement::run() {
  duckdb_result result{};
  const duckdb_state state = duckdb_execute_prepared_streaming(handle_, &result);
  if (state == DuckDBError) {
    const char* reason = duckdb_result_error(&result);
    Error error(ErrorCode::kData, reason != nullptr ? reason : "DuckDB gives no reason");
    duckdb_destroy_result(&result);
    return error;
  }
  return Rows(result);
}

}  // namespace rocketlink::duck
