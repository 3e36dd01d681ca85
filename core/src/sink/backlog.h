#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rocketlink/options.h"
#include "rocketlink/sink.h"
#include "sink/batch.h"
#include "sink/lanes.h"
#include "sink/targets.h"
#include "sink/window.h"
#include "wire/command.h"

namespace rocketlink::sink {

static_assert(kFirstBatchBytes <= kLeastWindowBytes && wire::kMaxFrameBytes <= kWindowBytes);
inline constexpr std::size_t kDelayedMessages = 256;         ///< without an answer; further delayed ones wait
inline constexpr std::chrono::hours kLongestWait{24 * 365};  ///< a longer timeout of a sink counts as this

struct BacklogSettings {
  std::string topic;
  std::string tag;       ///< of every message; empty = the message's own
  std::string instance;  ///< that the topic is of; empty = none
  std::uint32_t batch_messages = static_cast<std::uint32_t>(SinkOptions().batch_max_messages);
  std::size_t batch_bytes = static_cast<std::size_t>(SinkOptions().batch_max_bytes);
  std::chrono::milliseconds linger = std::chrono::milliseconds(SinkOptions().batch_linger_ms);
  Delivery delivery = {};
  bool drop_failed = false;                       ///< instead of failing
  bool needs_keys = false;                        ///< the topic takes no message without
  Load window = {kWindowBytes, kWindowMessages};  ///< most without an answer
  std::size_t delayed_under_way = kDelayedMessages;
};

/// All messages between `write` and their acknowledgement. The writing thread encodes into batches that are being
/// filled; the I/O thread takes those that are due, and says what became of them. Thread-safe.
class Backlog {
 public:
  Backlog(Runtime& runtime, BacklogSettings settings, const std::vector<Target>& targets);

  /// `wake` is called, under the lock, when the I/O thread should `take` soon.
  void on_work(std::function<void()> wake);

  // ---- the writing thread ----
  /// Waits for room at most for `patience` (kTimeout, and the message is not taken).
  Status add(const OutgoingMessage& message, std::chrono::milliseconds patience = kLongestWait);
  /// Waits until all that was added before is acknowledged, at most until `deadline` (kTimeout).
  Status flush(std::optional<SteadyTime> deadline);
  /// Ends everything; later calls give kClosed, or the first error. Any thread.
  void abort();
  /// The same after a close; gives how many messages had no acknowledgement.
  std::uint64_t end();
  [[nodiscard]] SinkStats stats() const;
  /// Why the last try that failed did so; empty if none did.
  [[nodiscard]] std::string last_trouble() const;

  // ---- the I/O thread ----
  void set_targets(const std::vector<Target>& targets);
  struct Dispatch {
    std::shared_ptr<Lane> lane;
    std::shared_ptr<BrokerState> broker;  ///< as it was at that time
    Target target;                        ///< the same
    Batch batch;
  };
  struct Work {
    std::vector<Dispatch> sends;
    std::optional<SteadyTime> wake;  ///< when to `take` again if nothing happens
    std::size_t most = 0;

    [[nodiscard]] bool full() const { return sends.size() >= most; }
  };
  /// At most `most` sends; fewer when there is nothing more to send at the moment.
  /// As far as brokers that `rooms` names have room, and no more than one batch beyond.
  [[nodiscard]] Work take(SteadyTime now, std::size_t most = std::numeric_limits<std::size_t>::max(),
                          const std::vector<Room>& rooms = {});
  void stored(Dispatch dispatch, bool degraded, std::chrono::milliseconds took);
  /// The batch is to be sent again at `when`; the whole broker rests until then if it `concerns_broker`.
  void again(Dispatch dispatch, SteadyTime when, bool concerns_broker, const std::string& why);
  /// The same, but the try does not count as one of those that a batch has.
  void postpone(Dispatch dispatch, SteadyTime when, bool concerns_broker, const std::string& why);
  /// Two halves of the batch are sent in its place.
  void cut(const Dispatch& dispatch);
  /// Gives up the batch: the first such error ends the sink, unless failed batches are dropped.
  void failed(const Dispatch& dispatch, Error error);
  /// Ends the sink, whatever is guaranteed.
  void end_with(Error error);
  void count_throttled();
  /// Whether the broker leaves what it is asked without an answer.
  void set_silent(const std::string& broker, bool silent);
  /// Of a call that sends nothing.
  void count_call();

 private:
  [[nodiscard]] Status trouble() const;
  void fail(Error error);
  void begin(Batch& batch, bool bound);
  void append(const OutgoingMessage& message, std::int32_t hash, Batch& batch);
  void seal(Lane* lane);
  static void dispatch(const std::shared_ptr<Lane>& lane, Batch batch, Work& work);
  void wake();
  void wake_at(SteadyTime due);
  void take_bound(SteadyTime now, Work& work);
  void take_unbound(SteadyTime now, Work& work);
  void take_delayed(SteadyTime now, Work& work);
  void add_delayed(const OutgoingMessage& message, std::int32_t hash, Lane* lane);
  void retry_due(SteadyTime now, Work& work);
  void leave(const Dispatch& dispatch);
  /// What waits for a queue that is gone goes where its partition texts lead now.
  void leave_gone(Lane& lane);
  void move(const Batch& batch);
  [[nodiscard]] bool due(const Batch& batch, SteadyTime now) const;
  void release(const Batch& batch);
  void drop_all();

  Runtime& runtime_;
  const BacklogSettings settings_;
  mutable std::mutex mutex_;
  const std::unique_ptr<Condition> changed_;
  // All guarded by mutex_:
  std::function<void()> wake_;
  bool woken_ = false;
  std::optional<SteadyTime> wake_at_;  ///< what the I/O thread's timer is set to
  BatchEncoder encoder_;
  Lanes lanes_;
  Batch unbound_filling_;
  std::size_t bound_turn_ = 0;  ///< of lanes_.all(): the one after the last that was given room
  std::deque<Batch> unbound_;   ///< to be sent to whichever queue is free
  std::deque<Batch> unbound_delayed_;
  std::size_t delayed_turn_ = 0;  ///< the same for delayed messages; behind the last lane is what no queue binds
  std::size_t delayed_under_way_ = 0;
  std::vector<Batch> retrying_;  ///< unbound, waiting for their next try
  std::vector<std::shared_ptr<std::string>> spare_;
  SendWindow window_;
  int waiting_ = 0;  ///< for room: nothing is added to batches that are being filled
  std::uint64_t epoch_ = 0;
  std::uint64_t batches_ = 0;                            ///< begun
  std::map<std::uint64_t, std::uint64_t> open_batches_;  ///< not acknowledged, by epoch
  std::optional<Error> error_;
  bool ended_ = false;
  std::string last_trouble_;
  SinkStats stats_;
};

}  // namespace rocketlink::sink
