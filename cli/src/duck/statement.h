#pragma once

#include <duckdb.h>

#include <string>
#include <utility>

#include "duck/chunk.h"
#include "duck/duck.h"
#include "rocketlink/result.h"

namespace rocketlink::duck {

/// The rows of a running query, computed as they are asked for.
class Rows {
 public:
  explicit Rows(duckdb_result result) : result_(result) {}
  ~Rows() { duckdb_destroy_result(&result_); }
  Rows(Rows&& other) noexcept : result_(std::exchange(other.result_, duckdb_result{})) {}
  Rows& operator=(Rows&&) = delete;

  /// The next chunk of flat vectors; an empty pointer at the end. kData with DuckDB's words when the query fails.
  [[nodiscard]] Result<DataChunk> next();

 private:
  duckdb_result result_;
};

/// A query, parsed and planned once and run often, on its connection's thread. One result at a time.
class Statement {
 public:
  static Result<Statement> prepare(Connection& connection, const std::string& sql);
  ~Statement() { duckdb_destroy_prepare(&handle_); }
  Statement(Statement&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Statement& operator=(Statement&&) = delete;

  [[nodiscard]] Result<Rows> run();

 private:
  static Result<Statement> prepare_once(Connection& connection, const std::string& sql);
  static Result<Statement> prepare_unsimplified(Connection& connection, const std::string& sql);
  explicit Statement(duckdb_prepared_statement handle) : handle_(handle) {}
  duckdb_prepared_statement handle_;
};

}  // namespace rocketlink::duck
