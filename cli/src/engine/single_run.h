#pragma once

#include <memory>
#include <vector>

#include "duck/duck.h"
#include "engine/insert.h"
#include "engine/job_spec.h"
#include "engine/loop/run_control.h"
#include "engine/outputs.h"

namespace rocketlink::engine {

/// An INSERT whose query reads no table: it is run once. `prepare` and `run` on one thread at a time; the rest on any.
class SingleRun {
 public:
  static Result<std::unique_ptr<SingleRun>> prepare(const JobSpec& job, const InsertSpec& spec,
                                                    duck::Database& database, RunControl& control);

  Status run();
  void abort() { outputs_.abort(); }
  [[nodiscard]] const InsertSpec& spec() const { return spec_; }
  [[nodiscard]] const Outputs& outputs() const { return outputs_; }

 private:
  SingleRun(const JobSpec& job, const InsertSpec& spec, RunControl& control, duck::Connection connection, Insert insert)
      : job_(job), spec_(spec), control_(control), connection_(std::move(connection)) {
    insert_.push_back(std::move(insert));
  }

  const JobSpec& job_;
  const InsertSpec& spec_;
  RunControl& control_;
  duck::Connection connection_;
  std::vector<Insert> insert_;  ///< one
  Outputs outputs_;
};

}  // namespace rocketlink::engine
