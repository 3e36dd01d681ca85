#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/backoff.h"
#include "cluster/cluster.h"
#include "cluster/place.h"
#include "rocketlink/source.h"
#include "source/fetch_output.h"

namespace rocketlink::source {

/// Waits for what becomes of some commits. Any thread.
class CommitWait {
 public:
  CommitWait(Runtime& runtime, const std::vector<QueueId>& queues);

  void committed(const QueueId& queue);
  /// It is tried again, unless that can help nothing.
  void failed(const QueueId& queue, const std::string& why, bool for_good);
  /// Until all are done with, or `deadline`; gives those that were not committed, and why.
  [[nodiscard]] std::map<QueueId, std::string> wait_until(SteadyTime deadline);

 private:
  std::mutex mutex_;
  const std::unique_ptr<Condition> changed_;
  std::map<QueueId, std::string> uncommitted_;  ///< and the last failure of each; guarded by mutex_, as the one below
  std::set<QueueId> open_;
};

/// Commits positions to the consumer group, never in the way of reading:
///  - the newest position of a queue counts, and one request a queue is under way;
///  - who has waited longest for the call budget goes first, in a line of their own (Pacer);
///  - a request has its time from when it is sent; behind a failure its broker is left alone for a while, growing and
///    by chance, and no other broker's queues wait for that;
///  - a group's first commit on a broker goes alone: a broker that takes several at the same time for a group that is
///    new to it may keep only one of them, though it has acknowledged all;
///  - a broker that does not know the group, as a master that has just risen where only slaves are read, learns of it
///    by a pull (brokers refuse such commits since 5.3);
///  - what was committed on a broker goes again when it may be lost there: one that dies forgets the commits of its
///    last seconds, and another server may take its place;
///  - now and then, before the next commit or where none comes, the broker is asked for what the group has committed:
///    where that is not what we committed last, another process commits too, and each would skip or repeat messages
///    after a restart; where it is less, it may have been lost without our noticing, and goes again.
/// Lives on the I/O thread; answers that come after `close` find nobody.
class Committer : public std::enable_shared_from_this<Committer> {
 public:
  Committer(cluster::Cluster& cluster, std::string group, std::shared_ptr<FetchOutput> output);

  struct Wanted {
    std::shared_ptr<SplitState> split;
    std::int64_t offset = 0;
  };
  /// `wait` may be null; with one, tries are made at once and soon again, and what comes of them is told.
  void commit(const std::vector<Wanted>& positions, const std::shared_ptr<CommitWait>& wait);
  /// Nothing more is committed for the queue.
  void forget(const QueueId& queue);
  void close();

 private:
  static constexpr std::chrono::milliseconds kFirstBackoff{1'000};     ///< of a broker that failed, then doubling
  static constexpr std::chrono::milliseconds kLongestBackoff{30'000};  ///< so one that is back gets commits within it
  static constexpr std::chrono::milliseconds kWaitedForBackoff{100};   ///< instead, where a thread waits for the commit

  /// How long a broker may refuse the commits of a group that is new to it.
  static constexpr std::chrono::milliseconds kFirstPullAhead{5'000};
  /// Behind an answer that did not come: what was committed goes again, as it may have been put back.
  static constexpr std::chrono::milliseconds kRenewAfter{60'000};
  /// From the first commit until a look whether a broker still has what was committed; then doubling.
  static constexpr std::chrono::milliseconds kFirstLook{5'000};
  static constexpr std::chrono::milliseconds kLongestLook{60'000};  ///< between two such looks
  static constexpr std::chrono::milliseconds kNoCommit{5'000};      ///< how long a look waits for a commit to precede
  /// A commit that waits so long for the call budget, and for a whole commit interval, is late.
  static constexpr std::chrono::milliseconds kLate{1'000};
  static_assert(kWaitedForBackoff < kFirstBackoff && kFirstBackoff < kLongestBackoff && kFirstLook < kLongestLook);

  struct Queue {
    std::shared_ptr<SplitState> split;
    std::string broker;  ///< that serves it
    std::int64_t wanted = -1;
    std::int64_t acknowledged = -1;  ///< -1: none, or it may be lost
    bool in_flight = false;
    bool doubted = false;    ///< what its answer will say is not to be relied on
    bool forgotten = false;  ///< it is kept for its answer alone
    bool warned_of = false;  ///< its commits fail, and the log says so
    bool look = false;       ///< before the next commit, at what others have committed
    std::uint64_t due = 0;   ///< its place among those that are to be sent; 0: it has none
    SteadyTime due_since{};
    SteadyTime asked{};  ///< when a commit was asked for last
    std::vector<std::shared_ptr<CommitWait>> waits;
  };
  struct Broker {
    explicit Broker(std::uint32_t random) : backoff(kFirstBackoff, kLongestBackoff, random) {}
    bool opened = false;                      ///< it has taken a commit of the group
    bool opening = false;                     ///< the first one is under way
    std::string address;                      ///< where the last commit went
    std::optional<SteadyTime> unknown_since;  ///< it does not know the group
    bool introducing = false;                 ///< it is being told of it
    std::uint64_t known_failures = 0;         ///< of reading there, when its commits were last thought safe
    SteadyTime unanswered{};                  ///< the last commit that was not answered
    std::optional<SteadyTime> renew_at;       ///< when to commit everything again
    SteadyTime not_before{};
    base::Backoff backoff;
  };

  [[nodiscard]] SteadyTime now() const { return cluster_.runtime().now(); }
  void put_due(Queue& queue);
  void take_due(Queue& queue);
  void pump();
  /// When to come again if nothing happens.
  std::optional<SteadyTime> send_due();
  [[nodiscard]] std::function<void()> pump_again();
  [[nodiscard]] Broker& broker(const std::string& name);
  void send(Queue& queue, Broker& broker, const std::string& address);
  void warn_of_late(std::size_t late, SteadyTime::duration interval);
  std::optional<SteadyTime> plan_looks(SteadyTime now);
  [[nodiscard]] bool in_doubt(const Queue& queue, const Broker& at) const;
  void look(Queue& queue, const std::string& address);
  void seen(const QueueId& id, std::int64_t ours, const Result<net::Response>& answer);
  void warn_of_others(const QueueId& id, std::int64_t theirs, std::int64_t ours);
  void answered(const QueueId& id, const std::string& by, std::int64_t offset, const Result<net::Response>& answer);
  void failed(Queue& queue, Broker& broker, const Error& error);
  void introduce(const QueueId& id, Broker& to);
  /// Whoever waits for it is told.
  static void done(const QueueId& id, Queue& queue);
  static void give_up(Queue& queue, const std::string& why);
  void doubt_commits();
  void doubt(Queue& queue);
  /// What was committed, or is being, where the queue's broker listened before.
  void doubt_others(const Queue& queue);
  [[nodiscard]] bool route_has_changed();
  /// Commits everything of a broker again when it is time to; gives when that will be.
  std::optional<SteadyTime> renew(SteadyTime now);

  cluster::Cluster& cluster_;
  const std::string group_;
  std::shared_ptr<FetchOutput> output_;
  std::unique_ptr<net::Timer> timer_;
  std::map<QueueId, Queue> queues_;
  std::map<std::uint64_t, Queue*> due_;    ///< to be sent when their broker is ready for it, the longest so first
  std::uint64_t last_due_ = 0;             ///< place that was given
  std::map<std::string, Broker> brokers_;  ///< those that serve the queues, by name
  std::map<std::string, cluster::Route> routes_;  ///< by topic, as they were when commits were doubted last
  std::size_t in_flight_ = 0;
  std::optional<SteadyTime> look_at_;  ///< when to see what others have committed
  std::chrono::milliseconds look_pause_ = kFirstLook;
  bool looking_ = false;  ///< queues wait for a commit to look before
  cluster::Place place_;  ///< in the line for the call budget
  bool held_up_ = false;  ///< there
  bool pumping_ = false;
  bool once_more_ = false;  ///< something came while it was pumping
  bool closed_ = false;
};

}  // namespace rocketlink::source
