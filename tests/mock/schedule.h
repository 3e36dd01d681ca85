#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "net/event_loop.h"

namespace rocketlink::mock {

/// Actions that run later, those of one moment in the order of asking. Loop thread only; what has not run when it is
/// destroyed never does.
class Schedule {
 public:
  Schedule(Runtime& runtime, net::EventLoop& loop) : runtime_(runtime), timer_(loop.timer()) {}

  /// Nothing to wait for: at once, within this call.
  void after(std::chrono::nanoseconds delay, std::function<void()> action) {
    if (delay <= std::chrono::nanoseconds(0)) {
      action();
      return;
    }
    const auto at = actions_.emplace(std::pair(runtime_.now() + delay, next_++), std::move(action)).first;
    if (at == actions_.begin()) set_timer();
  }

 private:
  void set_timer() {
    timer_->set(actions_.begin()->first.first, [this] { run_due(); });
  }
  void run_due() {
    const SteadyTime now = runtime_.now();
    while (!actions_.empty() && actions_.begin()->first.first <= now) {
      const auto action = std::move(actions_.begin()->second);
      actions_.erase(actions_.begin());
      action();
    }
    if (!actions_.empty()) set_timer();
  }

  Runtime& runtime_;
  std::unique_ptr<net::Timer> timer_;
  std::map<std::pair<SteadyTime, std::uint64_t>, std::function<void()>> actions_;
  std::uint64_t next_ = 0;
};

}  // namespace rocketlink::mock
