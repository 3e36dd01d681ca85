#include "commands/client_pool.h"

#include <algorithm>
#include <utility>

#include "commands/clusters.h"

namespace rocketlink::commands {

void ClientPool::expect(const ConnectionOptions& options) {
  ClusterBudget cluster{servers_of(options), options.max_api_calls_per_second, nullptr};
  // What is expected may show that servers which were taken for those of two clusters belong to one.
  for (auto known = budgets_.begin(); known != budgets_.end();) {
    if (!share_one(known->servers, cluster.servers)) {
      ++known;
      continue;
    }
    cluster.servers.merge(known->servers);
    if (cluster.calls_per_second <= 0 ||
        (known->calls_per_second > 0 && known->calls_per_second < cluster.calls_per_second))
      cluster.calls_per_second = known->calls_per_second;
    known = budgets_.erase(known);
  }
  budgets_.push_back(std::move(cluster));
}

const std::shared_ptr<CallBudget>& ClientPool::budget_of(const ConnectionOptions& options) {
  const std::set<std::string> servers = servers_of(options);
  const auto known = std::find_if(budgets_.begin(), budgets_.end(),
                                  [&](const ClusterBudget& each) { return share_one(each.servers, servers); });
  if (!known->budget) known->budget = std::make_shared<CallBudget>(known->calls_per_second);
  return known->budget;
}

Result<std::shared_ptr<Client>> ClientPool::get(const ConnectionOptions& options) {
  for (const auto& [known, client] : clients_) {
    if (known == options) return client;
  }
  auto client = Client::create(options, log_, budget_of(options));
  if (client) clients_.emplace_back(options, *client);
  return client;
}

}  // namespace rocketlink::commands
