#include "engine/loop/run_control.h"

#include <utility>

namespace rocketlink::engine {

void RunControl::stop() {
  std::vector<std::function<void()>> wakes;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wakes.swap(wakes_);
    changed_->notify_all();
  }
  for (const auto& wake : wakes) wake();
}

void RunControl::fail(Error error) {
  {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);
  }
  stop();
}

bool RunControl::wait_for(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return changed_->wait_until(lock, runtime_.now() + time, [&] { return stopping_.load(); });
}

void RunControl::on_stop(std::function<void()> wake) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) {
      wakes_.push_back(std::move(wake));
      return;
    }
  }
  wake();
}

std::optional<Error> RunControl::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

}  // namespace rocketlink::engine
