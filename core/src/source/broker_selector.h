#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cluster/cluster.h"
#include "rocketlink/message.h"

namespace rocketlink::source {

/// Chooses the server that a queue is read from: the one that the last answer suggested, or, while that one keeps
/// failing, another of its broker's name. I/O thread.
class BrokerSelector {
 public:
  struct Server {
    std::string address;
    std::shared_ptr<cluster::Flow> flow;  ///< from there
    bool is_proxy = false;                ///< one pull of a queue at a time, over a stream of its own
    bool is_master = false;
  };

  /// Both outlive it.
  BrokerSelector(cluster::Cluster& cluster, const QueueId& queue) : cluster_(cluster), queue_(queue) {}

  /// The server to ask now, by the newest route; null where that names none.
  [[nodiscard]] const Server* select();
  /// suggestWhichBrokerId of an answer.
  void suggest(std::int64_t broker_id) { suggested_ = broker_id; }
  /// The selected one does not answer: another is for a while, until the first one answers a probe, and if that does
  /// not answer either, it is again.
  void avoid_selected();
  /// Who is avoided, when it is time to see whether it answers: reading must not stand still for that.
  [[nodiscard]] std::optional<std::string> probe();
  /// The server answered.
  void answered(const std::string& address);
  /// Whether the selected one was avoided and has not answered since.
  [[nodiscard]] bool doubts_selected() const;
  void return_to_master() { suggested_ = detour_ = 0; }
  /// Whether the one that should be asked is being avoided.
  [[nodiscard]] bool is_avoiding() const { return detour_ != 0; }

 private:
  cluster::Cluster& cluster_;
  const QueueId& queue_;
  std::int64_t suggested_ = 0;
  std::int64_t detour_ = 0;  ///< added to it
  SteadyTime detour_until_{};
  std::vector<std::string> doubted_;  ///< addresses that were avoided and have not answered since
  cluster::Route route_;              ///< that `server_` was taken from, for `broker_id_`
  std::int64_t broker_id_ = -1;
  std::optional<Server> server_;
};

}  // namespace rocketlink::source
