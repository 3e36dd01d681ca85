#include <nlohmann/json.hpp>

#include "mock/mock_cluster.h"
#include "mock/mock_process.h"
#include "wire/route.h"

/// What name servers are told and what they answer.
namespace rocketlink::mock {

using nlohmann::json;

MockReply MockCluster::route(const MockProcess& at, const SeenRequest& request) const {
  const std::string topic = request.ext("topic");
  if (const auto given = route_bodies_.find(topic); given != route_bodies_.end()) return {0, "", {}, given->second};
  const auto found = topics_.find(topic);
  RouteTable::Topics shown;
  if (topic == "TBW102" && setup_.create_topics) {
    for (const std::string& broker : brokers_) shown[broker] = {8, 8, 7};
  } else if (setup_.register_every) {
    shown = at.routes.queues_of(topic);
  } else if (found != topics_.end()) {
    shown = found->second.brokers;
  }
  if (shown.empty()) return {17, "No topic route info in name server for the topic: " + topic, {}, {}};
  json queues = json::array();
  json brokers = json::array();
  for (const auto& [broker, on] : shown) {
    json addresses = json::object();
    for (const auto& [id, address] : shown_addresses(at, broker, on.perm)) addresses[std::to_string(id)] = address;
    if (addresses.empty()) continue;  // no server of that name is registered: neither are its queues
    queues.push_back({{"brokerName", broker},
                      {"perm", on.perm},
                      {"readQueueNums", on.read_queues},
                      {"writeQueueNums", on.write_queues},
                      {"topicSysFlag", 0}});
    brokers.push_back({{"brokerAddrs", addresses}, {"brokerName", broker}, {"cluster", "DefaultCluster"}});
    if (is_5()) brokers.back()["enableActingMaster"] = setup_.acting_master;
  }
  json body = {{"brokerDatas", brokers}, {"queueDatas", queues}, {"filterServerTable", json::object()}};
  if (found == topics_.end()) return {0, "", {}, body.dump()};
  if (!found->second.order_conf.empty()) body["orderTopicConf"] = found->second.order_conf;
  const auto& hosts = found->second.static_hosts;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    json& mapping = body["topicQueueMappingByBroker"][hosts[i]];
    if (mapping.is_null()) {
      mapping = {{"topic", topic}, {"scope", "__global__"},      {"totalQueues", hosts.size()}, {"bname", hosts[i]},
                 {"epoch", 1},     {"currIdMap", json::object()}};
    }
    mapping["currIdMap"][std::to_string(i)] = i + 10;
  }
  return {0, "", {}, body.dump()};
}

MockReply MockCluster::member_group(const MockProcess& at, const SeenRequest& request) const {
  const std::string broker = request.ext("brokerName");
  json addresses = json::object();
  for (const auto& [id, address] : shown_addresses(at, broker, wire::kPermWrite))
    addresses[std::to_string(id)] = address;
  const json body = {{"brokerMemberGroup",
                      {{"brokerAddrs", addresses}, {"brokerName", broker}, {"cluster", request.ext("clusterName")}}}};
  return {0, "", {}, body.dump()};
}

std::map<std::int64_t, std::string> MockCluster::shown_addresses(const MockProcess& at, const std::string& broker,
                                                                 std::int32_t perm) const {
  std::map<std::int64_t, std::string> shown;
  if (setup_.register_every) shown = at.routes.addresses_of(broker, perm);
  for (const MockProcess* const member : group_of(broker)) {
    const auto hidden = hidden_.find(member->label);
    const bool is_hidden = hidden != hidden_.end() && hidden->second;
    if (!setup_.register_every && !is_hidden) shown[member->id] = member->server.address();
    if (setup_.register_every && is_hidden) shown.erase(member->id);
  }
  return shown;
}

void MockCluster::tell_name_servers(MockProcess& broker, const std::string& single_topic) {
  if (!setup_.register_every || !broker.running) return;
  RouteTable::Registration told;
  told.broker = broker.broker;
  told.id = broker.id;
  told.address = broker.server.address();
  told.single = !single_topic.empty();
  told.acting_master = is_5() && setup_.acting_master;
  told.of_5 = is_5();
  for (const auto& [name, topic] : topics_) {
    if (told.single && name != single_topic) continue;
    if (const MockTopic::OnBroker* const on = topic_on(broker, name)) told.topics.emplace(name, *on);
  }
  broker.stage(Step::kRegister).push([this, &broker, told] {
    for (MockProcess* const name_server : name_servers()) {
      if (name_server->is_working() && !broker.cut_off_from.contains(name_server->label))
        name_server->routes.add(told, runtime_.now());
    }
  });
}

void MockCluster::leave_name_servers(const MockProcess& broker) {
  for (MockProcess* const name_server : name_servers()) {
    if (!broker.cut_off_from.contains(name_server->label))
      name_server->routes.remove(broker.broker, broker.server.address());
  }
}

}  // namespace rocketlink::mock
