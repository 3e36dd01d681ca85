#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace rocketlink {

namespace net {
class EventLoop;
}

using SteadyTime = std::chrono::steady_clock::time_point;

/// A condition variable whose waiting belongs to a Runtime.
class Condition {
 public:
  Condition() = default;
  virtual ~Condition() = default;
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;

  /// Any thread, with or without the lock.
  virtual void notify_all() = 0;

  template <class Predicate>
  void wait(std::unique_lock<std::mutex>& lock, Predicate predicate) {
    while (!predicate()) wait_once(lock, std::nullopt);
  }
  /// What the predicate says in the end: false when `deadline` went by without it.
  template <class Predicate>
  bool wait_until(std::unique_lock<std::mutex>& lock, SteadyTime deadline, Predicate predicate) {
    while (!predicate()) {
      if (!wait_once(lock, deadline)) return predicate();
    }
    return true;
  }

 protected:
  /// Until it is notified, or for no reason; false: `deadline` is over.
  virtual bool wait_once(std::unique_lock<std::mutex>& lock, std::optional<SteadyTime> deadline) = 0;
};

/// Where time, chance, waiting and the network come from: the machine, or a simulation that owns them all. Everything
/// in the core asks its Runtime for them and nobody else. Thread-safe; outlives what was made of it.
class Runtime {
 public:
  Runtime() = default;
  virtual ~Runtime() = default;
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  /// Never goes back.
  [[nodiscard]] virtual SteadyTime now() const = 0;
  /// Milliseconds since the epoch, as the machine's clock has them: may jump either way.
  [[nodiscard]] virtual std::int64_t wall_clock_ms() const = 0;
  /// A number to seed generators with.
  [[nodiscard]] virtual std::uint32_t random() = 0;
  /// What tells this process from those that run beside it, in six bytes: the machine's IPv4 address and a number.
  [[nodiscard]] virtual std::string identity() const = 0;
  [[nodiscard]] virtual std::unique_ptr<Condition> condition() = 0;
  /// A loop with a thread of its own.
  [[nodiscard]] virtual std::unique_ptr<net::EventLoop> event_loop() = 0;
};

/// The machine's own. Without state, so there to the very end of the process.
[[nodiscard]] Runtime& machine();

}  // namespace rocketlink
