#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rocketlink/message.h"
#include "rocketlink/options.h"
#include "rocketlink/result.h"

/// When messages become visible, and the property that tells the broker (docs/protocol.md, Delivery times).
namespace rocketlink::sink {

/// Fixed delays, by number from 1 on, that every broker line knows.
class DelayLevels {
 public:
  /// A broker's `messageDelayLevel`, such as "1s 5s 2m 1h 1d". kProtocol when it cannot be read.
  static Result<DelayLevels> parse(std::string_view text);
  /// What brokers have unless they are configured otherwise.
  static DelayLevels standard();

  /// The number of the first level that is not shorter; nothing when all are.
  [[nodiscard]] std::optional<std::int32_t> first_from(std::int64_t delay_ms) const;
  [[nodiscard]] bool empty() const { return delays_ms_.empty(); }
  /// Milliseconds.
  [[nodiscard]] std::int64_t longest() const;
  bool operator==(const DelayLevels&) const = default;

 private:
  std::vector<std::int64_t> delays_ms_;
};

/// Gives each message of a sink its time. Without a mode every message is for at once.
class Delivery {
 public:
  Delivery() = default;
  /// `encoding` is not kAuto; `levels` are for kDelayLevel.
  /// `always`: every message has the property, also one for at once, as topics of type DELAY want it at a proxy.
  Delivery(DeliveryOptions options, DeliveryEncoding encoding, DelayLevels levels, bool always = false)
      : options_(std::move(options)), encoding_(encoding), levels_(std::move(levels)), always_(always) {}

  [[nodiscard]] bool active() const { return options_.mode != DeliveryMode::kNone; }
  /// Brokers before 5.0 store a timer's property and deliver at once.
  [[nodiscard]] bool needs_timers() const { return active() && encoding_ == DeliveryEncoding::kTimer; }

  /// That messages are numbered by, if they are.
  [[nodiscard]] std::optional<DelayLevels> levels() const {
    return active() && encoding_ == DeliveryEncoding::kDelayLevel ? std::optional(levels_) : std::nullopt;
  }

  /// Appends the property of a message that becomes visible later than `now_ms` (epoch); false when it has none.
  /// kData when the row has no event time, kInvalidArgument when no delay level reaches so far.
  [[nodiscard]] Result<bool> append_property(const OutgoingMessage& message, std::int64_t now_ms,
                                             std::string& properties) const;

 private:
  [[nodiscard]] Result<std::optional<std::int64_t>> time_of(const OutgoingMessage& message, std::int64_t now_ms) const;

  DeliveryOptions options_;
  DeliveryEncoding encoding_ = DeliveryEncoding::kTimer;
  DelayLevels levels_;
  bool always_ = false;
};

}  // namespace rocketlink::sink
