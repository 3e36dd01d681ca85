#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "cluster/cluster.h"
#include "sink/targets.h"

namespace rocketlink::sink {

/// Brokers that left a send without an answer. Each is asked a question that stores nothing until it answers: a message
/// that is sent to see whether a broker is back holds up a flush for as long as a send may take. Lives on the I/O
/// thread; answers that come after `close` find nobody.
class SilentBrokers : public std::enable_shared_from_this<SilentBrokers> {
 public:
  using Told = std::function<void(const std::string& broker)>;

  /// `asks` is told of each question, `answers` of a broker that is silent no longer.
  SilentBrokers(cluster::Cluster& cluster, Told asks, Told answers);

  /// The broker of one of its queues. Nothing new where it is known to be silent.
  void add(const Target& target);
  void close();

 private:
  struct Silent {
    QueueId queue;
    std::unique_ptr<net::Timer> timer;
  };

  void ask_later(const std::string& broker);
  void ask(const std::string& broker);

  cluster::Cluster& cluster_;
  const Told asks_;
  const Told answers_;
  std::map<std::string, Silent> brokers_;
  bool closed_ = false;
};

}  // namespace rocketlink::sink
