#include "mock/stage.h"

#include <algorithm>

namespace rocketlink::mock {

std::uint64_t Stage::push(std::function<void()> action) {
  const std::uint64_t number = next_++;
  std::chrono::nanoseconds delay = pace_.delay;
  if (pace_.jitter.count() > 0)
    delay += std::chrono::nanoseconds(random_.below(static_cast<std::uint64_t>(pace_.jitter.count())));
  if (waiting_.empty() && delay.count() == 0 && !pace_.stalled && !frozen_) {
    action();
    return number;
  }
  const SteadyTime now = runtime_.now();
  SteadyTime due = now + delay;
  if (!pace_.unordered && !waiting_.empty()) due = std::max(due, waiting_.rbegin()->first.first);
  waiting_.emplace(std::pair(due, number), std::move(action));
  schedule_.after(std::max(due - now, SteadyTime::duration(1)), [this] { run_due(); });
  return number;
}

bool Stage::withdraw(std::uint64_t number) {
  const auto found =
      std::find_if(waiting_.begin(), waiting_.end(), [&](const auto& item) { return item.first.second == number; });
  if (found == waiting_.end() || found == waiting_.begin()) return false;
  waiting_.erase(found);
  return true;
}

void Stage::set_pace(Pace pace) {
  pace_ = pace;
  run_due();
}

void Stage::freeze(bool frozen) {
  frozen_ = frozen;
  run_due();
}

void Stage::drain() {
  while (!waiting_.empty()) run_first();
}

void Stage::run_due() {
  while (!waiting_.empty() && !pace_.stalled && !frozen_ && waiting_.begin()->first.first <= runtime_.now())
    run_first();
}

void Stage::run_first() {
  const auto action = std::move(waiting_.begin()->second);
  waiting_.erase(waiting_.begin());
  action();
}

}  // namespace rocketlink::mock
