#include "duck/duck.h"

#include <fmt/format.h>

namespace rocketlink::duck {

namespace {

duckdb_type type_id(const DataType& type) {
  switch (type.kind) {
    case TypeKind::kBoolean:
      return DUCKDB_TYPE_BOOLEAN;
    case TypeKind::kTinyInt:
      return DUCKDB_TYPE_TINYINT;
    case TypeKind::kSmallInt:
      return DUCKDB_TYPE_SMALLINT;
    case TypeKind::kInteger:
      return DUCKDB_TYPE_INTEGER;
    case TypeKind::kBigInt:
      return DUCKDB_TYPE_BIGINT;
    case TypeKind::kFloat:
      return DUCKDB_TYPE_FLOAT;
    case TypeKind::kDouble:
      return DUCKDB_TYPE_DOUBLE;
    case TypeKind::kDecimal:
      return DUCKDB_TYPE_DECIMAL;
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      return DUCKDB_TYPE_VARCHAR;
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
      return DUCKDB_TYPE_BLOB;
    case TypeKind::kDate:
      return DUCKDB_TYPE_DATE;
    case TypeKind::kTime:
      return DUCKDB_TYPE_TIME;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return type.precision > 6 ? DUCKDB_TYPE_HUGEINT : DUCKDB_TYPE_TIMESTAMP;
  }
  return DUCKDB_TYPE_INVALID;
}

}  // namespace

std::string type_name(const DataType& type) {
  switch (type_id(type)) {
    case DUCKDB_TYPE_BOOLEAN:
      return "BOOLEAN";
    case DUCKDB_TYPE_TINYINT:
      return "TINYINT";
    case DUCKDB_TYPE_SMALLINT:
      return "SMALLINT";
    case DUCKDB_TYPE_INTEGER:
      return "INTEGER";
    case DUCKDB_TYPE_BIGINT:
      return "BIGINT";
    case DUCKDB_TYPE_FLOAT:
      return "FLOAT";
    case DUCKDB_TYPE_DOUBLE:
      return "DOUBLE";
    case DUCKDB_TYPE_DECIMAL:
      return fmt::format("DECIMAL({}, {})", type.precision, type.scale);
    case DUCKDB_TYPE_VARCHAR:
      return "VARCHAR";
    case DUCKDB_TYPE_BLOB:
      return "BLOB";
    case DUCKDB_TYPE_DATE:
      return "DATE";
    case DUCKDB_TYPE_TIME:
      return "TIME";
    case DUCKDB_TYPE_HUGEINT:
      return "HUGEINT";
    default:
      return "TIMESTAMP";
  }
}

LogicalType logical_type(const DataType& type) {
  if (type.kind == TypeKind::kDecimal) {
    return LogicalType(
        duckdb_create_decimal_type(static_cast<std::uint8_t>(type.precision), static_cast<std::uint8_t>(type.scale)));
  }
  return LogicalType(duckdb_create_logical_type(type_id(type)));
}

Result<Database> Database::open() {
  duckdb_config config = nullptr;
  if (duckdb_create_config(&config) == DuckDBError) return Error(ErrorCode::kInternal, "DuckDB gives no configuration");
  duckdb_set_config(config, "threads", "1");  // no threads of its own: each query runs on the thread that asks
  // Nothing is to be fetched from anywhere when a name is unknown.
  duckdb_set_config(config, "autoinstall_known_extensions", "false");
  duckdb_set_config(config, "autoload_known_extensions", "false");
  duckdb_database handle = nullptr;
  char* reason = nullptr;
  const duckdb_state state = duckdb_open_ext(nullptr, &handle, config, &reason);
  duckdb_destroy_config(&config);
  if (state == DuckDBError) {
    Error error(ErrorCode::kInternal, fmt::format("cannot open DuckDB: {}", reason ? reason : "no reason given"));
    duckdb_free(reason);
    return error;
  }
  return Database(handle);
}

Database::~Database() {
  if (handle_ != nullptr) duckdb_close(&handle_);
}

Result<Connection> Connection::open(Database& database) {
  duckdb_connection handle = nullptr;
  if (duckdb_connect(database.handle(), &handle) == DuckDBError) {
    return Error(ErrorCode::kInternal, "DuckDB gives no connection");
  }
  return Connection(handle);
}

Connection::~Connection() {
  if (handle_ != nullptr) duckdb_disconnect(&handle_);
}

namespace {

struct QueryResult {
  duckdb_result raw{};
  ~QueryResult() { duckdb_destroy_result(&raw); }
};

}  // namespace

Status Connection::run(const std::string& sql) {
  QueryResult result;
  if (duckdb_query(handle_, sql.c_str(), &result.raw) == DuckDBError) {
    return Error(ErrorCode::kInternal, duckdb_result_error(&result.raw));
  }
  return {};
}

Result<std::string> Connection::text(const std::string& sql) {
  QueryResult result;
  if (duckdb_query(handle_, sql.c_str(), &result.raw) == DuckDBError) {
    return Error(ErrorCode::kInternal, duckdb_result_error(&result.raw));
  }
  char* value = duckdb_value_varchar(&result.raw, 0, 0);
  if (value == nullptr) return Error(ErrorCode::kInternal, "the query gave no value");
  std::string text(value);
  duckdb_free(value);
  return text;
}

}  // namespace rocketlink::duck
