#include "cluster/flow.h"

#include <algorithm>
#include <chrono>

namespace rocketlink::cluster {

namespace {

using std::chrono::nanoseconds;

constexpr std::int64_t kLeastWindowBytes = 32 * 1024;  ///< however slow the link is: some messages always go
static_assert(kLeastWindowBytes <= Flow::kFirstWindowBytes);
/// However fast the link is: a server that hangs leaves at least half of what a reader or sink may hold to the others.
constexpr std::int64_t kMostWindowBytes = 16 * 1024 * 1024;
static_assert(kLeastWindowBytes < kMostWindowBytes);
constexpr nanoseconds kUnderWay = std::chrono::milliseconds(500);  ///< what is under way takes so long on a full link
constexpr nanoseconds kPeriod = std::chrono::seconds(10);          ///< what was measured counts in it and the next one
constexpr int kCallsInPeriod = 10;  ///< at least: where calls are long, a period lasts so many of them

double seconds(nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

std::int64_t Flow::window() const {
  if (emptying_ || silent_) return kLeastWindowBytes;
  std::optional<nanoseconds> shortest = seen_[0].shortest;
  if (!shortest || (seen_[1].shortest && *seen_[1].shortest < *shortest)) shortest = seen_[1].shortest;
  if (!shortest) return kFirstWindowBytes;
  // At least twice what calls of that length can fill: so it grows until it is the link that makes them longer.
  const double carries = std::max(seen_[0].rate, seen_[1].rate) * seconds(*shortest + std::max(*shortest, kUnderWay));
  return static_cast<std::int64_t>(
      std::clamp(carries, static_cast<double>(kLeastWindowBytes), static_cast<double>(kMostWindowBytes)));
}

bool Flow::ready(std::function<void()> resume) {
  if ((turn_ || line_.empty()) && under_way_ < window()) return true;
  line_.push_back(std::move(resume));
  return false;
}

Flow::Share Flow::begin(std::int64_t bytes) {
  turn_ = false;
  return share(bytes, false);
}

Flow::Share Flow::begin_waiting(std::int64_t bytes) {
  return share(bytes, true);
}

Flow::Share Flow::share(std::int64_t bytes, bool waits) {
  const SteadyTime now = runtime_.now();
  if (under_way_ == 0) carried_at_ = now;
  const Share::Call call{bytes, waits, under_way_ <= kLeastWindowBytes, now, carried_, carried_at_};
  (waits ? waiting_ : under_way_) += bytes;
  return {shared_from_this(), call};
}

void Flow::Share::lost() {
  if (flow_) flow_->silent_ = true;
  end();
}

void Flow::Share::carried(std::int64_t bytes) {
  flow_->silent_ = false;
  flow_->carried_ += bytes;
  if (bytes > 0) flow_->carried_at_ = flow_->runtime_.now();
  if (bytes > 0 && call_.bytes > 0) flow_->measure(call_);
  end();
}

void Flow::Share::end() {
  const auto flow = std::exchange(flow_, nullptr);
  if (!flow) return;
  (call_.waits ? flow->waiting_ : flow->under_way_) -= call_.bytes;
  flow->give_turns();
}

void Flow::measure(const Share::Call& call) {
  const SteadyTime now = runtime_.now();
  constexpr nanoseconds kShortest = std::chrono::microseconds(1);  // no call counts as shorter: a rate divides by it
  const nanoseconds took = std::max<nanoseconds>(now - call.begun, kShortest);
  // What arrives now is on its way since the last that arrived before the call began, not since it began.
  const nanoseconds carrying = std::max<nanoseconds>(now - call.carried_since, kShortest);
  if (now >= period_ends_) {
    // Where even the shortest call took longer than what is under way should, it may have waited behind others in a
    // window that has become too large: so it is looked how long one takes that waits behind few.
    const auto shortest = seen_[0].shortest;
    emptying_ = shortest && *shortest > kUnderWay;
    seen_[1] = std::exchange(seen_[0], {});
    period_ends_ = now + kPeriod + kCallsInPeriod * shortest.value_or(nanoseconds(0));
  } else if (call.for_few) {
    emptying_ = false;
  }
  Seen& seen = seen_[0];
  seen.rate = std::max(seen.rate, static_cast<double>(carried_ - call.carried_before) / seconds(carrying));
  seen.shortest = std::min(seen.shortest.value_or(took), took);
}

/// Later: who ends a call is in the midst of something.
void Flow::give_turns() {
  if (line_.empty() || posted_ || under_way_ >= window()) return;
  posted_ = true;
  loop_.post([weak = weak_from_this()] {
    const auto flow = weak.lock();
    if (!flow) return;
    flow->posted_ = false;
    // Those who come back into the line meanwhile wait for the next round.
    for (std::size_t left = flow->line_.size(); left > 0 && flow->under_way_ < flow->window(); --left) {
      const auto resume = std::move(flow->line_.front());
      flow->line_.pop_front();
      flow->turn_ = true;
      resume();
      flow->turn_ = false;
    }
    flow->give_turns();
  });
}

}  // namespace rocketlink::cluster
