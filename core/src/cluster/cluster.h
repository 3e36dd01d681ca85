#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/logger.h"
#include "cluster/interrupt.h"
#include "net/event_loop.h"
#include "net/rpc_client.h"
#include "rocketlink/options.h"
#include "wire/route.h"

namespace rocketlink::cluster {

using net::Milliseconds;

inline constexpr Milliseconds kControlTimeout{5000};
inline constexpr Milliseconds kRouteInterval{30'000};  ///< how often a watched route is asked for again
inline constexpr Milliseconds kRouteSoonest{1'000};    ///< and how often at most, whatever fails

using Route = std::shared_ptr<const wire::TopicRoute>;

/// A request and where it goes.
struct Addressed {
  std::string address;
  net::Request request;
};

/// What a client knows of a cluster: its name servers, the routes they gave, and the connections to its brokers. A
/// route is kept when asking again fails. Methods are for any thread unless they say otherwise.
class Cluster {
 public:
  Cluster(const ConnectionOptions& options, LogFunction log);
  /// Ends every pending call with kClosed.
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  [[nodiscard]] net::RpcClient& rpc() { return *rpc_; }
  [[nodiscard]] net::EventLoop& loop() { return loop_; }
  [[nodiscard]] const base::Logger& log() const { return log_; }

  /// Asks the name servers, one after the other until one answers. Code 17 (kTopicNotExist) when it does not exist.
  /// The callback runs on the loop's thread.
  void fetch_route(const std::string& topic, std::function<void(Result<Route>)> callback);
  /// The same, waiting for it. Not on the loop's thread.
  Result<Route> fetch_route_blocking(const std::string& topic, Interrupt& interrupt);
  /// The last route that was got; null if there was none.
  [[nodiscard]] Route known_route(const std::string& topic) const;
  /// Asks for a known topic's route again in the background, no more often than kRouteSoonest.
  void refresh_soon(const std::string& topic);
  /// Refreshes the topic's route every kRouteInterval until the Cluster ends.
  void watch(const std::string& topic);

  /// Where the master of the broker that serves a queue listens, by the topic's last route.
  [[nodiscard]] std::optional<std::string> master_address(const QueueId& queue) const;
  /// Where to read a queue from: the broker id asked for, else the next slave, else any broker of that name.
  [[nodiscard]] std::optional<std::string> read_address(const QueueId& queue, std::int64_t broker_id) const;

  /// Sends all requests, a few hundred at a time, and waits for all answers; kClosed for all once interrupted. Results
  /// in the order of the requests. Not on the loop's thread.
  std::vector<Result<net::Response>> call_all(std::vector<Addressed> requests, Milliseconds timeout,
                                              Interrupt& interrupt);
  Result<net::Response> call_blocking(Addressed request, Milliseconds timeout, Interrupt& interrupt);

 private:
  struct TopicState {
    Route route;
    net::SteadyTime asked{};
    bool asking = false;
    bool watched = false;
  };

  void ask_name_server(const std::string& topic, std::size_t tried, std::function<void(Result<Route>)> callback);
  void refresh_watched();
  void start_refresh_timer();

  base::Logger log_;
  std::vector<std::string> name_servers_;
  std::size_t current_name_server_ = 0;  // loop thread
  mutable std::mutex mutex_;
  std::map<std::string, TopicState, std::less<>> topics_;  // guarded by mutex_
  net::EventLoop loop_;
  asio::steady_timer refresh_timer_;  // loop thread
  std::unique_ptr<net::RpcClient> rpc_;
};

}  // namespace rocketlink::cluster
