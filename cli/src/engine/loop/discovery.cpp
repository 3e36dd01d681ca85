#include "engine/loop/discovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/loop/retry.h"

namespace rocketlink::engine {

namespace {

constexpr std::size_t kQueuesNamed = 64;  ///< in one line of the log; of more only the number

}  // namespace

Discovery::Discovery(DiscoverySettings settings, std::unique_ptr<SourceEnumerator> enumerator,
                     std::vector<Reader> readers, RunControl& control)
    : settings_(std::move(settings)),
      readers_(std::move(readers)),
      control_(control),
      enumerator_(std::move(enumerator)) {
  control.on_stop([looking = enumerator_.get()] { looking->wake_up(); });
}

Status Discovery::run() {
  auto first = try_to_begin(
      fmt::format("source table {}: looking for queues", settings_.table), [&] { return enumerator_->discover(); },
      settings_.patience, control_);
  if (!first) {
    if (control_.stopping()) return {};
    return named(std::move(first).error());
  }
  hand_out(*first);
  if (settings_.bounded) {
    for (const Reader& reader : readers_) reader.no_more_splits();
    return {};
  }
  if (settings_.interval.count() == 0) return {};
  for (bool failed_before = false; !control_.wait_for(settings_.interval);) {
    auto found = enumerator_->discover();
    const bool again = std::exchange(failed_before, !found) && found;
    if (again) {
      control_.lines().write(LogLevel::kWarning, fmt::format("look again {}", settings_.table),
                             fmt::format("source table {}: looking for new queues works again", settings_.table));
    }
    if (found) {
      hand_out(*found);
    } else if (found.error().fatal) {
      return named(std::move(found).error());
    } else if (!control_.stopping()) {
      control_.lines().write(LogLevel::kWarning, fmt::format("look {} {}", settings_.table, found.error().code),
                             fmt::format("source table {}: looking for new queues failed, those known are read on: {}",
                                         settings_.table, found.error().text));
    }
  }
  return {};
}

Error Discovery::named(Error error) const {
  error.text = fmt::format("source table {}: {}", settings_.table, error.text);
  return error;
}

void Discovery::hand_out(const std::vector<SourceEnumerator::Assignment>& assignments) {
  std::vector<std::vector<Split>> shares(readers_.size());
  for (const auto& assignment : assignments) {
    shares[static_cast<std::size_t>(assignment.reader)].push_back(assignment.split);
  }
  say_what_is_read(assignments);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (!shares[i].empty()) readers_[i].add_splits(shares[i]);
  }
}

void Discovery::say_what_is_read(const std::vector<SourceEnumerator::Assignment>& assignments) const {
  if (!settings_.log || assignments.empty()) return;
  std::string text = fmt::format("source table {}: reading {} queue(s):", settings_.table, assignments.size());
  for (std::size_t i = 0; i < std::min(assignments.size(), kQueuesNamed); ++i) {
    const Split& split = assignments[i].split;
    text += fmt::format("{} {} from offset {}", i == 0 ? "" : ",", to_string(split.queue), split.offset);
  }
  if (assignments.size() > kQueuesNamed) text += fmt::format(" and {} more", assignments.size() - kQueuesNamed);
  settings_.log(LogLevel::kInfo, text);
}

}  // namespace rocketlink::engine
