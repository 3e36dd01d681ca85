#include "source/queue_fetcher.h"

#include <fmt/format.h>

#include <algorithm>

namespace rocketlink::source {

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kFirstStep = 32;  ///< what a broker gives per pull unless it is configured otherwise

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
      step_(std::min<std::int64_t>(kFirstStep, settings_->batch_size)) {}

void QueueFetcher::close() {
  closed_ = true;
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
  if (resting()) return;
  if (pulls_.empty() || pulls_.front().asked > expected_) {
    const auto end_of_gap = pulls_.empty() ? std::nullopt : std::optional(pulls_.front().asked);
    if (!issue(pulls_.begin(), expected_, end_of_gap, true)) return;
  }
  while (!resting() && pulls_.size() < depth_) {
    const std::int64_t guess = std::max(pulls_.back().guessed_end, expected_);
    if (guess >= known_max_ || (split_->stop && guess >= *split_->stop)) return;
    if (!issue(pulls_.end(), guess, std::nullopt, false)) return;
  }
}

bool QueueFetcher::may_call(bool bulk) {
  const auto resume = [self = weak_from_this()] {
    if (const auto fetcher = self.lock()) fetcher->pump();
  };
  return bulk ? place_.has_turn(resume, *flow_, cluster_.pacer()) : place_.has_turn(resume, cluster_.pacer());
}

std::int32_t QueueFetcher::messages_in_a_part() const {
  std::int64_t bytes = at_proxy_ ? flow_->window() : flow_->part();  // there a queue has one pull under way
  // What queues have is not known before their first answers, which may all come at the same time.
  if (!worked_) bytes = flow_->left() / 2;
  return static_cast<std::int32_t>(
      std::clamp<std::int64_t>(bytes / message_bytes_, 1, std::max(settings_->batch_size, 1)));
}

bool QueueFetcher::issue(const Pulls::iterator& where, std::int64_t offset, std::optional<std::int64_t> end_of_gap,
                         bool head) {
  const bool bulk = offset < known_max_;
  const bool needed = head && (end_of_gap || !bulk);
  if (!output_->has_room(*split_, reserved_, *reserved_by_all_, answer_bytes_, needed)) return false;
  const std::optional<std::string>& to = address();
  if (!to) {
    if (awaits_first_route()) return false;
    failed(Error(ErrorCode::kDisconnected, fmt::format("{}: its broker is not in the route (down?)", doing()), true));
    return false;
  }
  if (!may_call(bulk)) return false;
  cluster_.pacer().spend(1);
  const cluster::Timing& timing = cluster_.timing();
  Pull issued;
  issued.id = next_id_++;
  issued.asked = offset;
  issued.max_messages = messages_in_a_part();
  // What is behind a gap is there already.
  if (end_of_gap) {
    issued.max_messages = static_cast<std::int32_t>(std::min<std::int64_t>(issued.max_messages, *end_of_gap - offset));
  }
  issued.guessed_end = end_of_gap.value_or(offset + std::min<std::int64_t>(step_, issued.max_messages));
  issued.reserved = bulk ? answer_bytes_ : 0;  // thousands of queues may be listened to
  issued.head = head;
  issued.fills_gap = end_of_gap.has_value();
  issued.at_master = at_master_;
  // All of a bounded read is there already: nothing is waited for.
  issued.suspended = head && !end_of_gap && !settings_->pull_interval && !split_->stop;
  issued.sent = now();
  const std::int64_t bytes = issued.max_messages * message_bytes_;
  issued.share = bulk ? flow_->begin(bytes) : flow_->begin_waiting(worked_ ? 0 : bytes);
  reserved_ += issued.reserved;
  *reserved_by_all_ += issued.reserved;
  output_->api_calls.fetch_add(1, std::memory_order_relaxed);

  cluster::PullRequest pull;
  pull.queue = &split_->queue;
  pull.group = settings_->group;
  pull.offset = offset;
  pull.max_messages = issued.max_messages;
  pull.suspend_ms = issued.suspended ? timing.suspend.count() : 0;
  pull.subscription = &settings_->subscription;
  const std::uint64_t id = issued.id;
  const milliseconds timeout = issued.suspended ? timing.suspended_answer : timing.pull;
  pulls_.insert(where, std::move(issued));
  cluster_.rpc().call(
      *to, cluster::make_pull(pull), timeout,
      [self = weak_from_this(), id, address = *to](Result<net::Response> response) {
        if (const auto fetcher = self.lock()) fetcher->answered(id, address, std::move(response));
      },
      at_proxy_ ? stream_ : 0);
  return true;
}

bool QueueFetcher::awaits_first_route() {
  if (!asked_first_route_ && !cluster_.known_route(split_->queue.topic)) {
    asked_first_route_ = awaits_first_route_ = true;
    cluster_.await_route(split_->queue.topic, [self = weak_from_this()] {
      const auto fetcher = self.lock();
      if (!fetcher) return;
      fetcher->awaits_first_route_ = false;
      fetcher->pump();
    });
  }
  return awaits_first_route_;
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
  waiting_ = true;
  timer_->set(now() + delay, [self = weak_from_this()] {
    const auto fetcher = self.lock();
    if (!fetcher) return;
    fetcher->waiting_ = false;
    fetcher->pump();
  });
}

const std::optional<std::string>& QueueFetcher::address() {
  if (detour_ != 0 && now() >= detour_until_) detour_ = 0;
  const std::int64_t broker_id = suggested_broker_ + detour_;
  cluster::Route route = cluster_.known_route(split_->queue.topic);
  if (route != route_ || broker_id != address_of_) {
    address_ = cluster_.read_address(split_->queue, broker_id);
    auto flow = address_ ? cluster_.reading(*address_) : nullptr;
    if (flow != flow_) place_.leave();  // nobody may be left to end the line at the other one
    flow_ = std::move(flow);
    at_proxy_ = address_ && cluster_.is_proxy(*address_);
    at_master_ = address_ && address_ == cluster_.master_address(split_->queue);
    route_ = std::move(route);
    address_of_ = broker_id;
  }
  return address_;
}

void QueueFetcher::say(LogLevel level, std::string_view about, std::int32_t code, std::string_view text) {
  cluster_.repeated().write(level, fmt::format("pull {} {} {}", about, code, split_->queue.broker), text);
}

std::string QueueFetcher::doing() const {
  return fmt::format("pulling {} at {}", to_string(split_->queue), expected_);
}

}  // namespace rocketlink::source
