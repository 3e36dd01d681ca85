#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cluster/cluster.h"
#include "rocketlink/message.h"

/// Questions about offsets, each to the master that has the queue (docs/protocol.md, Offsets): a slave that is
/// behind would say that a group has no offset, or that a queue ends early. All block; many queues are asked side by
/// side.
namespace rocketlink::cluster {

using Offsets = Result<std::vector<std::int64_t>>;

/// The address of the queue's master, or an Error that is worth another try.
Result<std::string> master_to_ask(const Cluster& cluster, const QueueId& queue);

/// The next offset to be written, per queue.
Offsets max_offsets(Cluster& cluster, const std::vector<QueueId>& queues, Interrupt& interrupt);
/// The first offset that can be read, per queue.
Offsets min_offsets(Cluster& cluster, const std::vector<QueueId>& queues, Interrupt& interrupt);
/// What the broker says is the first message stored at or after `timestamp_ms`; see time_search.h.
Offsets claimed_offsets_at(Cluster& cluster, const std::vector<QueueId>& queues, std::int64_t timestamp_ms,
                           Interrupt& interrupt);
/// What the group has committed, nothing where it never did. `zero_matters`: a 0 that may stand for "none" is looked
/// into (brokers before 5.0).
Result<std::vector<std::optional<std::int64_t>>> committed_offsets(Cluster& cluster, const std::string& group,
                                                                   const std::vector<QueueId>& queues,
                                                                   bool zero_matters, Interrupt& interrupt);

/// The request for the next offset to be written.
[[nodiscard]] net::Request max_offset_request(const QueueId& queue);
/// The request for what the group has committed.
[[nodiscard]] net::Request committed_request(const std::string& group, const QueueId& queue);
/// Whether its answer tells: what is committed, or that nothing is.
[[nodiscard]] bool tells_committed_offset(const wire::Header& answer);
/// What its answer says: nothing where the group never did, or the answer does not tell.
[[nodiscard]] std::optional<std::int64_t> committed_offset(const wire::Header& answer);

/// The request that commits `offset` as the next one to be read by the group.
[[nodiscard]] net::Request commit_request(const std::string& group, const QueueId& queue, std::int64_t offset);

}  // namespace rocketlink::cluster
