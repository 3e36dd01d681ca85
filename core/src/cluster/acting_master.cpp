#include "cluster/acting_master.h"

#include <fmt/format.h>

#include <optional>
#include <set>
#include <utility>

#include "cluster/offsets.h"
#include "net/denial.h"

namespace rocketlink::cluster {

namespace {

/// The servers of a broker's name, by the ids that they registered with, as the first name server says that answers,
/// beginning with whichever did last; nothing where it does not tell.
Result<std::optional<wire::BrokerData>> members(Cluster& cluster, const Cluster::ActedFor& of, Interrupt& interrupt) {
  Error error;
  const std::size_t servers = cluster.name_servers().size();
  const std::size_t first = cluster.current_name_server();
  for (std::size_t i = 0; i < servers; ++i) {
    const std::size_t which = (first + i) % servers;
    net::Request request;
    request.code = wire::RequestCode::kGetBrokerMemberGroup;
    request.ext.set("clusterName", of.cluster);
    request.ext.set("brokerName", of.broker);
    auto answer = cluster.call_blocking({cluster.name_servers()[which], std::move(request)},
                                        cluster.timing().name_server, interrupt);
    if (!answer && net::is_denial(answer.error())) return std::optional<wire::BrokerData>();
    if (!answer) {
      error = std::move(answer).error();
      if (error.is(ErrorCode::kClosed)) break;
      continue;
    }
    cluster.name_server_answered(which);
    if (answer->header.code != 0) return std::optional<wire::BrokerData>();
    auto group = wire::parse_member_group(answer->body.bytes);
    if (!group) return std::move(group).error();
    return std::optional(*std::move(group));
  }
  return error;
}

}  // namespace

Status demand_masters(Cluster& cluster, const std::vector<AskedOf>& asked, Interrupt& interrupt) {
  // The route may have changed from one queue to the next.
  std::set<std::pair<Cluster::ActedFor, std::string>> doubtful;
  for (const AskedOf& one : asked) {
    if (auto of = cluster.acted_for(one.queue)) doubtful.emplace(*std::move(of), one.address);
  }
  for (const auto& [of, address] : doubtful) {
    const auto group = members(cluster, of, interrupt);
    if (!group) return group.error();
    if (!*group) continue;
    const auto master = (*group)->addresses.find(0);
    if (master != (*group)->addresses.end() && master->second == address) continue;
    return Error(ErrorCode::kDisconnected,
                 fmt::format("the master of broker '{}' is away (down?); {}, a slave that acts for it, may not have "
                             "heard of everything, so it is waited for",
                             of.broker, address),
                 true);
  }
  return {};
}

Status demand_masters(Cluster& cluster, const std::vector<QueueId>& queues, Interrupt& interrupt) {
  std::vector<AskedOf> asked;
  for (const QueueId& queue : queues) {
    auto address = master_to_ask(cluster, queue);
    if (!address) return std::move(address).error();
    asked.push_back({queue, *std::move(address)});
  }
  return demand_masters(cluster, asked, interrupt);
}

}  // namespace rocketlink::cluster
