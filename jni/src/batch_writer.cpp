#include "batch_writer.h"

#include <cstddef>
#include <cstring>

#include "layout.h"

namespace rocketlink::jni {

namespace {

using layout::BatchHeader;
using layout::BatchMessage;
using layout::RawMessage;

constexpr std::size_t padded(std::size_t bytes) {
  return (bytes + 7) / 8 * 8;
}

template <class T>
void put(std::string& out, std::size_t at, T value) {
  std::memcpy(out.data() + at, &value, sizeof(value));
}

}  // namespace

void BatchWriter::begin() {
  messages_.clear();
  contents_.clear();
  body_bytes_ = 0;
}

void BatchWriter::begin_message(const MessageView& message) {
  begin_rest(message);
  body_bytes_ += static_cast<std::int64_t>(message.body.size());
}

void BatchWriter::begin_rest(const MessageView& message) {
  messages_.push_back({message.queue_offset, message.store_timestamp_ms, message.born_timestamp_ms,
                       static_cast<std::uint32_t>(contents_.size()), 0});
}

void BatchWriter::append_raw(const MessageView& message) {
  const std::string id = message.message_id();
  const std::size_t length = RawMessage::kSize + message.body.size() + message.properties.size() + id.size();
  const std::size_t begin = contents_.size();
  const std::size_t at = begin + layout::Content::kSize;
  contents_.resize(at + RawMessage::kSize);
  put(contents_, begin + layout::Content::kLength, static_cast<std::uint64_t>(length));
  put(contents_, at + RawMessage::kBodyBytes, static_cast<std::uint32_t>(message.body.size()));
  put(contents_, at + RawMessage::kPropertyBytes, static_cast<std::uint32_t>(message.properties.size()));
  put(contents_, at + RawMessage::kIdBytes, static_cast<std::uint32_t>(id.size()));
  put(contents_, at + RawMessage::kFlag, message.flag);
  put(contents_, at + RawMessage::kSysFlag, message.sys_flag);
  put(contents_, at + RawMessage::kReconsumeTimes, message.reconsume_times);
  contents_.append(message.body).append(message.properties).append(id);
  contents_.resize(padded(contents_.size()), '\0');
}

std::string_view BatchWriter::finish(const QueueId& queue, std::int64_t next_offset, std::uint32_t skipped) {
  const std::string name = to_string(queue);
  const std::size_t table = BatchHeader::kSize + padded(name.size());
  const std::size_t contents = table + messages_.size() * BatchMessage::kSize;
  array_.assign(contents, '\0');
  put(array_, BatchHeader::kMessages, static_cast<std::uint32_t>(messages_.size()));
  put(array_, BatchHeader::kNameBytes, static_cast<std::uint32_t>(name.size()));
  put(array_, BatchHeader::kNextOffset, next_offset);
  put(array_, BatchHeader::kBodyBytes, body_bytes_);
  put(array_, BatchHeader::kSkipped, skipped);
  put(array_, BatchHeader::kContents, static_cast<std::uint32_t>(contents));
  std::memcpy(array_.data() + BatchHeader::kSize, name.data(), name.size());
  static_assert(
      sizeof(Message) == BatchMessage::kSize && offsetof(Message, offset) == BatchMessage::kOffset &&
      offsetof(Message, stored) == BatchMessage::kStoredMs && offsetof(Message, born) == BatchMessage::kBornMs &&
      offsetof(Message, position) == BatchMessage::kPosition && offsetof(Message, rows) == BatchMessage::kRows);
  for (Message& message : messages_) message.position += static_cast<std::uint32_t>(contents);
  if (!messages_.empty()) std::memcpy(array_.data() + table, messages_.data(), messages_.size() * BatchMessage::kSize);
  array_.append(contents_);
  return array_;
}

}  // namespace rocketlink::jni
