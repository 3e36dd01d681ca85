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
  duckdb_prepared_statement handle = nullptr;
  const duckdb_state state = duckdb_prepare(connection.handle(), sql.c_str(), &handle);
  Statement statement(handle);
  if (state == DuckDBError) {
    const char* reason = duckdb_prepare_error(handle);
    return Error(ErrorCode::kInternal, reason != nullptr ? reason : "DuckDB gives no reason");
  }
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
