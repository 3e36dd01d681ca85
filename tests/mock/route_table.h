#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "mock/mock_store.h"
#include "rocketlink/runtime.h"

namespace rocketlink::mock {

/// What one name server knows: the brokers that told it of themselves, and their topics. Pure data.
class RouteTable {
 public:
  using Topics = std::map<std::string, MockTopic::OnBroker>;
  struct Registration {
    std::string broker;
    std::int64_t id = 0;
    std::string address;
    Topics topics;
    bool single = false;         ///< one topic that has changed, from a broker that should be known
    bool acting_master = false;  ///< enableSlaveActingMaster
    bool of_5 = true;
  };

  void add(const Registration& told, SteadyTime now);
  void remove(const std::string& broker, const std::string& address);
  void remove_topic(const std::string& topic) { topics_.erase(topic); }
  /// Forgets brokers that were silent for `time`.
  void expire(SteadyTime now, std::chrono::nanoseconds time);
  void clear();

  using Addresses = std::map<std::int64_t, std::string>;
  /// Queues of the topic by broker name, of brokers that are known.
  [[nodiscard]] Topics queues_of(const std::string& topic) const;
  /// As routes name them: without a master an acting one.
  [[nodiscard]] Addresses addresses_of(const std::string& broker, std::int32_t perm) const;
  [[nodiscard]] std::map<std::string, Addresses> brokers() const;

 private:
  struct Live {
    std::string address;
    SteadyTime heard;
  };
  struct Broker {
    std::map<std::int64_t, Live> servers;
    bool acting_master = false;
  };

  std::map<std::string, Broker> brokers_;
  std::map<std::string, Topics> topics_;  ///< topic → broker name → queues
};

}  // namespace rocketlink::mock
