#include "source/gone_queues.h"

#include <fmt/format.h>

#include <algorithm>

#include "cluster/offsets.h"

namespace rocketlink::source {

namespace {

/// Of the queues that may be read; nothing where the route does not have the broker.
const wire::QueueData* readable_at(const wire::TopicRoute& route, const std::string& broker) {
  const auto found = std::find_if(route.queues.begin(), route.queues.end(), [&](const wire::QueueData& data) {
    return data.broker == broker && (data.perm & wire::kPermRead) != 0;
  });
  return found == route.queues.end() ? nullptr : &*found;
}

void warn(cluster::Cluster& cluster, const QueueId& queue, std::int32_t there, std::string_view who,
          std::string_view what) {
  cluster.repeated().write(
      LogLevel::kWarning, fmt::format("gone {}", to_string(queue)),
      fmt::format(
          "{} {}, a queue that topic '{}' no longer has ({} to read on broker '{}'): it got fewer, or was "
          "created anew. What was not read there is not read, unless the topic gets as many queues to read again",
          who, what, queue.topic, there, queue.broker));
}

}  // namespace

void warn_of_gone(cluster::Cluster& cluster, const wire::TopicRoute& route, const std::vector<QueueId>& queues) {
  if (!route.static_mappings.empty()) return;
  for (const QueueId& queue : queues) {
    const wire::QueueData* const at = readable_at(route, queue.broker);
    if (at == nullptr || queue.id < at->read_queues) continue;
    warn(cluster, queue, at->read_queues, "the checkpoint holds", to_string(queue));
  }
}

void warn_of_gone_commits(cluster::Cluster& cluster, const wire::TopicRoute& route, const std::string& topic,
                          const std::string& group, cluster::Interrupt& interrupt) {
  if (!route.static_mappings.empty()) return;
  std::vector<QueueId> queues;
  std::vector<cluster::Addressed> requests;
  for (const wire::QueueData& data : route.queues) {
    QueueId behind{topic, data.broker, data.read_queues};
    const auto address = cluster.master_address(behind);
    if (!address || (data.perm & wire::kPermRead) == 0) continue;
    requests.push_back({*address, cluster::committed_request(group, behind)});
    queues.push_back(std::move(behind));
  }
  const auto answers = cluster.call_all(std::move(requests), cluster.timing().control, interrupt);
  for (std::size_t i = 0; i < queues.size(); ++i) {
    const auto offset = answers[i] ? cluster::committed_offset(answers[i]->header) : std::nullopt;
    if (offset.value_or(0) == 0) continue;  // before 5.0 that stands for "none"
    warn(cluster, queues[i], queues[i].id, fmt::format("group '{}' has committed {} for", group, *offset),
         to_string(queues[i]));
  }
}

}  // namespace rocketlink::source
