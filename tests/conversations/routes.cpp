#include <fmt/format.h>

#include "conversations/scripts.h"
#include "wire/route.h"

namespace rocketlink::conversations {

namespace {

Answer ask_route(Talk& talk, const std::string& topic) {
  return talk.ask_name_server(RequestCode::kGetRouteInfoByTopic, {{"topic", topic}, {"acceptStandardJsonOnly", "true"}},
                              Milliseconds(5'000));
}

std::string ids_of(const wire::BrokerData& broker) {
  std::vector<std::int64_t> ids;
  for (const auto& [id, address] : broker.addresses) ids.push_back(id);
  return fmt::format("broker {} of {}: ids {}{}", broker.name, broker.cluster, fmt::join(ids, ","),
                     broker.lets_slaves_act ? ", of which 0 may be a slave" : "");
}

void line_of_route(Talk& talk, std::string_view what, const Answer& answer) {
  talk.line_of(what, answer);
  if (answer.code != 0) return;
  const auto route = wire::parse_route(answer.body);
  if (!route) {
    talk.line("  " + route.error().text);
    return;
  }
  for (const wire::QueueData& queues : route->queues)
    talk.line(fmt::format("  queues of {}: read={} write={} perm={}", queues.broker, queues.read_queues,
                          queues.write_queues, queues.perm));
  for (const wire::BrokerData& broker : route->brokers) talk.line("  " + ids_of(broker));
}

}  // namespace

void routes(Talk& talk) {
  line_of_route(talk, "unknown topic", ask_route(talk, talk.named("nothing")));
  const std::string topic = talk.create_topic("routed", 4, 3);
  line_of_route(talk, "topic of 4 and 3 queues", ask_route(talk, topic));
  (void)talk.create_topic("routed", 5, 5, 4);
  talk.wait(Milliseconds(1'000));
  line_of_route(talk, "more queues, read only", ask_route(talk, topic));
  line_of_route(talk, "no topic named", ask_route(talk, ""));
}

void member_groups(Talk& talk) {
  for (const std::string_view broker : {"broker-a", "broker-of-nobody"}) {
    const Answer answer = talk.ask_name_server(RequestCode::kGetBrokerMemberGroup,
                                               {{"clusterName", "DefaultCluster"}, {"brokerName", std::string(broker)}},
                                               Milliseconds(1'500));
    talk.line_of(broker, answer);
    if (answer.code != 0) continue;
    const auto group = wire::parse_member_group(answer.body);
    talk.line(group ? "  " + ids_of(*group) : group.error().text);
  }
}

void unknown_requests(Talk& talk) {
  constexpr auto kUnknown = static_cast<RequestCode>(9999);
  talk.line_of("broker", talk.ask_broker(kUnknown, {}));
  talk.line_of("name server", talk.ask_name_server(kUnknown, {}, Milliseconds(1'500)));
}

void broker_configuration(Talk& talk) {
  const Answer answer = talk.ask_broker(RequestCode::kGetBrokerConfig, {});
  const bool has_timers = answer.body.find("timerWheelEnable=") != std::string::npos;
  talk.line(fmt::format("configuration: code={} timerWheelEnable={}", answer.code, has_timers ? "told" : "not told"));
}

}  // namespace rocketlink::conversations
