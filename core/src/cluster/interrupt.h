#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "rocketlink/runtime.h"

namespace rocketlink::cluster {

/// Lets one thread end another's blocking calls, now and for ever. Thread-safe.
class Interrupt {
 public:
  /// Runs every registered waker, then and later.
  void set() {
    const std::lock_guard lock(mutex_);
    set_ = true;
    for (const auto& [id, wake] : wakers_) wake();
  }
  [[nodiscard]] bool is_set() const {
    const std::lock_guard lock(mutex_);
    return set_;
  }

  /// Waits; false: it is set, now or meanwhile.
  bool wait_for(Runtime& runtime, std::chrono::milliseconds time) {
    struct Wait {
      std::mutex mutex;
      std::unique_ptr<Condition> changed;
      bool set = false;
    };
    const auto wait = std::make_shared<Wait>();
    wait->changed = runtime.condition();
    const Registration registration(*this, [wait] {
      const std::lock_guard lock(wait->mutex);
      wait->set = true;
      wait->changed->notify_all();
    });
    std::unique_lock lock(wait->mutex);
    return !wait->changed->wait_until(lock, runtime.now() + time, [&] { return wait->set; });
  }

  /// While it lives, `wake` is run by `set` (at once if it is set already), under the Interrupt's lock.
  class Registration {
   public:
    Registration(Interrupt& interrupt, std::function<void()> wake) : interrupt_(interrupt) {
      const std::lock_guard lock(interrupt_.mutex_);
      id_ = interrupt_.next_id_++;
      if (interrupt_.set_) wake();
      interrupt_.wakers_.emplace(id_, std::move(wake));
    }
    ~Registration() {
      const std::lock_guard lock(interrupt_.mutex_);
      interrupt_.wakers_.erase(id_);
    }
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;

   private:
    Interrupt& interrupt_;
    std::uint64_t id_ = 0;
  };

 private:
  mutable std::mutex mutex_;
  bool set_ = false;
  std::uint64_t next_id_ = 0;
  std::map<std::uint64_t, std::function<void()>> wakers_;
};

}  // namespace rocketlink::cluster
