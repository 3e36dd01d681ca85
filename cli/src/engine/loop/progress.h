#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <vector>

#include "rocketlink/source.h"

namespace rocketlink::engine {

/// How far a pipeline's queries have come in each queue, and what of that is committed. For one thread.
class Progress {
 public:
  /// All messages of `queue` below `offset` went through the queries.
  void processed(const QueueId& queue, std::int64_t offset) {
    Place& place = places_[queue];
    if (place.processed == offset) return;
    place.processed = offset;
    dirty_ = true;
  }
  /// What is committed may be lost: all of it is to be committed again.
  void forget_commits() {
    for (auto& [queue, place] : places_) place.committed = -1;
    dirty_ = !places_.empty();
  }
  /// There is something to commit.
  [[nodiscard]] bool dirty() const { return dirty_; }
  /// What `committed` has not been told yet.
  [[nodiscard]] std::vector<Position> uncommitted() const {
    std::vector<Position> positions;
    for (const auto& [queue, place] : places_) {
      if (place.processed != place.committed) positions.push_back({queue, place.processed});
    }
    return positions;
  }
  void committed(const std::vector<Position>& positions) {
    for (const Position& position : positions) places_[position.queue].committed = position.offset;
    dirty_ = !uncommitted().empty();
  }

 private:
  struct Place {
    std::int64_t processed = -1;
    std::int64_t committed = -1;
  };
  std::map<QueueId, Place> places_;
  bool dirty_ = false;
};

}  // namespace rocketlink::engine
