#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "duck/duck.h"
#include "engine/job_spec.h"
#include "engine/loop/discovery.h"
#include "engine/loop/run_control.h"
#include "engine/pipeline.h"
#include "engine/single_run.h"
#include "engine/stats.h"

namespace rocketlink::engine {

/// All INSERTs of a script, side by side: a pipeline on a thread of its own for each reader of a source table, a thread
/// for the discovery of each table's queues, one for each INSERT without a table. `stop` and `stats` on any thread.
class Job {
 public:
  /// Prepares every query; nothing is read or written yet. `database` must outlive the job.
  static Result<std::unique_ptr<Job>> prepare(JobSpec spec, duck::Database& database);
  ~Job();

  /// Returns when all is read that shall be, or after `stop`, or with the first error, when everything is written out,
  /// committed and closed.
  Status run();
  /// Ends the run in good order.
  void stop() { control_.stop(); }
  [[nodiscard]] JobStats stats() const;

 private:
  explicit Job(JobSpec spec) : spec_(std::move(spec)), control_(machine(), spec_.log) {}

  void start(std::function<Status()> work, bool counts);
  void wait();

  JobSpec spec_;
  RunControl control_;
  std::vector<std::vector<std::unique_ptr<Pipeline>>> pipelines_;  ///< by scan, by reader
  std::vector<std::unique_ptr<Discovery>> discoveries_;
  std::vector<std::unique_ptr<SingleRun>> single_runs_;

  std::mutex mutex_;
  const std::unique_ptr<Condition> ended_ = control_.runtime().condition();
  std::size_t working_ = 0;  // pipelines and single runs not ended yet; guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace rocketlink::engine
