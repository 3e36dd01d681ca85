#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "cluster/cluster.h"
#include "cluster/place.h"
#include "sink/targets.h"

namespace rocketlink::sink {

/// Brokers that left a send without an answer, or cannot be connected to. Each is asked a question that stores nothing
/// until it answers: a message that is sent to see whether a broker is back holds up a flush for as long as a send may
/// take. One that answers questions and stores nothing is believed less and less often. Loop thread only; nobody is
/// told anything once it is gone.
class SilentBrokers {
 public:
  /// `asks` is told of each question, `answers` of a broker that is silent no longer.
  SilentBrokers(cluster::Cluster& cluster, std::function<void()> asks,
                std::function<void(const std::string& broker)> answers)
      : cluster_(cluster), asks_(std::move(asks)), answers_(std::move(answers)) {}

  /// The broker of one of its queues. Nothing new where it is known to be silent.
  void add(const Target& target);
  /// It has stored something.
  void forget(const std::string& broker) { brokers_.erase(broker); }
  void clear() { brokers_.clear(); }

 private:
  struct Broker {
    Target target;
    std::unique_ptr<net::Timer> timer;
    cluster::Place place;  ///< in the line for the call budget
    bool silent = false;
    int silences = 0;  ///< since it stored something
  };

  void ask_later(const std::shared_ptr<Broker>& broker, std::chrono::milliseconds pause);
  void ask(const std::shared_ptr<Broker>& broker);
  [[nodiscard]] std::function<void()> ask_again(const std::shared_ptr<Broker>& broker);

  cluster::Cluster& cluster_;
  const std::function<void()> asks_;
  const std::function<void(const std::string& broker)> answers_;
  std::map<std::string, std::shared_ptr<Broker>> brokers_;  ///< nobody else keeps one alive
};

}  // namespace rocketlink::sink
