#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rocketlink/result.h"
#include "wire/command.h"

/// Route answers of a name server (docs/protocol.md, Routes) and how they expand into queues (docs/protocol.md, Queues
/// of a route).
namespace rocketlink::wire {

inline constexpr std::int32_t kPermRead = 4;
inline constexpr std::int32_t kPermWrite = 2;
inline constexpr std::int32_t kMaxQueuesPerBroker = 100'000;  ///< more is taken for damage, and refused
/// Of all brokers together, to be read or to be written: each costs its reader some kilobytes. More is refused.
inline constexpr std::int64_t kMaxQueuesPerTopic = 200'000;
/// More is refused: parsed, it takes some ten times as much.
inline constexpr std::size_t kMaxRouteBytes = 4 * 1024 * 1024;
static_assert(kMaxQueuesPerBroker <= kMaxQueuesPerTopic && kMaxRouteBytes <= kMaxFrameBytes);

struct QueueData {
  std::string broker;
  std::int32_t read_queues = 0;
  std::int32_t write_queues = 0;
  std::int32_t perm = 0;
  bool operator==(const QueueData&) const = default;
};

struct BrokerData {
  std::string name;
  std::string cluster;
  std::map<std::int64_t, std::string> addresses;  ///< broker id → host:port, 0 is the master
  bool lets_slaves_act = false;                   ///< enableActingMaster: 0 may be a slave while the master is away
  bool operator==(const BrokerData&) const = default;
};

/// topicQueueMappingByBroker: a static topic's logical queues on one broker.
struct StaticMapping {
  std::string scope;
  std::int32_t total_queues = 0;
  std::int64_t epoch = 0;
  std::vector<std::int32_t> logical_ids;
  bool operator==(const StaticMapping&) const = default;
};

/// One queue that can be read or written. `address_broker` is the broker that serves it: for ordinary topics the same
/// name as `broker`, for static topics the physical broker behind the logical name.
struct RoutedQueue {
  std::string broker;
  std::int32_t id = 0;
  std::string address_broker;
  auto operator<=>(const RoutedQueue&) const = default;
};

struct TopicRoute {
  std::vector<QueueData> queues;
  std::vector<BrokerData> brokers;
  std::string order_topic_conf;
  std::map<std::string, StaticMapping> static_mappings;  ///< by broker name; empty for ordinary topics
  std::vector<RoutedQueue> logical_queues;               ///< of the static mappings, sorted
  bool operator==(const TopicRoute&) const = default;
};

/// Parses TopicRouteData; integer map keys may stand unquoted (servers before 4.9.4). kProtocol on anything malformed.
[[nodiscard]] Result<TopicRoute> parse_route(std::string_view json);

/// Parses GetBrokerMemberGroupResponseBody, in which every server has the id that it registered with. Errors as above.
[[nodiscard]] Result<BrokerData> parse_member_group(std::string_view json);

/// Reads of a TopicConfig whether the topic keeps the newest message of each key alone (cleanup.policy=COMPACTION).
/// Errors as above.
[[nodiscard]] Result<bool> parse_is_compacted(std::string_view json);

/// The name of the broker that serves the queue.
[[nodiscard]] std::string serving_broker(const TopicRoute& route, const std::string& broker, std::int32_t id);
/// Queues with read permission, sorted by broker and id.
[[nodiscard]] std::vector<RoutedQueue> readable_queues(const TopicRoute& route);
/// Why the topic has no queue with the permission, broker by broker.
[[nodiscard]] std::string why_no_queue(const TopicRoute& route, std::int32_t perm);
/// Queues with write permission on brokers that have a master (or those of orderTopicConf), sorted by broker and id.
[[nodiscard]] std::vector<RoutedQueue> writable_queues(const TopicRoute& route);

}  // namespace rocketlink::wire
