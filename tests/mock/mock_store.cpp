#include "mock/mock_store.h"

#include <algorithm>

#include "mock/stored_message.h"
#include "wire/bytes.h"
#include "wire/outgoing.h"

namespace rocketlink::mock {

namespace {

std::string wire_properties(const MockMessage& message) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (!message.keys.empty()) pairs.emplace_back("KEYS", message.keys);
  if (!message.tags.empty()) pairs.emplace_back("TAGS", message.tags);
  pairs.insert(pairs.end(), message.properties.begin(), message.properties.end());
  return properties_of(pairs);
}

}  // namespace

std::shared_ptr<const MockEntry> MockQueue::append(const std::string& topic, std::int32_t queue_id,
                                                   const MockMessage& message, std::uint64_t number) {
  const auto made = std::make_shared<MockEntry>();
  MockEntry& entry = *made;
  MockRecord& record = entry.record;
  record.number = number;
  record.offset = next_offset;
  record.tags = message.tags;
  record.keys = message.keys;
  record.unique_key = unique_key_of(message);
  record.properties = wire_properties(message);
  record.flag = message.flag;
  record.sys_flag = message.sys_flag;
  record.store_timestamp_ms = message.store_timestamp_ms != 0 ? message.store_timestamp_ms : last_store_time + 1;
  last_store_time = record.store_timestamp_ms;
  record.body = message.body;
  if (!message.members.empty()) {
    record.body.clear();
    for (const std::string& member : message.members) record.body += batch_member(member);
    record.sys_flag |= 0x40 | 0x80;
    entry.span = static_cast<std::int64_t>(message.members.size());
  }
  StoredMessage stored;
  stored.topic = topic;
  stored.body = record.body;
  stored.properties = record.properties;
  stored.queue_id = physical_id.value_or(queue_id);
  stored.queue_offset = next_offset - offset_delta;
  stored.commit_log_offset = 1000 * next_offset + queue_id;
  stored.flag = record.flag;
  stored.sys_flag = record.sys_flag;
  stored.born_timestamp_ms = message.born_timestamp_ms != 0 ? message.born_timestamp_ms : record.store_timestamp_ms - 1;
  stored.store_timestamp_ms = record.store_timestamp_ms;
  entry.bytes = message.raw.empty() ? encode(stored) : message.raw;
  if (message.bad_crc) entry.bytes[8] = static_cast<char>(entry.bytes[8] ^ 0x55);
  entry.passes_sql92 = message.passes_sql92;
  next_offset += entry.span;
  return made;
}

PullFilter::PullFilter(std::string_view subscription, std::string_view expression_type)
    : all_(subscription.empty() || subscription == "*"), by_tags_(expression_type.empty() || expression_type == "TAG") {
  while (!subscription.empty()) {
    const auto bar = subscription.find("||");
    std::string_view tag = subscription.substr(0, bar);
    while (tag.starts_with(' ')) tag.remove_prefix(1);
    while (tag.ends_with(' ')) tag.remove_suffix(1);
    if (!tag.empty()) hashes_.push_back(wire::java_hash(tag));
    if (bar == std::string_view::npos) break;
    subscription.remove_prefix(bar + 2);
  }
}

bool PullFilter::passes(const MockEntry& entry) const {
  if (!by_tags_) return entry.passes_sql92;
  const std::int32_t hash = entry.record.tags.empty() ? 0 : wire::java_hash(entry.record.tags);
  return all_ || std::find(hashes_.begin(), hashes_.end(), hash) != hashes_.end();
}

PullResult pull(const MockQueue& queue, const PullQuestion& question, const PullLimits& limits) {
  PullResult result;
  const auto corrected = [&](std::int32_t code, std::string remark, std::int64_t next) {
    result.code = code;
    result.remark = std::move(remark);
    result.next_offset = next;
    return result;
  };
  const std::int64_t offset = question.offset;
  if (queue.max_offset == 0) return corrected(offset == 0 ? 19 : 21, "NO_MESSAGE_IN_QUEUE", 0);
  if (offset < queue.min_offset) return corrected(21, "OFFSET_TOO_SMALL", queue.min_offset);
  if (offset == queue.max_offset) return corrected(19, "OFFSET_OVERFLOW_ONE", offset);
  if (offset > queue.max_offset) return corrected(21, "OFFSET_OVERFLOW_BADLY", queue.max_offset);

  auto at = queue.entries.upper_bound(offset);
  if (at != queue.entries.begin() && std::prev(at)->first + std::prev(at)->second->span > offset) --at;
  const std::int64_t most = std::clamp<std::int64_t>(question.max_messages, 1, limits.messages);
  std::int64_t taken = 0;
  std::int64_t scanned = 0;
  std::int64_t next = queue.max_offset;
  for (; at != queue.entries.end(); ++at) {
    const MockEntry& entry = *at->second;
    const bool full =
        taken > 0 && (taken + entry.span > most || result.body.size() + entry.bytes.size() > limits.bytes);
    if (full || scanned >= std::max(limits.scanned, question.max_messages)) {
      next = at->first;
      break;
    }
    ++scanned;
    if (!question.filter.passes(entry)) continue;
    result.body += entry.bytes;
    taken += entry.span;
  }
  result.code = taken > 0 ? 0 : 20;
  result.remark = taken > 0 ? "FOUND" : "NO_MATCHED_MESSAGE";
  result.next_offset = next;
  return result;
}

std::int64_t search_by_time(const MockQueue& queue, std::int64_t timestamp_ms, bool upper) {
  std::int64_t found = upper ? queue.min_offset : queue.max_offset;
  for (const auto& [offset, entry] : queue.entries) {
    const std::int64_t stored = entry->record.store_timestamp_ms;
    if (!upper && stored >= timestamp_ms) return offset;
    if (upper && stored <= timestamp_ms) found = offset;
  }
  return found;
}

std::int64_t search_nearest(const MockQueue& queue, std::int64_t timestamp_ms) {
  std::vector<const MockRecord*> records;
  for (const auto& [offset, entry] : queue.entries) records.push_back(&entry->record);
  std::size_t low = 0;
  std::size_t high = records.size();
  const MockRecord* before = nullptr;
  const MockRecord* behind = nullptr;
  while (low < high) {
    const std::size_t middle = (low + high - 1) / 2;
    const MockRecord* const record = records[middle];
    if (record->store_timestamp_ms == timestamp_ms) return record->offset;
    if (record->store_timestamp_ms > timestamp_ms) {
      behind = record;
      high = middle;
    } else {
      before = record;
      low = middle + 1;
    }
  }
  if (before == nullptr) return behind == nullptr ? 0 : behind->offset;
  if (behind == nullptr) return before->offset;
  const bool later = timestamp_ms - before->store_timestamp_ms > behind->store_timestamp_ms - timestamp_ms;
  return later ? behind->offset : before->offset;
}

/// As brokers read them: of several values of one name the last counts, and none that is empty.
void set_properties(MockMessage& message, std::string_view properties) {
  while (!properties.empty()) {
    const auto end = properties.find('\x02');
    const std::string_view pair = properties.substr(0, end);
    const auto middle = pair.find('\x01');
    if (middle != std::string_view::npos && middle > 0 && middle + 1 < pair.size()) {
      const std::string name(pair.substr(0, middle));
      const std::string value(pair.substr(middle + 1));
      if (name == "TAGS") {
        message.tags = value;
      } else if (name == "KEYS") {
        message.keys = value;
      } else {
        std::erase_if(message.properties, [&](const auto& property) { return property.first == name; });
        message.properties.emplace_back(name, value);
      }
    }
    if (end == std::string_view::npos) break;
    properties.remove_prefix(end + 1);
  }
}

std::string unique_key_of(const MockMessage& message) {
  std::string key;
  for (const auto& [name, value] : message.properties) {
    if (name == "UNIQ_KEY") key = value;
  }
  return key;
}

std::optional<std::vector<MockMessage>> split_batch(std::string_view body) {
  std::vector<MockMessage> messages;
  while (!body.empty()) {
    wire::ByteReader reader(body);
    std::int32_t size = 0;
    std::int32_t magic = 0;
    std::int32_t crc = 0;
    MockMessage message;
    std::int32_t body_bytes = 0;
    std::int16_t property_bytes = 0;
    std::string_view text;
    std::string_view properties;
    if (!reader.take(size) || !reader.take(magic) || !reader.take(crc) || !reader.take(message.flag) ||
        !reader.take(body_bytes) || !reader.take_bytes(body_bytes, text) || !reader.take(property_bytes) ||
        !reader.take_bytes(property_bytes, properties))
      return std::nullopt;
    if (static_cast<std::size_t>(size) != body.size() - reader.rest().size()) return std::nullopt;
    message.body = std::string(text);
    set_properties(message, properties);
    messages.push_back(std::move(message));
    body = reader.rest();
  }
  return messages;
}

}  // namespace rocketlink::mock
