#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>

#include "cluster/pull.h"
#include "net/event_loop.h"

namespace rocketlink::cluster {

class Cluster;

/// Shows consumer groups to RocketMQ's own tools: every 30 s it tells each broker of their topics that this client
/// reads them. Reading needs none of it, and push consumers of such a group share the queues out with whoever tells. A
/// heartbeat has all topics of its groups: a broker forgets what is left out.
class Heartbeats {
 public:
  explicit Heartbeats(Cluster& cluster);

  /// Any thread. Each `join` has its `leave`.
  void join(const std::string& group, const std::string& topic, const Subscription& subscription);
  void leave(const std::string& group, const std::string& topic);
  /// Loop thread.
  void close();

 private:
  struct Use {
    std::size_t readers = 0;
    Subscription subscription;
  };

  void beat();
  [[nodiscard]] std::string body() const;
  void send(const std::string& address, const std::string& body);

  Cluster& cluster_;
  const std::unique_ptr<net::Timer> timer_;
  // Loop thread:
  std::string client_id_;
  std::map<std::string, std::map<std::string, Use>> groups_;  ///< by group and topic
  bool closed_ = false;
};

}  // namespace rocketlink::cluster
