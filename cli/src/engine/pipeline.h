#pragma once

#include <atomic>
#include <chrono>
#include <limits>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "duck/duck.h"
#include "engine/batch_decoder.h"
#include "engine/insert.h"
#include "engine/job_spec.h"
#include "engine/micro_batch.h"
#include "engine/outputs.h"
#include "engine/progress.h"
#include "engine/run_control.h"
#include "engine/stats.h"
#include "rocketlink/source.h"

namespace rocketlink::engine {

/// One reader of a source table and all INSERTs from that table: poll, decode, run each query over the rows, write;
/// every commit interval the outputs are flushed and then the offsets that were read before that are committed.
///
/// `prepare` and `run` on one thread at a time; the rest on any.
class Pipeline {
 public:
  static Result<std::unique_ptr<Pipeline>> prepare(const JobSpec& job, std::size_t scan, std::size_t index,
                                                   duck::Database& database, RunControl& control);

  /// Reads until every split is read to its stop, or the run shall end; flushed, committed and closed afterwards. An
  /// error is this pipeline's end; what the outputs have not acknowledged by then is not committed.
  Status run();

  void add_splits(std::span<const Split> splits);
  void no_more_splits();
  /// Gives up what is not acknowledged yet.
  void abort() { outputs_.abort(); }
  [[nodiscard]] InputStats stats() const;
  [[nodiscard]] const Outputs& outputs() const { return outputs_; }

 private:
  using Steady = std::chrono::steady_clock;
  static constexpr std::int64_t kNothingYet = std::numeric_limits<std::int64_t>::min();

  Pipeline(const JobSpec& job, std::size_t scan, std::size_t index, RunControl& control, duck::Connection connection,
           std::unique_ptr<SourceReader> reader, row::Decoder decoder);

  Status read();
  [[nodiscard]] bool start_is_passing() const;
  void take_splits();
  Result<bool> wait_for_batch();
  Status run_micro_batch();
  Status fill_micro_batch();
  Status run_queries();
  void adapt_limit(std::chrono::steady_clock::duration taken);
  void recommit_after_trouble();
  Status checkpoint();
  [[nodiscard]] std::chrono::milliseconds until_checkpoint() const;

  const JobSpec& job_;
  const ScanSpec& scan_;
  const std::vector<const InsertSpec*> specs_;  ///< of the INSERTs
  std::size_t index_;
  RunControl& control_;
  MicroBatch rows_;
  duck::Connection connection_;
  std::vector<Insert> inserts_;
  Outputs outputs_;
  std::unique_ptr<SourceReader> reader_;
  BatchDecoder decoder_;
  MicroBatchLimit limit_;
  Progress progress_;
  std::vector<Position> finished_;  ///< batches that end in the current micro-batch
  Steady::time_point next_checkpoint_;
  std::uint64_t known_retries_ = 0;  ///< of the reader, when commits were last thought safe

  std::mutex splits_mutex_;
  std::vector<Split> new_splits_;  // guarded by splits_mutex_, as the one below
  bool no_more_splits_ = false;

  std::atomic<std::uint64_t> rows_in_{0};
  std::atomic<std::uint64_t> bytes_in_{0};
  std::atomic<std::uint64_t> records_skipped_{0};
  std::atomic<std::int64_t> fetch_lag_ms_{kNothingYet};
  std::atomic<std::int64_t> emit_lag_ms_{kNothingYet};
  std::atomic<Steady::rep> idle_since_{0};  ///< 0: it is not
};

}  // namespace rocketlink::engine
