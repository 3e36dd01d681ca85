#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "rocketlink/source.h"

namespace rocketlink::engine {

/// How far a pipeline's queries have come in each queue, and what of that was given on to be committed. For one thread.
class Progress {
 public:
  /// All messages of `queue` below `offset` went through the queries.
  void processed(const QueueId& queue, std::int64_t offset) {
    const auto [known, is_new] = processed_.try_emplace(queue, offset);
    if (!is_new && known->second == offset) return;
    known->second = offset;
    fresh_.insert(queue);
  }
  /// There is something that `take` has not given.
  [[nodiscard]] bool dirty() const { return !fresh_.empty(); }
  /// What is new since the last time.
  [[nodiscard]] std::vector<Position> take() {
    std::vector<Position> positions;
    for (const QueueId& queue : std::exchange(fresh_, {})) positions.push_back({queue, processed_.at(queue)});
    return positions;
  }
  [[nodiscard]] std::vector<Position> all() const {
    std::vector<Position> positions;
    for (const auto& [queue, offset] : processed_) positions.push_back({queue, offset});
    return positions;
  }

 private:
  std::map<QueueId, std::int64_t> processed_;
  std::set<QueueId> fresh_;
};

}  // namespace rocketlink::engine
