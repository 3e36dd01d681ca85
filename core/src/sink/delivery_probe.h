#pragma once

#include <vector>

#include "cluster/cluster.h"
#include "rocketlink/options.h"
#include "sink/delivery.h"
#include "sink/targets.h"

namespace rocketlink::sink {

/// 5.0.0: the first version with timers.
inline constexpr std::int32_t kFirstVersionWithTimers = 413;

/// The delivery that the options ask for, once every master has been asked whether it would keep to it: one that would
/// deliver at once is refused (kUnsupported). Brokers that let themselves be asked tell their delay levels too. An
/// error is retriable when no master answered. Blocks.
[[nodiscard]] Result<Delivery> find_delivery(cluster::Cluster& cluster, const SinkOptions& options,
                                             const std::vector<Target>& targets);

}  // namespace rocketlink::sink
