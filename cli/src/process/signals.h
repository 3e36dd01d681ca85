#pragma once

#include <signal.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

namespace rocketlink::process {

/// SIGINT, SIGTERM and SIGHUP, but for those that were ignored already: the first calls what was given to on_stop, on a
/// thread of this object; a second, or the first when nothing was given yet, ends the process at once as it does by
/// default. SIGPIPE is ignored. Must be made before any other thread; only one at a time.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// An empty function: nothing.
  void on_stop(std::function<void()> stop);

 private:
  void wait();

  sigset_t mask_before_;
  std::mutex mutex_;
  std::function<void()> stop_;  // guarded by mutex_
  std::atomic<bool> over_{false};
  std::thread thread_;
};

}  // namespace rocketlink::process
