#include "engine/loop/read_loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace rocketlink::engine {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLastCommitTimeout{8000};  ///< one that meets a half-open connection is tried again
static_assert(kLastCommitTimeout < kClosePatience);
/// Between two commits of nothing new, which renew what brokers may have lost.
constexpr milliseconds kIdleWait{60'000};

}  // namespace

ReadLoop::ReadLoop(ReadLoopSettings settings, std::unique_ptr<SourceReader> reader, MessageWork& work,
                   RunControl& control)
    : settings_(std::move(settings)), control_(control), work_(work), reader_(std::move(reader)) {
  control.on_stop([waiting = reader_.get()] { waiting->wake_up(); });
}

Status ReadLoop::run() {
  if (auto opened = work_.open(); !opened) return opened;
  next_checkpoint_ = now() + settings_.commit_interval;
  Status done = read();
  Status committed = last_checkpoint();
  if (!done) return done;
  if (!committed) return committed;
  return work_.close(settings_.close_patience);
}

Status ReadLoop::read() {
  while (!control_.stopping()) {
    take_splits();
    if (!work_.busy()) {
      auto more = wait_for_batch();
      if (!more) return std::move(more).error();
      if (!*more) return {};
    }
    if (work_.busy()) {
      if (auto done = do_work(); !done) return done;
    }
    if (now() < next_checkpoint_) continue;
    if (auto committed = checkpoint(); !committed) return committed;
  }
  return {};
}

void ReadLoop::take_splits() {
  std::vector<Split> splits;
  bool last = false;
  {
    const std::lock_guard lock(splits_mutex_);
    splits.swap(new_splits_);
    last = no_more_splits_;
  }
  if (!splits.empty()) reader_->add_splits(splits);
  if (settings_.commits_start) {
    for (const Split& split : splits) progress_.processed(split.queue, split.offset);
    if (!splits.empty()) next_checkpoint_ = now();
  }
  if (last) reader_->no_more_splits();
}

/// False: nothing will come any more. True, without a batch: look around and come again.
Result<bool> ReadLoop::wait_for_batch() {
  if (idle_since_ == 0) idle_since_ = now().time_since_epoch().count();
  auto outcome = reader_->poll(work_.batch(), until_checkpoint());
  if (!outcome) return named(std::move(outcome).error());
  if (*outcome == PollOutcome::kBatch) {
    work_.start();
    idle_since_ = 0;
  }
  return *outcome != PollOutcome::kFinished;
}

Status ReadLoop::do_work() {
  auto finished = work_.run([this] {
    auto outcome = reader_->poll(work_.batch(), milliseconds(0));
    // An error comes again with the next poll, when these rows are through.
    if (!outcome || *outcome != PollOutcome::kBatch) return false;
    work_.start();
    return true;
  });
  if (!finished) return std::move(finished).error();
  for (const Position& position : *finished) progress_.processed(position.queue, position.offset);
  return {};
}

Status ReadLoop::checkpoint() {
  if (progress_.dirty()) {
    if (auto flushed = work_.flush(); !flushed) return flushed;
  }
  reader_->commit_soon(progress_.take());
  next_checkpoint_ = now() + settings_.commit_interval;
  return {};
}

/// What is acknowledged need not be read again, also after an error.
Status ReadLoop::last_checkpoint() {
  take_splits();  // where a queue that came at the end begins is committed too
  if (auto flushed = work_.flush(); !flushed) return flushed;
  if (const auto committed = reader_->commit(progress_.all(), kLastCommitTimeout); !committed) {
    const std::string text = fmt::format("source table {}: {}; after a restart these messages would be read again",
                                         settings_.table, committed.error().text);
    // Readers of a table have different queues, and there is no later for what is held back.
    control_.lines().write(LogLevel::kWarning, text, text);
  }
  return {};
}

milliseconds ReadLoop::until_checkpoint() const {
  if (!progress_.dirty()) return kIdleWait;
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(next_checkpoint_ - now()));
}

void ReadLoop::add_splits(std::span<const Split> splits) {
  {
    const std::lock_guard lock(splits_mutex_);
    new_splits_.insert(new_splits_.end(), splits.begin(), splits.end());
  }
  reader_->wake_up();
}

void ReadLoop::no_more_splits() {
  {
    const std::lock_guard lock(splits_mutex_);
    no_more_splits_ = true;
  }
  reader_->wake_up();
}

milliseconds ReadLoop::idle() const {
  const SteadyTime::rep since = idle_since_;
  if (since == 0) return milliseconds(0);
  return std::chrono::duration_cast<milliseconds>(now().time_since_epoch() - SteadyTime::duration(since));
}

Error ReadLoop::named(Error error) const {
  error.text = fmt::format("source table {}: {}", settings_.table, error.text);
  return error;
}

}  // namespace rocketlink::engine
