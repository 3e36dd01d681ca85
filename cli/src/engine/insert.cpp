#include "engine/insert.h"

#include <fmt/format.h>

namespace rocketlink::engine {

Insert::Insert(duck::Statement statement, const InsertSpec& spec)
    : statement_(std::move(statement)), target_(spec.target), drop_nulls_(spec.drop_nulls) {
  std::size_t slot = 0;
  for (const Column& column : spec.schema.columns) {
    if (column.is_virtual) continue;
    if (!column.type.nullable) not_null_.push_back({slot, column.name});
    ++slot;
  }
}

Result<Insert> Insert::prepare(duck::Connection& connection, const InsertSpec& spec) {
  auto statement = duck::Statement::prepare(connection, spec.sql);
  if (!statement) {
    return Error(ErrorCode::kInternal,
                 fmt::format("INSERT INTO {}: DuckDB does not take the query that was planned: {}", spec.target,
                             statement.error().text));
  }
  if (spec.scan) {
    auto rows = statement->run();
    while (rows) {
      auto chunk = rows->next();
      if (!chunk || !*chunk) break;  // what goes wrong here goes wrong again when there are rows
    }
  }
  return Insert(*std::move(statement), spec);
}

Status Insert::run() {
  auto rows = statement_.run();
  if (!rows) return named(std::move(rows).error());
  while (true) {
    auto chunk = rows->next();
    if (!chunk) return named(std::move(chunk).error());
    if (!*chunk) return {};
    auto dropping = check_nulls(chunk->get());
    if (!dropping) return named(std::move(dropping).error());
    if (auto written = output_->write(chunk->get(), *dropping ? &dropped_ : nullptr); !written) {
      return named(std::move(written).error());
    }
  }
}

Result<bool> Insert::check_nulls(duckdb_data_chunk chunk) {
  bool dropping = false;
  const idx_t rows = duckdb_data_chunk_get_size(chunk);
  for (const NotNull& column : not_null_) {
    std::uint64_t* validity = duckdb_vector_get_validity(duckdb_data_chunk_get_vector(chunk, column.slot));
    if (validity == nullptr) continue;
    for (idx_t row = 0; row < rows; ++row) {
      if (duckdb_validity_row_is_valid(validity, row)) continue;
      if (!drop_nulls_) {
        return Error(ErrorCode::kData,
                     fmt::format("column '{}' is NOT NULL, and a row has NULL there; declare the column without NOT "
                                 "NULL, give a value with COALESCE, or drop such rows with SET "
                                 "'table.exec.sink.not-null-enforcer' = 'DROP'",
                                 column.column));
      }
      if (!dropping) dropped_.assign(rows, false);
      dropping = true;
      dropped_[row] = true;
    }
  }
  return dropping;
}

Error Insert::named(Error error) const {
  error.text = fmt::format("INSERT INTO {}: {}", target_, error.text);
  return error;
}

}  // namespace rocketlink::engine
