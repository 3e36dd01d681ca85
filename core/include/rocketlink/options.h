#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rocketlink/message.h"
#include "rocketlink/result.h"
#include "rocketlink/types.h"

/// The options of the `mq` and `mq5` connectors: one registry (`option_specs`) drives parsing, refusals, masking and
/// docs/options.md; the typed structures below are what source, sink and codecs are given.
namespace rocketlink {

enum class Connector : std::uint8_t { kMq, kMq5 };

/// How to reach the cluster; the same for source and sink.
struct ConnectionOptions {
  Connector connector = Connector::kMq5;
  std::vector<std::string> endpoints;  ///< host:port of name servers or of the proxy, at least one
  std::string access_id;               ///< empty: unsigned
  std::string access_key;              ///< secret; never printed
  std::string instance_id;
  double max_api_calls_per_second = 0;  ///< 0 = no budget
};

enum class LengthCheck : std::uint8_t { kNone, kSkip, kException, kPad };

/// How CSV text is laid out; the same for source and sink.
struct FormatOptions {
  std::string encoding = "UTF-8";
  std::string time_zone = "UTC";
  std::string field_delimiter = "\x01";
  std::string line_delimiter = "\n";              ///< source only
  std::optional<char> quote_character;            ///< RFC 4180 quoting when set
  LengthCheck length_check = LengthCheck::kNone;  ///< source only
  bool column_error_debug = false;                ///< source only
};

enum class StartMode : std::uint8_t { kGroupOffsets, kEarliest, kLatest, kTimestamp, kSpecificOffsets, kOffset };
enum class BoundedMode : std::uint8_t { kUnbounded, kLatest, kTimestamp };
enum class OutOfRangePolicy : std::uint8_t { kFail, kEarliest, kLatest };

struct SourceOptions {
  ConnectionOptions connection;
  FormatOptions format;
  std::string topic;
  std::string consumer_group;
  std::vector<std::string> tags;                 ///< empty = all
  std::string sql92_filter;                      ///< empty = none
  std::optional<std::int64_t> pull_interval_ms;  ///< `mq`; long polling when unset
  std::int32_t pull_batch_size = 64;
  StartMode start_mode = StartMode::kGroupOffsets;
  StartMode start_fallback = StartMode::kEarliest;                                ///< kEarliest or kLatest
  std::int64_t start_timestamp_ms = 0;                                            ///< with kTimestamp
  std::int64_t start_offset = 0;                                                  ///< with kOffset
  std::map<std::pair<std::string, std::int32_t>, std::int64_t> specific_offsets;  ///< (broker, queue id) → offset
  BoundedMode bounded_mode = BoundedMode::kUnbounded;
  std::int64_t bounded_timestamp_ms = 0;
  std::int64_t discovery_interval_ms = 300'000;  ///< 0 = off
  OutOfRangePolicy out_of_range = OutOfRangePolicy::kFail;
  std::optional<std::int32_t> parallelism;
};

enum class DeliveryMode : std::uint8_t { kNone, kFixed, kRelative, kField };
enum class DeliveryGuarantee : std::uint8_t { kAtLeastOnce, kNone };

struct SinkOptions {
  ConnectionOptions connection;
  FormatOptions format;
  std::string topic;
  std::string producer_group;
  std::string tag;  ///< `mq` only
  std::int32_t retry_times = 10;
  std::int64_t sleep_time_ms = 5000;
  std::string partition_field;  ///< empty = round robin
  DeliveryGuarantee guarantee = DeliveryGuarantee::kAtLeastOnce;
  DeliveryMode delivery_mode = DeliveryMode::kNone;
  std::int32_t batch_max_messages = 512;
  std::int64_t batch_max_bytes = 1024 * 1024;
  std::int64_t batch_linger_ms = 5;
  std::optional<std::int32_t> parallelism;
};

}  // namespace rocketlink
