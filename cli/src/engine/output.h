#pragma once

#include <duckdb.h>

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "engine/stats.h"
#include "rocketlink/result.h"

namespace rocketlink::engine {

/// Where the rows of an INSERT go. For one thread at a time, but for `abort` and `stats`.
class Output {
 public:
  virtual ~Output() = default;

  /// Takes the rows of a chunk (one flat vector for each written column of the table), except those whose flag in
  /// `skipped` (null: none) is set. May wait for room.
  virtual Status write(duckdb_data_chunk chunk, const std::vector<bool>* skipped) = 0;
  /// A micro-batch is over: what people watch shall be seen now.
  virtual Status end_batch() { return {}; }
  /// Returns when all rows so far are safely stored, or with the first error.
  virtual Status flush() = 0;
  virtual Status close(std::chrono::milliseconds timeout) = 0;
  /// Makes blocked and later calls fail soon. Any thread.
  virtual void abort() {}
  [[nodiscard]] virtual OutputStats stats() const = 0;
};

/// Opens the output of one of an INSERT's writers, which count from 0; each is opened once. May wait for the network.
using OpenOutput = std::function<Result<std::unique_ptr<Output>>(std::size_t writer)>;

}  // namespace rocketlink::engine
