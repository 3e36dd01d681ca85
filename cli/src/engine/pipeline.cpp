#include "engine/pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace rocketlink::engine {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kCommitTimeout{3000};
constexpr milliseconds kIdleWait{60'000};  // everything that matters wakes the reader
constexpr std::size_t kLeastRows = 64;
constexpr std::size_t kMostRows = MicroBatchLimit{}.rows;
constexpr std::size_t kMostBatches = 256;  // in a micro-batch, where messages give few rows or none

std::int64_t milliseconds_since(std::int64_t epoch_ms) {
  return std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count() -
         epoch_ms;
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
      reader_(std::move(reader)),
      decoder_(std::move(decoder), scan_.options.format, job.log) {}

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
  control.on_stop([reader = pipeline->reader_.get()] { reader->wake_up(); });
  return pipeline;
}

Status Pipeline::run() {
  if (auto opened = outputs_.open(job_, specs_, inserts_, index_, control_); !opened) return opened;
  next_checkpoint_ = Steady::now() + job_.commit_interval;
  Status done = read();
  Status committed = checkpoint();  // also after an error: what is acknowledged need not be read again
  if (!done) return done;
  if (!committed) return committed;
  return outputs_.close(inserts_, job_.drain_patience);
}

Status Pipeline::read() {
  while (!control_.stopping()) {
    take_splits();
    if (!decoder_.busy()) {
      auto more = wait_for_batch();
      if (!more) return std::move(more).error();
      if (!*more) return {};
    }
    if (decoder_.busy()) {
      if (auto run = run_micro_batch(); !run) return run;
    }
    if (Steady::now() < next_checkpoint_) continue;
    recommit_after_trouble();
    if (progress_.dirty()) {
      if (auto committed = checkpoint(); !committed) return committed;
    }
  }
  return {};
}

/// A group without offsets that begins at the end would begin further on when the job is started again, and miss what
/// came in between: where it has begun is committed at once.
bool Pipeline::start_is_passing() const {
  return scan_.options.start_mode == StartMode::kGroupOffsets && scan_.options.start_fallback == StartMode::kLatest;
}

void Pipeline::take_splits() {
  std::vector<Split> splits;
  bool last = false;
  {
    const std::lock_guard lock(splits_mutex_);
    splits.swap(new_splits_);
    last = no_more_splits_;
  }
  if (!splits.empty()) reader_->add_splits(splits);
  if (start_is_passing()) {
    for (const Split& split : splits) progress_.processed(split.queue, split.offset);
    if (!splits.empty()) next_checkpoint_ = Steady::now();
  }
  if (last) reader_->no_more_splits();
}

/// False: nothing will come any more. True, without a batch: look around and come again.
Result<bool> Pipeline::wait_for_batch() {
  if (idle_since_ == 0) idle_since_ = Steady::now().time_since_epoch().count();
  auto outcome = reader_->poll(decoder_.batch(), until_checkpoint());
  if (!outcome) {
    Error error = std::move(outcome).error();
    error.text = fmt::format("source table {}: {}", scan_.table, error.text);
    return error;
  }
  if (*outcome == PollOutcome::kBatch) {
    decoder_.start();
    idle_since_ = 0;
  }
  return *outcome != PollOutcome::kFinished;
}

Status Pipeline::run_micro_batch() {
  const auto begin = Steady::now();
  rows_.clear();
  if (auto filled = fill_micro_batch(); !filled) return filled;
  const auto stored = decoder_.last_store_ms();
  if (stored) fetch_lag_ms_ = milliseconds_since(*stored);
  if (auto run = run_queries(); !run) return run;
  if (stored) emit_lag_ms_ = milliseconds_since(*stored);
  for (const Position& position : finished_) progress_.processed(position.queue, position.offset);
  finished_.clear();
  adapt_limit(Steady::now() - begin);
  return {};
}

/// Decodes what is there without waiting for more.
Status Pipeline::fill_micro_batch() {
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
    if (!*decoded) return {};
    finished_.push_back({decoder_.batch().queue(), decoder_.batch().next_offset()});
    if (finished_.size() >= kMostBatches) return {};
    auto outcome = reader_->poll(decoder_.batch(), milliseconds(0));
    // An error comes again with the next poll, when these rows are through.
    if (!outcome || *outcome != PollOutcome::kBatch) return {};
    decoder_.start();
  }
}

Status Pipeline::run_queries() {
  if (rows_.rows() == 0) return {};
  for (Insert& insert : inserts_) {
    if (auto run = insert.run(); !run) return run;
  }
  return outputs_.end_batch(inserts_);
}

/// Behind a slow sink micro-batches get small, so that the time for a commit is not missed.
void Pipeline::adapt_limit(Steady::duration taken) {
  if (taken > job_.commit_interval / 4) {
    limit_.rows = std::max(kLeastRows, limit_.rows / 2);
  } else if (taken < job_.commit_interval / 16) {
    limit_.rows = std::min(kMostRows, limit_.rows * 2);
  }
}

/// A broker that dies forgets the commits of its last seconds; a queue in which nothing comes any more would keep the
/// older offset for good.
void Pipeline::recommit_after_trouble() {
  const std::uint64_t retries = reader_->stats().retries;
  if (std::exchange(known_retries_, retries) != retries) progress_.forget_commits();
}

Status Pipeline::checkpoint() {
  if (auto flushed = outputs_.flush(inserts_); !flushed) return flushed;
  const auto positions = progress_.uncommitted();
  if (!positions.empty()) {
    const auto begin = Steady::now();
    auto committed = reader_->commit(positions, kCommitTimeout);
    if (committed) {
      progress_.committed(positions);
    } else {
      if (job_.log) {
        job_.log(LogLevel::kWarning,
                 fmt::format("source table {}: {}; after a restart these messages would be read again", scan_.table,
                             committed.error().text));
      }
      // A broker that does not answer must not take all the time that there is.
      next_checkpoint_ = Steady::now() + std::max<Steady::duration>(job_.commit_interval, (Steady::now() - begin) * 4);
      return {};
    }
  }
  next_checkpoint_ = Steady::now() + job_.commit_interval;
  return {};
}

milliseconds Pipeline::until_checkpoint() const {
  if (!progress_.dirty()) return kIdleWait;
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(next_checkpoint_ - Steady::now()));
}

void Pipeline::add_splits(std::span<const Split> splits) {
  {
    const std::lock_guard lock(splits_mutex_);
    new_splits_.insert(new_splits_.end(), splits.begin(), splits.end());
  }
  reader_->wake_up();
}

void Pipeline::no_more_splits() {
  {
    const std::lock_guard lock(splits_mutex_);
    no_more_splits_ = true;
  }
  reader_->wake_up();
}

InputStats Pipeline::stats() const {
  InputStats stats;
  stats.rows = rows_in_;
  stats.bytes = bytes_in_;
  stats.records_skipped = records_skipped_;
  stats.reader = reader_->stats();
  if (const auto lag = fetch_lag_ms_.load(); lag != kNothingYet) stats.fetch_lag_ms = lag;
  if (const auto lag = emit_lag_ms_.load(); lag != kNothingYet) stats.emit_lag_ms = lag;
  if (const Steady::rep since = idle_since_; since != 0) {
    stats.idle_ms =
        std::chrono::duration_cast<milliseconds>(Steady::now().time_since_epoch() - Steady::duration(since)).count();
  }
  return stats;
}

}  // namespace rocketlink::engine
