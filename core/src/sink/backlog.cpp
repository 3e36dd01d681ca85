#include "sink/backlog.h"

#include <fmt/format.h>

#include <algorithm>

namespace rocketlink::sink {

namespace {

constexpr std::size_t kSpareBuffers = 16;               ///< kept for later batches; more are freed
constexpr std::size_t kLargestSpareBytes = 512 * 1024;  ///< a larger one is freed
static_assert(kSpareBuffers * kLargestSpareBytes <= kWindowBytes);

void sooner(std::optional<SteadyTime>& wake, SteadyTime when) {
  if (!wake || when < *wake) wake = when;
}

}  // namespace

Backlog::Backlog(Runtime& runtime, BacklogSettings settings, const std::vector<Target>& targets)
    : runtime_(runtime),
      settings_(std::move(settings)),
      changed_(runtime.condition()),
      encoder_(runtime, settings_.tag, settings_.delivery, settings_.instance),
      lanes_(targets),
      window_(settings_.window) {}

void Backlog::on_work(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

Status Backlog::trouble() const {
  if (error_) return *error_;
  if (ended_) return Error(ErrorCode::kClosed, fmt::format("the sink of topic '{}' was closed", settings_.topic));
  return {};
}

Status Backlog::add(const OutgoingMessage& message, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (auto status = trouble(); !status) return status;
  const auto room_for = message.body.size() + message.keys.value_or(std::string_view()).size();
  if (!window_.has_room(room_for)) {
    window_.lack();
    ++waiting_;
    wake();
    const bool changed = changed_->wait_until(lock, runtime_.now() + patience,
                                              [&] { return error_ || ended_ || window_.has_room(room_for); });
    --waiting_;
    if (!changed) {
      return Error(
          ErrorCode::kTimeout,
          fmt::format("{} message(s) to topic '{}' are under way, no more are taken before some are acknowledged",
                      window_.open().messages, settings_.topic),
          true);
    }
    if (auto status = trouble(); !status) return status;
  }
  if (settings_.needs_keys && message.keys.value_or(std::string_view()).empty()) {
    return Error(ErrorCode::kData,
                 fmt::format("topic '{}' keeps the newest message of each key alone (cleanup.policy=COMPACTION), and "
                             "here is a row without: brokers would store it where nobody can read it. Give the table a "
                             "column 'keys STRING METADATA', and every row a value there",
                             settings_.topic));
  }
  const auto prepared = encoder_.prepare(message);
  if (!prepared) return prepared.error();

  Lane* lane = nullptr;
  std::int32_t hash = 0;
  if (message.partition) {
    hash = wire::java_hash(*message.partition);
    lane = lanes_.current()[target_for(hash, lanes_.current().size())].get();
  }
  if (prepared->delayed) {
    add_delayed(message, hash, lane);
    window_.add(prepared->bytes);
    return {};
  }
  Batch& batch = lane != nullptr ? lane->filling : unbound_filling_;
  const std::size_t most =
      std::min(settings_.batch_bytes, lane != nullptr ? lane->broker->batch_bytes : lanes_.batch_bytes());
  if (!batch.empty() && batch.bytes->size() + prepared->bytes > most) seal(lane);
  if (batch.empty()) begin(batch, lane != nullptr);
  append(message, hash, batch);
  window_.add(prepared->bytes);
  if (batch.messages >= settings_.batch_messages || batch.bytes->size() >= most) {
    seal(lane);
  } else if (batch.messages == 1) {
    wake_at(batch.started + settings_.linger);
  }
  return {};
}

void Backlog::append(const OutgoingMessage& message, std::int32_t hash, Batch& batch) {
  encoder_.append(message, batch);
  if (batch.bound) batch.hashes.push_back(hash);
}

void Backlog::add_delayed(const OutgoingMessage& message, std::int32_t hash, Lane* lane) {
  Batch batch;
  begin(batch, lane != nullptr);
  batch.delayed = true;
  append(message, hash, batch);
  (lane != nullptr ? lane->delayed : unbound_delayed_).push_back(std::move(batch));
  if (delayed_under_way_ < settings_.delayed_under_way) wake();
}

void Backlog::begin(Batch& batch, bool bound) {
  if (!spare_.empty()) {
    batch.bytes = std::move(spare_.back());
    spare_.pop_back();
  }
  batch.bound = bound;
  batch.born_ms = runtime_.wall_clock_ms();
  batch.started = runtime_.now();
  batch.ahead = window_.open();
  batch.epoch = epoch_;
  batch.number = batches_++;
  ++open_batches_[epoch_];
}

void Backlog::seal(Lane* lane) {
  Batch& filling = lane != nullptr ? lane->filling : unbound_filling_;
  auto& complete = lane != nullptr ? lane->bound : unbound_;
  complete.push_back(std::exchange(filling, Batch()));
  if (lane == nullptr || !lane->busy) wake();
}

void Backlog::wake() {
  if (woken_ || !wake_) return;
  woken_ = true;
  wake_();
}

void Backlog::wake_at(SteadyTime due) {
  if (!wake_at_ || due < *wake_at_) wake();
}

Status Backlog::flush(std::optional<SteadyTime> deadline) {
  std::unique_lock lock(mutex_);
  if (auto status = trouble(); !status) return status;
  for (const auto& lane : lanes_.all()) {
    if (!lane->filling.empty()) seal(lane.get());
  }
  if (!unbound_filling_.empty()) seal(nullptr);
  const std::uint64_t before = epoch_++;
  const auto done = [&] { return error_ || ended_ || open_batches_.empty() || open_batches_.begin()->first > before; };
  if (!deadline) {
    changed_->wait(lock, done);
  } else if (!changed_->wait_until(lock, *deadline, done)) {
    return Error(ErrorCode::kTimeout, fmt::format("{} message(s) to topic '{}' were not acknowledged in time",
                                                  window_.open().messages, settings_.topic));
  }
  return trouble();
}

void Backlog::abort() {
  (void)end();
}

std::uint64_t Backlog::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  const std::uint64_t given_up = window_.open().messages;
  drop_all();
  changed_->notify_all();
  return given_up;
}

SinkStats Backlog::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

std::string Backlog::last_trouble() const {
  const std::lock_guard lock(mutex_);
  return last_trouble_;
}

void Backlog::set_targets(const std::vector<Target>& targets) {
  const std::lock_guard lock(mutex_);
  // No batch has messages from before and after, so that batches that are moved keep their order by their numbers.
  for (const auto& lane : lanes_.all()) {
    if (!lane->filling.empty()) seal(lane.get());
  }
  lanes_.set_targets(targets);
  for (const auto& lane : lanes_.all()) leave_gone(*lane);
}

void Backlog::leave_gone(Lane& lane) {
  if (!lane.gone) return;
  for (const Batch& batch : std::exchange(lane.delayed, {})) move(batch);
  if (lane.busy) return;  // what is under way may come back, and is older
  for (const Batch& batch : std::exchange(lane.bound, {})) move(batch);
}

void Backlog::move(const Batch& batch) {
  const auto& lanes = lanes_.current();
  auto parts = by_queue(batch, lanes.size());
  auto& open = open_batches_[batch.epoch];
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].empty()) continue;
    ++open;
    auto& waiting = batch.delayed ? lanes[i]->delayed : lanes[i]->bound;
    const auto later =
        std::find_if(waiting.begin(), waiting.end(), [&](const Batch& other) { return other.number > batch.number; });
    waiting.insert(later, std::move(parts[i]));
  }
  --open;
  wake();
}

bool Backlog::due(const Batch& batch, SteadyTime now) const {
  return !batch.empty() && (waiting_ > 0 || batch.started + settings_.linger <= now);
}

Backlog::Work Backlog::take(SteadyTime now, std::size_t most, const std::vector<Room>& rooms) {
  Work work;
  work.most = most;
  const std::lock_guard lock(mutex_);
  woken_ = false;
  wake_at_.reset();
  if (error_ || ended_) return work;
  lanes_.set_rooms(rooms);
  retry_due(now, work);
  take_bound(now, work);
  take_unbound(now, work);
  take_delayed(now, work);
  stats_.api_calls += work.sends.size();
  wake_at_ = work.wake;
  return work;
}

void Backlog::dispatch(const std::shared_ptr<Lane>& lane, Batch batch, Work& work) {
  lane->broker->room -= static_cast<std::int64_t>(batch.bytes->size());
  work.sends.push_back({lane, lane->broker, lane->target, std::move(batch)});
}

void Backlog::take_bound(SteadyTime now, Work& work) {
  if (lanes_.awaits_gone()) return;
  const std::size_t count = lanes_.all().size();
  const std::size_t first = bound_turn_;
  for (std::size_t i = 0; i < count && !work.full(); ++i) {
    const std::size_t at = (first + i) % count;
    const auto& lane = lanes_.all()[at];
    if (lane->busy || lane->broker->room <= 0 || (lane->bound.empty() && lane->filling.empty())) continue;
    if (lane->rested() > now) {
      sooner(work.wake, lane->rested());
      continue;
    }
    Batch batch;
    if (!lane->bound.empty()) {
      batch = std::move(lane->bound.front());
      lane->bound.pop_front();
    } else if (due(lane->filling, now)) {
      batch = std::exchange(lane->filling, Batch());
    } else {
      sooner(work.wake, lane->filling.started + settings_.linger);
      continue;
    }
    lane->busy = true;
    bound_turn_ = at + 1;
    dispatch(lane, std::move(batch), work);
  }
}

/// Those whose time has come go first, the oldest at the front.
void Backlog::retry_due(SteadyTime now, Work& work) {
  for (auto batch = retrying_.rbegin(); batch != retrying_.rend(); ++batch) {
    if (batch->not_before <= now) (batch->delayed ? unbound_delayed_ : unbound_).push_front(std::move(*batch));
  }
  std::erase_if(retrying_, [](const Batch& batch) { return !batch.bytes; });
  for (const Batch& batch : retrying_) sooner(work.wake, batch.not_before);
}

void Backlog::take_unbound(SteadyTime now, Work& work) {
  // Behind the last complete one is the one that is being filled.
  const auto lane_for = [&](const auto& batch) -> std::shared_ptr<Lane> {
    const bool complete = batch != unbound_.end();
    if (!complete && !due(unbound_filling_, now)) {
      if (!unbound_filling_.empty()) sooner(work.wake, unbound_filling_.started + settings_.linger);
      return nullptr;
    }
    auto lane = lanes_.next_free(complete ? batch->last_broker : std::string(), now);
    if (lane) return lane;
    if (const auto rested = lanes_.first_rested(now)) sooner(work.wake, *rested);
    return nullptr;
  };
  while (!work.full()) {
    auto batch = unbound_.begin();
    auto lane = lane_for(batch);
    if (!lane && batch != unbound_.end() && !batch->last_broker.empty()) {
      // It may wait for another broker than the one where it failed; what has not failed there need not.
      batch = std::find_if(batch, unbound_.end(),
                           [&avoid = batch->last_broker](const Batch& other) { return other.last_broker != avoid; });
      lane = lane_for(batch);
    }
    if (!lane) return;
    lane->busy = true;
    if (batch == unbound_.end()) {
      dispatch(lane, std::exchange(unbound_filling_, Batch()), work);
    } else {
      dispatch(lane, std::move(*batch), work);
      unbound_.erase(batch);
    }
  }
}

/// One of each lane in turn, and of what no queue binds, so that none waits for all that others have.
void Backlog::take_delayed(SteadyTime now, Work& work) {
  const std::size_t places = settings_.delayed_under_way;
  // A broker that does not answer must not hold up what goes to others.
  const std::size_t most = lanes_.several_brokers() ? (places + 1) / 2 : places;
  const std::size_t count = lanes_.all().size() + 1;
  for (std::size_t passed_by = 0; passed_by < count && delayed_under_way_ < places && !work.full();) {
    ++passed_by;
    const std::size_t at = delayed_turn_++ % count;
    const bool bound = at < lanes_.all().size();
    auto lane = bound ? lanes_.all()[at] : nullptr;
    auto& from = bound ? lane->delayed : unbound_delayed_;
    if (from.empty()) continue;
    if (bound && lane->rested() > now) {
      sooner(work.wake, lane->rested());
      continue;
    }
    if (!bound) {
      lane = lanes_.next_open(from.front().last_broker, now, most);
      if (const auto rested = lanes_.first_rested(now); !lane && rested) sooner(work.wake, *rested);
    }
    if (!lane || !Lanes::open(*lane, most)) continue;
    ++delayed_under_way_;
    ++lane->delayed_under_way;
    ++lane->broker->delayed_under_way;
    dispatch(lane, std::move(from.front()), work);
    from.pop_front();
    passed_by = 0;
  }
}

void Backlog::leave(const Dispatch& dispatch) {
  if (dispatch.batch.delayed) {
    --delayed_under_way_;
    --dispatch.lane->delayed_under_way;
    --dispatch.broker->delayed_under_way;
  } else {
    dispatch.lane->busy = false;
  }
}

void Backlog::release(const Batch& batch) {
  window_.release(batch.load());
  const auto open = open_batches_.find(batch.epoch);
  if (--open->second == 0) open_batches_.erase(open);
  changed_->notify_all();
}

void Backlog::stored(Dispatch dispatch, bool degraded, std::chrono::milliseconds took) {
  const std::lock_guard lock(mutex_);
  Batch& batch = dispatch.batch;
  leave(dispatch);
  dispatch.broker->rests_until = {};
  if (dispatch.broker->silent) lanes_.set_silent(dispatch.target.broker, false);
  if (degraded) stats_.degraded += batch.messages;
  stats_.messages_acknowledged += batch.messages;
  stats_.bytes_acknowledged += batch.body_bytes;
  stats_.last_send_ms = took.count();
  if (ended_ || error_) return;
  // What was tried before waited for more than what was ahead of it.
  if (batch.last_broker.empty())
    window_.learn(batch.load(), batch.ahead, runtime_.now() - batch.started - settings_.linger);
  release(batch);
  leave_gone(*dispatch.lane);
  if (spare_.size() < kSpareBuffers && batch.bytes->capacity() <= kLargestSpareBytes && batch.bytes.use_count() == 1) {
    batch.bytes->clear();
    spare_.push_back(std::move(batch.bytes));
  }
}

void Backlog::again(Dispatch dispatch, SteadyTime when, bool concerns_broker, const std::string& why) {
  ++dispatch.batch.failures;
  postpone(std::move(dispatch), when, concerns_broker, why);
}

void Backlog::postpone(Dispatch dispatch, SteadyTime when, bool concerns_broker, const std::string& why) {
  const std::lock_guard lock(mutex_);
  leave(dispatch);
  dispatch.lane->rests_until = when;
  if (concerns_broker) dispatch.broker->rests_until = when;
  ++stats_.retries;
  last_trouble_ = why;
  if (ended_ || error_) return;
  Batch& batch = dispatch.batch;
  batch.last_broker = dispatch.target.broker;
  batch.not_before = when;
  if (batch.bound) {
    (batch.delayed ? dispatch.lane->delayed : dispatch.lane->bound).push_front(std::move(batch));
  } else {
    retrying_.push_back(std::move(batch));
  }
  leave_gone(*dispatch.lane);
}

void Backlog::cut(const Dispatch& dispatch) {
  const std::lock_guard lock(mutex_);
  leave(dispatch);
  if (ended_ || error_) return;
  auto [first, second] = split(dispatch.batch);
  ++open_batches_[first.epoch];
  auto& queue = first.bound ? dispatch.lane->bound : unbound_;
  queue.push_front(std::move(second));
  queue.push_front(std::move(first));
  leave_gone(*dispatch.lane);
}

void Backlog::failed(const Dispatch& dispatch, Error error) {
  const std::lock_guard lock(mutex_);
  leave(dispatch);
  stats_.messages_failed += dispatch.batch.messages;
  last_trouble_ = error.text;
  if (ended_ || error_) return;
  if (settings_.drop_failed) {
    release(dispatch.batch);
    leave_gone(*dispatch.lane);
    return;
  }
  fail(std::move(error));
}

void Backlog::end_with(Error error) {
  const std::lock_guard lock(mutex_);
  if (!ended_ && !error_) fail(std::move(error));
}

void Backlog::fail(Error error) {
  error.fatal = true;
  error_ = std::move(error);
  drop_all();
  changed_->notify_all();
}

void Backlog::set_silent(const std::string& broker, bool silent) {
  const std::lock_guard lock(mutex_);
  lanes_.set_silent(broker, silent);
}

void Backlog::count_call() {
  const std::lock_guard lock(mutex_);
  ++stats_.api_calls;
}

void Backlog::count_throttled() {
  const std::lock_guard lock(mutex_);
  ++stats_.throttled;
}

void Backlog::drop_all() {
  for (const auto& lane : lanes_.all()) {
    lane->bound.clear();
    lane->delayed.clear();
    lane->filling = {};
  }
  unbound_filling_ = {};
  unbound_.clear();
  unbound_delayed_.clear();
  retrying_.clear();
  spare_.clear();
}

}  // namespace rocketlink::sink
