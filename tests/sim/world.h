#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "mock/network.h"
#include "rocketlink/runtime.h"

namespace rocketlink::sim {

class Scheduler;

/// A process of a world: what runs in it gets time, chance, waiting and the network from it. Its loops and threads stand
/// still while it is paused, and end with it.
class Process : public Runtime {
 public:
  [[nodiscard]] virtual const std::string& name() const = 0;
  /// Runs `body` on a thread of the process. What it starts must be joined before what it uses goes away.
  class Thread {
   public:
    Thread() = default;
    virtual ~Thread() = default;  ///< joins
    Thread(const Thread&) = delete;
    Thread& operator=(const Thread&) = delete;
    virtual void join() = 0;
  };
  [[nodiscard]] virtual std::unique_ptr<Thread> spawn(std::string name, std::function<void()> body) = 0;
  /// For the calling thread of this process.
  virtual void sleep_until(SteadyTime when) = 0;
  void sleep_for(std::chrono::nanoseconds time) { sleep_until(now() + time); }
  /// The clock goes on, nothing of it runs.
  virtual void pause_until(SteadyTime when) = 0;
  /// The wall clock jumps; what `now` says does not.
  virtual void move_wall_clock(std::chrono::milliseconds by) = 0;
};

}  // namespace rocketlink::sim
