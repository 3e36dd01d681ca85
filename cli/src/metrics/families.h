#pragma once

#include <prometheus/metric_family.h>

#include <vector>

#include "engine/stats.h"
#include "metrics/rates.h"

namespace rocketlink::metrics {

/// A job's figures by the names that they have on Flink, `rocketlink_` before them. Labels: `role` (source, sink) and
/// `table`; those of a queue `topic`, `broker` and `queue` too.
[[nodiscard]] std::vector<prometheus::MetricFamily> families(const engine::JobStats& stats, const Volumes& per_second);

}  // namespace rocketlink::metrics
