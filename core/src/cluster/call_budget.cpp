#include "rocketlink/call_budget.h"

#include <algorithm>
#include <limits>

namespace rocketlink {

namespace {

constexpr double kSavedSeconds = 0.1;  ///< what is not used within it is lost: bursts stay small
constexpr double kHeldSeconds = 10;    ///< over any such time what was saved is within the limit too
constexpr double kRefill = 1 - kSavedSeconds / kHeldSeconds;

double seconds(CallBudget::Clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

CallBudget::CallBudget(double calls_per_second) : total_(calls_per_second), rate_(calls_per_second) {}

double CallBudget::most_saved() const {
  return std::max(1.0, rate_ * kSavedSeconds);
}

double CallBudget::saved(Clock::time_point now) const {
  const double since = counted_ ? std::max(0.0, seconds(now - *counted_)) : 0;
  return std::min(most_saved(), saved_ + since * rate_ * kRefill);
}

void CallBudget::set_share(double share) {
  if (!limited()) return;
  const std::lock_guard lock(mutex_);
  rate_ = total_ * std::clamp(share, 1e-6, 1.0);
}

std::size_t CallBudget::available(Clock::time_point now) const {
  if (!limited()) return std::numeric_limits<std::size_t>::max();
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::max(0.0, saved(now)));
}

CallBudget::Clock::duration CallBudget::wait_time(Clock::time_point now) const {
  if (!limited()) return Clock::duration::zero();
  const std::lock_guard lock(mutex_);
  const double missing = 1 - saved(now);
  if (missing <= 0) return Clock::duration::zero();
  // Rounded up, so that it is not in vain to come back then.
  return std::chrono::ceil<Clock::duration>(std::chrono::duration<double>(missing / (rate_ * kRefill))) +
         std::chrono::microseconds(1);
}

void CallBudget::spend(std::size_t calls, Clock::time_point now) {
  if (!limited()) return;
  const std::lock_guard lock(mutex_);
  saved_ = saved(now) - static_cast<double>(calls);
  counted_ = std::max(counted_.value_or(now), now);
}

}  // namespace rocketlink
