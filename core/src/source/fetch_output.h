#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "net/receive_buffer.h"
#include "rocketlink/source.h"

namespace rocketlink::source {

inline constexpr std::int64_t kQueueBudgetBytes = 8 * 1024 * 1024;
inline constexpr std::int64_t kReaderBudgetBytes = 48 * 1024 * 1024;

/// What the fetcher of a queue and the reader share about it.
struct SplitState {
  QueueId queue;
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
};

/// Hands chunks from the I/O thread to the polling thread and keeps count of the bytes between them.
class FetchOutput {
 public:
  /// I/O thread.
  void push(FetchedChunk chunk) {
    const auto size = static_cast<std::int64_t>(chunk.bytes.bytes.size());
    chunk.split->buffered_bytes += size;
    buffered_bytes_ += size;
    const std::lock_guard lock(mutex_);
    chunks_.push_back(std::move(chunk));
    changed_.notify_one();
  }
  /// The first error stays. I/O thread.
  void fail(Error error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);
    changed_.notify_one();
  }
  /// Sticky. Any thread.
  void wake_up() {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    changed_.notify_one();
  }

  struct Taken {
    std::deque<FetchedChunk> chunks;
    std::optional<Error> error;
    bool woken = false;
  };
  /// Waits for anything and takes all of it; a wake-up goes before chunks, chunks before an error. Polling thread.
  Taken take(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, timeout, [&] { return woken_ || error_ || !chunks_.empty(); });
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

  /// The caller is done with the bytes of a chunk. Any thread.
  void release(SplitState& split, std::int64_t bytes) {
    const std::int64_t of_queue = split.buffered_bytes -= bytes;
    const std::int64_t of_all = buffered_bytes_ -= bytes;
    if (of_queue < kQueueBudgetBytes / 4 * 3 && of_all < kReaderBudgetBytes / 4 * 3 && stalled_.exchange(false)) {
      resume_();
    }
  }
  /// Whether one more answer of about `expected` bytes may be asked for; if not, `resume` is called once there is room
  /// again. `reserved` are bytes of answers still on their way, of the queue and of all. I/O thread.
  bool has_room(const SplitState& split, std::int64_t queue_reserved, std::int64_t all_reserved,
                std::int64_t expected) {
    const auto room = [&] {
      return (split.buffered_bytes + queue_reserved + expected <= kQueueBudgetBytes &&
              buffered_bytes_ + all_reserved + expected <= kReaderBudgetBytes) ||
             (split.buffered_bytes == 0 && queue_reserved == 0 && buffered_bytes_ < kReaderBudgetBytes);
    };
    if (room()) return true;
    stalled_ = true;
    return room() && stalled_.exchange(false);  // released between the look and the mark
  }
  void on_resume(std::function<void()> resume) { resume_ = std::move(resume); }

  [[nodiscard]] std::int64_t buffered_bytes() const { return buffered_bytes_; }

  std::atomic<std::uint64_t> api_calls{0};
  std::atomic<std::uint64_t> retries{0};
  std::atomic<std::uint64_t> throttled{0};

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<FetchedChunk> chunks_;  // guarded by mutex_, as the two below
  std::optional<Error> error_;
  bool woken_ = false;
  std::atomic<std::int64_t> buffered_bytes_{0};
  std::atomic<bool> stalled_{false};
  std::function<void()> resume_;  ///< posts to the I/O thread
};

}  // namespace rocketlink::source
