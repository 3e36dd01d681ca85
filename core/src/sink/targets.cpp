#include "sink/targets.h"

#include <algorithm>

#include "wire/outgoing.h"

namespace rocketlink::sink {

namespace {

std::optional<std::string> master_of(const wire::TopicRoute& route, const std::string& broker) {
  for (const wire::BrokerData& data : route.brokers) {
    if (data.name != broker) continue;
    const auto master = data.addresses.find(0);
    if (master != data.addresses.end()) return master->second;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Target> targets_of(const wire::TopicRoute& route, const std::string& topic) {
  std::vector<Target> targets;
  for (wire::RoutedQueue& routed : wire::writable_queues(route)) {
    auto address = master_of(route, routed.address_broker);
    targets.push_back(
        {{topic, std::move(routed.broker), routed.id}, std::move(routed.address_broker), std::move(address)});
  }
  return targets;
}

std::vector<Target> targets_of_template(const wire::TopicRoute& route, const std::string& topic) {
  std::vector<Target> targets = targets_of(route, topic);
  std::erase_if(targets, [](const Target& target) { return target.queue.id >= kAutoCreatedQueues; });
  return targets;
}

std::vector<Target> refreshed(const std::vector<Target>& known, const wire::TopicRoute& route,
                              const std::string& topic) {
  std::vector<Target> targets = targets_of(route, topic);
  const bool none = targets.empty();
  const std::size_t routed = targets.size();
  for (const Target& target : known) {
    auto address = master_of(route, target.broker);
    if (address && !none) continue;  // its broker is there and no longer has this queue
    const auto end = targets.begin() + static_cast<std::ptrdiff_t>(routed);
    if (std::any_of(targets.begin(), end, [&](const Target& other) { return other.queue == target.queue; })) continue;
    targets.push_back({target.queue, target.broker, std::move(address)});
  }
  std::sort(targets.begin(), targets.end(), [](const Target& a, const Target& b) { return a.queue < b.queue; });
  return targets;
}

std::size_t target_for(std::string_view partition, std::size_t targets) {
  return target_for(wire::java_hash(partition), targets);
}

std::size_t target_for(std::int32_t hash, std::size_t targets) {
  const std::int64_t rest = hash % static_cast<std::int64_t>(targets);  // as in Java, of the hash's sign
  return static_cast<std::size_t>(rest < 0 ? -rest : rest);
}

}  // namespace rocketlink::sink
