#include "mock/stored_message.h"

#include <zlib.h>

#include <concepts>
#include <type_traits>

namespace rocketlink::mock {

namespace {

// Byte by byte on purpose: what the core's own helpers write and read must not be checked by themselves.
template <std::integral T>
void put(std::string& out, T value) {
  const auto bits = static_cast<std::make_unsigned_t<T>>(value);
  for (int shift = (static_cast<int>(sizeof(T)) - 1) * 8; shift >= 0; shift -= 8)
    out += static_cast<char>(bits >> shift & 0xFF);
}

std::uint32_t crc_of(std::string_view body) {
  return static_cast<std::uint32_t>(
             crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()))) &
         0x7FFFFFFFU;
}

}  // namespace

std::string properties_of(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string out;
  for (const auto& [name, value] : pairs) {
    out += name;
    out += '\x01';
    out += value;
    out += '\x02';
  }
  return out;
}

std::string encode(const StoredMessage& message) {
  std::string rest;
  put(rest, message.v2 ? 0xDAA320ABU : 0xDAA320A7U);
  put(rest, message.body.empty() ? 0U : crc_of(message.body));
  put(rest, message.queue_id);
  put(rest, message.flag);
  put(rest, message.queue_offset);
  put(rest, message.commit_log_offset);
  put(rest, message.sys_flag);
  put(rest, message.born_timestamp_ms);
  rest += message.born_ip;
  put(rest, std::int32_t{40000});
  put(rest, message.store_timestamp_ms);
  rest += message.store_ip;
  put(rest, message.store_port);
  put(rest, message.reconsume_times);
  put(rest, message.prepared_transaction_offset);
  put(rest, static_cast<std::int32_t>(message.body.size()));
  rest += message.body;
  if (message.v2) {
    put(rest, static_cast<std::int16_t>(message.topic.size()));
  } else {
    put(rest, static_cast<std::uint8_t>(message.topic.size()));
  }
  rest += message.topic;
  put(rest, static_cast<std::int16_t>(message.properties.size()));
  rest += message.properties;
  std::string out;
  put(out, static_cast<std::int32_t>(rest.size() + 4));
  return out + rest;
}

std::string batch_member(std::string_view body, std::string_view properties, std::int32_t flag) {
  std::string out;
  put(out, static_cast<std::int32_t>(22 + body.size() + properties.size()));
  put(out, std::int32_t{0});
  put(out, std::int32_t{0});
  put(out, flag);
  put(out, static_cast<std::int32_t>(body.size()));
  out += body;
  put(out, static_cast<std::int16_t>(properties.size()));
  out += properties;
  return out;
}

}  // namespace rocketlink::mock
