#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "rocketlink/builder.h"
#include "rocketlink/client.h"
#include "rocketlink/options.h"
#include "rocketlink/result.h"

namespace rocketlink {

struct SinkStats {
  std::uint64_t messages_acknowledged = 0;
  std::uint64_t bytes_acknowledged = 0;  ///< bodies only
  std::uint64_t messages_failed = 0;
  std::uint64_t retries = 0;
  std::uint64_t throttled = 0;
  std::uint64_t degraded = 0;  ///< stored, but flush or replica late (codes 10, 11, 12)
  std::uint64_t api_calls = 0;
  std::int64_t last_send_ms = 0;  ///< duration of the last acknowledged send

  /// Counts are added; of several sinks the slowest last send counts.
  SinkStats& operator+=(const SinkStats& more);
};

class SinkBuilder;

/// Writes messages to one topic. `write`, `flush` and `close` are for one thread at a time; `abort` may be called from
/// any. At least once: what `flush` has confirmed is stored. Order is kept per queue, and so per partition text.
///
/// The first message that is given up ends the sink: every call gives that error from then on, marked `fatal`. It may
/// be a kTimeout, when a last try was not answered; `Error::timed_out` tells it from a call whose own time is over.
class Sink {
 public:
  /// Fetches the route. kNotFound when the topic does not exist and the broker does not create topics by itself,
  /// kUnsupported when a broker would not keep to the delivery time.
  static Result<std::unique_ptr<Sink>> open(std::shared_ptr<Client> client, const SinkOptions& options);
  /// The same from options by name, on a client of its own.
  static SinkBuilder builder();
  virtual ~Sink() = default;

  /// Takes one message; blocks while the in-flight window is full. Gives the first error of an earlier message, if
  /// there is one.
  virtual Status write(const OutgoingMessage& message) = 0;
  /// The same for at most `timeout`: kTimeout, and the message is not taken, when the window was full all the time.
  virtual Status write(const OutgoingMessage& message, std::chrono::milliseconds timeout) = 0;
  /// Returns when every message so far is acknowledged, or with the first error (the same one for ever after).
  virtual Status flush() = 0;
  /// The same for at most `timeout`: kTimeout when some are still under way.
  virtual Status flush(std::chrono::milliseconds timeout) = 0;
  /// Flushes for at most `timeout`, then gives up what is left and ends. A kTimeout that is not fatal names how many
  /// messages were given up. Idempotent.
  virtual Status close(std::chrono::milliseconds timeout) = 0;
  /// Makes blocked and later calls return kClosed soon. Any thread.
  virtual void abort() = 0;
  [[nodiscard]] virtual SinkStats stats() const = 0;
};

/// `Sink::builder().set_endpoint(…).set_topic(…).set_producer_group(…).build()`
class SinkBuilder : public OptionsBuilder<SinkBuilder> {
 public:
  SinkBuilder& set_producer_group(std::string_view group) { return set("producerGroup", group); }
  SinkBuilder& set_retry_times(std::int32_t times) { return set_number("retryTimes", times); }
  SinkBuilder& set_sleep_time(std::chrono::milliseconds pause) { return set_number("sleepTimeMs", pause.count()); }
  /// kInvalidArgument when the options cannot be used, else as `Sink::open`.
  [[nodiscard]] Result<std::unique_ptr<Sink>> build() const;
};

}  // namespace rocketlink
