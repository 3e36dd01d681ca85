#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "rocketlink/client.h"
#include "rocketlink/options.h"
#include "rocketlink/result.h"
#include "rocketlink/sink.h"

namespace rocketlink::connectors {

/// The sinks of an INSERT (`sink.parallelism` of them), shared by its writers. Thread-safe.
class SinkGroup {
 public:
  /// Each of `writers` will close the group once.
  static Result<std::shared_ptr<SinkGroup>> open(const std::shared_ptr<Client>& client, const SinkOptions& options,
                                                 std::size_t sinks, std::size_t writers);

  /// The sink that all messages with this partition text go to, so that their order stays.
  [[nodiscard]] std::size_t sink_of(std::string_view partition) const;
  [[nodiscard]] std::size_t size() const { return members_.size(); }

  Status write(std::size_t sink, const OutgoingMessage& message);
  Status flush();
  /// The last writer's call closes the sinks, earlier ones flush.
  Status close(std::chrono::milliseconds timeout);
  void abort();
  [[nodiscard]] SinkStats stats() const;

 private:
  struct Member {
    std::mutex mutex;  ///< for the calls that a sink takes from one thread at a time
    std::unique_ptr<Sink> sink;
  };

  SinkGroup(std::size_t sinks, std::size_t writers) : members_(sinks), open_writers_(writers) {}

  std::vector<Member> members_;
  std::mutex close_mutex_;
  std::size_t open_writers_;  // guarded by close_mutex_
};

}  // namespace rocketlink::connectors
