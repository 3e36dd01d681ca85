#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "duck/chunk.h"
#include "duck/string_arena.h"
#include "rocketlink/row/row.h"
#include "rocketlink/row/schema.h"
#include "rocketlink/types.h"

namespace rocketlink::duck {

/// Writes rows of a schema straight into the vectors of a chunk that holds the wanted columns in their order. Text goes
/// into an arena, which must outlive every use of the chunk.
class ChunkWriter {
 public:
  ChunkWriter(const Schema& schema, const std::vector<bool>& wanted, StringArena& arena) : arena_(&arena) {
    for (std::size_t i = 0; i < schema.columns.size(); ++i) {
      Column column;
      column.type = schema.columns[i].type;
      column.wanted = wanted[i];
      columns_.push_back(column);
    }
  }

  /// The chunk to fill from its first row on; must be fresh or reset.
  void start(duckdb_data_chunk chunk) {
    idx_t slot = 0;
    for (Column& column : columns_) {
      if (!column.wanted) continue;
      column.vector = duckdb_data_chunk_get_vector(chunk, slot++);
      column.data = duckdb_vector_get_data(column.vector);
      column.validity = nullptr;
    }
    row_ = 0;
    capacity_ = duckdb_vector_size();
  }
  /// Complete rows in the chunk.
  [[nodiscard]] std::size_t rows() const { return row_; }
  [[nodiscard]] bool full() const { return row_ == capacity_; }
  /// The column whose value DuckDB has no room for, when the last row was dropped for that; forgets it.
  [[nodiscard]] std::optional<std::size_t> take_unfit_column() { return std::exchange(unfit_, std::nullopt); }

  [[nodiscard]] bool wants(std::size_t c) const { return columns_[c].wanted; }
  void begin_row() {
    if (!std::exchange(has_null_, false)) return;
    for (Column& column : columns_) {  // the row before was abandoned
      if (column.validity != nullptr) column.validity[row_ / 64] |= std::uint64_t{1} << (row_ % 64);
    }
  }
  void set_null(std::size_t c) {
    Column& column = columns_[c];
    if (!column.wanted) return;
    if (column.validity == nullptr) {
      duckdb_vector_ensure_validity_writable(column.vector);
      column.validity = duckdb_vector_get_validity(column.vector);
    }
    column.validity[row_ / 64] &= ~(std::uint64_t{1} << (row_ % 64));
    has_null_ = true;
  }
  void set_boolean(std::size_t c, bool value) { put(c, value); }
  void set_int8(std::size_t c, std::int8_t value) { put(c, value); }
  void set_int16(std::size_t c, std::int16_t value) { put(c, value); }
  void set_int32(std::size_t c, std::int32_t value) { put(c, value); }
  void set_int64(std::size_t c, std::int64_t value) { put(c, value); }
  void set_float(std::size_t c, float value) { put(c, value); }
  void set_double(std::size_t c, double value) { put(c, value); }
  void set_decimal(std::size_t c, Int128 value) {
    switch (decimal_bytes(columns_[c].type.precision)) {
      case 2:
        return put(c, static_cast<std::int16_t>(value));
      case 4:
        return put(c, static_cast<std::int32_t>(value));
      case 8:
        return put(c, static_cast<std::int64_t>(value));
      default:
        return put(c, value);
    }
  }
  void set_string(std::size_t c, std::string_view text) { set_bytes(c, text); }
  void set_bytes(std::size_t c, std::string_view bytes) {
    duckdb_string_t& string = static_cast<duckdb_string_t*>(columns_[c].data)[row_];
    string.value.inlined.length = static_cast<std::uint32_t>(bytes.size());
    if (bytes.size() <= sizeof(string.value.inlined.inlined)) {
      std::memset(string.value.inlined.inlined, 0, sizeof(string.value.inlined.inlined));
      std::memcpy(string.value.inlined.inlined, bytes.data(), bytes.size());
    } else {
      std::memcpy(string.value.pointer.prefix, bytes.data(), sizeof(string.value.pointer.prefix));
      string.value.pointer.ptr = arena_->copy(bytes);
    }
  }
  void set_date(std::size_t c, std::int32_t days) { put(c, days); }
  void set_time(std::size_t c, std::int64_t nanos_of_day) { put(c, nanos_of_day / 1000); }
  void set_timestamp(std::size_t c, Timestamp time) {
    if (columns_[c].type.precision > 6) {
      return put(c, static_cast<Int128>(time.seconds) * 1'000'000'000 + time.nanos);
    }
    std::int64_t micros = 0;
    if (__builtin_mul_overflow(time.seconds, std::int64_t{1'000'000}, &micros) ||
        __builtin_add_overflow(micros, time.nanos / 1000, &micros) || micros < kLeastTime ||
        micros == std::numeric_limits<std::int64_t>::max()) {
      unfit_ = c;
    } else {
      put(c, micros);
    }
  }
  void set_timestamp_ltz(std::size_t c, Timestamp time) { set_timestamp(c, time); }
  void end_row() {
    if (unfit_) return;
    has_null_ = false;
    ++row_;
  }

 private:
  struct Column {
    DataType type;
    bool wanted = false;
    duckdb_vector vector = nullptr;
    void* data = nullptr;
    std::uint64_t* validity = nullptr;  ///< null while every row has a value
  };
  /// DuckDB's first TIMESTAMP, in microseconds.
  static constexpr std::int64_t kLeastTime = -9'223'372'022'400'000'000;

  template <class T>
  void put(std::size_t c, T value) {
    std::memcpy(static_cast<char*>(columns_[c].data) + row_ * sizeof(T), &value, sizeof(T));
  }

  StringArena* arena_;
  std::vector<Column> columns_;
  std::size_t row_ = 0;
  std::size_t capacity_ = 0;
  bool has_null_ = false;  ///< in the current row
  std::optional<std::size_t> unfit_;
};
static_assert(row::RowWriter<ChunkWriter>);

}  // namespace rocketlink::duck
