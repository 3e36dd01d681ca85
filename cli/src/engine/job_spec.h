#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/output.h"
#include "engine/scan_function.h"
#include "rocketlink/client.h"
#include "rocketlink/log.h"
#include "rocketlink/options.h"
#include "rocketlink/types.h"

namespace rocketlink::engine {

/// A source table that is read once for all INSERTs from it.
struct ScanSpec {
  std::string table;
  Schema schema;
  SourceOptions options;
  std::size_t readers = 1;
  std::shared_ptr<Client> client;
  ScanFunction function;
};

/// `INSERT INTO target query`, planned.
struct InsertSpec {
  std::string target;
  Schema schema;                    ///< of the target
  std::string sql;                  ///< DuckDB's; one column per written column of the target
  std::optional<std::size_t> scan;  ///< which of the job's scans it reads; nothing: none, it runs once
  OpenOutput open;
  bool drop_nulls = false;  ///< rows with NULL in a NOT NULL column are left out, where they otherwise end the job
};

struct JobSpec {
  std::vector<ScanSpec> scans;
  std::vector<InsertSpec> inserts;
  std::chrono::milliseconds commit_interval{1000};     ///< between two flushes with the commit behind them
  std::chrono::milliseconds connect_patience{10'000};  ///< how long the first connection is tried; then the run fails
  std::chrono::milliseconds drain_patience{30'000};    ///< how long a stop waits for acknowledgements; then it fails
  LogFunction log;
  std::function<void()> on_stop;  ///< called when the run shall end; what it refers to outlives the job

  /// The INSERTs that read a scan.
  [[nodiscard]] std::vector<const InsertSpec*> inserts_of(std::size_t scan) const {
    std::vector<const InsertSpec*> specs;
    for (const InsertSpec& spec : inserts) {
      if (spec.scan == scan) specs.push_back(&spec);
    }
    return specs;
  }
};

/// Columns that a sink table's rows have: all but metadata that is VIRTUAL.
[[nodiscard]] inline std::vector<bool> written_columns(const Schema& schema) {
  std::vector<bool> written;
  for (const Column& column : schema.columns) written.push_back(!column.is_virtual);
  return written;
}

}  // namespace rocketlink::engine
