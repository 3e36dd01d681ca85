#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "rocketlink/log.h"
#include "rocketlink/repeated_lines.h"
#include "rocketlink/result.h"
#include "rocketlink/runtime.h"

namespace rocketlink::engine {

/// The will of all threads of a run to end, and the first reason. Thread-safe.
class RunControl {
 public:
  RunControl(Runtime& runtime, LogFunction log)
      : runtime_(runtime), changed_(runtime.condition()), lines_(std::move(log), runtime) {}

  /// That the run's time and waiting belong to.
  [[nodiscard]] Runtime& runtime() { return runtime_; }
  /// For what any of its threads may say again and again.
  [[nodiscard]] RepeatedLines& lines() { return lines_; }
  /// Ends the run in good order: what was read is written out and committed.
  void stop();
  /// The same, because of an error; the first one is kept.
  void fail(Error error);

  [[nodiscard]] bool stopping() const { return stopping_.load(std::memory_order_acquire); }
  /// Waits until `stopping` or for `time`; true when stopping.
  bool wait_for(std::chrono::milliseconds time);
  /// Calls `wake` when the run shall end; at once when it already shall. What it refers to must outlive this object's
  /// last stop or fail.
  void on_stop(std::function<void()> wake);
  [[nodiscard]] std::optional<Error> error() const;

 private:
  Runtime& runtime_;
  mutable std::mutex mutex_;
  const std::unique_ptr<Condition> changed_;
  RepeatedLines lines_;
  std::atomic<bool> stopping_{false};
  std::optional<Error> error_;  // guarded by mutex_, as the one below
  std::vector<std::function<void()>> wakes_;
};

}  // namespace rocketlink::engine
