#include "engine/outputs.h"

#include <fmt/format.h>

#include "engine/loop/retry.h"

namespace rocketlink::engine {

Status Outputs::open(const JobSpec& job, const std::vector<const InsertSpec*>& specs, std::vector<Insert>& inserts,
                     std::size_t writer, RunControl& control) {
  for (std::size_t i = 0; i < specs.size(); ++i) {
    auto output = try_to_begin(
        fmt::format("INSERT INTO {}: opening it", specs[i]->target), [&] { return specs[i]->open(writer); },
        job.connect_patience, control);
    if (!output) return inserts[i].named(std::move(output).error());
    inserts[i].set_output(**output);
    const std::lock_guard lock(mutex_);
    outputs_.push_back(*std::move(output));
    if (aborted_) outputs_.back()->abort();
  }
  return {};
}

Status Outputs::end_batch(const std::vector<Insert>& inserts) {
  for (const Insert& insert : inserts) {
    if (auto ended = insert.output().end_batch(); !ended) return insert.named(std::move(ended).error());
  }
  return {};
}

Status Outputs::flush(const std::vector<Insert>& inserts) {
  for (const Insert& insert : inserts) {
    if (auto flushed = insert.output().flush(); !flushed) return insert.named(std::move(flushed).error());
  }
  return {};
}

Status Outputs::close(const std::vector<Insert>& inserts, std::chrono::milliseconds timeout) {
  Status first;
  for (const Insert& insert : inserts) {
    auto closed = insert.output().close(timeout);
    if (!closed && first) first = insert.named(std::move(closed).error());
  }
  return first;
}

void Outputs::abort() {
  const std::lock_guard lock(mutex_);
  aborted_ = true;
  for (const auto& output : outputs_) output->abort();
}

std::vector<OutputStats> Outputs::stats() const {
  const std::lock_guard lock(mutex_);
  std::vector<OutputStats> stats;
  for (const auto& output : outputs_) stats.push_back(output->stats());
  return stats;
}

}  // namespace rocketlink::engine
