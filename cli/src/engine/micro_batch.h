#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "duck/chunk.h"
#include "duck/chunk_writer.h"
#include "duck/string_arena.h"
#include "engine/scan_function.h"
#include "rocketlink/types.h"

namespace rocketlink::engine {

/// Decoded rows of a table that several queries read one after the other, each by reference; then it is filled anew.
/// Holds the columns that any of the queries reads. For one thread.
class MicroBatch final : public ChunkFeed {
 public:
  explicit MicroBatch(const Schema& schema) : schema_(schema), wanted_(schema.columns.size()) {}

  /// Until this is called there are no rows, and each query adds the columns it reads to those that are held.
  void fix_columns();
  /// The writer of the next row.
  [[nodiscard]] duck::ChunkWriter& writer();
  /// Forgets all rows; no query may be running.
  void clear();
  [[nodiscard]] std::size_t rows() const;
  /// Bytes of text.
  [[nodiscard]] std::size_t bytes() const { return arena_.used(); }
  /// Bytes of the bodies that its rows are from, or that gave none.
  void add_body(std::size_t bytes) { bodies_ += bytes; }
  [[nodiscard]] std::size_t bodies() const { return bodies_; }

  [[nodiscard]] bool begin(std::span<const std::size_t> columns) override;
  [[nodiscard]] duckdb_data_chunk chunk(std::size_t index) override;
  [[nodiscard]] std::size_t slot(std::size_t column) const override { return slots_[column]; }

 private:
  void finish_chunk();

  const Schema& schema_;
  std::vector<bool> wanted_;
  std::vector<std::size_t> slots_;  ///< by column
  std::vector<DataType> types_;     ///< by slot
  duck::StringArena arena_;
  std::vector<duck::ChunkWriter> writer_;  ///< one, once the columns are fixed
  std::vector<duck::DataChunk> chunks_;
  std::size_t filled_ = 0;  ///< chunks begun since clear
  std::size_t bodies_ = 0;
};

}  // namespace rocketlink::engine
