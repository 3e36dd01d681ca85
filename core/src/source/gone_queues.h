#pragma once

#include <string>
#include <vector>

#include "cluster/cluster.h"
#include "rocketlink/message.h"

/// Queues that the topic does not have any more, though there may be messages in them that were not read: a topic got
/// fewer queues, or was created anew with fewer.
namespace rocketlink::source {

/// Says which of the queues that a job is to go on with the route lacks, though it has their brokers.
void warn_of_gone(cluster::Cluster& cluster, const wire::TopicRoute& route, const std::vector<QueueId>& queues);

/// Says where the group has committed in such a queue. Each broker is asked about the first queue behind those that
/// there are: a group commits in all that it reads. One that does not tell is believed to have none. Blocks.
void warn_of_gone_commits(cluster::Cluster& cluster, const wire::TopicRoute& route, const std::string& topic,
                          const std::string& group, cluster::Interrupt& interrupt);

}  // namespace rocketlink::source
