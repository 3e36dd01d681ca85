#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "engine/job_spec.h"
#include "engine/run_control.h"
#include "rocketlink/result.h"
#include "rocketlink/source.h"

namespace rocketlink::engine {

/// Finds the queues of a source table and spreads them over its readers, again and again. `run` on a thread of its own.
class Discovery {
 public:
  struct Reader {
    std::function<void(std::span<const Split>)> add_splits;
    std::function<void()> no_more_splits;
  };

  static Result<std::unique_ptr<Discovery>> create(const JobSpec& job, const ScanSpec& scan,
                                                   std::vector<Reader> readers, RunControl& control);

  /// Until the run shall end, or nothing new can come. The first look must succeed within the job's patience; later
  /// failures are warnings.
  Status run();

 private:
  Discovery(const JobSpec& job, const ScanSpec& scan, std::vector<Reader> readers, RunControl& control,
            std::unique_ptr<SourceEnumerator> enumerator)
      : job_(job), scan_(scan), readers_(std::move(readers)), control_(control), enumerator_(std::move(enumerator)) {}

  void hand_out(const std::vector<SourceEnumerator::Assignment>& assignments);

  const JobSpec& job_;
  const ScanSpec& scan_;
  std::vector<Reader> readers_;
  RunControl& control_;
  std::unique_ptr<SourceEnumerator> enumerator_;
};

}  // namespace rocketlink::engine
