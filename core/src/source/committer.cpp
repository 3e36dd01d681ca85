#include "source/committer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cluster/offsets.h"
#include "cluster/pull.h"
#include "cluster/responses.h"

namespace rocketlink::source {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMaxCommitsInFlight = 256;  ///< of a reader; further queues wait for an answer

}  // namespace

CommitWait::CommitWait(Runtime& runtime, const std::vector<QueueId>& queues)
    : changed_(runtime.condition()), open_(queues.begin(), queues.end()) {
  for (const QueueId& queue : queues) uncommitted_.emplace(queue, "no answer");
}

void CommitWait::committed(const QueueId& queue) {
  const std::lock_guard lock(mutex_);
  uncommitted_.erase(queue);
  open_.erase(queue);
  changed_->notify_all();
}

void CommitWait::failed(const QueueId& queue, const std::string& why, bool for_good) {
  const std::lock_guard lock(mutex_);
  uncommitted_[queue] = why;
  if (for_good) open_.erase(queue);
  changed_->notify_all();
}

std::map<QueueId, std::string> CommitWait::wait_until(SteadyTime deadline) {
  std::unique_lock lock(mutex_);
  (void)changed_->wait_until(lock, deadline, [this] { return open_.empty(); });
  return uncommitted_;
}

Committer::Committer(cluster::Cluster& cluster, std::string group, std::shared_ptr<FetchOutput> output)
    : cluster_(cluster), group_(std::move(group)), output_(std::move(output)), timer_(cluster.loop().timer()) {}

void Committer::close() {
  closed_ = true;
  timer_->cancel();
  for (auto& [id, queue] : queues_) give_up(queue, "the reader was closed");
}

Committer::Broker& Committer::broker(const std::string& name) {
  const auto found = brokers_.find(name);
  if (found != brokers_.end()) return found->second;
  Broker& made = brokers_.try_emplace(name, cluster_.runtime().random()).first->second;
  made.known_failures = output_->failures(name);
  return made;
}

void Committer::commit(const std::vector<Wanted>& positions, const std::shared_ptr<CommitWait>& wait) {
  if (closed_) return;
  doubt_commits();
  const SteadyTime now = this->now();
  std::size_t late = 0;
  SteadyTime::duration interval{};
  for (const Wanted& position : positions) {
    const QueueId& id = position.split->queue;
    Queue& queue = queues_[id];
    queue.split = position.split;
    if (queue.broker.empty()) {
      queue.broker = cluster_.serving_broker(id);
      routes_.try_emplace(id.topic, cluster_.known_route(id.topic));
    }
    if (std::exchange(queue.forgotten, false)) doubt(queue);  // others may have committed there since
    queue.wanted = position.offset;
    if (queue.acknowledged == queue.wanted && !queue.in_flight) {
      take_due(queue);
      if (wait) wait->committed(id);
      continue;
    }
    if (held_up_ && queue.due != 0 && queue.due_since <= queue.asked && now - queue.due_since >= kLate) {
      ++late;
      interval = std::max(interval, now - queue.asked);
    }
    queue.asked = now;
    if (wait) {
      queue.waits.push_back(wait);
      broker(queue.broker).not_before = {};
    }
    put_due(queue);
  }
  if (late > 0) warn_of_late(late, interval);
  pump();
}

void Committer::warn_of_late(std::size_t late, SteadyTime::duration interval) {
  cluster_.repeated().write(
      LogLevel::kWarning, fmt::format("late commits {}", group_),
      fmt::format("commits of group '{}' fall behind: {} of {} queue(s) did not get their turn within the {:.1f} s "
                  "between two commits, as 'max-api-calls-per-second' = {} is too little for these beside pulls and "
                  "sends; after a crash so much more would be read again. Raise it, or the time between two commits "
                  "(execution.checkpointing.interval)",
                  group_, late, queues_.size(), std::chrono::duration<double>(interval).count(),
                  cluster_.budget().calls_per_second()));
}

void Committer::put_due(Queue& queue) {
  if (queue.in_flight || queue.due != 0) return;
  queue.due = ++last_due_;
  queue.due_since = now();
  due_.emplace(queue.due, &queue);
}

void Committer::take_due(Queue& queue) {
  due_.erase(std::exchange(queue.due, 0));
}

bool Committer::route_has_changed() {
  bool changed = false;
  for (auto& [topic, known] : routes_) {
    auto route = cluster_.known_route(topic);
    changed = changed || route != known;
    known = std::move(route);
  }
  return changed;
}

void Committer::doubt_commits() {
  std::set<std::string> troubled;
  for (auto& [name, broker] : brokers_) {
    const std::uint64_t failures = output_->failures(name);
    if (std::exchange(broker.known_failures, failures) != failures) troubled.insert(name);
  }
  if (!route_has_changed() && troubled.empty()) return;  // a job may have very many queues
  for (auto& [id, queue] : queues_) {
    std::string serving = cluster_.serving_broker(id);
    const bool moved = serving != std::exchange(queue.broker, serving);
    if (!moved && !troubled.contains(queue.broker)) {
      const auto& known = broker(queue.broker).address;
      const auto address = cluster_.last_master_address(id);
      if (known.empty() || !address || *address == known) continue;
    }
    doubt(queue);
  }
}

void Committer::doubt(Queue& queue) {
  queue.acknowledged = -1;
  queue.doubted = queue.in_flight;
  put_due(queue);
}

void Committer::doubt_others(const Queue& queue) {
  for (auto& [id, other] : queues_) {
    if (&other != &queue && other.broker == queue.broker) doubt(other);
  }
}

std::optional<SteadyTime> Committer::renew(SteadyTime now) {
  std::optional<SteadyTime> next;
  std::set<std::string> due;
  for (auto& [name, broker] : brokers_) {
    if (broker.renew_at && now >= *broker.renew_at) {
      due.insert(name);
      const SteadyTime again = broker.unanswered + kRenewAfter;  // others may have been lost since
      broker.renew_at = again > now ? std::optional(again) : std::nullopt;
    }
    if (broker.renew_at && (!next || *broker.renew_at < *next)) next = broker.renew_at;
  }
  if (due.empty()) return next;  // with every answer; a job may have very many queues
  for (auto& [id, queue] : queues_) {
    if (due.contains(queue.broker)) doubt(queue);
  }
  return next;
}

void Committer::forget(const QueueId& id) {
  const auto found = queues_.find(id);
  if (found == queues_.end()) return;
  Queue& queue = found->second;
  give_up(queue, "the reader does not read it any more");
  take_due(queue);
  queue.forgotten = queue.in_flight;
  if (!queue.in_flight) queues_.erase(found);
}

std::function<void()> Committer::pump_again() {
  return [self = weak_from_this()] {
    if (const auto committer = self.lock()) committer->pump();
  };
}

void Committer::pump() {
  once_more_ = true;
  if (pumping_) return;  // a call that failed at once: the loop below goes round again
  pumping_ = true;
  std::optional<SteadyTime> next;
  while (std::exchange(once_more_, false) && !closed_) next = send_due();
  pumping_ = false;
  if (!next || closed_) return;
  timer_->set(*next, pump_again());
}

std::optional<SteadyTime> Committer::send_due() {
  const SteadyTime now = this->now();
  std::optional<SteadyTime> next;
  const auto not_later_than = [&next](std::optional<SteadyTime> time) {
    if (time && (!next || *time < *next)) next = time;
  };
  not_later_than(renew(now));
  not_later_than(plan_looks(now));
  held_up_ = false;
  for (auto at = due_.begin(); at != due_.end() && in_flight_ < kMaxCommitsInFlight;) {
    Queue& queue = *at->second;
    const QueueId& id = queue.split->queue;
    Broker& to = broker(queue.broker);
    if (to.not_before > now) {
      not_later_than(to.not_before);
      ++at;
      continue;
    }
    if (!to.opened && to.opening) {
      ++at;
      continue;
    }
    const auto address = cluster_.last_master_address(id);
    ++at;  // what follows may take it out
    const bool look_first = queue.look && address && !in_doubt(queue, to);
    if (queue.acknowledged == queue.wanted && !look_first) {
      done(id, queue);
      take_due(queue);
    } else if (address) {
      cluster::Pacer::Commits line{cluster_.pacer()};
      if (!place_.has_turn(pump_again(), line)) {
        held_up_ = true;
        break;
      }
      take_due(queue);
      if (look_first) {
        look(queue, *address);
      } else {
        send(queue, to, *address);
      }
    } else {
      failed(queue, to, Error(ErrorCode::kDisconnected, "the master of its broker is not in the route (down?)", true));
      not_later_than(to.not_before);
    }
  }
  return next;
}

void Committer::send(Queue& queue, Broker& to, const std::string& address) {
  output_->count_call(cluster_.pacer());
  const bool moved = !to.address.empty() && to.address != address;
  to.address = address;
  if (moved) doubt_others(queue);
  queue.in_flight = true;
  ++in_flight_;
  to.opening = !to.opened;
  const QueueId id = queue.split->queue;
  cluster_.rpc().call(
      address, cluster::commit_request(group_, id, queue.wanted), cluster_.timing().control,
      [self = weak_from_this(), id, by = queue.broker, offset = queue.wanted](const Result<net::Response>& answer) {
        if (const auto committer = self.lock()) committer->answered(id, by, offset, answer);
      },
      cluster::kControlStream);
}

std::optional<SteadyTime> Committer::plan_looks(SteadyTime now) {
  if (!look_at_ || now < *look_at_) return look_at_;
  for (auto& [id, queue] : queues_) {
    if (looking_ && queue.look) put_due(queue);
    if (!looking_) queue.look = true;
  }
  if (looking_) look_pause_ = std::min(2 * look_pause_, kLongestLook);
  look_at_ = now + (looking_ ? look_pause_ : kNoCommit);
  looking_ = !looking_;
  return look_at_;
}

/// Whether what we committed may be lost, or not be the last that we sent.
bool Committer::in_doubt(const Queue& queue, const Broker& at) const {
  return queue.acknowledged < 0 || at.renew_at || at.known_failures != output_->failures(queue.broker);
}

void Committer::look(Queue& queue, const std::string& address) {
  output_->count_call(cluster_.pacer());
  queue.look = false;
  queue.in_flight = true;
  ++in_flight_;
  const QueueId id = queue.split->queue;
  cluster_.rpc().call(
      address, cluster::committed_request(group_, id), cluster_.timing().control,
      [self = weak_from_this(), id, ours = queue.acknowledged](const Result<net::Response>& answer) {
        if (const auto committer = self.lock()) committer->seen(id, ours, answer);
      },
      cluster::kControlStream);
}

void Committer::seen(const QueueId& id, std::int64_t ours, const Result<net::Response>& answer) {
  if (closed_) return;
  --in_flight_;
  const auto found = queues_.find(id);
  if (found->second.forgotten) {
    queues_.erase(found);
    return pump();
  }
  Queue& queue = found->second;
  queue.in_flight = queue.doubted = false;
  const bool sure = queue.acknowledged == ours && !in_doubt(queue, broker(queue.broker));
  if (sure && answer && cluster::tells_committed_offset(answer->header)) {
    // 0 may stand for "none": a broker that has lost what it knew of the group.
    const std::int64_t theirs = cluster::committed_offset(answer->header).value_or(0);
    if (theirs < ours) doubt(queue);
    if (theirs > 0 && theirs != ours) warn_of_others(id, theirs, ours);
  }
  if (queue.acknowledged == queue.wanted) {
    done(id, queue);
  } else {
    put_due(queue);
  }
  pump();
}

void Committer::warn_of_others(const QueueId& id, std::int64_t theirs, std::int64_t ours) {
  cluster_.repeated().write(
      LogLevel::kWarning, fmt::format("committed by others {} {}", group_, id.topic),
      fmt::format("group '{}' has committed {} for {}, and this job committed {} there last: another process commits "
                  "for this group, somebody has reset it, or the broker has lost it in a crash{}. Two jobs with one "
                  "group overwrite each other's progress, and skip or repeat messages after a restart: give each its "
                  "own 'consumerGroup'",
                  group_, theirs, to_string(id), ours, theirs < ours ? "; it is committed again" : ""));
}

void Committer::answered(const QueueId& id, const std::string& by, std::int64_t offset,
                         const Result<net::Response>& answer) {
  if (closed_) return;
  --in_flight_;
  Broker& from = broker(by);
  from.opening = false;
  const bool good = answer && answer->header.code == 0;
  if (good) {
    from.opened = true;
    from.not_before = {};
    from.backoff.reset();
    from.unknown_since.reset();
  }
  const auto found = queues_.find(id);
  if (found->second.forgotten) {
    queues_.erase(found);
    return pump();
  }
  Queue& queue = found->second;
  queue.in_flight = false;
  const bool doubted = std::exchange(queue.doubted, false);
  if (good) {
    if (!look_at_) look_at_ = now() + kFirstLook;
    if (!doubted) {
      queue.acknowledged = offset;
      queue.split->committed.store(offset, std::memory_order_relaxed);
    }
    if (std::exchange(queue.warned_of, false)) {
      cluster_.repeated().write(LogLevel::kWarning, fmt::format("commit works again {}", id.broker),
                                fmt::format("offsets of group '{}' are committed again for {}", group_, to_string(id)));
    }
    if (queue.wanted == queue.acknowledged) {
      done(id, queue);
    } else {
      put_due(queue);
    }
  } else if (!answer) {
    failed(queue, from, answer.error());
  } else {
    failed(queue, from, cluster::refusal(answer->header, "committing", from.address));
  }
  pump();
}

void Committer::failed(Queue& queue, Broker& of, const Error& error) {
  const QueueId& id = queue.split->queue;
  put_due(queue);
  const bool waited_for = !queue.waits.empty();
  // A broker learns of a group by its first pull, which may be behind its first commit, or have gone to another server.
  const bool early = error.code == wire::ResponseCode::kSubscriptionGroupNotExist;
  const bool passing = error.retriable || early;
  if (passing) {
    for (const auto& wait : queue.waits) wait->failed(id, error.text, false);
  } else {
    give_up(queue, error.text);
  }
  const SteadyTime now = this->now();
  if (early && !of.unknown_since) of.unknown_since = now;
  const bool expected = early && now - *of.unknown_since < kFirstPullAhead;
  if (expected) introduce(id, of);
  // What was not answered may still be on its way, and put back what is committed behind it.
  if (error.is(ErrorCode::kTimeout) || error.is(ErrorCode::kDisconnected)) {
    of.unanswered = now;
    if (!of.renew_at) of.renew_at = now + kRenewAfter;
  }
  if (of.not_before <= now) {  // those that failed with it count once
    of.not_before = now + (expected || (waited_for && passing) ? kWaitedForBackoff : of.backoff.next());
  }
  if (expected) return;
  queue.warned_of = true;
  cluster_.refresh_soon(id.topic);
  cluster_.repeated().write(
      LogLevel::kWarning, fmt::format("commit {} {}", error.code, queue.broker),
      fmt::format("offsets of group '{}' could not be committed for {} ({}); they are tried again, and after a restart "
                  "before that succeeds these messages would be read again",
                  group_, to_string(id), error.text));
}

/// A pull whose answer does not matter: reading itself may have nothing to ask of that server.
void Committer::introduce(const QueueId& id, Broker& to) {
  const auto address = cluster_.last_master_address(id);
  if (to.introducing || !address) return;
  to.introducing = true;
  output_->count_call(cluster_.pacer());
  cluster_.rpc().call(
      *address, cluster::pull_one(group_, id, queues_.at(id).wanted), cluster_.timing().control,
      [self = weak_from_this(), broker = queues_.at(id).broker](const Result<net::Response>&) {
        if (const auto committer = self.lock()) committer->broker(broker).introducing = false;
      },
      cluster::kProbeStream);
}

void Committer::done(const QueueId& id, Queue& queue) {
  for (const auto& wait : std::exchange(queue.waits, {})) wait->committed(id);
}

void Committer::give_up(Queue& queue, const std::string& why) {
  for (const auto& wait : std::exchange(queue.waits, {})) wait->failed(queue.split->queue, why, true);
}

}  // namespace rocketlink::source
