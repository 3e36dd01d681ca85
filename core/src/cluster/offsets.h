#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cluster/cluster.h"
#include "rocketlink/message.h"

/// Questions about offsets, each on the broker that has the queue (remoting protocol, section 5). All block; many
/// queues are asked side by side.
namespace rocketlink::cluster {

using Offsets = Result<std::vector<std::int64_t>>;

/// The next offset to be written, per queue.
Offsets max_offsets(Cluster& cluster, const std::vector<QueueId>& queues, Interrupt& interrupt);
/// The first offset that can be read, per queue.
Offsets min_offsets(Cluster& cluster, const std::vector<QueueId>& queues, Interrupt& interrupt);
/// The first message stored at or after `timestamp_ms`, or the max offset when all are older: exact on every broker
/// version. Older ones are asked by pulls in the name of `group`.
Offsets offsets_at(Cluster& cluster, const std::string& group, const std::vector<QueueId>& queues,
                   std::int64_t timestamp_ms, Interrupt& interrupt);
/// What the group has committed, nothing where it never did.
Result<std::vector<std::optional<std::int64_t>>> committed_offsets(Cluster& cluster, const std::string& group,
                                                                   const std::vector<QueueId>& queues,
                                                                   Interrupt& interrupt);

/// The request that commits `offset` as the next one to be read by the group.
[[nodiscard]] net::Request commit_request(const std::string& group, const QueueId& queue, std::int64_t offset);

}  // namespace rocketlink::cluster
