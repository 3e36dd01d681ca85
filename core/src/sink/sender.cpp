#include "sink/sender.h"

#include <fmt/format.h>

#include <algorithm>

#include "cluster/responses.h"
#include "net/denial.h"
#include "sink/delivery_probe.h"

namespace rocketlink::sink {

namespace {

using std::chrono::milliseconds;

/// Longer than a broker waits for its disk (5 s) and its slaves (3 s) before it answers 10 or 12.
constexpr milliseconds kSendTimeout{10'000};
/// A topic is missing when name servers have said so for so long; then its batches fail.
constexpr milliseconds kMissingPatience{10'000};
constexpr milliseconds kMissingPause{500};  ///< between two questions whether it is there
static_assert(kMissingPause < kMissingPatience);
constexpr milliseconds kFirstThrottleBackoff{100};     ///< besides `sleepTimeMs`, then doubling
constexpr milliseconds kLongestThrottleBackoff{5000};  ///< so a broker that takes messages again gets them within it
static_assert(kFirstThrottleBackoff < kLongestThrottleBackoff);

}  // namespace

Sender::Sender(cluster::Cluster& cluster, SendSettings settings, std::shared_ptr<Backlog> backlog,
               std::vector<Target> targets)
    : cluster_(cluster),
      settings_(std::move(settings)),
      backlog_(std::move(backlog)),
      timer_(cluster.loop().timer()),
      targets_(std::move(targets)),
      throttle_(kFirstThrottleBackoff, kLongestThrottleBackoff, cluster.runtime().random()),
      silent_(
          cluster, [this] { backlog_->count_call(); },
          [this](const std::string& broker) {
            backlog_->set_silent(broker, false);
            pump();
          }),
      asked_(settings_.asked) {}

void Sender::find_ways() {
  ways_.clear();
  for (const Target& target : targets_) {
    const bool known =
        std::any_of(ways_.begin(), ways_.end(), [&](const Way& way) { return way.broker == target.broker; });
    if (target.address && !known) ways_.push_back({target.broker, cluster_.writing(*target.address), {}});
  }
}

std::vector<Room> Sender::rooms() {
  std::vector<Room> rooms;
  for (Way& way : ways_) {
    const bool open = way.place.has_turn(pump_again(), *way.flow);
    rooms.push_back({way.broker, open ? way.flow->room() : 0, way.flow->window()});
  }
  return rooms;
}

std::function<void()> Sender::pump_again() {
  return [self = weak_from_this()] {
    if (const auto sender = self.lock()) sender->pump();
  };
}

void Sender::wake() {
  cluster_.loop().post(pump_again());
}

void Sender::close() {
  closed_ = true;
  silent_.clear();
  timer_->cancel();
}

void Sender::pump() {
  if (closed_) return;
  once_more_ = true;
  if (pumping_) return;  // a call that failed at once: the loop below goes round again
  pumping_ = true;
  std::optional<SteadyTime> next;
  while (once_more_) {
    once_more_ = false;
    follow_route();
    if (ways_.empty()) find_ways();
    if (!place_.has_turn(pump_again(), cluster_.pacer())) {
      next.reset();
      break;
    }
    const std::size_t most = cluster_.pacer().available();
    auto work = backlog_->take(now(), most, rooms());
    cluster_.pacer().spend(work.sends.size());
    once_more_ = work.sends.size() == most;
    next = work.wake;
    for (auto& dispatch : work.sends) send(std::move(dispatch));
  }
  pumping_ = false;
  if (!next) {
    timer_->cancel();
    return;
  }
  timer_->set(*next, pump_again());
}

void Sender::follow_route() {
  cluster::Route route = cluster_.known_route(settings_.topic);
  if (!route || route == route_) return;
  auto targets = refreshed(targets_, *route, settings_.topic);
  route_ = std::move(route);
  if (targets == targets_) return;
  targets_ = std::move(targets);
  backlog_->set_targets(targets_);
  find_ways();
  for (const Target& target : targets_) ask_for_levels(target);
}

void Sender::ask_for_levels(const Target& target) {
  if (!settings_.levels || !target.address || !asked_.insert(target.broker).second) return;
  cluster_.pacer().spend(1);
  backlog_->count_call();
  cluster_.rpc().call(
      *target.address, config_request(target.broker), cluster_.timing().control,
      [self = weak_from_this(), broker = target.broker](const Result<net::Response>& answer) {
        const auto sender = self.lock();
        if (!sender || sender->closed_) return;
        if (!answer && !net::is_denial(answer.error())) {  // asked again once it has stored something
          sender->asked_.erase(broker);
        } else if (answer) {
          if (auto same = check_levels(broker, *answer, *sender->settings_.levels); !same)
            sender->backlog_->end_with(std::move(same).error());
        }
      },
      cluster::kControlStream);
}

void Sender::send(Backlog::Dispatch dispatch) {
  const SteadyTime now = this->now();
  if (!dispatch.target.address) {
    const Error error(ErrorCode::kDisconnected,
                      fmt::format("broker '{}' is not in the route (down?)", dispatch.target.broker), true);
    answered(std::move(dispatch), now, error);
    return;
  }
  const std::string address = *dispatch.target.address;
  const bool at_proxy = cluster_.is_proxy(address);
  auto request = make_send(dispatch.batch, dispatch.target.queue, settings_.group,
                           shown_.value_or(at_proxy ? ShownType::kNormal : ShownType::kUnchecked));
  std::uint32_t stream = 0;
  if (at_proxy) {
    if (dispatch.lane->stream == 0) dispatch.lane->stream = cluster_.new_stream();
    stream = dispatch.lane->stream;
  }
  const auto bytes = static_cast<std::int64_t>(dispatch.batch.bytes->size());
  const auto shared = std::make_shared<Sent>(Sent{std::move(dispatch), now, cluster_.writing(address)->begin(bytes)});
  cluster_.rpc().call(
      address, std::move(request), kSendTimeout,
      [self = weak_from_this(), shared, bytes](const Result<net::Response>& answer) {
        if (answer) shared->share.carried(bytes);
        shared->share = {};
        if (const auto sender = self.lock()) sender->answered(std::move(shared->dispatch), shared->at, answer);
      },
      stream);
}

void Sender::answered(Backlog::Dispatch dispatch, SteadyTime sent, const Result<net::Response>& answer) {
  if (closed_) return;
  const SteadyTime now = this->now();
  Outcome outcome = outcome_of(answer, dispatch.batch, dispatch.target.queue, dispatch.target.address.value_or(""));
  if (settings_.needs_timers && dispatch.batch.delayed && answer &&
      answer->header.version < kFirstVersionWithTimers) {  // it came after the brokers were asked
    give_up(dispatch,
            Error(ErrorCode::kUnsupported,
                  fmt::format("broker '{}' is older than 5.0, knows no timers, and has delivered a message at "
                              "once that was to become visible later",
                              dispatch.target.broker)));
    pump();
    return;
  }
  if (outcome.verdict != Verdict::kMissing) missing_since_.reset();
  switch (outcome.verdict) {
    case Verdict::kDegraded:
      warn("degraded", dispatch, 0,
           fmt::format("{}: stored, but not yet as safe as the broker is configured to make it", outcome.error.text));
      [[fallthrough]];
    case Verdict::kStored: {
      stored_before_ = true;
      throttle_.reset();
      silent_.forget(dispatch.target.broker);
      ask_for_levels(dispatch.target);
      if (!cluster_.known_route(settings_.topic)) cluster_.refresh_soon(settings_.topic);  // just created
      if (failing_.erase(dispatch.target.broker) > 0) {
        warn("works again", dispatch, 0,
             fmt::format("sending to topic '{}' at broker '{}' works again", settings_.topic, dispatch.target.broker));
      }
      const bool degraded = outcome.verdict == Verdict::kDegraded;
      backlog_->stored(std::move(dispatch), degraded, std::chrono::duration_cast<milliseconds>(now - sent));
      break;
    }
    case Verdict::kTooLarge:
      if (dispatch.batch.messages > 1) {
        backlog_->cut(dispatch);
      } else {
        give_up(dispatch, std::move(outcome.error));
      }
      break;
    case Verdict::kThrottled:
      backlog_->count_throttled();
      [[fallthrough]];
    case Verdict::kTryAgain:
      try_again(std::move(dispatch), std::move(outcome));
      break;
    case Verdict::kWrongType:
      wrong_type(std::move(dispatch), std::move(outcome));
      break;
    case Verdict::kMissing:
      missing(std::move(dispatch), std::move(outcome));
      return;
    case Verdict::kRefused:
      if (stored_before_ && net::is_denial(outcome.error) && dispatch.batch.failures < net::kDenialTries) {
        try_again(std::move(dispatch), std::move(outcome));
      } else {
        give_up(dispatch, std::move(outcome.error));
      }
      break;
  }
  pump();
}

void Sender::try_again(Backlog::Dispatch dispatch, Outcome outcome) {
  if (cluster::is_stale_route(outcome.error)) cluster_.refresh_soon(settings_.topic);
  if (cluster::is_unanswered(outcome.error)) is_silent(dispatch.target);
  if (dispatch.batch.failures >= settings_.retry_times) {
    outcome.error.text += fmt::format("; given up after {} tries ('retryTimes' = {}, 'sleepTimeMs' = {})",
                                      dispatch.batch.failures + 1, settings_.retry_times, settings_.sleep_time.count());
    give_up(dispatch, std::move(outcome.error));
    return;
  }
  // Never sooner than told.
  milliseconds delay = settings_.sleep_time;
  if (outcome.verdict == Verdict::kThrottled) {
    delay += throttle_.next();  // ever longer and with jitter, so that not all that waits comes back at once
  } else if (outcome.error.is(ErrorCode::kDisconnected)) {
    delay = std::max(delay, until_connected(dispatch.batch.failures));
  }
  failing_.insert(dispatch.target.broker);
  warn("failed", dispatch, outcome.error.code,
       fmt::format("{}; trying again in {} ms ({} of {})", outcome.error.text, delay.count(),
                   dispatch.batch.failures + 1, settings_.retry_times));
  backlog_->again(std::move(dispatch), now() + delay, concerns_broker(outcome), outcome.error.text);
}

void Sender::is_silent(const Target& target) {
  if (!target.address) return;  // nothing goes there before a route names it
  backlog_->set_silent(target.broker, true);
  silent_.add(target);
}

/// While a connection rests, a try would be none.
milliseconds Sender::until_connected(std::int32_t failures) const {
  const net::Timing& timing = cluster_.timing().net;
  return base::Backoff::longest(timing.first_backoff, timing.longest_backoff, failures);
}

void Sender::wrong_type(Backlog::Dispatch dispatch, Outcome outcome) {
  const auto shown = shown_for(*outcome.type, dispatch.batch);
  if (!shown) {
    give_up(dispatch, std::move(outcome.error));
    return;
  }
  if (shown_ != shown) {
    cluster_.log().info("topic '{}' is of type {}: its messages are sent accordingly", settings_.topic,
                        outcome.type->expected);
  }
  shown_ = shown;
  if (dispatch.batch.failures > 0) {
    try_again(std::move(dispatch), std::move(outcome));
  } else {
    backlog_->again(std::move(dispatch), now(), false, outcome.error.text);
  }
}

void Sender::missing(Backlog::Dispatch dispatch, Outcome outcome) {
  const auto shared = std::make_shared<Backlog::Dispatch>(std::move(dispatch));
  cluster_.fetch_route(settings_.topic, [self = weak_from_this(), shared,
                                         outcome = std::move(outcome)](const Result<cluster::Route>& route) mutable {
    const auto sender = self.lock();
    if (!sender || sender->closed_) return;
    const SteadyTime now = sender->now();
    sender->follow_route();
    if (route && shared->lane->gone) {  // no try is used up: it goes to a queue that is there
      sender->missing_since_.reset();
      sender->backlog_->postpone(std::move(*shared), now, false, outcome.error.text);
    } else if (route || route.error().code != wire::ResponseCode::kTopicNotExist) {
      sender->missing_since_.reset();
      sender->try_again(std::move(*shared), std::move(outcome));
    } else if (now - sender->missing_since_.value_or(now) >= kMissingPatience) {
      sender->give_up(*shared,
                      Error(ErrorCode::kNotFound, outcome.error.text + "; the name servers do not know the topic "
                                                                       "either: it was deleted, or never created"));
    } else {  // a name server that has just started knows no topic yet
      sender->missing_since_ = sender->missing_since_.value_or(now);
      sender->backlog_->postpone(std::move(*shared), now + kMissingPause, concerns_broker(outcome), outcome.error.text);
    }
    sender->pump();
  });
}

void Sender::give_up(const Backlog::Dispatch& dispatch, Error error) {
  if (settings_.drop_failed) {
    warn("dropped", dispatch, error.code,
         fmt::format("{}; dropped, as 'sink.delivery-guarantee' = 'none' says", error.text));
  }
  backlog_->failed(dispatch, std::move(error));
}

void Sender::warn(std::string_view about, const Backlog::Dispatch& dispatch, std::int32_t code, std::string_view text) {
  cluster_.repeated().write(LogLevel::kWarning, fmt::format("send {} {} {}", about, code, dispatch.target.broker),
                            text);
}

}  // namespace rocketlink::sink
