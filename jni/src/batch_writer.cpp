#include "batch_writer.h"

#include <cstring>

namespace rocketlink::jni {

namespace {

constexpr std::size_t kHeaderBytes = 32;

constexpr std::size_t padded(std::size_t bytes) {
  return (bytes + 7) / 8 * 8;
}

template <class T>
void put(std::string& out, std::size_t at, T value) {
  std::memcpy(out.data() + at, &value, sizeof(value));
}

template <class T>
void append(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
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
  const std::size_t length = 24 + message.body.size() + message.properties.size() + id.size();
  append(contents_, static_cast<std::uint64_t>(length));
  append(contents_, static_cast<std::uint32_t>(message.body.size()));
  append(contents_, static_cast<std::uint32_t>(message.properties.size()));
  append(contents_, static_cast<std::uint32_t>(id.size()));
  append(contents_, message.flag);
  append(contents_, message.sys_flag);
  append(contents_, message.reconsume_times);
  contents_.append(message.body).append(message.properties).append(id);
  contents_.resize(padded(contents_.size()), '\0');
}

std::string_view BatchWriter::finish(const QueueId& queue, std::int64_t next_offset, std::uint32_t skipped) {
  const std::string name = to_string(queue);
  const std::size_t table = kHeaderBytes + padded(name.size());
  const std::size_t contents = table + messages_.size() * sizeof(Message);
  array_.assign(contents, '\0');
  put(array_, 0, static_cast<std::uint32_t>(messages_.size()));
  put(array_, 4, static_cast<std::uint32_t>(name.size()));
  put(array_, 8, next_offset);
  put(array_, 16, body_bytes_);
  put(array_, 24, skipped);
  put(array_, 28, static_cast<std::uint32_t>(contents));
  std::memcpy(array_.data() + kHeaderBytes, name.data(), name.size());
  static_assert(sizeof(Message) == 32);
  for (Message& message : messages_) message.position += static_cast<std::uint32_t>(contents);
  if (!messages_.empty()) std::memcpy(array_.data() + table, messages_.data(), messages_.size() * sizeof(Message));
  array_.append(contents_);
  return array_;
}

}  // namespace rocketlink::jni
