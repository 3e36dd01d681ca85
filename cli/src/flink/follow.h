#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "flink/jobs.h"
#include "process/signals.h"
#include "process/voice.h"
#include "rocketlink/result.h"

namespace rocketlink::flink {

/// Whether a signal has come. Any thread.
class Stop {
 public:
  /// Both must outlive this. Once a signal has come, `out` is not waited for much longer.
  Stop(process::Signals& signals, const process::Voice& out);
  ~Stop();
  Stop(const Stop&) = delete;
  Stop& operator=(const Stop&) = delete;

  [[nodiscard]] bool asked();
  /// True when it comes within `time`.
  bool wait_for(std::chrono::milliseconds time);

 private:
  process::Signals& signals_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool asked_ = false;  // guarded by mutex_
};

/// Says on `out` how the jobs are doing, until all have ended or a signal comes. The error is the first that
/// a job failed with; a job that was cancelled has not failed.
Status follow(const std::vector<std::string>& ids, Jobs& jobs, Stop& stop, const process::Voice& out);

}  // namespace rocketlink::flink
