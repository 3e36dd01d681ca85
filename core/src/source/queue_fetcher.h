#pragma once

#include <array>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "base/backoff.h"
#include "cluster/cluster.h"
#include "cluster/place.h"
#include "cluster/pull.h"
#include "rocketlink/options.h"
#include "source/fetch_output.h"

namespace rocketlink::source {

/// How all queues of a reader are pulled.
struct FetchSettings {
  std::string group;
  cluster::Subscription subscription;
  std::int32_t batch_size = 64;
  std::optional<std::chrono::milliseconds> pull_interval;  ///< nothing: long polling
  OutOfRangePolicy out_of_range = OutOfRangePolicy::kFail;
};

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
    SteadyTime sent{};
    bool answered = false;
    std::string server;  ///< that answered
    cluster::PullAnswer answer;
    net::SharedBytes body;
  };
  using Pulls = std::list<Pull>;  // a deque takes half a KiB for one

  [[nodiscard]] SteadyTime now() const { return cluster_.runtime().now(); }
  [[nodiscard]] bool worth_another_try(const Error& error) const;
  [[nodiscard]] bool resting() const { return closed_ || paused_ || waiting_ || done_; }
  /// `bulk`: messages are there that fill the answer.
  [[nodiscard]] bool may_call(bool bulk);
  bool issue(const Pulls::iterator& where, std::int64_t offset, std::optional<std::int64_t> end_of_gap, bool head);
  /// As many as fit into a part of what may be under way.
  [[nodiscard]] std::int32_t messages_in_a_part() const;
  /// Whether the topic's first route is on its way: no reason to speak of a broker that is not in it.
  [[nodiscard]] bool awaits_first_route();
  void answered(std::uint64_t id, const std::string& address, Result<net::Response> response);
  /// The pull at the head did not work.
  void failed(const Error& error);
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
  void ask_for_newest();
  void learn(const Pull& pull);
  void recovered();
  void choose_detour();
  void erase(const Pulls::iterator& pull);
  void drop_pulls();
  void fail_out_of_range(const std::string& what);
  void finish_at_stop();
  void end();
  void wait(std::chrono::milliseconds delay);
  /// After an answer that leads nowhere: whatever a broker says, it is not asked without rest, and ever less often.
  void pause();
  [[nodiscard]] const std::optional<std::string>& address();
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

  Pulls pulls_;  ///< by offset asked
  std::uint64_t next_id_ = 1;
  std::int64_t expected_;  ///< offset that the next chunk begins with
  bool begin_is_there_;    ///< one behind the stop may be behind the queue's end: that is asked before the split ends
  std::int64_t known_max_ = 0;
  std::int64_t reserved_ = 0;
  std::int64_t answer_bytes_ = 64 * 1024;  ///< at most, as the last answers were
  std::int64_t message_bytes_ = 4096;      ///< of one offset, as above; at first a guess
  std::size_t depth_ = 1;
  std::int64_t step_;  ///< messages that an answer has at least, if so many are asked for
  std::array<std::int64_t, 8> observed_{};
  std::size_t observed_count_ = 0;
  std::int64_t suggested_broker_ = 0;
  std::int64_t detour_ = 0;  ///< added to it while the suggested one does not answer
  SteadyTime detour_until_{};
  cluster::Route route_;  ///< that address_ was taken from, for broker id address_of_
  std::int64_t address_of_ = -1;
  std::optional<std::string> address_;
  std::shared_ptr<cluster::Flow> flow_;  ///< from there
  bool at_proxy_ = false;                ///< address_ is a proxy's: one pull at a time, over our own stream
  bool at_master_ = false;               ///< address_ is the master's
  bool asked_first_route_ = false;
  bool awaits_first_route_ = false;
  int out_of_range_seen_ = 0;
  std::string newest_from_;      ///< who gave the newest messages
  bool read_at_slave_ = false;   ///< that was a slave
  bool asking_newest_ = false;   ///< whether it has what we have read
  bool newest_vouches_ = false;  ///< it has
  bool worked_ = false;          ///< a pull was answered once
  bool sized_ = false;           ///< message_bytes_ is of messages
  bool waiting_ = false;
  cluster::Place place_;  ///< in the line for the call budget, or for what may be under way
  bool paused_ = false;
  bool done_ = false;
  bool closed_ = false;
};

}  // namespace rocketlink::source
