#include "source/queue_fetcher.h"

#include <fmt/format.h>

#include <algorithm>

namespace rocketlink::source {

namespace {

using std::chrono::milliseconds;

}  // namespace

QueueFetcher::QueueFetcher(cluster::Cluster& cluster, std::shared_ptr<const FetchSettings> settings,
                           std::shared_ptr<FetchOutput> output, std::shared_ptr<std::int64_t> reserved_by_all,
                           std::shared_ptr<SplitState> split, std::int64_t offset)
    : cluster_(cluster),
      settings_(std::move(settings)),
      output_(std::move(output)),
      reserved_by_all_(std::move(reserved_by_all)),
      split_(std::move(split)),
      timer_(cluster.loop().timer()),
      stream_(cluster.new_stream()),
      backoff_(cluster.timing().first_pull_backoff, cluster.timing().longest_pull_backoff, cluster.runtime().random()),
      pauses_(cluster.timing().no_progress_pause,
              std::max(cluster.timing().no_progress_pause, cluster.timing().longest_pull_backoff),
              cluster.runtime().random()),
      expected_(offset),
      begin_is_there_(!split_->stop || offset <= *split_->stop),
      prediction_(settings_->batch_size),
      selector_(cluster, split_->queue) {}

void QueueFetcher::close() {
  state_ = FetchState::kClosed;
  timer_->cancel();
  drop_pulls();
}

void QueueFetcher::set_paused(bool paused) {
  paused_ = paused;
  if (paused) drop_pulls();  // what they reserve is for those that go on
  drain();
  pump();
}

void QueueFetcher::pump() {
  finish_at_stop();
  if (!may_pull()) return;
  if (pulls_.empty()) {
    if (!pull_next(std::nullopt)) return;
  } else if (pulls_.front().asked > expected_) {
    if (!pull_next(pulls_.front().asked)) return;
  }
  while (may_pull() && pulls_.size() < depth_) {
    const std::int64_t guess = std::max(pulls_.back().guessed_end, expected_);
    if (guess >= known_max_ || (split_->stop && guess >= *split_->stop)) return;
    if (!pull_ahead(guess)) return;
  }
}

bool QueueFetcher::may_call(bool bulk) {
  const auto resume = [self = weak_from_this()] {
    if (const auto fetcher = self.lock()) fetcher->pump();
  };
  return bulk ? place_.has_turn(resume, *flow_, cluster_.pacer()) : place_.has_turn(resume, cluster_.pacer());
}

std::int32_t QueueFetcher::messages_in_a_part(bool at_proxy) const {
  std::int64_t bytes = at_proxy ? flow_->window() : flow_->part();  // there a queue has one pull under way
  // What queues have is not known before their first answers, which may all come at the same time.
  if (!worked_) bytes = flow_->left() / 2;
  return static_cast<std::int32_t>(
      std::clamp<std::int64_t>(bytes / prediction_.message_bytes(), 1, std::max(settings_->batch_size, 1)));
}

bool QueueFetcher::pull_next(std::optional<std::int64_t> end_of_gap) {
  Pull pull;
  pull.asked = expected_;
  pull.head = true;
  pull.fills_gap = end_of_gap.has_value();
  // All of a bounded read is there already: nothing is waited for.
  pull.suspended = !end_of_gap && !settings_->pull_interval && !split_->stop;
  return issue(pulls_.begin(), std::move(pull), end_of_gap);
}

bool QueueFetcher::pull_ahead(std::int64_t offset) {
  Pull pull;
  pull.asked = offset;
  return issue(pulls_.end(), std::move(pull), std::nullopt);
}

bool QueueFetcher::issue(const Pulls::iterator& where, Pull issued, std::optional<std::int64_t> end_of_gap) {
  const bool bulk = issued.asked < known_max_;
  const bool needed = issued.head && (end_of_gap || !bulk);
  if (!output_->has_room(*split_, reserved_, *reserved_by_all_, prediction_.answer_bytes(), needed)) return false;
  const BrokerSelector::Server* const server = select_server();
  if (server == nullptr) {
    if (awaits_first_route()) return false;
    const Error away(ErrorCode::kDisconnected, fmt::format("{}: its broker is not in the route (down?)", doing()),
                     true);
    look_for_queue(away);
    failed(away, false);
    return false;
  }
  if (!may_call(bulk)) return false;
  // Nothing is waited for where messages are known to be; and who did not answer is asked what can be answered at once.
  if (bulk || backoff_.failures() > 0 || selector_.doubts_selected()) issued.suspended = false;
  output_->count_call(cluster_.pacer());
  issued.id = next_id_++;
  issued.max_messages = messages_in_a_part(server->is_proxy);
  // What is behind a gap is there already.
  if (end_of_gap) {
    issued.max_messages =
        static_cast<std::int32_t>(std::min<std::int64_t>(issued.max_messages, *end_of_gap - issued.asked));
  }
  issued.guessed_end =
      end_of_gap.value_or(issued.asked + std::min<std::int64_t>(prediction_.messages(), issued.max_messages));
  issued.reserved = bulk ? prediction_.answer_bytes() : 0;  // thousands of queues may be listened to
  issued.at_master = server->is_master;
  issued.at_proxy = server->is_proxy;
  issued.sent = now();
  const std::int64_t bytes = issued.max_messages * prediction_.message_bytes();
  issued.share = bulk ? flow_->begin(bytes) : flow_->begin_waiting(worked_ ? 0 : bytes);
  reserved_ += issued.reserved;
  *reserved_by_all_ += issued.reserved;
  send(*pulls_.insert(where, std::move(issued)), *server);
  return true;
}

void QueueFetcher::send(const Pull& issued, const BrokerSelector::Server& server) {
  const cluster::Timing& timing = cluster_.timing();
  cluster::PullRequest pull;
  pull.queue = &split_->queue;
  pull.group = settings_->group;
  pull.offset = issued.asked;
  pull.max_messages = issued.max_messages;
  pull.suspend_ms = issued.suspended ? timing.suspend.count() : 0;
  pull.subscription = &settings_->subscription;
  cluster_.rpc().call(
      server.address, cluster::make_pull(pull), issued.suspended ? timing.suspended_answer : timing.pull,
      [self = weak_from_this(), id = issued.id, address = server.address](Result<net::Response> response) {
        if (const auto fetcher = self.lock()) fetcher->answered(id, address, std::move(response));
      },
      server.is_proxy ? stream_ : 0);
}

bool QueueFetcher::awaits_first_route() {
  if (first_route_ == FirstRoute::kNotAsked && !cluster_.known_route(split_->queue.topic)) {
    first_route_ = FirstRoute::kAwaited;
    cluster_.await_route(split_->queue.topic, [self = weak_from_this()] {
      const auto fetcher = self.lock();
      if (!fetcher) return;
      fetcher->first_route_ = FirstRoute::kAnswered;
      fetcher->pump();
    });
  }
  return first_route_ == FirstRoute::kAwaited;
}

void QueueFetcher::erase(const Pulls::iterator& pull) {
  const bool gives_room = pull->reserved > 0;
  reserved_ -= pull->reserved;
  *reserved_by_all_ -= pull->reserved;
  pulls_.erase(pull);
  if (gives_room) output_->resume();  // it may have brought nothing whose release would do so
}

void QueueFetcher::drop_pulls() {
  while (!pulls_.empty()) erase(pulls_.begin());
}

void QueueFetcher::pause() {
  depth_ = 1;
  wait(pauses_.next());
}

void QueueFetcher::wait(milliseconds delay) {
  if (has_ended()) return;
  state_ = FetchState::kWaiting;
  timer_->set(now() + delay, [self = weak_from_this()] {
    const auto fetcher = self.lock();
    if (!fetcher || fetcher->state_ != FetchState::kWaiting) return;
    fetcher->state_ = FetchState::kPulling;
    fetcher->pump();
  });
}

const BrokerSelector::Server* QueueFetcher::select_server() {
  const BrokerSelector::Server* const server = selector_.select();
  if (const auto avoided = selector_.probe()) probe(*avoided);
  auto flow = server != nullptr ? server->flow : nullptr;
  if (flow != flow_) place_.leave();  // nobody may be left to end the line at the other one
  flow_ = std::move(flow);
  return server;
}

void QueueFetcher::say(LogLevel level, std::string_view about, std::int32_t code, std::string_view text) {
  cluster_.repeated().write(level, fmt::format("pull {} {} {}", about, code, split_->queue.broker), text);
}

std::string QueueFetcher::doing() const {
  return fmt::format("pulling {} at {}", to_string(split_->queue), expected_);
}

}  // namespace rocketlink::source
