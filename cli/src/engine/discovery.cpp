#include "engine/discovery.h"

#include <fmt/format.h>

#include "engine/retry.h"

namespace rocketlink::engine {

Result<std::unique_ptr<Discovery>> Discovery::create(const JobSpec& job, const ScanSpec& scan,
                                                     std::vector<Reader> readers, RunControl& control) {
  auto enumerator = SourceEnumerator::create(scan.client, scan.options, static_cast<std::int32_t>(readers.size()));
  if (!enumerator) return std::move(enumerator).error();
  std::unique_ptr<Discovery> discovery(new Discovery(job, scan, std::move(readers), control, *std::move(enumerator)));
  control.on_stop([enumerator = discovery->enumerator_.get()] { enumerator->wake_up(); });
  return discovery;
}

Status Discovery::run() {
  auto first = try_to_begin([&] { return enumerator_->discover(); }, job_.connect_patience, control_, job_.log);
  if (!first) {
    if (control_.stopping()) return {};
    Error error = std::move(first).error();
    error.text = fmt::format("source table {}: {}", scan_.table, error.text);
    return error;
  }
  hand_out(*first);
  if (scan_.options.bounded_mode != BoundedMode::kUnbounded) {
    for (const Reader& reader : readers_) reader.no_more_splits();
    return {};
  }
  if (scan_.options.discovery_interval_ms == 0) return {};
  while (!control_.wait_for(std::chrono::milliseconds(scan_.options.discovery_interval_ms))) {
    auto found = enumerator_->discover();
    if (found) {
      hand_out(*found);
    } else if (!control_.stopping() && job_.log) {
      job_.log(LogLevel::kWarning,
               fmt::format("source table {}: looking for new queues failed, those known are read on: {}", scan_.table,
                           found.error().text));
    }
  }
  return {};
}

void Discovery::hand_out(const std::vector<SourceEnumerator::Assignment>& assignments) {
  std::vector<std::vector<Split>> shares(readers_.size());
  for (const auto& assignment : assignments) {
    shares[static_cast<std::size_t>(assignment.reader)].push_back(assignment.split);
    if (job_.log) {
      job_.log(LogLevel::kInfo, fmt::format("source table {}: reading {} from offset {}", scan_.table,
                                            to_string(assignment.split.queue), assignment.split.offset));
    }
  }
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (!shares[i].empty()) readers_[i].add_splits(shares[i]);
  }
}

}  // namespace rocketlink::engine
