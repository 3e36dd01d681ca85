#pragma once

#include <set>
#include <string>
#include <vector>

#include "cluster/cluster.h"
#include "rocketlink/options.h"
#include "sink/delivery.h"
#include "sink/targets.h"

namespace rocketlink::sink {

/// 5.0.0: the first version with timers.
inline constexpr std::int32_t kFirstVersionWithTimers = 413;

struct FoundDelivery {
  Delivery delivery;
  std::set<std::string> told;  ///< brokers that have answered
};

/// The delivery that the options ask for, once every master has been asked whether it would keep to it: one that would
/// deliver at once is refused (kUnsupported). Brokers that let themselves be asked tell their delay levels too. An
/// error is retriable when no master answered. Blocks.
[[nodiscard]] Result<FoundDelivery> find_delivery(cluster::Cluster& cluster, const SinkOptions& options,
                                                  const std::vector<Target>& targets);

/// What a broker is asked.
[[nodiscard]] net::Request config_request(const std::string& broker);
/// Whether a broker has these delay levels; one that does not tell is believed to. kUnsupported when not.
[[nodiscard]] Status check_levels(const std::string& broker, const net::Response& config, const DelayLevels& levels);

}  // namespace rocketlink::sink
