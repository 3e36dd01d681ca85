#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "duck/duck.h"
#include "engine/batch_decoder.h"
#include "engine/insert.h"
#include "engine/job_spec.h"
#include "engine/loop/read_loop.h"
#include "engine/loop/run_control.h"
#include "engine/micro_batch.h"
#include "engine/outputs.h"
#include "engine/stats.h"
#include "rocketlink/source.h"

namespace rocketlink::engine {

/// One reader of a source table and all INSERTs from that table: decodes messages into micro-batches, runs each query
/// over the rows, writes what comes out.
///
/// `prepare` and `run` on one thread at a time; the rest on any.
class Pipeline final : private MessageWork {
 public:
  static Result<std::unique_ptr<Pipeline>> prepare(const JobSpec& job, std::size_t scan, std::size_t index,
                                                   duck::Database& database, RunControl& control);

  /// As ReadLoop's.
  Status run() { return loop_.run(); }
  void add_splits(std::span<const Split> splits) { loop_.add_splits(splits); }
  void no_more_splits() { loop_.no_more_splits(); }
  /// Gives up what is not acknowledged yet.
  void abort() { outputs_.abort(); }
  [[nodiscard]] InputStats stats() const;
  [[nodiscard]] const Outputs& outputs() const { return outputs_; }

 private:
  static constexpr std::int64_t kNothingYet = std::numeric_limits<std::int64_t>::min();

  Pipeline(const JobSpec& job, std::size_t scan, std::size_t index, RunControl& control, duck::Connection connection,
           std::unique_ptr<SourceReader> reader, row::Decoder decoder);

  Status open() override { return outputs_.open(job_, specs_, inserts_, index_, control_); }
  [[nodiscard]] MessageBatch& batch() override { return decoder_.batch(); }
  void start() override { decoder_.start(); }
  [[nodiscard]] bool busy() const override { return decoder_.busy(); }
  Result<std::vector<Position>> run(const std::function<bool()>& poll) override;
  Status flush() override { return outputs_.flush(inserts_); }
  Status close(std::chrono::milliseconds timeout) override { return outputs_.close(inserts_, timeout); }

  Result<std::vector<Position>> fill_micro_batch(const std::function<bool()>& poll);
  Status run_queries();
  void adapt_limit(SteadyTime::duration taken);
  [[nodiscard]] std::int64_t milliseconds_since(std::int64_t epoch_ms) const;

  const JobSpec& job_;
  const ScanSpec& scan_;
  const std::vector<const InsertSpec*> specs_;  ///< of the INSERTs
  std::size_t index_;
  RunControl& control_;
  MicroBatch rows_;
  duck::Connection connection_;
  std::vector<Insert> inserts_;
  Outputs outputs_;
  BatchDecoder decoder_;
  MicroBatchLimit limit_;
  ReadLoop loop_;

  std::atomic<std::uint64_t> rows_in_{0};
  std::atomic<std::uint64_t> bytes_in_{0};
  std::atomic<std::uint64_t> records_skipped_{0};
  std::atomic<std::int64_t> fetch_lag_ms_{kNothingYet};
  std::atomic<std::int64_t> emit_lag_ms_{kNothingYet};
};

}  // namespace rocketlink::engine
