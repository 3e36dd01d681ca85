#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/insert.h"
#include "engine/job_spec.h"
#include "engine/loop/run_control.h"
#include "engine/output.h"

namespace rocketlink::engine {

/// The outputs of the INSERTs of one thread. That thread opens, flushes and closes them; abort and stats on any.
class Outputs {
 public:
  /// One output per INSERT, which is given to it.
  Status open(const JobSpec& job, const std::vector<const InsertSpec*>& specs, std::vector<Insert>& inserts,
              std::size_t writer, RunControl& control);
  Status end_batch(const std::vector<Insert>& inserts);
  Status flush(const std::vector<Insert>& inserts);
  Status close(const std::vector<Insert>& inserts, std::chrono::milliseconds timeout);
  void abort();
  /// In the order of the INSERTs; of those that are open.
  [[nodiscard]] std::vector<OutputStats> stats() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Output>> outputs_;  // guarded by mutex_
  bool aborted_ = false;                          // guarded by mutex_
};

}  // namespace rocketlink::engine
