#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rocketlink/message.h"
#include "wire/command.h"

/// What the mock's brokers hold: topics, queues, messages. Pure data, without threads or sockets.
namespace rocketlink::mock {

/// A message as a test writes it.
struct MockMessage {
  std::string body = "body";
  std::string tags = {};
  std::string keys = {};
  std::vector<std::pair<std::string, std::string>> properties = {};  ///< further ones
  std::int64_t store_timestamp_ms = 0;                               ///< 0: one ms after the queue's last message
  std::int32_t sys_flag = 0;
  std::int32_t flag = 0;
  bool bad_crc = false;
  bool passes_sql92 = true;               ///< whether a SQL92 subscription lets it through
  std::vector<std::string> members = {};  ///< not empty: an inner batch of these bodies, one offset each
  std::string raw = {};                   ///< not empty: the stored bytes, whatever they are
  std::int64_t born_timestamp_ms = 0;     ///< 0: one ms before it is stored
};

/// A message as it stands in a queue.
struct MockRecord {
  std::uint64_t number = 0;  ///< of the append, in the whole cluster: offsets are used again after a loss
  std::int64_t offset = 0;
  std::string body;  ///< as sent: maybe compressed
  std::string properties;
  std::string tags;
  std::string keys;
  std::string unique_key;
  std::int32_t flag = 0;
  std::int32_t sys_flag = 0;
  std::int64_t store_timestamp_ms = 0;
};

/// A message and its bytes as a pull gives them out.
struct MockEntry {
  MockRecord record;
  std::string bytes;
  std::int64_t span = 1;  ///< offsets it covers (inner batches)
  bool passes_sql92 = true;
};

/// One queue's messages by offset; there may be holes.
class MockQueue {
 public:
  /// Makes an entry of it at the next offset; it is not visible yet.
  std::shared_ptr<const MockEntry> append(const std::string& topic, std::int32_t queue_id, const MockMessage& message,
                                          std::uint64_t number);

  std::int64_t min_offset = 0;
  std::int64_t max_offset = 0;   ///< behind what is visible
  std::int64_t next_offset = 0;  ///< of the next append
  std::int64_t last_store_time = 1'700'000'000'000;
  std::int64_t offset_delta = 0;            ///< static topics: logical minus physical offset
  std::optional<std::int32_t> physical_id;  ///< static topics
  std::map<std::int64_t, std::shared_ptr<const MockEntry>> entries;
};

/// What a broker lets a pull take at most.
struct PullLimits {
  std::int64_t messages = 32;
  std::size_t bytes = 256 * 1024;
  std::int64_t scanned = 800;
};

struct PullResult {
  std::int32_t code = 0;
  std::string remark;
  std::int64_t next_offset = 0;
  std::string body;
};

/// Which messages a pull wants: by the hash of their tags, or by a filter that each knows whether it passes.
class PullFilter {
 public:
  PullFilter() = default;
  PullFilter(std::string_view subscription, std::string_view expression_type);
  [[nodiscard]] bool passes(const MockEntry& entry) const;

 private:
  bool all_ = true;
  bool by_tags_ = true;
  std::vector<std::int32_t> hashes_;
};

struct PullQuestion {
  std::int64_t offset = 0;
  std::int64_t max_messages = 32;
  PullFilter filter;
};

/// Answers a pull as a broker does (docs/protocol.md, Answers to pulls; docs/protocol.md, Limits of
/// servers).
[[nodiscard]] PullResult pull(const MockQueue& queue, const PullQuestion& question, const PullLimits& limits);

/// Search by store time: a boundary as of 5.1, or by halving the nearest message as before.
[[nodiscard]] std::int64_t search_by_time(const MockQueue& queue, std::int64_t timestamp_ms, bool upper);
[[nodiscard]] std::int64_t search_nearest(const MockQueue& queue, std::int64_t timestamp_ms);

struct MockTopic {
  struct OnBroker {
    std::int32_t read_queues = 0;
    std::int32_t write_queues = 0;
    std::int32_t perm = 6;
  };
  std::map<std::string, OnBroker> brokers;
  std::string order_conf;
  std::vector<std::string> static_hosts;  ///< static topics: logical queue → broker that has it
};

/// Broker name of a static topic's logical queues.
inline constexpr std::string_view kStaticBroker = "__syslo__global__";

/// Cuts a batch body into its messages; nothing when its lengths do not fit.
[[nodiscard]] std::optional<std::vector<MockMessage>> split_batch(std::string_view body);
[[nodiscard]] std::string unique_key_of(const MockMessage& message);
/// Sets keys, tags and the other properties from wire text.
void set_properties(MockMessage& message, std::string_view properties);

}  // namespace rocketlink::mock
