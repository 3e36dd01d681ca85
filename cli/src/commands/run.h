#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "rocketlink/log.h"

namespace rocketlink::commands {

/// `rocketlink run`.
struct RunOptions {
  std::string file;  ///< `-`: standard input
  bool bounded = false;
  std::optional<std::chrono::milliseconds> commit_interval;
  std::vector<std::string> secrets;
  std::string secrets_file;
  LogLevel log_level = LogLevel::kWarning;
  bool stats = false;
  std::string metrics;  ///< HOST:PORT where they are shown; empty: nowhere
  std::string flink;    ///< the address of a SQL Gateway that the script goes to; empty: it runs here
  bool detach = false;  ///< with `flink`: do not follow the jobs
};

/// Runs the script and says on standard error what went wrong. The exit code: 0 when all is done or the run was
/// stopped, 1 when the job failed, 2 when the script cannot be run.
[[nodiscard]] int run(const RunOptions& options);

}  // namespace rocketlink::commands
