#include "metrics/rates.h"

#include <utility>

namespace rocketlink::metrics {

namespace {

std::vector<Volume> divided(const std::vector<Volume>& now, const std::vector<Volume>* before, double seconds) {
  std::vector<Volume> rates(now.size());
  if (before == nullptr || seconds <= 0) return rates;
  for (std::size_t i = 0; i < now.size(); ++i) {
    rates[i] = {(now[i].records - (*before)[i].records) / seconds, (now[i].bytes - (*before)[i].bytes) / seconds};
  }
  return rates;
}

}  // namespace

Volume volume_of(const engine::InputStats& in) {
  return {static_cast<double>(in.rows), static_cast<double>(in.bytes)};
}

Volume volume_of(const engine::OutputStats& out) {
  return {static_cast<double>(out.rows_out), out.sink ? static_cast<double>(out.sink->bytes_acknowledged) : 0};
}

Volumes volumes_of(const engine::JobStats& stats) {
  Volumes volumes;
  for (const auto& source : stats.sources) volumes.sources.push_back(volume_of(source.in));
  for (const auto& sink : stats.sinks) volumes.sinks.push_back(volume_of(sink.out));
  return volumes;
}

void Rates::add(Time time, Volumes volumes) {
  samples_.push_back({time, std::move(volumes)});
  while (samples_.size() > 1 && time - samples_[1].time >= kSpan) samples_.pop_front();
}

Volumes Rates::per_second(Time time, const Volumes& now) const {
  const Volumes* const before = samples_.empty() ? nullptr : &samples_.front().volumes;
  const double seconds = before == nullptr ? 0 : std::chrono::duration<double>(time - samples_.front().time).count();
  return {divided(now.sources, before == nullptr ? nullptr : &before->sources, seconds),
          divided(now.sinks, before == nullptr ? nullptr : &before->sinks, seconds)};
}

}  // namespace rocketlink::metrics
