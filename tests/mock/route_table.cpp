#include "mock/route_table.h"

#include "wire/route.h"

namespace rocketlink::mock {

void RouteTable::add(const Registration& told, SteadyTime now) {
  const auto known = brokers_.find(told.broker);
  const bool is_known = known != brokers_.end() && known->second.servers.contains(told.id);
  if (told.of_5 && told.single && !is_known) return;  // as in RouteInfoManager.registerBroker
  Broker& broker = brokers_[told.broker];
  broker.acting_master = told.acting_master;
  std::erase_if(broker.servers,
                [&](const auto& server) { return server.second.address == told.address && server.first != told.id; });
  broker.servers[told.id] = {told.address, now};
  const bool is_first = broker.servers.begin()->first == told.id;
  if (told.id != 0 && !(told.of_5 && is_first)) return;  // a slave speaks for its topics where no other does
  for (auto [topic, queues] : told.topics) {
    if (told.id != 0 && told.acting_master) queues.perm &= ~wire::kPermWrite;
    topics_[topic][told.broker] = queues;
  }
}

void RouteTable::remove(const std::string& name, const std::string& address) {
  const auto found = brokers_.find(name);
  if (found == brokers_.end()) return;
  Broker& broker = found->second;
  std::erase_if(broker.servers, [&](const auto& server) { return server.second.address == address; });
  const bool gone = broker.servers.empty();
  const bool headless = !gone && broker.acting_master && !broker.servers.contains(0);
  for (auto& [topic, queues] : topics_) {
    if (gone) queues.erase(name);
    if (const auto on = queues.find(name); headless && on != queues.end()) on->second.perm &= ~wire::kPermWrite;
  }
  std::erase_if(topics_, [](const auto& topic) { return topic.second.empty(); });
  if (gone) brokers_.erase(found);
}

void RouteTable::expire(SteadyTime now, std::chrono::nanoseconds time) {
  std::vector<std::pair<std::string, std::string>> silent;
  for (const auto& [name, broker] : brokers_) {
    for (const auto& [id, server] : broker.servers) {
      if (server.heard + time < now) silent.emplace_back(name, server.address);
    }
  }
  for (const auto& [name, address] : silent) remove(name, address);
}

void RouteTable::clear() {
  brokers_.clear();
  topics_.clear();
}

RouteTable::Topics RouteTable::queues_of(const std::string& topic) const {
  const auto found = topics_.find(topic);
  if (found == topics_.end()) return {};
  Topics known = found->second;
  std::erase_if(known, [&](const auto& queues) { return !brokers_.contains(queues.first); });
  return known;
}

RouteTable::Addresses RouteTable::addresses_of(const std::string& name, std::int32_t perm) const {
  Addresses addresses;
  const auto found = brokers_.find(name);
  if (found == brokers_.end()) return addresses;
  for (const auto& [id, server] : found->second.servers) addresses.emplace(id, server.address);
  const bool acts = found->second.acting_master && (perm & wire::kPermWrite) == 0;
  if (acts && !addresses.empty() && !addresses.contains(0)) {
    auto smallest = addresses.extract(addresses.begin());
    smallest.key() = 0;
    addresses.insert(std::move(smallest));
  }
  return addresses;
}

std::map<std::string, RouteTable::Addresses> RouteTable::brokers() const {
  std::map<std::string, Addresses> all;
  for (const auto& [name, broker] : brokers_) all.emplace(name, addresses_of(name, wire::kPermWrite));
  return all;
}

}  // namespace rocketlink::mock
