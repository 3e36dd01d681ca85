#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "flink/gateway.h"
#include "flink/http.h"
#include "rocketlink/result.h"

namespace rocketlink::flink {

/// A job as it is now.
struct JobState {
  std::string status;  ///< Flink's word: RUNNING, RESTARTING, FINISHED, FAILED, CANCELED …
  std::string name;
  std::string failure;                     ///< the last failure's root cause; empty: none
  std::optional<std::uint64_t> rows_read;  ///< by its sources since its last start, some seconds ago; none: not known
  std::optional<std::uint64_t> rows_written;  ///< by its sinks

  [[nodiscard]] bool over() const;
};

/// Asks about jobs: the JobManager where the gateway's configuration says where it is and it answers, else the gateway,
/// which knows no more than their status. One thread at a time.
class Jobs {
 public:
  /// `gateway` must outlive this.
  explicit Jobs(Gateway& gateway);

  /// kNotFound: no such job.
  Result<JobState> state(const std::string& job);
  /// The JobManager's address; empty: it cannot be reached.
  [[nodiscard]] std::string job_manager() const { return http_ ? http_->url() : ""; }

 private:
  Result<JobState> asked_of_job_manager(const std::string& job);
  Result<JobState> asked_of_gateway(const std::string& job);
  void add_rows(const std::string& vertex, JobState& state);

  Gateway& gateway_;
  std::optional<Http> http_;
};

}  // namespace rocketlink::flink
