#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <vector>

#include "engine/stats.h"

namespace rocketlink::metrics {

/// What has gone through a table.
struct Volume {
  double records = 0;
  double bytes = 0;
};

/// Volumes of each source and each INSERT of a job, in the order of its stats.
struct Volumes {
  std::vector<Volume> sources;
  std::vector<Volume> sinks;
};

[[nodiscard]] Volume volume_of(const engine::InputStats& in);
/// Of a topic: what is acknowledged. Other tables count rows and no bytes.
[[nodiscard]] Volume volume_of(const engine::OutputStats& out);
[[nodiscard]] Volumes volumes_of(const engine::JobStats& stats);

/// Averages over the last minute, as Flink's meters: `add` every few seconds.
class Rates {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kSpan{60};  ///< what a rate is the average of; older samples are dropped

  void add(Time time, Volumes volumes);
  /// Per second, from the oldest volumes of the last minute to these. Nothing: zeros.
  [[nodiscard]] Volumes per_second(Time time, const Volumes& now) const;

 private:
  struct Sample {
    Time time;
    Volumes volumes;
  };
  std::deque<Sample> samples_;
};

}  // namespace rocketlink::metrics
