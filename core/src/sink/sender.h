#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/backoff.h"
#include "cluster/cluster.h"
#include "cluster/place.h"
#include "rocketlink/options.h"
#include "sink/backlog.h"
#include "sink/delivery.h"
#include "sink/send.h"
#include "sink/silent_brokers.h"

namespace rocketlink::sink {

struct SendSettings {
  std::string topic;
  std::string group;
  std::int32_t retry_times = SinkOptions().retry_times;
  std::chrono::milliseconds sleep_time = std::chrono::milliseconds(SinkOptions().sleep_time_ms);
  bool drop_failed = false;
  bool needs_timers = false;               ///< of delayed messages
  std::optional<DelayLevels> levels = {};  ///< that delayed messages are numbered by
  std::set<std::string> asked = {};        ///< brokers that have said whether theirs are these
};

/// Sends what the backlog has, one batch per queue at a time, and tries again what did not work. Lives on the I/O
/// thread; answers that come after `close` find nobody.
class Sender : public std::enable_shared_from_this<Sender> {
 public:
  Sender(cluster::Cluster& cluster, SendSettings settings, std::shared_ptr<Backlog> backlog,
         std::vector<Target> targets);

  /// Any thread: soon sends what is due.
  void wake();
  void close();

 private:
  [[nodiscard]] SteadyTime now() const { return cluster_.runtime().now(); }
  struct Way {
    std::string broker;
    std::shared_ptr<cluster::Flow> flow;
    cluster::Place place;  ///< in its line
  };
  struct Sent {
    Backlog::Dispatch dispatch;
    SteadyTime at;
    cluster::Flow::Share share;
  };

  void pump();
  [[nodiscard]] std::function<void()> pump_again();
  void find_ways();
  /// Of every broker; where there is none, we stand in line for it.
  [[nodiscard]] std::vector<Room> rooms();
  void follow_route();
  /// Of a broker that was away when the sink was opened.
  void ask_for_levels(const Target& target);
  void send(Backlog::Dispatch dispatch);
  void answered(Backlog::Dispatch dispatch, SteadyTime sent, const Result<net::Response>& answer);
  void try_again(Backlog::Dispatch dispatch, Outcome outcome);
  void is_silent(const Target& target);
  [[nodiscard]] std::chrono::milliseconds until_connected(std::int32_t failures) const;
  void wrong_type(Backlog::Dispatch dispatch, Outcome outcome);
  void missing(Backlog::Dispatch dispatch, Outcome outcome);
  void give_up(const Backlog::Dispatch& dispatch, Error error);
  /// One line a minute of the same about queues of one broker.
  void warn(std::string_view about, const Backlog::Dispatch& dispatch, std::int32_t code, std::string_view text);

  cluster::Cluster& cluster_;
  const SendSettings settings_;
  std::shared_ptr<Backlog> backlog_;
  std::unique_ptr<net::Timer> timer_;
  cluster::Route route_;
  std::vector<Target> targets_;
  std::vector<Way> ways_;  ///< to their brokers
  base::Backoff throttle_;
  SilentBrokers silent_;
  std::set<std::string> asked_;              ///< for their delay levels
  std::optional<SteadyTime> missing_since_;  ///< name servers know no such topic
  std::optional<ShownType> shown_;           ///< as a refusal has taught
  bool stored_before_ = false;
  std::set<std::string> failing_;  ///< brokers where sends fail, which the log says
  cluster::Place place_;           ///< in the line for the call budget
  bool pumping_ = false;
  bool once_more_ = false;  ///< something came while it was pumping
  bool closed_ = false;
};

}  // namespace rocketlink::sink
