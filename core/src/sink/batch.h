#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rocketlink/message.h"
#include "rocketlink/result.h"
#include "rocketlink/runtime.h"
#include "sink/delivery.h"
#include "sink/window.h"
#include "wire/outgoing.h"

namespace rocketlink::sink {

/// Messages that travel in one request, encoded as they are written, and what became of the request so far.
struct Batch {
  std::shared_ptr<std::string> bytes;  ///< body of a batch request, shared with those on their way; null: empty
  std::uint32_t messages = 0;
  std::uint64_t body_bytes = 0;  ///< the messages' own bodies
  std::int64_t born_ms = 0;      ///< wall clock of the first message
  SteadyTime started{};          ///< when the first message came
  Load ahead;                    ///< what was open then
  std::uint64_t epoch = 0;       ///< how many flushes came before it
  std::int32_t failures = 0;     ///< tries that did not work
  std::string last_broker;       ///< where the last try went
  bool bound = false;            ///< to its queue, by a partition text
  /// Of a bound one: by message the hash of its partition text, which chooses another queue where this one goes.
  std::vector<std::int32_t> hashes;
  bool delayed = false;      ///< one message that becomes visible later
  SteadyTime not_before{};   ///< of the next try
  std::uint64_t number = 0;  ///< of the sink's batches, in the order in which they were begun

  [[nodiscard]] bool empty() const { return messages == 0; }
  [[nodiscard]] Load load() const { return {bytes->size(), messages}; }
};

/// Appends messages to batches. Not thread-safe.
class BatchEncoder {
 public:
  /// `tag`: of every message; empty = the message's own. `instance`: that the topic is of; empty = none.
  BatchEncoder(Runtime& runtime, std::string tag, Delivery delivery = {}, std::string instance = {})
      : runtime_(runtime),
        tag_(std::move(tag)),
        delivery_(std::move(delivery)),
        instance_(std::move(instance)),
        keys_(runtime.identity(), runtime.random()) {}

  struct Prepared {
    std::size_t bytes = 0;  ///< that it will add to a batch
    bool delayed = false;   ///< it becomes visible later, and so must be alone in its batch
  };
  /// Makes the message's properties, a new UNIQ_KEY among them. kInvalidArgument, kData or kTooLarge when no broker
  /// could take it.
  [[nodiscard]] Result<Prepared> prepare(const OutgoingMessage& message);
  /// Appends the message that was prepared last.
  void append(const OutgoingMessage& message, Batch& batch) const;

 private:
  [[nodiscard]] Result<bool> append_delivery(const OutgoingMessage& message);
  [[nodiscard]] Status append_further(std::string_view properties, bool grouped);
  [[nodiscard]] bool append_group(const OutgoingMessage& message);

  Runtime& runtime_;
  std::string tag_;
  Delivery delivery_;
  std::string instance_;
  wire::UniqueKeyMaker keys_;
  std::string properties_;
};

/// The parts of the one message of a batch of one.
struct SingleMessage {
  std::string_view body;
  std::string_view properties;
};
[[nodiscard]] SingleMessage single_message(const Batch& batch);

/// The message group of the first message, if it has one.
[[nodiscard]] std::optional<std::string_view> message_group(const Batch& batch);

/// Cuts a batch of several messages in two, in order; each half begins with no failures.
[[nodiscard]] std::pair<Batch, Batch> split(const Batch& batch);

/// A bound batch taken apart by the queue, of so many, that the partition texts choose: in order, each part with no
/// failures, some of them empty.
[[nodiscard]] std::vector<Batch> by_queue(const Batch& batch, std::size_t queues);

}  // namespace rocketlink::sink
