#include "commands/client_pool.h"

#include <algorithm>

namespace rocketlink::commands {

void ClientPool::expect(const ConnectionOptions& options) {
  const auto known = std::find_if(budgets_.begin(), budgets_.end(),
                                  [&](const ClusterBudget& each) { return each.endpoints == options.endpoints; });
  ClusterBudget& cluster = known == budgets_.end() ? budgets_.emplace_back() : *known;
  cluster.endpoints = options.endpoints;
  const double limit = options.max_api_calls_per_second;
  if (limit > 0 && (cluster.calls_per_second <= 0 || limit < cluster.calls_per_second))
    cluster.calls_per_second = limit;
}

std::shared_ptr<CallBudget> ClientPool::budget_of(const ConnectionOptions& options) {
  expect(options);
  const auto known = std::find_if(budgets_.begin(), budgets_.end(),
                                  [&](const ClusterBudget& each) { return each.endpoints == options.endpoints; });
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
