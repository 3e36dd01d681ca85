#include "summary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rocketlink::jni {

namespace {

std::string place(const ConnectionOptions& connection, const std::string& topic) {
  return fmt::format("topic '{}' at {}{}", topic, fmt::join(connection.endpoints, ";"),
                     connection.instance_id.empty() ? "" : fmt::format(", instance '{}'", connection.instance_id));
}

std::string begin(const SourceOptions& source) {
  switch (source.start_mode) {
    case StartMode::kGroupOffsets:
      return fmt::format("the group's offsets, {} where there are none",
                         source.start_fallback == StartMode::kLatest ? "latest" : "earliest");
    case StartMode::kEarliest:
      return "earliest";
    case StartMode::kLatest:
      return "latest";
    case StartMode::kTimestamp:
      return fmt::format("epoch ms {}", source.start_timestamp_ms);
    case StartMode::kSpecificOffsets:
      return fmt::format("the specific offsets of {} queue(s)", source.specific_offsets.size());
    case StartMode::kOffset:
      return fmt::format("offset {}", source.start_offset);
  }
  return {};
}

}  // namespace

std::string summary(const SourceOptions& source) {
  return fmt::format("{}, consumer group '{}', from {}", place(source.connection, source.topic), source.consumer_group,
                     begin(source));
}

std::string summary(const SinkOptions& sink) {
  return fmt::format("{}, producer group '{}'", place(sink.connection, sink.topic), sink.producer_group);
}

}  // namespace rocketlink::jni
