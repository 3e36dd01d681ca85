#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "rocketlink/client.h"
#include "rocketlink/log.h"
#include "rocketlink/options.h"
#include "rocketlink/result.h"

namespace rocketlink::commands {

/// One client for each cluster and account, shared by all tables there; one call budget for each cluster, the smallest
/// that a table there names.
class ClientPool {
 public:
  explicit ClientPool(LogFunction log) : log_(std::move(log)) {}

  /// The options of a table that will ask for its client: all tables, before any does.
  void expect(const ConnectionOptions& options);
  Result<std::shared_ptr<Client>> get(const ConnectionOptions& options);
  /// What the clients of options that were expected share.
  const std::shared_ptr<CallBudget>& budget_of(const ConnectionOptions& options);

 private:
  struct ClusterBudget {
    std::set<std::string> servers;
    double calls_per_second = 0;  ///< 0: no limit
    std::shared_ptr<CallBudget> budget;
  };

  LogFunction log_;
  std::vector<ClusterBudget> budgets_;
  std::vector<std::pair<ConnectionOptions, std::shared_ptr<Client>>> clients_;
};

}  // namespace rocketlink::commands
