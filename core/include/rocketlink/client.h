#pragma once

#include <memory>

#include "rocketlink/log.h"
#include "rocketlink/options.h"
#include "rocketlink/result.h"

namespace rocketlink {

namespace cluster {
class Cluster;
}

/// One connection pool to one cluster, with an I/O thread of its own. Sources and sinks of the same job share it; it
/// lives as long as the last of them. Thread-safe. There is no process-global state behind it.
class Client {
 public:
  /// Opens no connection yet, but reads the files of TLS. kInvalidArgument when an endpoint or one of those cannot be
  /// used.
  static Result<std::shared_ptr<Client>> create(const ConnectionOptions& options, LogFunction log = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// For the core's own parts and their tests.
  explicit Client(std::unique_ptr<cluster::Cluster> cluster);
  [[nodiscard]] cluster::Cluster& cluster() { return *cluster_; }

 private:
  std::unique_ptr<cluster::Cluster> cluster_;
};

}  // namespace rocketlink
