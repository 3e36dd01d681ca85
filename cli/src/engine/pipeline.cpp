#include "engine/pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace rocketlink::engine {

namespace {

constexpr std::size_t kLeastRows = 16;                     // of a micro-batch, however slow the sink is; of the first
constexpr std::size_t kMostRows = MicroBatchLimit{}.rows;  // however fast it is
static_assert(kLeastRows < kMostRows);
// In a micro-batch, where messages give few rows or none; then its queries run.
constexpr std::size_t kMostBatches = 256;

ReadLoopSettings loop_settings(const JobSpec& job, const ScanSpec& scan) {
  ReadLoopSettings settings;
  settings.table = scan.table;
  settings.commit_interval = job.commit_interval;
  settings.close_patience = job.drain_patience;
  settings.commits_start = scan.options.start_is_passing();
  return settings;
}

}  // namespace

Pipeline::Pipeline(const JobSpec& job, std::size_t scan, std::size_t index, RunControl& control,
                   duck::Connection connection, std::unique_ptr<SourceReader> reader, row::Decoder decoder)
    : job_(job),
      scan_(job.scans[scan]),
      specs_(job.inserts_of(scan)),
      index_(index),
      control_(control),
      rows_(scan_.schema),
      connection_(std::move(connection)),
      decoder_(std::move(decoder), scan_.options.format, job.log),
      loop_(loop_settings(job, scan_), std::move(reader), *this, control) {
  limit_.rows = kLeastRows;
}

Result<std::unique_ptr<Pipeline>> Pipeline::prepare(const JobSpec& job, std::size_t scan_index, std::size_t index,
                                                    duck::Database& database, RunControl& control) {
  const ScanSpec& scan = job.scans[scan_index];
  auto connection = duck::Connection::open(database);
  if (!connection) return std::move(connection).error();
  auto decoder = row::Decoder::create(scan.schema, scan.options.format, job.log);
  if (!decoder) return std::move(decoder).error();
  auto reader = SourceReader::create(scan.client, scan.options);
  if (!reader) return std::move(reader).error();

  std::unique_ptr<Pipeline> pipeline(
      new Pipeline(job, scan_index, index, control, *std::move(connection), *std::move(reader), *std::move(decoder)));
  ScanFunction function = scan.function;
  function.attach(pipeline->connection_, pipeline->rows_);
  for (const InsertSpec* spec : pipeline->specs_) {
    auto insert = Insert::prepare(pipeline->connection_, *spec);
    if (!insert) return std::move(insert).error();
    pipeline->inserts_.push_back(*std::move(insert));
  }
  pipeline->rows_.fix_columns();
  return pipeline;
}

/// A micro-batch: what is there, through the queries, into the outputs.
Result<std::vector<Position>> Pipeline::run(const std::function<bool()>& poll) {
  const SteadyTime begin = control_.runtime().now();
  rows_.clear();
  auto finished = fill_micro_batch(poll);
  if (!finished) return finished;
  const auto stored = decoder_.last_store_ms();
  if (stored) fetch_lag_ms_ = milliseconds_since(*stored);
  if (auto run = run_queries(); !run) return std::move(run).error();
  if (stored) emit_lag_ms_ = milliseconds_since(*stored);
  adapt_limit(control_.runtime().now() - begin);
  return finished;
}

/// Decodes what is there without waiting for more; the positions behind the batches that end in it.
Result<std::vector<Position>> Pipeline::fill_micro_batch(const std::function<bool()>& poll) {
  std::vector<Position> finished;
  while (true) {
    auto decoded = decoder_.decode(rows_, limit_);
    rows_in_.store(decoder_.rows_in(), std::memory_order_relaxed);
    bytes_in_.store(decoder_.bytes_in(), std::memory_order_relaxed);
    records_skipped_.store(decoder_.records_skipped(), std::memory_order_relaxed);
    if (!decoded) {
      Error error = std::move(decoded).error();
      error.text = fmt::format("source table {}: {}", scan_.table, error.text);
      return error;
    }
    if (!*decoded) return finished;
    finished.push_back({decoder_.batch().queue(), decoder_.batch().next_offset()});
    if (finished.size() >= kMostBatches || !poll()) return finished;
  }
}

Status Pipeline::run_queries() {
  if (rows_.rows() == 0) return {};
  for (Insert& insert : inserts_) {
    if (auto run = insert.run(); !run) return run;
  }
  return outputs_.end_batch(inserts_);
}

/// Behind a slow sink micro-batches stay small, so that the time for a commit is not missed.
void Pipeline::adapt_limit(SteadyTime::duration taken) {
  if (taken > job_.commit_interval / 4) {
    const double share = std::chrono::duration<double>(job_.commit_interval) / std::chrono::duration<double>(8 * taken);
    limit_.rows = std::max(kLeastRows, static_cast<std::size_t>(static_cast<double>(limit_.rows) * share));
  } else if (taken < job_.commit_interval / 16) {
    limit_.rows = std::min(kMostRows, limit_.rows * 2);
  }
}

std::int64_t Pipeline::milliseconds_since(std::int64_t epoch_ms) const {
  return control_.runtime().wall_clock_ms() - epoch_ms;
}

InputStats Pipeline::stats() const {
  InputStats stats;
  stats.rows = rows_in_;
  stats.bytes = bytes_in_;
  stats.records_skipped = records_skipped_;
  stats.reader = loop_.reader_stats();
  if (const auto lag = fetch_lag_ms_.load(); lag != kNothingYet) stats.fetch_lag_ms = lag;
  if (const auto lag = emit_lag_ms_.load(); lag != kNothingYet) stats.emit_lag_ms = lag;
  stats.idle_ms = loop_.idle().count();
  return stats;
}

}  // namespace rocketlink::engine
