#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "duck/chunk.h"
#include "rocketlink/row/row.h"
#include "rocketlink/types.h"

namespace rocketlink::duck {

/// Reads rows of a schema whose written columns are the flat vectors of a chunk, in their order.
class ChunkReader {
 public:
  /// Columns for which `written` is false have no vector and must not be asked for.
  ChunkReader(const Schema& schema, const std::vector<bool>& written) {
    idx_t slot = 0;
    for (std::size_t i = 0; i < schema.columns.size(); ++i) {
      Column column;
      column.type = schema.columns[i].type;
      column.slot = written[i] ? slot++ : kNone;
      columns_.push_back(column);
    }
  }

  /// Begins before the first row of `chunk`. Rows whose flag in `skipped` (empty: none) is set are left out.
  void start(duckdb_data_chunk chunk, const std::vector<bool>* skipped = nullptr) {
    for (Column& column : columns_) {
      if (column.slot == kNone) continue;
      duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, column.slot);
      column.data = duckdb_vector_get_data(vector);
      column.validity = duckdb_vector_get_validity(vector);
    }
    rows_ = duckdb_data_chunk_get_size(chunk);
    skipped_ = skipped;
    row_ = static_cast<std::size_t>(-1);
  }
  /// Goes to the next row; false when there is none.
  [[nodiscard]] bool next() {
    do {
      ++row_;
    } while (skipped_ != nullptr && row_ < rows_ && (*skipped_)[row_]);
    return row_ < rows_;
  }

  [[nodiscard]] bool is_null(std::size_t c) const {
    const std::uint64_t* validity = columns_[c].validity;
    return validity != nullptr && (validity[row_ / 64] >> (row_ % 64) & 1) == 0;
  }
  [[nodiscard]] bool get_boolean(std::size_t c) const { return get<bool>(c); }
  [[nodiscard]] std::int8_t get_int8(std::size_t c) const { return get<std::int8_t>(c); }
  [[nodiscard]] std::int16_t get_int16(std::size_t c) const { return get<std::int16_t>(c); }
  [[nodiscard]] std::int32_t get_int32(std::size_t c) const { return get<std::int32_t>(c); }
  [[nodiscard]] std::int64_t get_int64(std::size_t c) const { return get<std::int64_t>(c); }
  [[nodiscard]] float get_float(std::size_t c) const { return get<float>(c); }
  [[nodiscard]] double get_double(std::size_t c) const { return get<double>(c); }
  [[nodiscard]] Int128 get_decimal(std::size_t c) const {
    switch (decimal_bytes(columns_[c].type.precision)) {
      case 2:
        return get<std::int16_t>(c);
      case 4:
        return get<std::int32_t>(c);
      case 8:
        return get<std::int64_t>(c);
      default:
        return get<Int128>(c);
    }
  }
  [[nodiscard]] std::string_view get_string(std::size_t c) const { return get_bytes(c); }
  [[nodiscard]] std::string_view get_bytes(std::size_t c) const {
    const duckdb_string_t& string = static_cast<const duckdb_string_t*>(columns_[c].data)[row_];
    const std::uint32_t length = string.value.inlined.length;
    return {length <= sizeof(string.value.inlined.inlined) ? string.value.inlined.inlined : string.value.pointer.ptr,
            length};
  }
  [[nodiscard]] std::int32_t get_date(std::size_t c) const { return get<std::int32_t>(c); }
  [[nodiscard]] std::int64_t get_time(std::size_t c) const { return get<std::int64_t>(c) * 1000; }
  [[nodiscard]] Timestamp get_timestamp(std::size_t c) const {
    if (columns_[c].type.precision > 6) return since_1970<1'000'000'000>(get<Int128>(c));
    return since_1970<1'000'000>(get<std::int64_t>(c));
  }
  [[nodiscard]] Timestamp get_timestamp_ltz(std::size_t c) const { return get_timestamp(c); }

 private:
  static constexpr idx_t kNone = static_cast<idx_t>(-1);
  struct Column {
    DataType type;
    idx_t slot = kNone;
    const void* data = nullptr;
    const std::uint64_t* validity = nullptr;  ///< null while every row has a value
  };

  template <class T>
  [[nodiscard]] T get(std::size_t c) const {
    T value;
    std::memcpy(&value, static_cast<const char*>(columns_[c].data) + row_ * sizeof(T), sizeof(T));
    return value;
  }

  std::vector<Column> columns_;
  std::size_t row_ = 0;
  std::size_t rows_ = 0;
  const std::vector<bool>* skipped_ = nullptr;
};
static_assert(row::RowReader<ChunkReader>);

}  // namespace rocketlink::duck
