#include "rocketlink/client.h"

#include "cluster/cluster.h"
#include "net/address.h"

namespace rocketlink {

Client::Client(std::unique_ptr<cluster::Cluster> cluster) : cluster_(std::move(cluster)) {}
Client::~Client() = default;

Result<std::shared_ptr<Client>> Client::create(const ConnectionOptions& options, LogFunction log) {
  if (options.endpoints.empty()) return Error(ErrorCode::kInvalidArgument, "option 'endpoint' names no address");
  for (const std::string& endpoint : options.endpoints) {
    if (const auto parsed = net::parse_address(endpoint); !parsed) return parsed.error();
  }
  return std::make_shared<Client>(std::make_unique<cluster::Cluster>(options, std::move(log)));
}

}  // namespace rocketlink
