#pragma once

#include <duckdb.h>

#include <memory>
#include <type_traits>
#include <vector>

#include "duck/duck.h"
#include "rocketlink/types.h"

namespace rocketlink::duck {

struct DataChunkDeleter {
  void operator()(duckdb_data_chunk chunk) const { duckdb_destroy_data_chunk(&chunk); }
};
/// Some rows, column by column.
using DataChunk = std::unique_ptr<std::remove_pointer_t<duckdb_data_chunk>, DataChunkDeleter>;

/// A chunk of one vector per type, each with room for duckdb_vector_size() rows.
[[nodiscard]] inline DataChunk make_chunk(const std::vector<DataType>& types) {
  std::vector<LogicalType> owned;
  std::vector<duckdb_logical_type> raw;
  for (const DataType& type : types) {
    owned.push_back(logical_type(type));
    raw.push_back(owned.back().get());
  }
  return DataChunk(duckdb_create_data_chunk(raw.data(), raw.size()));
}

/// How many bytes DuckDB takes for the unscaled value of a DECIMAL.
[[nodiscard]] constexpr int decimal_bytes(std::int32_t precision) {
  if (precision <= 4) return 2;
  if (precision <= 9) return 4;
  if (precision <= 18) return 8;
  return 16;
}

}  // namespace rocketlink::duck
