#pragma once

#include <string>

#include "process/signals.h"
#include "process/voice.h"
#include "rocketlink/options.h"
#include "rocketlink/result.h"
#include "sql/script.h"

namespace rocketlink::flink {

struct SubmitOptions {
  std::string gateway;  ///< `http://host:port` of a SQL Gateway
  bool detach = false;  ///< leave when the jobs are submitted
};

/// Hands the script to a Flink SQL Gateway, a statement after the other, and follows its jobs until all of them have
/// ended or a signal comes; after a signal the jobs go on. What happens is said on `out`.
/// `${secret_values.NAME}` that `secrets` knows is replaced on the way; others are left for the cluster's own
/// environment. kInvalidArgument: Flink does not take a statement, or the address cannot be used. Other errors: a job
/// has failed, or Flink cannot be reached.
Status submit(const sql::Script& script, const SubmitOptions& options, const SecretLookup& secrets,
              process::Signals& signals, const process::Voice& out);

}  // namespace rocketlink::flink
