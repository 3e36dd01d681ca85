#include "commands/client_pool.h"

namespace rocketlink::commands {

namespace {

bool same(const ConnectionOptions& a, const ConnectionOptions& b) {
  return a.connector == b.connector && a.endpoints == b.endpoints && a.access_id == b.access_id &&
         a.access_key == b.access_key && a.instance_id == b.instance_id &&
         a.max_api_calls_per_second == b.max_api_calls_per_second;
}

}  // namespace

Result<std::shared_ptr<Client>> ClientPool::get(const ConnectionOptions& options) {
  for (const auto& [known, client] : clients_) {
    if (same(known, options)) return client;
  }
  auto client = Client::create(options, log_);
  if (client) clients_.emplace_back(options, *client);
  return client;
}

}  // namespace rocketlink::commands
