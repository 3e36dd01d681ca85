#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cluster/pacer.h"
#include "net/receive_buffer.h"
#include "rocketlink/runtime.h"
#include "rocketlink/source.h"

namespace rocketlink::source {

/// Of a queue, on their way or not yet handed out: above it no further pull of the queue is sent.
inline constexpr std::int64_t kQueueBudgetBytes = 8 * 1024 * 1024;
/// Of all queues of a reader.
inline constexpr std::int64_t kReaderBudgetBytes = 48 * 1024 * 1024;
static_assert(kQueueBudgetBytes <= kReaderBudgetBytes);
/// That a chunk counts for besides its messages, so that many small ones count too.
inline constexpr std::int64_t kChunkOverheadBytes = 512;

/// What the fetcher of a queue and the reader share about it.
struct SplitState {
  QueueId queue;
  std::string topic_on_wire;  ///< may bear the instance
  std::optional<std::int64_t> stop;
  std::atomic<std::int64_t> position{0};
  std::atomic<std::int64_t> max_offset{0};
  std::atomic<std::int64_t> committed{-1};
  std::atomic<std::int64_t> buffered_bytes{0};  ///< fetched and not yet released by the reader's caller
  bool removed = false;                         ///< reader's thread
};

/// One pull answer that is next in its queue, still encoded.
struct FetchedChunk {
  std::shared_ptr<SplitState> split;
  net::SharedBytes bytes;
  std::int64_t first = 0;  ///< messages below are an overlap with an earlier answer
  std::int64_t next = 0;   ///< where the queue goes on behind this chunk
  std::int64_t offset_delta = 0;
  bool end = false;  ///< the split's stop is reached; no bytes

  /// Bytes it counts for in the budgets: with its own frame and keeping.
  [[nodiscard]] std::int64_t charge() const {
    return static_cast<std::int64_t>(bytes.bytes.size()) + kChunkOverheadBytes;
  }
};

/// Hands chunks from the I/O thread to the polling thread and keeps count of the bytes between them.
class FetchOutput {
 public:
  explicit FetchOutput(Runtime& runtime) : changed_(runtime.condition()) {}

  /// I/O thread.
  void push(FetchedChunk chunk) {
    chunk.split->buffered_bytes += chunk.charge();
    buffered_bytes_ += chunk.charge();
    const std::lock_guard lock(mutex_);
    chunks_.push_back(std::move(chunk));
    changed_->notify_all();
  }
  /// The first error stays. I/O thread.
  void fail(Error error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);
    changed_->notify_all();
  }
  /// Sticky. Any thread.
  void wake_up() {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    changed_->notify_all();
  }

  struct Taken {
    std::deque<FetchedChunk> chunks;
    std::optional<Error> error;
    bool woken = false;
  };
  /// Waits for anything and takes all of it; a wake-up goes before chunks, chunks before an error. Polling thread.
  Taken take(SteadyTime deadline) {
    std::unique_lock lock(mutex_);
    changed_->wait_until(lock, deadline, [&] { return woken_ || error_ || !chunks_.empty(); });
    Taken taken;
    taken.woken = std::exchange(woken_, false);
    if (taken.woken) return taken;
    taken.chunks.swap(chunks_);
    if (taken.chunks.empty()) taken.error = error_;
    return taken;
  }
  /// Whether wake_up was called; forgets it. Polling thread.
  bool take_wake_up() {
    const std::lock_guard lock(mutex_);
    return std::exchange(woken_, false);
  }

  /// The caller is done with a chunk. Any thread, also when the reader is gone.
  void release(const FetchedChunk& chunk) {
    const std::int64_t of_queue = chunk.split->buffered_bytes -= chunk.charge();
    const std::int64_t of_all = buffered_bytes_ -= chunk.charge();
    if (of_queue < kQueueBudgetBytes / 4 * 3 && of_all < kReaderBudgetBytes / 4 * 3) resume();
  }
  /// Whoever waits for room looks again: as after `release`, where what was reserved is no longer. Any thread.
  void resume() {
    if (!stalled_.exchange(false)) return;
    const std::lock_guard lock(resume_mutex_);
    if (resume_) resume_();
  }
  /// Whether one more answer of about `expected` bytes may be asked for; if not, `resume` is called once there is room
  /// again. `reserved` are bytes of answers still on their way, of the queue and of all. What is `needed` waits for
  /// nothing but bytes that are really there: what fills a gap, as what was asked for behind it is of no use without
  /// it, and what listens at a queue's end. I/O thread.
  bool has_room(const SplitState& split, std::int64_t queue_reserved, std::int64_t all_reserved, std::int64_t expected,
                bool needed) {
    const auto fits = [expected](std::int64_t there, std::int64_t budget) {
      return there == 0 || there + expected <= budget;  // one alone may be larger
    };
    const auto room = [&] {
      if (needed) return buffered_bytes_ < kReaderBudgetBytes && fits(split.buffered_bytes, kQueueBudgetBytes);
      return fits(split.buffered_bytes + queue_reserved, kQueueBudgetBytes) &&
             fits(buffered_bytes_ + all_reserved, kReaderBudgetBytes);
    };
    if (room()) return true;
    stalled_ = true;
    return room();  // released between the look and the mark, which stays: it may be another queue's too
  }
  /// What `release` calls when there is room again, from any thread; nothing once it is empty.
  void on_resume(std::function<void()> resume) {
    const std::lock_guard lock(resume_mutex_);
    resume_ = std::move(resume);
  }

  [[nodiscard]] std::int64_t buffered_bytes() const { return buffered_bytes_; }

  /// Pulls that did not work, by the broker whose queues they were of. I/O thread.
  void count_failure(const std::string& broker) {
    retries.fetch_add(1, std::memory_order_relaxed);
    ++failures_[broker];
  }
  [[nodiscard]] std::uint64_t failures(const std::string& broker) const {
    const auto found = failures_.find(broker);
    return found == failures_.end() ? 0 : found->second;
  }

  /// Of a call that goes now. I/O thread.
  void count_call(cluster::Pacer& pacer) {
    pacer.spend(1);
    api_calls.fetch_add(1, std::memory_order_relaxed);
  }

  std::atomic<std::uint64_t> api_calls{0};
  std::atomic<std::uint64_t> retries{0};
  std::atomic<std::uint64_t> throttled{0};

 private:
  std::mutex mutex_;
  const std::unique_ptr<Condition> changed_;
  std::deque<FetchedChunk> chunks_;  // guarded by mutex_, as the two below
  std::optional<Error> error_;
  bool woken_ = false;
  std::atomic<std::int64_t> buffered_bytes_{0};
  std::atomic<bool> stalled_{false};
  std::mutex resume_mutex_;
  std::function<void()> resume_;                   ///< posts to the I/O thread; guarded by resume_mutex_
  std::map<std::string, std::uint64_t> failures_;  ///< I/O thread
};

}  // namespace rocketlink::source
