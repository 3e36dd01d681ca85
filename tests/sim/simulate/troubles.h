#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "mock/mock_cluster.h"
#include "sim/random.h"
#include "sim/simulate/judges.h"
#include "sim/simulate/plan.h"
#include "sim/world.h"

namespace rocketlink::sim {

/// The troubles of servers (those of processes and of the network are Chaos'): begins them at the times that the seed
/// draws, ends each after a while, and counts what happened.
class Troubles {
 public:
  /// What happens to the work.
  struct Workload {
    std::function<void(std::chrono::nanoseconds)> slow_down;  ///< the runner: it takes so much longer
    std::function<void()> burst;
    std::function<void()> stop;
    std::function<void()> hand_back;
    std::function<void(bool)> rest;
  };

  Troubles(World& world, mock::MockCluster& cluster, const Plan& plan, Judges& judges, std::string input,
           std::string output, std::vector<std::string> groups, Workload workload);

  /// What is due by now.
  void step();
  /// The broker is not there until `heal`; `silent`: nobody is told.
  void leave(const std::string& broker, bool silent);
  /// Everything works again, and goes on to.
  void heal();
  [[nodiscard]] const std::map<std::string, std::uint64_t>& happened() const { return happened_; }
  /// Whether the broker's master takes messages.
  [[nodiscard]] bool is_up(const std::string& broker) const { return !down_.contains(masters_.at(broker)); }

 private:
  struct Trouble {
    const char* name;
    double per_minute;
    std::function<bool()> begin;  ///< false: there was nothing to do it to
    SteadyTime next{};
  };

  void add(const char* name, double per_minute, std::function<bool()> begin);
  void after(std::chrono::nanoseconds delay, std::function<void()> end);
  [[nodiscard]] std::chrono::nanoseconds some_time(std::chrono::milliseconds least, std::chrono::milliseconds most);
  [[nodiscard]] const std::string& any_broker();
  /// The label of a broker's master or slave.
  [[nodiscard]] std::string any_broker_process();
  [[nodiscard]] std::string any_name_server();
  [[nodiscard]] std::string any_server();
  /// Ends a server in some way, and starts it again after a while; false: it is down.
  bool end_for_a_while(const std::string& server, const std::function<void()>& end);
  bool crash(const std::string& server);
  bool slow_down();
  bool lose_end();
  bool change_leader();
  bool reset_offset();
  bool add_broker();
  bool close_queue();
  bool delete_old();
  void answer_oddly();

  World& world_;
  mock::MockCluster& cluster_;
  const Plan& plan_;
  Judges& judges_;
  const std::string input_;
  const std::string output_;
  const std::vector<std::string> groups_;
  Workload workload_;
  Random random_;
  std::vector<Trouble> troubles_;
  std::multimap<SteadyTime, std::function<void()>> ends_;
  std::map<std::string, std::uint64_t> happened_;
  std::vector<std::string> brokers_;
  std::map<std::string, std::string> masters_;  ///< of brokers: labels
  std::set<std::string> down_;                  ///< labels
};

}  // namespace rocketlink::sim
