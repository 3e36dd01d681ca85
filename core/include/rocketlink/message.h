#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rocketlink {

/// Identity of a queue; never its address, since brokers move.
struct QueueId {
  std::string topic;
  std::string broker;
  std::int32_t id = 0;

  auto operator<=>(const QueueId&) const = default;
};

/// `topic@broker:id`, for people.
[[nodiscard]] std::string to_string(const QueueId& queue);

/// A message as a broker stored it, without copies: all views point into the buffer it was decoded from.
struct MessageView {
  std::string_view topic;
  std::string_view body;        ///< decompressed
  std::string_view properties;  ///< as on the wire: name 0x01 value 0x02 …
  std::optional<std::string_view> keys;
  std::optional<std::string_view> tags;
  std::optional<std::string_view> unique_key;  ///< UNIQ_KEY, the client-made message id
  std::string_view store_host;                 ///< 4 or 16 bytes of address and 4 of port, big-endian
  std::int64_t queue_offset = 0;
  std::int64_t commit_log_offset = 0;
  std::int64_t born_timestamp_ms = 0;
  std::int64_t store_timestamp_ms = 0;
  std::int32_t queue_id = 0;
  std::int32_t sys_flag = 0;
  std::int32_t flag = 0;
  std::int32_t reconsume_times = 0;

  /// Any property by name; the last one wins, as in Java. Empty values count as absent, as in Java.
  [[nodiscard]] std::optional<std::string_view> property(std::string_view name) const;
  /// UNIQ_KEY, else the broker's offset id (32 or 56 upper-case hex digits).
  [[nodiscard]] std::string message_id() const;
};

/// A message to be written; views need to live only during the call.
struct OutgoingMessage {
  std::string_view body;
  std::optional<std::string_view> keys;
  std::optional<std::string_view> tags;
  /// Text of the partition column: the same text goes to the same queue. Nothing: round robin.
  std::optional<std::string_view> partition;
  /// Epoch ms at which it shall become visible, where the sink's delivery mode is kField. Nothing: at once.
  std::optional<std::int64_t> deliver_at_ms;
  /// The row's event time, epoch ms, where the sink's delivery type is kEventTime.
  std::optional<std::int64_t> event_time_ms;
  /// Further properties, as on the wire: name 0x01 value 0x02 …. Keys, tags and what clients and brokers set for
  /// themselves (UNIQ_KEY, …) are not taken from here, so that those of a MessageView can be handed on as they are.
  std::string_view properties = {};
};

}  // namespace rocketlink
