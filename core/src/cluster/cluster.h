#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/logger.h"
#include "cluster/flow.h"
#include "cluster/interrupt.h"
#include "cluster/pacer.h"
#include "net/event_loop.h"
#include "net/rpc_client.h"
#include "rocketlink/options.h"
#include "rocketlink/repeated_lines.h"
#include "rocketlink/runtime.h"
#include "wire/instance.h"
#include "wire/route.h"

namespace rocketlink::cluster {

using net::Milliseconds;

class Heartbeats;

/// For what is asked of a broker beside messages; then the question has failed.
inline constexpr Milliseconds kControlTimeout{5000};
/// Commits and questions have connections of their own, so that they do not wait behind messages.
inline constexpr std::uint32_t kControlStream = 0xFFFF'FFFF;
/// Looks at single messages, each of any size, neither wait behind many nor let commits wait.
inline constexpr std::uint32_t kProbeStream = 0xFFFF'FFFE;

/// How patient a client is. Users get the defaults.
struct Timing {
  net::Timing net;
  Milliseconds name_server{3000};          ///< for one name server's answer
  Milliseconds control = kControlTimeout;  ///< for questions about offsets and the like
  Milliseconds route_interval{30'000};     ///< how often a watched route is asked for again
  Milliseconds route_soonest{1'000};       ///< and how often at most, whatever fails
  Milliseconds suspend{15'000};  ///< how long a broker may hold a pull at the tail, which it looks at every 5 s
  Milliseconds suspended_answer{30'000};     ///< for the answer to such a pull
  Milliseconds pull{10'000};                 ///< for the answer to any other pull
  Milliseconds out_of_range_pause{500};      ///< between pulls that confirm that an offset is out of range
  Milliseconds no_progress_pause{200};       ///< after an answer that leads nowhere
  Milliseconds first_pull_backoff{100};      ///< after a pull failed, then doubling
  Milliseconds longest_pull_backoff{5'000};  ///< so a queue that is back is read within it
  Milliseconds slave_stay{10'000};           ///< how long to read from a slave before the master is tried again
};
static_assert(Timing{}.suspend < Timing{}.suspended_answer && Timing{}.pull < Timing{}.suspended_answer);
static_assert(Timing{}.route_soonest < Timing{}.route_interval);
static_assert(Timing{}.first_pull_backoff < Timing{}.longest_pull_backoff);

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
  /// `budget` may be shared with others; null: one of its own, by the options. `tls` belongs to the options' TLS; null:
  /// plain TCP.
  Cluster(const ConnectionOptions& options, LogFunction log, Timing timing = {},
          std::shared_ptr<CallBudget> budget = nullptr, std::shared_ptr<net::TlsContext> tls = nullptr,
          Runtime& runtime = machine());
  /// Ends every pending call with kClosed.
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  [[nodiscard]] Runtime& runtime() { return runtime_; }
  [[nodiscard]] net::RpcClient& rpc() { return *rpc_; }
  [[nodiscard]] net::EventLoop& loop() { return *loop_; }
  [[nodiscard]] CallBudget& budget() { return *budget_; }
  /// Loop thread: where pulls and sends ask for their turn.
  [[nodiscard]] Pacer& pacer() { return pacer_; }
  /// Loop thread: what messages may be under way from a server, or to it.
  [[nodiscard]] std::shared_ptr<Flow> reading(const std::string& address) { return flow(reading_, address); }
  [[nodiscard]] std::shared_ptr<Flow> writing(const std::string& address) { return flow(writing_, address); }
  [[nodiscard]] const base::Logger& log() const { return log_; }
  /// For what may come again and again.
  [[nodiscard]] RepeatedLines& repeated() { return repeated_; }
  [[nodiscard]] const Timing& timing() const { return timing_; }
  /// How a topic or group is called in the body of a request; those in headers are seen to by RpcClient.
  [[nodiscard]] std::string on_wire(std::string_view name) const { return wire::in_instance(instance_, name); }

  /// Asks the name servers, one after the other until one knows the topic. Code 17 (kTopicNotExist) when none does. A
  /// route without brokers does not replace a known one. The callback runs on the loop's thread.
  void fetch_route(const std::string& topic, std::function<void(Result<Route>)> callback);
  /// The same, waiting for it. Not on the loop's thread.
  Result<Route> fetch_route_blocking(const std::string& topic, Interrupt& interrupt);
  /// Asks once for all that wait for a topic's first route, and calls each of them on the loop's thread when there is
  /// an answer, be it a refusal.
  void await_route(const std::string& topic, std::function<void()> answered);
  /// The last route that was got; null if there was none.
  [[nodiscard]] Route known_route(const std::string& topic) const;
  /// The same where the topic is watched, so that it is no older than Timing::route_interval.
  [[nodiscard]] Route watched_route(const std::string& topic) const;
  /// Asks for a known topic's route again in the background: now, or Timing::route_soonest after it was last asked.
  void refresh_soon(const std::string& topic);
  /// Refreshes the topic's route every Timing::route_interval until the Cluster ends.
  void watch(const std::string& topic);

  /// The name of the broker that serves a queue, by the topic's last route: another one than the queue's where the
  /// topic is static.
  [[nodiscard]] std::string serving_broker(const QueueId& queue) const;
  /// Where the master of the broker that serves a queue listens, by the topic's last route, or one of the last minutes
  /// that named the broker: a name server that has just started names only those that have registered since.
  [[nodiscard]] std::optional<std::string> master_address(const QueueId& queue) const;
  /// The same, and where that route named no master, the last one of these minutes: what is committed there and lost
  /// is committed again once another is named.
  [[nodiscard]] std::optional<std::string> last_master_address(const QueueId& queue) const;
  /// The broker that serves a queue where name servers may name a slave in its master's place (enableActingMaster).
  struct ActedFor {
    std::string cluster;
    std::string broker;
    auto operator<=>(const ActedFor&) const = default;
  };
  [[nodiscard]] std::optional<ActedFor> acted_for(const QueueId& queue) const;
  /// Where to read a queue from: the broker id asked for, else the next slave, else any broker of that name.
  [[nodiscard]] std::optional<std::string> read_address(const QueueId& queue, std::int64_t broker_id) const;

  /// Whether a proxy answers there, as its route has told: a proxy puts fields into every answer that a name server
  /// does not know, or its route leads back to the endpoint itself. A proxy drops what it has to say on a connection
  /// while a large answer is still on its way there (docs/protocol.md, Proxies), so each queue talks to it over a
  /// stream of its own, one request at a time.
  [[nodiscard]] bool is_proxy(const std::string& address) const;
  [[nodiscard]] const std::vector<std::string>& name_servers() const { return name_servers_; }
  /// The index of the one to ask first: whichever answered last.
  [[nodiscard]] std::size_t current_name_server() const { return current_name_server_; }
  void name_server_answered(std::size_t which) { current_name_server_ = which; }
  [[nodiscard]] Heartbeats& heartbeats() { return *heartbeats_; }
  /// A number for RpcClient's streams that nobody else has.
  [[nodiscard]] std::uint32_t new_stream() { return next_stream_.fetch_add(1, std::memory_order_relaxed); }

  /// Sends all requests, a few hundred at a time and as the call budget allows, and waits for all answers, for each no
  /// longer than `timeout` from when it is sent; kClosed for what is unanswered once interrupted. After a failure no
  /// more are sent, and share it. Results in the order of the requests. Not on the loop's thread.
  std::vector<Result<net::Response>> call_all(std::vector<Addressed> requests, Milliseconds timeout,
                                              Interrupt& interrupt, std::uint32_t stream = kControlStream);
  Result<net::Response> call_blocking(Addressed request, Milliseconds timeout, Interrupt& interrupt,
                                      std::uint32_t stream = kControlStream);

 private:
  struct KnownBroker {
    std::map<std::int64_t, std::string> addresses;  ///< as it was last named
    SteadyTime named{};
    std::optional<std::string> master;  ///< the last one that was named
    SteadyTime master_named{};
    std::optional<ActedFor> acted_for;
  };
  struct TopicState {
    Route route;
    std::map<std::string, KnownBroker> brokers;  ///< that it or an earlier one has named
    SteadyTime asked{};
    bool refreshing = false;  ///< a question waits for its time
    bool watched = false;
    std::vector<std::function<void()>> waiting;  ///< for the first route
  };

  using Flows = std::map<std::string, std::shared_ptr<Flow>>;

  struct RouteQuestion {
    std::string topic;
    std::size_t name_server = 0;
    std::size_t tried = 0;
    std::optional<Error> refusal;  ///< the first one: it tells more than that others cannot be reached
    std::function<void(Result<Route>)> callback;
  };

  /// What `choose` takes of the broker that serves the queue; nothing when no route has ever named it.
  template <class Choose>
  [[nodiscard]] auto of_broker(const QueueId& queue, Choose&& choose) const
      -> decltype(choose(std::declval<const KnownBroker&>()));
  /// Messages in queues that are written and not read would be missed without a word.
  void warn_of_unread_queues(const std::string& topic, const wire::TopicRoute& route);
  static void replace_route(TopicState& state, Route route, SteadyTime now);
  [[nodiscard]] std::shared_ptr<Flow> flow(Flows& flows, const std::string& address);
  void ask_name_server(RouteQuestion question);
  void ask_next_name_server(RouteQuestion question, Error error);
  [[nodiscard]] Result<Route> take_route(const std::string& topic, const std::string& address,
                                         const net::Response& answer);
  void refresh(const std::string& topic);
  void refresh_watched();
  void start_refresh_timer();

  Runtime& runtime_;
  base::Logger log_;
  RepeatedLines repeated_;
  Timing timing_;
  std::string instance_;
  std::vector<std::string> name_servers_;
  std::atomic<std::uint32_t> next_stream_{1};
  std::atomic<std::size_t> current_name_server_{0};  ///< where the next question goes
  bool closed_ = false;                              // loop thread
  mutable std::mutex mutex_;
  std::map<std::string, TopicState, std::less<>> topics_;  // guarded by mutex_
  std::atomic<bool> proxies_{false};                       ///< proxies gave the routes
  const std::shared_ptr<CallBudget> budget_;
  const std::unique_ptr<net::EventLoop> loop_;
  Pacer pacer_;    // loop thread
  Flows reading_;  // loop thread, as the one below
  Flows writing_;
  std::unique_ptr<net::Timer> refresh_timer_;                       // loop thread
  std::map<std::string, std::unique_ptr<net::Timer>> soon_timers_;  // loop thread, by topic
  std::unique_ptr<Heartbeats> heartbeats_;
  std::unique_ptr<net::RpcClient> rpc_;
};

}  // namespace rocketlink::cluster
