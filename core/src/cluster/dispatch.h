#pragma once

#include <vector>

#include "cluster/cluster.h"
#include "rocketlink/message.h"

namespace rocketlink::cluster {

/// Waits until the brokers of the queues have put into their queues what they had acknowledged by now. A broker first
/// writes a message to its log, acknowledges it, and counts it in its queue's max offset a little later (milliseconds,
/// more under load). Where a server does not tell how far it is behind (a proxy, a missing right), nothing is waited
/// for; one that stays behind, or is too busy to tell, is waited for no longer than the timing's `control`.
Status await_dispatch(Cluster& cluster, const std::vector<QueueId>& queues, Interrupt& interrupt);

}  // namespace rocketlink::cluster
