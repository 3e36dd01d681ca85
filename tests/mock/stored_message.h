#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Stored messages as a broker's pull answers carry them, for tests.
namespace rocketlink::mock {

/// One stored message; what is not set is made up from the rest.
struct StoredMessage {
  std::string topic = "orders";
  std::string body = "body";
  std::string properties;  ///< as on the wire
  std::int32_t queue_id = 0;
  std::int64_t queue_offset = 0;
  std::int64_t commit_log_offset = 0;
  std::int32_t flag = 0;
  std::int32_t sys_flag = 0;
  std::int64_t born_timestamp_ms = 1'700'000'000'000;
  std::int64_t store_timestamp_ms = 1'700'000'000'001;
  std::int32_t reconsume_times = 0;
  std::int64_t prepared_transaction_offset = 0;
  std::string store_ip = std::string("\x7F\0\0\1", 4);  ///< 4 bytes, or 16 with sysFlag 0x20
  std::string born_ip = std::string("\x7F\0\0\1", 4);   ///< 4 bytes, or 16 with sysFlag 0x10
  std::int32_t store_port = 10911;
  bool v2 = false;  ///< magic V2: two bytes of topic length
};

/// `name 0x01 value 0x02` for each pair.
[[nodiscard]] std::string properties_of(const std::vector<std::pair<std::string, std::string>>& pairs);

/// The bytes of the message, its CRC right.
[[nodiscard]] std::string encode(const StoredMessage& message);

/// One member of a batch body: sizes, zero CRC and magic, flag, body, properties.
[[nodiscard]] std::string batch_member(std::string_view body, std::string_view properties = {}, std::int32_t flag = 0);

}  // namespace rocketlink::mock
