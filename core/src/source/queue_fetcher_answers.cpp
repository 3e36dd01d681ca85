#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "cluster/responses.h"
#include "net/denial.h"
#include "source/queue_fetcher.h"

/// What a QueueFetcher makes of the answers to its pulls.
namespace rocketlink::source {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMaxPulls = 8;      ///< of a queue in flight, doubling up to it while there are messages
constexpr milliseconds kHardlyHeld{50};   ///< a broker that says so soon that nothing is there does not hold pulls
constexpr int kFailuresBeforeOthers = 3;  ///< of one server; then another one is read from
constexpr milliseconds kSilence{1'000};   ///< a failure that took longer is enough for that

/// A queue is gone when its master and name servers have said so for so long: the topic may be created again, and
/// who has just risen learns of it.
constexpr milliseconds kMissingPatience{60'000};

/// The topic got fewer queues, was created again, or was deleted.
bool says_missing(const Error& error) {
  return error.code == wire::ResponseCode::kInvalidParameter || error.code == wire::ResponseCode::kTopicNotExist;
}

bool names(const wire::TopicRoute& route, const QueueId& queue) {
  const auto queues = wire::readable_queues(route);
  return std::any_of(queues.begin(), queues.end(), [&](const wire::RoutedQueue& routed) {
    return routed.broker == queue.broker && routed.id == queue.id;
  });
}

}  // namespace

void QueueFetcher::answered(std::uint64_t id, const std::string& address, Result<net::Response> response) {
  if (state_ == FetchState::kClosed) return;
  const auto pull = std::find_if(pulls_.begin(), pulls_.end(), [&](const Pull& p) { return p.id == id; });
  if (pull == pulls_.end()) return;
  const bool head = pull == pulls_.begin() && pull->asked <= expected_;
  auto answer = response ? cluster::read_pull_answer(response->header, pull->asked, doing(), address)
                         : Result<cluster::PullAnswer>(response.error());
  if (!answer) {
    Error error = std::move(answer).error();
    if (net::is_denial(error)) error.text = fmt::format("{}: {}", doing(), error.text);
    if (response && !pull->at_master && (selector_.is_avoiding() || !cluster_.master_address(split_->queue))) {
      error.text += "; that is a slave, asked because the master does not answer or is not in the route";
    }
    // A connection may also be lost while a broker holds a pull as it should.
    const bool silent = error.is(ErrorCode::kTimeout) ||
                        (error.is(ErrorCode::kDisconnected) && !pull->suspended && now() - pull->sent > kSilence);
    if (silent) pull->share.lost();
    const bool at_master = pull->at_master;
    erase(pull);
    if (head) {
      if (at_master) look_for_queue(error);
      failed(error, silent);
    } else {  // the head will meet the same trouble, or not; either way nobody hurries now
      if (cluster::is_throttled(error.code)) output_->throttled.fetch_add(1, std::memory_order_relaxed);
      depth_ = 1;
    }
    return;
  }
  pull->share.carried(static_cast<std::int64_t>(response->body.bytes.size()));
  recovered();
  selector_.answered(address);
  selector_.suggest(answer->suggested_broker_id);
  known_max_ = answer->max_offset;
  split_->max_offset.store(answer->max_offset, std::memory_order_relaxed);
  const bool useful = answer->status == cluster::PullStatus::kFound || answer->status == cluster::PullStatus::kAdvance;
  if (!head && !useful) {  // asked too early; it is asked again once it is next, and nobody hurries until then
    erase(pull);
    depth_ = 1;
  } else {
    pull->answered = true;
    pull->server = address;
    pull->answer = *answer;
    pull->body = std::move(response->body);
    drain();
  }
  pump();
}

bool QueueFetcher::worth_another_try(const Error& error) const {
  // Brokers load their configuration anew, one after the other.
  const bool configured = net::is_denial(error) || error.code == wire::ResponseCode::kSubscriptionGroupNotExist;
  if (configured) return worked_ && backoff_.failures() < net::kDenialTries;
  return error.retriable || error.is(ErrorCode::kProtocol);
}

void QueueFetcher::look_for_queue(const Error& error) {
  if (!says_missing(error)) {
    missing_since_.reset();
    return;
  }
  if (!missing_since_) missing_since_ = now();
  if (now() - *missing_since_ < kMissingPatience) return;
  cluster_.fetch_route(split_->queue.topic, [self = weak_from_this(), error](const Result<cluster::Route>& route) {
    if (const auto fetcher = self.lock()) fetcher->missing(error, route);
  });
}

void QueueFetcher::missing(const Error& error, const Result<cluster::Route>& route) {
  if (has_ended() || !missing_since_) return;
  const bool deleted = !route && route.error().code == wire::ResponseCode::kTopicNotExist;
  if (!route && !deleted) return;
  missing_since_.reset();
  if (route && names(**route, split_->queue)) return;
  const std::string what =
      fmt::format("{}: the queue is gone, and what was not read there, from offset {} on, with it: the topic {} ({})",
                  to_string(split_->queue), expected_, deleted ? "was deleted" : "got fewer queues or was created anew",
                  error.text);
  if (!split_->stop) {
    say(LogLevel::kWarning, "gone", split_->queue.id, what + "; it is read on if it comes back");
  } else if (settings_->out_of_range == OutOfRangePolicy::kFail) {
    fail_out_of_range(what);
  } else {
    say(LogLevel::kWarning, "gone", split_->queue.id,
        what + "; the read ends there as 'scan.offset-out-of-range' says");
    end();
  }
}

void QueueFetcher::failed(const Error& error, bool silent) {
  if (error.is(ErrorCode::kClosed)) return;
  if (!worth_another_try(error)) {
    finish();
    output_->fail(error);
    return;
  }
  output_->count_failure(cluster_.serving_broker(split_->queue));
  if (cluster::is_throttled(error.code)) output_->throttled.fetch_add(1, std::memory_order_relaxed);
  say(LogLevel::kWarning, "failed", error.code, fmt::format("{}; trying again", error.text));
  cluster_.refresh_soon(split_->queue.topic);
  depth_ = 1;
  wait(backoff_.next());
  if (silent || backoff_.failures() > kFailuresBeforeOthers || selector_.doubts_selected()) selector_.avoid_selected();
}

void QueueFetcher::recovered() {
  worked_ = true;
  missing_since_.reset();
  if (backoff_.failures() == 0) return;
  say(LogLevel::kWarning, "works again", 0,
      fmt::format("{} works again after {} failure(s)", doing(), backoff_.failures()));
  backoff_.reset();
}

/// An earlier answer may have brought more than was foreseen, and what was asked for in between may still be on its
/// way, or be lost: whatever goes on from here will do.
void QueueFetcher::drain() {
  while (!has_ended() && !paused_) {
    const auto next = std::find_if(pulls_.begin(), pulls_.end(),
                                   [this](const Pull& pull) { return pull.answered && pull.asked <= expected_; });
    if (next == pulls_.end()) return;
    const Pull pull = std::move(*next);
    erase(next);
    use(pull);
  }
}

void QueueFetcher::use(const Pull& pull) {
  const cluster::PullAnswer& answer = pull.answer;
  switch (answer.status) {
    case cluster::PullStatus::kFound:
    case cluster::PullStatus::kAdvance:
      range_.reset();
      if (!std::exchange(begin_is_there_, true)) return;
      if (answer.next_offset <= expected_) {
        if (answer.next_offset <= pull.asked) pause();  // a slave that is behind its master
        return;
      }
      learn(pull);
      deliver(pull);
      if (pull.body.bytes.empty() &&
          (answer.status == cluster::PullStatus::kFound || answer.next_offset > answer.max_offset)) {
        pause();
      } else {
        pauses_.reset();
      }
      break;
    case cluster::PullStatus::kNotFound:
      if (pull.asked != expected_) break;
      if (!std::exchange(begin_is_there_, true)) return;
      if (split_->stop && pull.at_master && expected_ >= answer.max_offset && answer.next_offset <= expected_) {
        end_is_before_stop(pull);
      } else {
        nothing_there(pull);
      }
      break;
    case cluster::PullStatus::kReset:
      warn_of_reset(answer.next_offset);
      pause();
      break;
    case cluster::PullStatus::kTooSmall:
    case cluster::PullStatus::kTooBig:
      // Asked ahead of its turn it may just have come too early.
      if (pull.head && pull.asked == expected_) out_of_range(pull);
      break;
  }
}

void QueueFetcher::deliver(const Pull& pull) {
  const std::int64_t stop = split_->stop.value_or(std::numeric_limits<std::int64_t>::max());
  const std::int64_t next = std::min(pull.answer.next_offset, stop);
  if (next > expected_) {
    FetchedChunk chunk;
    chunk.split = split_;
    chunk.bytes = pull.body;  // empty where the filter let nothing through: the position moves all the same
    chunk.first = expected_;
    chunk.next = next;
    chunk.offset_delta = pull.answer.offset_delta;
    output_->push(std::move(chunk));
    range_.read_from(pull.server, pull.at_master);
  }
  expected_ = pull.answer.next_offset;
  if (expected_ < known_max_) depth_ = pull.at_proxy ? 1 : std::min(kMaxPulls, depth_ * 2);
}

void QueueFetcher::nothing_there(const Pull& pull) {
  depth_ = 1;
  range_.reset();
  // The broker may skip a hole in its index; it never goes back here.
  const std::int64_t next = std::min(pull.answer.next_offset, pull.answer.max_offset);
  if (next > expected_) {
    say(LogLevel::kWarning, "skipped", split_->queue.id,
        fmt::format("{}: the broker has nothing at offset {} and says to go on at {}", to_string(split_->queue),
                    expected_, next));
    move_to(next);
  }
  if (settings_->pull_interval) {
    wait(*settings_->pull_interval);
  } else if (pull.suspended && now() - pull.sent >= kHardlyHeld) {
    pauses_.reset();
  } else {
    pause();
  }
}

bool QueueFetcher::range_confirmed(const Pull& pull) {
  depth_ = 1;
  if (!pull.at_master) {
    say(LogLevel::kWarning, "range", split_->queue.id,
        fmt::format("{}: a slave has the offsets {} to {} only; its master is asked about {}", to_string(split_->queue),
                    pull.answer.min_offset, pull.answer.max_offset, expected_));
    selector_.return_to_master();
    cluster_.refresh_soon(split_->queue.topic);
    pause();
    return false;
  }
  const bool beyond = expected_ > pull.answer.max_offset;
  const bool untried = beyond && range_.is_untried();
  const bool elsewhere = beyond && range_.was_read_elsewhere(pull.server);
  if (elsewhere) {
    ask_for_newest();
    cluster_.refresh_soon(split_->queue.topic);
  }
  if (untried) {
    say(LogLevel::kWarning, "ahead", split_->queue.id,
        fmt::format("{}: the queue ends at {}, and {} is where it is to be read from; its broker is asked for half a "
                    "minute, as it may have stored more than it has indexed",
                    to_string(split_->queue), pull.answer.max_offset, expected_));
  }
  if (range_.confirm(elsewhere || untried)) return true;
  wait(cluster_.timing().out_of_range_pause);
  return false;
}

/// A pull of one message at the queue's position, beside those that read.
template <class Told>
void QueueFetcher::look(const std::string& address, milliseconds timeout, std::uint32_t stream, Told told) {
  output_->count_call(cluster_.pacer());
  cluster_.rpc().call(
      address, cluster::pull_one(settings_->group, split_->queue, expected_), timeout,
      [self = weak_from_this(), address, offset = expected_, told](const Result<net::Response>& response) {
        const auto fetcher = self.lock();
        if (!fetcher) return;
        told(*fetcher, offset,
             response ? cluster::read_pull_answer(response->header, offset, fetcher->doing(), address)
                      : Result<cluster::PullAnswer>(response.error()));
      },
      stream);
}

/// Asks whoever gave the newest messages whether they are still there.
void QueueFetcher::ask_for_newest() {
  if (!range_.begin_asking()) return;
  look(range_.newest_from(), cluster_.timing().control, 0,
       [](QueueFetcher& fetcher, std::int64_t offset, const Result<cluster::PullAnswer>& answer) {
         fetcher.range_.end_asking(answer && answer->max_offset >= offset);
       });
}

void QueueFetcher::probe(const std::string& address) {
  look(address, cluster_.timing().pull, cluster::kProbeStream,
       [address](QueueFetcher& fetcher, std::int64_t /*offset*/, const Result<cluster::PullAnswer>& answer) {
         if (!answer) return;
         // Said once, so not again to who reads there.
         if (answer->status == cluster::PullStatus::kReset) fetcher.warn_of_reset(answer->next_offset);
         fetcher.selector_.answered(address);
       });
}

void QueueFetcher::warn_of_reset(std::int64_t offset) {
  if (offset == expected_) return;
  say(LogLevel::kWarning, "reset", split_->queue.id,
      fmt::format("the offsets of group '{}' were reset at the broker to {}: {} goes on at its own position {}, "
                  "which it will commit; to begin elsewhere, stop the job before the reset",
                  settings_->group, offset, to_string(split_->queue), expected_));
}

void QueueFetcher::out_of_range(const Pull& pull) {
  if (!range_confirmed(pull)) return;
  const cluster::PullAnswer& answer = pull.answer;
  const bool deleted = expected_ < answer.min_offset;
  const std::string what =
      deleted ? fmt::format(
                    "{}: offset {} is gone, the first message there is at {}: {} message(s) were deleted before "
                    "they were read (retention)",
                    to_string(split_->queue), expected_, answer.min_offset, answer.min_offset - expected_)
              : fmt::format(
                    "{}: offset {} is beyond the end of the queue at {}: the broker lost messages, or the topic "
                    "was created anew",
                    to_string(split_->queue), expected_, answer.max_offset);
  if (settings_->out_of_range == OutOfRangePolicy::kFail) {
    fail_out_of_range(what);
    return;
  }
  const std::int64_t moved =
      settings_->out_of_range == OutOfRangePolicy::kEarliest ? answer.min_offset : answer.max_offset;
  say(LogLevel::kWarning, "moved", split_->queue.id,
      fmt::format("{}; going on at {} as 'scan.offset-out-of-range' says", what, moved));
  if (moved == expected_) pause();
  begin_is_there_ = true;
  move_to(moved);
  drop_pulls();
}

void QueueFetcher::move_to(std::int64_t offset) {
  FetchedChunk chunk;
  chunk.split = split_;
  chunk.first = chunk.next = std::min(offset, split_->stop.value_or(offset));
  output_->push(std::move(chunk));
  expected_ = offset;
}

void QueueFetcher::end_is_before_stop(const Pull& pull) {
  if (!range_confirmed(pull)) return;
  const cluster::PullAnswer& answer = pull.answer;
  const std::string what = fmt::format(
      "{}: the queue ends at {}, though {} was its end when this bounded read began: the broker lost messages, or the "
      "topic was created anew",
      to_string(split_->queue), answer.max_offset, *split_->stop);
  if (settings_->out_of_range == OutOfRangePolicy::kFail) {
    fail_out_of_range(what);
    return;
  }
  say(LogLevel::kWarning, "ended", 0, what + "; the read ends there as 'scan.offset-out-of-range' says");
  end();
}

void QueueFetcher::fail_out_of_range(const std::string& what) {
  finish();
  output_->fail(Error(ErrorCode::kOffsetOutOfRange,
                      what + "; to go on with what is there, set 'scan.offset-out-of-range' = 'earliest' or 'latest'"));
}

void QueueFetcher::learn(const Pull& pull) {
  const cluster::PullAnswer& answer = pull.answer;
  const bool cut_short = pull.fills_gap || answer.next_offset >= answer.max_offset;
  prediction_.learn({static_cast<std::int64_t>(pull.body.bytes.size()), answer.next_offset - pull.asked,
                     pull.max_messages, cut_short});
}

void QueueFetcher::finish_at_stop() {
  if (!has_ended() && split_->stop && expected_ >= *split_->stop && begin_is_there_) end();
}

void QueueFetcher::finish() {
  state_ = FetchState::kFinished;
  drop_pulls();
}

void QueueFetcher::end() {
  finish();
  FetchedChunk end;
  end.split = split_;
  end.first = end.next = expected_;
  end.end = true;
  output_->push(std::move(end));
}

}  // namespace rocketlink::source
