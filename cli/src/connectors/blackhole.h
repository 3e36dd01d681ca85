#pragma once

#include <atomic>

#include "engine/output.h"

namespace rocketlink::connectors {

/// `blackhole`: takes rows and forgets them.
class BlackholeOutput final : public engine::Output {
 public:
  Status write(duckdb_data_chunk chunk, const std::vector<bool>* skipped) override;
  Status flush() override { return {}; }
  Status close(std::chrono::milliseconds /*timeout*/) override { return {}; }
  [[nodiscard]] engine::OutputStats stats() const override {
    return {.rows_taken = rows_, .rows_out = rows_, .delimiter_conflicts = 0, .sink = std::nullopt};
  }

 private:
  std::atomic<std::uint64_t> rows_{0};
};

}  // namespace rocketlink::connectors
