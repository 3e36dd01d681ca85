#include "rocketlink/client.h"

#include <fmt/format.h>

#include <exception>
#include <system_error>

#include "cluster/cluster.h"
#include "net/address.h"
#include "net/tls.h"

namespace rocketlink {

Client::Client(std::unique_ptr<cluster::Cluster> cluster) : cluster_(std::move(cluster)) {}
Client::~Client() = default;

CallBudget& Client::budget() {
  return cluster_->budget();
}

Result<std::shared_ptr<Client>> Client::create(const ConnectionOptions& options, LogFunction log,
                                               std::shared_ptr<CallBudget> budget) {
  if (options.endpoints.empty()) return Error(ErrorCode::kInvalidArgument, "option 'endpoint' names no address");
  for (const std::string& endpoint : options.endpoints) {
    if (const auto parsed = net::parse_address(endpoint); !parsed) return parsed.error();
  }
  try {
    std::shared_ptr<net::TlsContext> tls;
    if (options.tls.enabled) {
      auto made = net::TlsContext::create(options.tls);
      if (!made) return std::move(made).error();
      tls = *std::move(made);
    }
    return std::make_shared<Client>(std::make_unique<cluster::Cluster>(options, std::move(log), cluster::Timing{},
                                                                       std::move(budget), std::move(tls)));
  } catch (const std::system_error& none) {
    return Error(ErrorCode::kIo,
                 fmt::format("the machine has no thread or file descriptor for a client of {}: {}",
                             options.endpoints.front(), none.what()),
                 true);
  } catch (const std::exception& failed) {
    return Error(ErrorCode::kInternal,
                 fmt::format("there can be no client of {}: {}", options.endpoints.front(), failed.what()));
  }
}

}  // namespace rocketlink
