#include "rocketlink/message.h"

#include <fmt/format.h>

#include "wire/bytes.h"
#include "wire/properties.h"

namespace rocketlink {

std::string to_string(const QueueId& queue) {
  return fmt::format("{}@{}:{}", queue.topic, queue.broker, queue.id);
}

std::optional<std::string_view> MessageView::property(std::string_view name) const {
  std::optional<std::string_view> found;
  wire::for_each_property(properties, [&](std::string_view pair) {
    if (const auto value = wire::value_if_named(pair, name)) found = value;
  });
  return found;
}

std::string MessageView::message_id() const {
  if (unique_key) return std::string(*unique_key);
  std::string id;
  wire::append_hex(id, store_host);
  std::string offset;
  wire::append(offset, commit_log_offset);
  wire::append_hex(id, offset);
  return id;
}

}  // namespace rocketlink
