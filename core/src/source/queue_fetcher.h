#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>

#include "base/backoff.h"
#include "cluster/cluster.h"
#include "cluster/place.h"
#include "cluster/pull.h"
#include "rocketlink/options.h"
#include "source/broker_selector.h"
#include "source/fetch_output.h"
#include "source/pull_prediction.h"
#include "source/range_confirmation.h"

namespace rocketlink::source {

/// How all queues of a reader are pulled.
struct FetchSettings {
  std::string group;
  cluster::Subscription subscription;
  std::int32_t batch_size = SourceOptions().pull_batch_size;
  std::optional<std::chrono::milliseconds> pull_interval;  ///< nothing: long polling
  OutOfRangePolicy out_of_range = OutOfRangePolicy::kFail;
};

/// What a fetcher does. One that the engine has paused has no pulls either, whatever its state.
///
/// | state     | waits for                              | goes on with                                              |
/// |-----------|----------------------------------------|-----------------------------------------------------------|
/// | kPulling  | answers, room, its turn, a first route | kWaiting: a failure, or an answer that leads nowhere      |
/// | kWaiting  | its timer                              | kPulling                                                  |
/// | kFinished | nothing                                | the stop was reached, or what failed is worth no more try |
/// | kClosed   | nothing                                | from every state, by `close`                              |
enum class FetchState : std::uint8_t { kPulling, kWaiting, kFinished, kClosed };

/// Keeps several pulls of one queue in flight at guessed offsets and gives their answers on in order. A guess that was
/// too far leaves a gap, which is pulled before the answers behind it are used; one that was too near overlaps, and the
/// chunk says from where on it is new. At the tail one pull waits (long polling), or comes back after the pull
/// interval. Lives on the I/O thread; answers that come after `close` find nobody.
class QueueFetcher : public std::enable_shared_from_this<QueueFetcher> {
 public:
  QueueFetcher(cluster::Cluster& cluster, std::shared_ptr<const FetchSettings> settings,
               std::shared_ptr<FetchOutput> output, std::shared_ptr<std::int64_t> reserved_by_all,
               std::shared_ptr<SplitState> split, std::int64_t offset);

  /// Asks for as much as depth and budget allow.
  void pump();
  void set_paused(bool paused);
  void close();

 private:
  struct Pull {
    std::uint64_t id = 0;
    std::int64_t asked = 0;
    std::int64_t guessed_end = 0;
    std::int64_t reserved = 0;      ///< bytes
    std::int32_t max_messages = 0;  ///< asked for
    cluster::Flow::Share share;     ///< of what may be under way
    bool head = false;              ///< was the queue's next when it was asked
    bool fills_gap = false;
    bool suspended = false;  ///< the broker may hold it
    bool at_master = false;  ///< whose range of the queue is the queue's
    bool at_proxy = false;
    SteadyTime sent{};
    bool answered = false;
    std::string server;  ///< that answered
    cluster::PullAnswer answer;
    net::SharedBytes body;
  };
  using Pulls = std::list<Pull>;  // a deque takes half a KiB for one
  enum class FirstRoute : std::uint8_t { kNotAsked, kAwaited, kAnswered };

  [[nodiscard]] SteadyTime now() const { return cluster_.runtime().now(); }
  [[nodiscard]] bool worth_another_try(const Error& error) const;
  [[nodiscard]] bool may_pull() const { return state_ == FetchState::kPulling && !paused_; }
  [[nodiscard]] bool has_ended() const { return state_ == FetchState::kFinished || state_ == FetchState::kClosed; }
  /// `bulk`: messages are there that fill the answer.
  [[nodiscard]] bool may_call(bool bulk);
  /// The queue's next offset, up to what is there already behind a gap. False: not now.
  bool pull_next(std::optional<std::int64_t> end_of_gap);
  bool pull_ahead(std::int64_t offset);
  /// What both do: `where` it belongs among the others.
  bool issue(const Pulls::iterator& where, Pull pull, std::optional<std::int64_t> end_of_gap);
  void send(const Pull& issued, const BrokerSelector::Server& server);
  /// As many as fit into a part of what may be under way.
  [[nodiscard]] std::int32_t messages_in_a_part(bool at_proxy) const;
  /// Whether the topic's first route is on its way: no reason to speak of a broker that is not in it.
  [[nodiscard]] bool awaits_first_route();
  void answered(std::uint64_t id, const std::string& address, Result<net::Response> response);
  /// The pull at the head did not work; `silent`: the server did not even say so.
  void failed(const Error& error, bool silent);
  /// What the queue's master has to say.
  void look_for_queue(const Error& error);
  void missing(const Error& error, const Result<cluster::Route>& route);
  /// Uses the answers that are next.
  void drain();
  void use(const Pull& pull);
  void deliver(const Pull& pull);
  void nothing_there(const Pull& pull);
  void out_of_range(const Pull& pull);
  /// Without messages; told, so that what is committed follows even where none comes any more.
  void move_to(std::int64_t offset);
  void end_is_before_stop(const Pull& pull);
  /// False: it is asked again first, as a broker that is just coming up may not know its range yet, and of a slave the
  /// master.
  [[nodiscard]] bool range_confirmed(const Pull& pull);
  template <class Told>
  void look(const std::string& address, std::chrono::milliseconds timeout, std::uint32_t stream, Told told);
  void ask_for_newest();
  /// Whether a server that is avoided answers pulls again.
  void probe(const std::string& address);
  void warn_of_reset(std::int64_t offset);
  void learn(const Pull& pull);
  void recovered();
  void erase(const Pulls::iterator& pull);
  void drop_pulls();
  void fail_out_of_range(const std::string& what);
  void finish_at_stop();
  void finish();
  /// And says so.
  void end();
  void wait(std::chrono::milliseconds delay);
  /// After an answer that leads nowhere: whatever a broker says, it is not asked without rest, and ever less often.
  void pause();
  /// The server to ask now; null where the route names none.
  [[nodiscard]] const BrokerSelector::Server* select_server();
  [[nodiscard]] std::string doing() const;
  /// One line a minute of the same about queues of one broker.
  void say(LogLevel level, std::string_view about, std::int32_t code, std::string_view text);

  cluster::Cluster& cluster_;
  std::shared_ptr<const FetchSettings> settings_;
  std::shared_ptr<FetchOutput> output_;
  std::shared_ptr<std::int64_t> reserved_by_all_;
  std::shared_ptr<SplitState> split_;
  std::unique_ptr<net::Timer> timer_;
  const std::uint32_t stream_;  ///< used where a proxy answers
  base::Backoff backoff_;
  base::Backoff pauses_;  ///< reset by what leads on

  FetchState state_ = FetchState::kPulling;
  bool paused_ = false;  ///< by the engine, beside any state
  FirstRoute first_route_ = FirstRoute::kNotAsked;
  bool worked_ = false;                      ///< a pull was answered once
  std::optional<SteadyTime> missing_since_;  ///< its master says that there is no such queue

  Pulls pulls_;  ///< by offset asked
  std::uint64_t next_id_ = 1;
  std::int64_t expected_;  ///< offset that the next chunk begins with
  bool begin_is_there_;    ///< one behind the stop may be behind the queue's end: that is asked before the split ends
  std::int64_t known_max_ = 0;
  std::int64_t reserved_ = 0;
  std::size_t depth_ = 1;  ///< pulls in flight, at most
  PullPrediction prediction_;
  BrokerSelector selector_;
  std::shared_ptr<cluster::Flow> flow_;  ///< of the server that was selected last
  cluster::Place place_;                 ///< in the line for the call budget, or for what may be under way
  RangeConfirmation range_;
};

}  // namespace rocketlink::source
