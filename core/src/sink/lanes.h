#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cluster/flow.h"
#include "sink/batch.h"
#include "sink/targets.h"

namespace rocketlink::sink {

/// Of a batch, until it is known what the link carries.
inline constexpr std::size_t kFirstBatchBytes = cluster::Flow::kFirstWindowBytes / cluster::Flow::kParts;

/// What is known of a broker.
struct BrokerState {
  SteadyTime rests_until{};  ///< after a failure
  bool silent = false;       ///< a send had no answer, nor has a question since
  std::size_t delayed_under_way = 0;
  std::int64_t room = std::numeric_limits<std::int64_t>::max();  ///< bytes that may go to it now
  std::size_t batch_bytes = kFirstBatchBytes;                    ///< most in a batch
};

/// What a broker's connections have room for.
struct Room {
  std::string broker;
  std::int64_t bytes = 0;
  std::int64_t window = 0;  ///< the same with nothing under way
};

/// One queue's way out: at most one batch of it is under way, so that the queue keeps its order. One whose queue is
/// gone has nothing but what is under way, and what comes behind that.
struct Lane {
  Target target;
  std::shared_ptr<BrokerState> broker;
  Batch filling;            ///< messages bound to this queue
  std::deque<Batch> bound;  ///< complete, in order; the front may wait for its next try
  bool busy = false;
  bool gone = false;          ///< the topic no longer has the queue
  std::deque<Batch> delayed;  ///< bound too, but under no promise of order: several may be under way
  std::size_t delayed_under_way = 0;
  std::uint32_t stream = 0;  ///< used where a proxy answers; the I/O thread's own, 0 = none yet
  SteadyTime rests_until{};  ///< nothing of this queue is sent before

  /// When both it and its broker are done with their rest.
  [[nodiscard]] SteadyTime rested() const { return std::max(rests_until, broker->rests_until); }
};

/// The lanes to all queues that a sink writes to, or still has messages for.
class Lanes {
 public:
  explicit Lanes(const std::vector<Target>& targets) { set_targets(targets); }

  /// Lanes of queues that are no longer there stay until they are empty.
  void set_targets(const std::vector<Target>& targets);
  /// Whether a batch is under way to a queue that is gone. What is bound waits for it: it may come back, and goes
  /// first.
  [[nodiscard]] bool awaits_gone() const {
    return std::any_of(all_.begin(), all_.end(), [](const auto& lane) { return lane->gone && lane->busy; });
  }
  void set_rooms(const std::vector<Room>& rooms);
  /// Most in a batch that goes to any of the brokers.
  [[nodiscard]] std::size_t batch_bytes() const { return batch_bytes_; }
  /// A silent broker gets what no queue binds only where none else is left.
  void set_silent(const std::string& broker, bool silent);
  [[nodiscard]] const std::vector<std::shared_ptr<Lane>>& all() const { return all_; }
  /// Those that new messages go to, sorted by broker and id.
  [[nodiscard]] const std::vector<std::shared_ptr<Lane>>& current() const { return current_; }
  /// The next free lane for a batch that no queue binds, in turn; one on another broker than `avoid`, if such a broker
  /// works at the moment, even if that means to wait. Null when there is none now.
  [[nodiscard]] std::shared_ptr<Lane> next_free(const std::string& avoid, SteadyTime now);
  /// The next lane that does not rest and is open, busy or not, for a message that needs no order; on another broker
  /// than `avoid` if there is one.
  [[nodiscard]] std::shared_ptr<Lane> next_open(const std::string& avoid, SteadyTime now, std::size_t most);
  /// Whether its broker has room, and fewer than `most` delayed messages are under way there.
  [[nodiscard]] static bool open(const Lane& lane, std::size_t most) {
    return lane.broker->room > 0 && lane.broker->delayed_under_way < most;
  }
  /// Whether new messages go to more than one broker.
  [[nodiscard]] bool several_brokers() const { return several_brokers_; }
  /// When the first of the lanes or brokers that rest now is done with it.
  [[nodiscard]] std::optional<SteadyTime> first_rested(SteadyTime now) const;

 private:
  /// Whether there is a way for messages that no queue binds. Without any reachable broker one is tried all the same,
  /// so that the failure is counted; so it is where all are silent.
  [[nodiscard]] bool is_way(const Lane& lane) const {
    return (lane.target.address || !any_reachable_) && (!lane.broker->silent || !any_speaks_);
  }
  void look();

  std::vector<std::shared_ptr<Lane>> all_;
  std::vector<std::shared_ptr<Lane>> current_;
  std::map<std::string, std::shared_ptr<BrokerState>> brokers_;
  std::size_t batch_bytes_ = kFirstBatchBytes;
  bool several_brokers_ = false;
  bool any_reachable_ = false;
  bool any_speaks_ = false;  ///< of those that are reachable
  std::size_t turn_ = 0;
};

}  // namespace rocketlink::sink
