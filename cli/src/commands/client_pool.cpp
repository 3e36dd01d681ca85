#include "commands/client_pool.h"

namespace rocketlink::commands {

Result<std::shared_ptr<Client>> ClientPool::get(const ConnectionOptions& options) {
  for (const auto& [known, client] : clients_) {
    if (known == options) return client;
  }
  auto client = Client::create(options, log_);
  if (client) clients_.emplace_back(options, *client);
  return client;
}

}  // namespace rocketlink::commands
