#pragma once

#include <string>
#include <vector>

#include "cluster/cluster.h"
#include "rocketlink/message.h"

/// A name server with supportActingMaster names a slave as the master while that is away
/// (RouteInfoManager.pickupTopicRouteData). It serves all that it has heard of, and denies what it has not.
namespace rocketlink::cluster {

/// A queue, and the address of whoever was asked about it as its master.
struct AskedOf {
  QueueId queue;
  std::string address;
};

/// Fails, as what is worth another try, when one of them is no master. A name server that does not tell is believed.
[[nodiscard]] Status demand_masters(Cluster& cluster, const std::vector<AskedOf>& asked, Interrupt& interrupt);
/// The same of whoever would be asked now.
[[nodiscard]] Status demand_masters(Cluster& cluster, const std::vector<QueueId>& queues, Interrupt& interrupt);

}  // namespace rocketlink::cluster
