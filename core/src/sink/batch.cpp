#include "sink/batch.h"

#include <fmt/format.h>

#include <algorithm>

#include "sink/targets.h"
#include "wire/bytes.h"
#include "wire/command.h"
#include "wire/properties.h"

namespace rocketlink::sink {

namespace {

constexpr std::size_t kBodyLengthAt = 16;  ///< within a member: after total size, magic, CRC and flag
constexpr std::size_t kBodyAt = kBodyLengthAt + 4;
constexpr std::size_t kUniqueKeyBytes = 128;  ///< left for the key beside a group, names and separators included
/// Left for a header in a frame, properties included: a larger body is refused.
constexpr std::size_t kHeaderBytes = 128 * 1024;
static_assert(kUniqueKeyBytes < wire::kMaxPropertiesBytes && wire::kMaxPropertiesBytes < kHeaderBytes &&
              kHeaderBytes < wire::kMaxFrameBytes);

std::size_t length_at(std::string_view bytes, std::size_t at) {
  return wire::load<std::uint32_t>(bytes.data() + at);
}

/// An empty one that comes in the place of `batch`.
Batch like(const Batch& batch) {
  Batch made;
  made.bytes = std::make_shared<std::string>();
  made.born_ms = batch.born_ms;
  made.started = batch.started;
  made.ahead = batch.ahead;
  made.epoch = batch.epoch;
  made.last_broker = batch.last_broker;
  made.bound = batch.bound;
  made.delayed = batch.delayed;
  made.number = batch.number;
  return made;
}

/// Copies message `index`, which begins at `at`, from one batch to the other; gives how many bytes it has.
std::size_t append_member(const Batch& from, std::uint32_t index, std::size_t at, Batch& to) {
  const std::size_t bytes = length_at(*from.bytes, at);
  to.bytes->append(*from.bytes, at, bytes);
  ++to.messages;
  to.body_bytes += length_at(*from.bytes, at + kBodyLengthAt);
  if (from.bound) to.hashes.push_back(from.hashes[index]);
  return bytes;
}

}  // namespace

Result<BatchEncoder::Prepared> BatchEncoder::prepare(const OutgoingMessage& message) {
  if (message.body.size() > wire::kMaxFrameBytes - kHeaderBytes) {
    return Error(ErrorCode::kTooLarge,
                 fmt::format("a message body of {} bytes fits into no request: the protocol's limit is {} bytes "
                             "(a broker's own limit, maxMessageSize, is 4194304 bytes unless it is configured)",
                             message.body.size(), wire::kMaxFrameBytes - kHeaderBytes));
  }
  properties_.clear();
  if (message.keys) {
    if (auto status = wire::append_property(properties_, "KEYS", *message.keys); !status)
      return std::move(status).error();
  }
  const std::string_view tag = tag_.empty() ? message.tags.value_or(std::string_view()) : std::string_view(tag_);
  if (auto status = wire::append_property(properties_, "TAGS", tag); !status) return std::move(status).error();
  if (auto status = wire::append_property(properties_, "INSTANCE_ID", instance_); !status)
    return std::move(status).error();
  auto delayed = append_delivery(message);
  if (!delayed) return std::move(delayed).error();
  const bool grouped = append_group(message);
  if (auto status = append_further(message.properties, grouped); !status) return std::move(status).error();
  properties_ += "UNIQ_KEY";
  properties_ += wire::kNameEnd;
  keys_.append(properties_, runtime_.wall_clock_ms());
  properties_ += wire::kPairEnd;
  if (properties_.size() > wire::kMaxPropertiesBytes) {
    return Error(
        ErrorCode::kTooLarge,
        fmt::format("keys ({} bytes), tag ({} bytes) and further properties ({} bytes) of a message are too long: "
                    "RocketMQ keeps at most {} bytes of properties",
                    message.keys.value_or(std::string_view()).size(), tag.size(), message.properties.size(),
                    wire::kMaxPropertiesBytes));
  }
  return Prepared{wire::batch_member_bytes(message.body.size(), properties_.size()), *delayed};
}

Result<bool> BatchEncoder::append_delivery(const OutgoingMessage& message) {
  if (!delivery_.active()) return false;
  auto delayed = delivery_.append_property(message, runtime_.wall_clock_ms(), properties_);
  if (delayed && *delayed && message.body.empty()) {
    return Error(
        ErrorCode::kInvalidArgument,
        "a message without a body cannot be delayed: brokers take it in a batch only, where they deliver at once");
  }
  return delayed;
}

/// A text that cannot be a property chooses the queue all the same.
bool BatchEncoder::append_group(const OutgoingMessage& message) {
  const std::string_view group = message.partition.value_or(std::string_view());
  const std::size_t others = properties_.size() + message.properties.size() + kUniqueKeyBytes;
  if (group.empty() || others + group.size() > wire::kMaxPropertiesBytes) return false;
  return static_cast<bool>(wire::append_property(properties_, wire::kMessageGroup, group));
}

Status BatchEncoder::append_further(std::string_view properties, bool grouped) {
  Status status;
  wire::for_each_property(properties, [&](std::string_view pair) {
    const std::size_t end = pair.find(wire::kNameEnd);
    const std::string_view name = pair.substr(0, end);
    if (!status || end == std::string_view::npos || wire::is_system_property(name)) return;
    if (grouped && name == wire::kMessageGroup) return;
    status = wire::append_property(properties_, name, pair.substr(end + 1));
  });
  return status;
}

void BatchEncoder::append(const OutgoingMessage& message, Batch& batch) const {
  if (!batch.bytes) batch.bytes = std::make_shared<std::string>();
  (void)wire::append_batch_member(*batch.bytes, message.body, properties_);  // prepare has checked the lengths
  ++batch.messages;
  batch.body_bytes += message.body.size();
}

SingleMessage single_message(const Batch& batch) {
  const std::string_view bytes = *batch.bytes;
  const std::size_t body = length_at(bytes, kBodyLengthAt);
  return {bytes.substr(kBodyAt, body), bytes.substr(kBodyAt + body + 2)};
}

std::optional<std::string_view> message_group(const Batch& batch) {
  const std::string_view bytes = *batch.bytes;
  const std::size_t properties = kBodyAt + length_at(bytes, kBodyLengthAt);
  const auto length = wire::load<std::uint16_t>(bytes.data() + properties);
  std::optional<std::string_view> group;
  wire::for_each_property(bytes.substr(properties + 2, length), [&](std::string_view pair) {
    if (const auto value = wire::value_if_named(pair, wire::kMessageGroup)) group = value;
  });
  return group;
}

std::pair<Batch, Batch> split(const Batch& batch) {
  std::pair<Batch, Batch> halves{like(batch), like(batch)};
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < batch.messages; ++i)
    at += append_member(batch, i, at, i < batch.messages / 2 ? halves.first : halves.second);
  return halves;
}

std::vector<Batch> by_queue(const Batch& batch, std::size_t queues) {
  std::vector<Batch> parts(queues);
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < batch.messages; ++i) {
    Batch& part = parts[target_for(batch.hashes[i], queues)];
    if (part.empty()) part = like(batch);
    at += append_member(batch, i, at, part);
  }
  return parts;
}

}  // namespace rocketlink::sink
