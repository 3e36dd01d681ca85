#include "sink/lanes.h"

#include <algorithm>

namespace rocketlink::sink {

void Lanes::set_targets(const std::vector<Target>& targets) {
  std::vector<std::shared_ptr<Lane>> current;
  for (const Target& target : targets) {
    const auto known =
        std::find_if(all_.begin(), all_.end(), [&](const auto& lane) { return lane->target.queue == target.queue; });
    std::shared_ptr<Lane> lane = known == all_.end() ? std::make_shared<Lane>() : *known;
    lane->target = target;
    auto& broker = brokers_[target.broker];
    if (!broker) broker = std::make_shared<BrokerState>();
    lane->broker = broker;
    current.push_back(std::move(lane));
  }
  std::erase_if(all_, [&](const auto& lane) {
    const bool needed = lane->busy || !lane->bound.empty() || !lane->filling.empty() || !lane->delayed.empty() ||
                        lane->delayed_under_way > 0;
    return !needed || std::find(current.begin(), current.end(), lane) != current.end();
  });
  for (const auto& lane : all_) lane->gone = true;
  for (const auto& lane : current) lane->gone = false;
  all_.insert(all_.end(), current.begin(), current.end());
  current_ = std::move(current);
  look();
}

void Lanes::look() {
  const auto any = [&](const auto& is) { return std::any_of(current_.begin(), current_.end(), is); };
  several_brokers_ = any([&](const auto& lane) { return lane->broker != current_.front()->broker; });
  any_reachable_ = any([](const auto& lane) { return lane->target.address.has_value(); });
  any_speaks_ = any([](const auto& lane) { return lane->target.address && !lane->broker->silent; });
}

void Lanes::set_silent(const std::string& broker, bool silent) {
  const auto known = brokers_.find(broker);
  if (known == brokers_.end()) return;
  known->second->silent = silent;
  look();
}

void Lanes::set_rooms(const std::vector<Room>& rooms) {
  batch_bytes_ = std::numeric_limits<std::size_t>::max();
  for (auto& [name, state] : brokers_) {
    state->room = std::numeric_limits<std::int64_t>::max();
    state->batch_bytes = std::numeric_limits<std::size_t>::max();
  }
  for (const Room& room : rooms) {
    const auto lanes = std::count_if(current_.begin(), current_.end(),
                                     [&](const auto& lane) { return lane->target.broker == room.broker; });
    const auto state = brokers_.find(room.broker);
    if (lanes == 0 || state == brokers_.end()) continue;
    state->second->room = room.bytes;
    // So that the link is not left alone between an answer and the next batch; a queue has one on its way at a time.
    state->second->batch_bytes =
        static_cast<std::size_t>(room.window / std::min<std::int64_t>(lanes, cluster::Flow::kParts));
    batch_bytes_ = std::min(batch_bytes_, state->second->batch_bytes);
  }
}

std::shared_ptr<Lane> Lanes::next_free(const std::string& avoid, SteadyTime now) {
  const std::size_t count = current_.size();
  std::optional<std::size_t> second_best;
  bool elsewhere_soon = false;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = (turn_ + i) % count;
    const Lane& lane = *current_[at];
    if (!is_way(lane) || lane.rested() > now) continue;
    const bool elsewhere = lane.target.broker != avoid;
    if (lane.busy || lane.broker->room <= 0) {
      elsewhere_soon = elsewhere_soon || elsewhere;
    } else if (elsewhere) {
      turn_ = (at + 1) % count;
      return current_[at];
    } else if (!second_best) {
      second_best = at;
    }
  }
  if (!second_best || elsewhere_soon) return nullptr;
  turn_ = (*second_best + 1) % count;
  return current_[*second_best];
}

std::shared_ptr<Lane> Lanes::next_open(const std::string& avoid, SteadyTime now, std::size_t most) {
  std::optional<std::size_t> second_best;
  for (std::size_t i = 0; i < current_.size(); ++i) {
    const std::size_t at = (turn_ + i) % current_.size();
    const Lane& lane = *current_[at];
    if (!is_way(lane) || lane.rested() > now || !open(lane, most)) continue;
    if (lane.target.broker != avoid) {
      turn_ = (at + 1) % current_.size();
      return current_[at];
    }
    if (!second_best) second_best = at;
  }
  if (!second_best) return nullptr;
  turn_ = (*second_best + 1) % current_.size();
  return current_[*second_best];
}

std::optional<SteadyTime> Lanes::first_rested(SteadyTime now) const {
  std::optional<SteadyTime> first;
  for (const auto& lane : current_) {
    const SteadyTime until = lane->rested();
    if (!lane->busy && until > now && (!first || until < *first)) first = until;
  }
  return first;
}

}  // namespace rocketlink::sink
