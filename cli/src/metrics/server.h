#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/stats.h"
#include "rocketlink/options.h"
#include "rocketlink/result.h"

namespace rocketlink::metrics {

/// Shows a job's figures to Prometheus over HTTP, under /metrics, until it is destroyed.
class Server {
 public:
  /// `address` is HOST:PORT, port 0 for one that is free. `stats` is called on threads of the server's; `mask`, which
  /// must outlive it, hides secrets in names. kInvalidArgument when it is no address, or nobody can listen there.
  static Result<std::unique_ptr<Server>> open(const std::string& address, std::function<engine::JobStats()> stats,
                                              const SecretMask& mask);
  virtual ~Server() = default;

  [[nodiscard]] virtual std::string url() const = 0;
};

}  // namespace rocketlink::metrics
