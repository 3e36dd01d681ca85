#pragma once

#include <atomic>
#include <string>

#include "connectors/stream_writer.h"
#include "duck/chunk_reader.h"
#include "engine/output.h"
#include "rocketlink/types.h"

namespace rocketlink::connectors {

/// `print`: rows as Flink's connector of that name prints them, one line each, one write for each micro-batch.
class PrintOutput final : public engine::Output {
 public:
  /// `prefix` stands before every row.
  PrintOutput(const Schema& schema, std::string prefix, StreamWriter& stream);

  Status write(duckdb_data_chunk chunk, const std::vector<bool>* skipped) override;
  Status end_batch() override;
  Status flush() override { return end_batch(); }
  Status close(std::chrono::milliseconds /*timeout*/) override { return end_batch(); }
  [[nodiscard]] engine::OutputStats stats() const override {
    return {.rows_taken = rows_taken_, .rows_out = rows_out_, .delimiter_conflicts = 0, .sink = std::nullopt};
  }

 private:
  static constexpr std::size_t kMostBytes = 1024 * 1024;  ///< of text; then it is written, also within a batch

  Schema schema_;
  std::string prefix_;
  StreamWriter& stream_;
  duck::ChunkReader reader_;
  std::string text_;
  std::uint64_t rows_in_text_ = 0;
  std::atomic<std::uint64_t> rows_taken_{0};
  std::atomic<std::uint64_t> rows_out_{0};
};

}  // namespace rocketlink::connectors
