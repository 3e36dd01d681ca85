#pragma once

#include <duckdb.h>

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "rocketlink/result.h"
#include "rocketlink/types.h"

/// DuckDB's C interface with owners and Results.
namespace rocketlink::duck {

/// How a column of `type` is held in DuckDB: the type of the same name, except that times finer than a microsecond
/// (TIMESTAMP(p), TIMESTAMP_LTZ(p) with p > 6) are HUGEINT, in nanoseconds since 1970, for DuckDB's TIMESTAMP_NS ends
/// in 2262; other TIMESTAMP and TIMESTAMP_LTZ are TIMESTAMP (the planner knows which is which; an instant is its UTC
/// wall clock), TIME is TIME (microseconds), CHAR and VARCHAR are VARCHAR, BINARY and VARBINARY are BLOB.
[[nodiscard]] std::string type_name(const DataType& type);

struct LogicalTypeDeleter {
  void operator()(duckdb_logical_type type) const { duckdb_destroy_logical_type(&type); }
};
using LogicalType = std::unique_ptr<std::remove_pointer_t<duckdb_logical_type>, LogicalTypeDeleter>;
[[nodiscard]] LogicalType logical_type(const DataType& type);

/// An in-memory database whose queries run on the threads that ask for them.
class Database {
 public:
  static Result<Database> open();
  ~Database();
  Database(Database&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Database& operator=(Database&&) = delete;
  [[nodiscard]] duckdb_database handle() const { return handle_; }

 private:
  explicit Database(duckdb_database handle) : handle_(handle) {}
  duckdb_database handle_;
};

/// For one thread at a time.
class Connection {
 public:
  static Result<Connection> open(Database& database);
  ~Connection();
  Connection(Connection&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Connection& operator=(Connection&&) = delete;
  [[nodiscard]] duckdb_connection handle() const { return handle_; }

  /// Runs statements whose results are of no interest.
  Status run(const std::string& sql);
  /// The first column of the first row, as text. kInternal with DuckDB's words when the query fails.
  Result<std::string> text(const std::string& sql);

 private:
  explicit Connection(duckdb_connection handle) : handle_(handle) {}
  duckdb_connection handle_;
};

}  // namespace rocketlink::duck
