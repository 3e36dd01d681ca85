#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rocketlink/builder.h"
#include "rocketlink/client.h"
#include "rocketlink/message.h"
#include "rocketlink/options.h"
#include "rocketlink/result.h"

namespace rocketlink {

/// A queue to be read from `offset` on, until `stop` (exclusive) when the scan is bounded.
struct Split {
  QueueId queue;
  std::int64_t offset = 0;
  std::optional<std::int64_t> stop;

  bool operator==(const Split&) const = default;
};

/// Splits as bytes for an engine's state: a version byte, then the splits. Every earlier version stays readable.
[[nodiscard]] std::string serialize_splits(std::span<const Split> splits);
/// kData when the bytes are damaged or written by a newer version (the text says which).
[[nodiscard]] Result<std::vector<Split>> deserialize_splits(std::string_view bytes);

/// What need not be read, because the engine would drop it again.
struct SourceRestriction {
  std::optional<std::vector<std::int32_t>> queue_ids;  ///< unset: all
  std::optional<std::int64_t> first_offset;
  std::optional<std::int64_t> stop_offset;    ///< exclusive; of bounded scans
  std::optional<std::int64_t> first_time_ms;  ///< of storing, since the epoch
  std::optional<std::int64_t> stop_time_ms;   ///< exclusive; of bounded scans
};

/// Finds the queues of a topic, says where reading begins in each and which reader owns it (the coordinator's half of a
/// source). For one thread at a time; calls block on the network, `wake_up` makes them return kClosed.
class SourceEnumerator {
 public:
  /// `readers` ≥ 1: how many readers share the queues.
  static Result<std::unique_ptr<SourceEnumerator>> create(std::shared_ptr<Client> client, const SourceOptions& options,
                                                          std::int32_t readers, SourceRestriction restriction = {});
  virtual ~SourceEnumerator() = default;

  struct Assignment {
    Split split;
    std::int32_t reader = 0;  ///< 0 … readers-1; balanced to within one queue, deterministic
  };
  /// Queues not seen before. The first call resolves start (and stop) positions by the options; queues found later
  /// begin at their first message, those of brokers that were away at the start as the options say, as of the start. A
  /// failure changes nothing: known queues stay known, and the next call tries again; a fatal one says that a broker
  /// does not serve the options, so that known queues are not read rightly either. Once queues are known, a broker that
  /// does not answer holds up no other's: it is an error only where nothing else was found.
  virtual Result<std::vector<Assignment>> discover() = 0;
  /// Everything known, with the positions resolved at discovery; for a checkpoint.
  [[nodiscard]] virtual std::string serialize() const = 0;
  /// Takes back what `serialize` gave. Those splits are known and not given out again by discover.
  virtual Status restore(std::string_view state) = 0;
  /// Makes the running and all later calls end soon with kClosed. Any thread.
  virtual void wake_up() = 0;
};

/// Where a reader stands in a queue: the offset of the next message to be read.
struct Position {
  QueueId queue;
  std::int64_t offset = 0;
};

/// Some consecutive messages of one queue, still encoded; `next` decodes one at a time on the calling thread.
class MessageBatch {
 public:
  MessageBatch();
  ~MessageBatch();
  MessageBatch(MessageBatch&&) noexcept;
  MessageBatch& operator=(MessageBatch&&) noexcept;

  [[nodiscard]] const QueueId& queue() const;
  /// Where to go on once every message of this batch is done with. Beyond the last message's offset + 1 where the
  /// broker filtered.
  [[nodiscard]] std::int64_t next_offset() const;
  /// The next message that passes the tag filter, nullptr at the end. Views live until the next call, or until the
  /// batch is destroyed or given to `poll` again: only one decompressed body is held at a time. An Error of kData is
  /// about one damaged message (its text says which), and the following call goes on behind it; other errors end the
  /// batch.
  [[nodiscard]] Result<const MessageView*> next();

 private:
  friend class ReaderAccess;
  struct State;
  std::unique_ptr<State> state_;
};

struct QueueStats {
  QueueId queue;
  std::int64_t position = 0;    ///< next offset to be handed out by poll
  std::int64_t max_offset = 0;  ///< as of the last answer: lag = max_offset - position
  std::int64_t committed = -1;  ///< last offset committed by this reader
};

struct ReaderStats {
  std::uint64_t api_calls = 0;
  std::uint64_t retries = 0;
  std::uint64_t throttled = 0;
  std::uint64_t bytes_buffered = 0;
  std::vector<QueueStats> queues;
};

enum class PollOutcome : std::uint8_t {
  kBatch,     ///< the batch was filled
  kTimeout,   ///< nothing came within the time given
  kWoken,     ///< wake_up was called
  kFinished,  ///< every split is read to its stop, and no_more_splits was said
};

/// Reads splits: keeps several pulls in flight per queue, hands batches out in queue order. `poll`, `take_finished`,
/// `add_splits`, `remove_splits`, `commit` are for one thread at a time; `wake_up`, `commit_soon`, `stats` for any.
class SourceReader {
 public:
  static Result<std::unique_ptr<SourceReader>> create(std::shared_ptr<Client> client, const SourceOptions& options);
  virtual ~SourceReader() = default;

  virtual void add_splits(std::span<const Split> splits) = 0;
  /// Stops reading these queues: nothing of them is handed out afterwards, not even what is on its way.
  virtual void remove_splits(std::span<const QueueId> queues) = 0;
  virtual void no_more_splits() = 0;
  /// Queues whose pulls shall rest (watermark alignment); what is buffered is still handed out.
  virtual void pause(std::span<const QueueId> queues, bool paused) = 0;

  /// Waits for a batch; what `batch` held is given up, whatever comes of it. An Error is final for the reader (no
  /// permission, offset out of range under `fail`, …).
  virtual Result<PollOutcome> poll(MessageBatch& batch, std::chrono::milliseconds timeout) = 0;
  /// Queues that poll found read to their stop since the last call.
  [[nodiscard]] virtual std::vector<QueueId> take_finished() = 0;
  /// Sticky: makes the current or, when none waits, the next poll return kWoken.
  virtual void wake_up() = 0;

  /// Commits to the consumer group on each queue's broker, in the background and never in the way of reading: the
  /// newest position of a queue counts, what fails is tried again, growing pauses between, and said once a minute. To
  /// be called now and then, with all positions or those that are new: what brokers may have lost goes again with it.
  /// `stats` tells what was committed.
  virtual void commit_soon(std::span<const Position> positions) = 0;
  /// The same, but tries at once and blocks until all are committed or can't be, or `timeout`; then it goes on in the
  /// background. An error is never final; its text names the queues.
  virtual Status commit(std::span<const Position> positions, std::chrono::milliseconds timeout) = 0;
  [[nodiscard]] virtual ReaderStats stats() const = 0;
};

class SourceBuilder;

/// Reads all queues of a topic in one process: an enumerator and a reader in one. `poll` and `commit` are for one
/// thread at a time; `wake_up` and `stats` for any.
class Source {
 public:
  static SourceBuilder builder();
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  ~Source();

  /// As SourceReader's. Once every discovery interval it looks for new queues first, which may take as long as a name
  /// server does to answer; when that fails, it is logged, and the known queues are read on, unless it is fatal.
  Result<PollOutcome> poll(MessageBatch& batch, std::chrono::milliseconds timeout);
  /// Commits to the consumer group what was polled: by calling it, the caller says to be done with all batches so far.
  /// As SourceReader's, an error may heal at the next commit. Unless queues begin at their first messages, the first
  /// commit says of the other queues where they begin.
  Status commit(std::chrono::milliseconds timeout);
  /// Sticky: makes the current or, when none waits, the next poll return kWoken.
  void wake_up();
  [[nodiscard]] ReaderStats stats() const;

 private:
  friend class SourceBuilder;
  struct State;
  explicit Source(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// `Source::builder().set_endpoint(…).set_topic(…).set_consumer_group(…).build()`
class SourceBuilder : public OptionsBuilder<SourceBuilder> {
 public:
  SourceBuilder& set_consumer_group(std::string_view group) { return set("consumerGroup", group); }
  /// Begins at this offset in every queue.
  SourceBuilder& set_start_offset(std::int64_t offset) { return set_number("startMessageOffset", offset); }
  /// Begins at the first message stored at or after this epoch millisecond.
  SourceBuilder& set_start_time_ms(std::int64_t time) { return set_number("startTimeMs", time); }
  /// kLatest ends with the messages that are there now; without it, polling never finishes.
  SourceBuilder& set_bounded(BoundedMode mode) {
    return set("scan.bounded.mode", mode == BoundedMode::kLatest      ? "latest"
                                    : mode == BoundedMode::kTimestamp ? "timestamp"
                                                                      : "unbounded");
  }
  /// Finds the queues and where to begin. kInvalidArgument when the options cannot be used, else as
  /// `SourceEnumerator::discover`.
  [[nodiscard]] Result<std::unique_ptr<Source>> build() const;
};

}  // namespace rocketlink
