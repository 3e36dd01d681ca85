#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "rocketlink/runtime.h"

namespace rocketlink::test {

/// A value that a callback or another thread gives: a future whose waiting belongs to a Runtime. Copies are the same
/// one.
template <class T>
class Later {
 public:
  explicit Later(Runtime& runtime) : state_(std::make_shared<State>(runtime)) {}

  /// Any thread, once.
  void set(T value) const {
    const std::lock_guard lock(state_->mutex);
    state_->value = std::move(value);
    state_->changed->notify_all();
  }
  /// Whether it is there before so much time has passed.
  [[nodiscard]] bool comes_within(std::chrono::nanoseconds time) const {
    std::unique_lock lock(state_->mutex);
    return state_->changed->wait_until(lock, state_->runtime.now() + time,
                                       [this] { return state_->value.has_value(); });
  }
  /// Waits for it.
  [[nodiscard]] T get() const {
    std::unique_lock lock(state_->mutex);
    state_->changed->wait(lock, [this] { return state_->value.has_value(); });
    return *state_->value;
  }

 private:
  struct State {
    explicit State(Runtime& its) : runtime(its), changed(its.condition()) {}
    Runtime& runtime;
    std::mutex mutex;
    const std::unique_ptr<Condition> changed;
    std::optional<T> value;
  };
  std::shared_ptr<State> state_;
};

}  // namespace rocketlink::test
