#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "rocketlink/client.h"
#include "rocketlink/log.h"
#include "rocketlink/options.h"
#include "rocketlink/result.h"

namespace rocketlink::commands {

/// One client for each cluster and account, shared by all tables there.
class ClientPool {
 public:
  explicit ClientPool(LogFunction log) : log_(std::move(log)) {}

  Result<std::shared_ptr<Client>> get(const ConnectionOptions& options);

 private:
  LogFunction log_;
  std::vector<std::pair<ConnectionOptions, std::shared_ptr<Client>>> clients_;
};

}  // namespace rocketlink::commands
