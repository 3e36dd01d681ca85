#include "sink/delivery.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "wire/outgoing.h"

namespace rocketlink::sink {

namespace {

constexpr std::int32_t kAtOnce = 0;  ///< no delay level: what brokers do not delay

std::optional<std::int64_t> millis_of(char unit) {
  switch (unit) {
    case 's':
      return 1000;
    case 'm':
      return 60'000;
    case 'h':
      return 3'600'000;
    case 'd':
      return 86'400'000;
    default:
      return std::nullopt;
  }
}

std::int64_t later(std::int64_t time_ms, std::int64_t by_ms) {
  constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();
  return by_ms > 0 && time_ms > kEnd - by_ms ? kEnd : time_ms + by_ms;
}

}  // namespace

Result<DelayLevels> DelayLevels::parse(std::string_view text) {
  constexpr std::int64_t kMostUnits = 10'000;  // seconds, minutes, hours or days of a level; more is damage
  DelayLevels levels;
  const auto refused = [&] {
    return Error(ErrorCode::kProtocol, fmt::format("the delay levels '{}' are none that can be read", text));
  };
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    if (word.empty()) continue;
    std::int64_t number = 0;
    const auto [end, wrong] = std::from_chars(word.data(), word.data() + word.size(), number);
    const auto unit = millis_of(word.back());
    if (wrong != std::errc() || end != word.data() + word.size() - 1 || !unit || number < 1 || number > kMostUnits)
      return refused();
    levels.delays_ms_.push_back(number * *unit);
  }
  if (levels.delays_ms_.empty()) return refused();
  return levels;
}

DelayLevels DelayLevels::standard() {
  return *parse("1s 5s 10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h");
}

std::optional<std::int32_t> DelayLevels::first_from(std::int64_t delay_ms) const {
  // The shortest that suffices: nothing says that a configured table is sorted.
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < delays_ms_.size(); ++i) {
    if (delays_ms_[i] >= delay_ms && (!best || delays_ms_[i] < delays_ms_[*best])) best = i;
  }
  if (!best) return std::nullopt;
  return static_cast<std::int32_t>(*best) + 1;
}

std::int64_t DelayLevels::longest() const {
  return delays_ms_.empty() ? 0 : *std::max_element(delays_ms_.begin(), delays_ms_.end());
}

Result<std::optional<std::int64_t>> Delivery::time_of(const OutgoingMessage& message, std::int64_t now_ms) const {
  switch (options_.mode) {
    case DeliveryMode::kNone:
      break;
    case DeliveryMode::kFixed:
      return std::optional(options_.value_ms);
    case DeliveryMode::kField:
      return message.deliver_at_ms;
    case DeliveryMode::kRelative:
      if (options_.type == DeliveryType::kProcessingTime) return std::optional(later(now_ms, options_.value_ms));
      if (message.event_time_ms) return std::optional(later(*message.event_time_ms, options_.value_ms));
      return Error(
          ErrorCode::kData,
          "a row has no event time, from which 'deliveryTimestampType' = 'event_time' counts: give its source a "
          "watermark, or use 'processing_time', or 'deliveryTimestampMode' = 'field'");
  }
  return std::optional<std::int64_t>();
}

Result<bool> Delivery::append_property(const OutgoingMessage& message, std::int64_t now_ms,
                                       std::string& properties) const {
  const auto time = time_of(message, now_ms);
  if (!time) return time.error();
  const bool ahead = *time && **time > now_ms;
  if (!ahead && !always_) return false;
  std::string_view name = "TIMER_DELIVER_MS";
  std::int64_t value = ahead ? **time : now_ms;
  if (encoding_ == DeliveryEncoding::kStartDeliverTime) {
    name = "__STARTDELIVERTIME";
  } else if (encoding_ == DeliveryEncoding::kDelayLevel) {
    const std::int64_t delay = value - now_ms;
    const auto level = ahead ? levels_.first_from(delay) : std::optional(kAtOnce);
    if (!level) {
      return Error(ErrorCode::kInvalidArgument,
                   fmt::format("a message is to become visible in {} ms, and the longest delay level is {} ms: deliver "
                               "it sooner, or use another 'delivery.encoding'",
                               delay, levels_.longest()));
    }
    name = "DELAY";
    value = *level;
  }
  if (auto appended = wire::append_property(properties, name, std::to_string(value)); !appended)
    return std::move(appended).error();
  return true;
}

}  // namespace rocketlink::sink
