#pragma once

#include "cluster/offsets.h"

namespace rocketlink::cluster {

/// The first message stored at or after `timestamp_ms`, or the max offset when all are older, per queue. A broker's own
/// search is near at most before 5.1, and may be wrong later too (inner batches, RocksDB queues): its answer is
/// compared with store times, by pulls in the name of `group`, and searched for where it is not right.
Offsets offsets_at(Cluster& cluster, const std::string& group, const std::vector<QueueId>& queues,
                   std::int64_t timestamp_ms, Interrupt& interrupt);

}  // namespace rocketlink::cluster
