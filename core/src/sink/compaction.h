#pragma once

#include <string>
#include <vector>

#include "cluster/cluster.h"
#include "sink/targets.h"

namespace rocketlink::sink {

/// Whether the topic keeps the newest message of each key alone, as one of its masters says; not where none tells
/// (servers before 5.1, proxies, an account that may not ask). To such a topic a broker refuses a single message
/// without keys, but acknowledges it in a batch, where nobody can ever read it. Blocks.
[[nodiscard]] bool is_compacted(cluster::Cluster& cluster, const std::string& topic,
                                const std::vector<Target>& targets);

}  // namespace rocketlink::sink
