#include "cluster/heartbeats.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "base/json_text.h"
#include "cluster/cluster.h"
#include "cluster/responses.h"
#include "wire/bytes.h"

namespace rocketlink::cluster {

namespace {

using nlohmann::json;

constexpr Milliseconds kPause{30'000};             ///< between heartbeats: a broker forgets a client after two minutes
constexpr Milliseconds kPauseWithoutRoute{1'000};  ///< while nobody is known to be told
static_assert(kPauseWithoutRoute < kPause);

std::string new_client_id(Runtime& runtime) {
  std::string bytes = runtime.identity();
  wire::append(bytes, runtime.random());
  std::string id = "rocketlink@";
  wire::append_hex(id, bytes);
  return id;
}

}  // namespace

Heartbeats::Heartbeats(Cluster& cluster) : cluster_(cluster), timer_(cluster.loop().timer()) {}

void Heartbeats::join(const std::string& group, const std::string& topic, const Subscription& subscription) {
  cluster_.loop().post([this, group, topic, subscription] {
    if (client_id_.empty()) client_id_ = new_client_id(cluster_.runtime());
    Use& use = groups_[group][topic];
    ++use.readers;
    use.subscription = subscription;
    beat();
  });
}

void Heartbeats::leave(const std::string& group, const std::string& topic) {
  cluster_.loop().post([this, group, topic] {
    auto& topics = groups_[group];
    if (--topics[topic].readers == 0) topics.erase(topic);
    if (topics.empty()) groups_.erase(group);
  });
}

void Heartbeats::close() {
  closed_ = true;
  timer_->cancel();
}

void Heartbeats::beat() {
  if (closed_ || groups_.empty()) return;
  std::set<std::string> addresses;
  for (const auto& [group, topics] : groups_) {
    for (const auto& [topic, use] : topics) {
      const Route route = cluster_.known_route(topic);
      if (!route) continue;
      for (const wire::BrokerData& broker : route->brokers) {
        for (const auto& [id, address] : broker.addresses) addresses.insert(address);
      }
    }
  }
  const std::string text = body();
  for (const std::string& address : addresses) send(address, text);
  timer_->set(cluster_.runtime().now() + (addresses.empty() ? kPauseWithoutRoute : kPause), [this] { beat(); });
}

std::string Heartbeats::body() const {
  json consumers = json::array();
  for (const auto& [group, topics] : groups_) {
    json subscriptions = json::array();
    for (const auto& [topic, use] : topics) {
      subscriptions.push_back({{"topic", cluster_.on_wire(topic)},
                               {"subString", use.subscription.expression},
                               {"expressionType", use.subscription.sql92 ? "SQL92" : "TAG"},
                               {"tagsSet", json::array()},
                               {"codeSet", json::array()},
                               {"subVersion", 0},
                               {"classFilterMode", false}});
    }
    consumers.push_back({{"groupName", cluster_.on_wire(group)},
                         {"consumeType", "CONSUME_ACTIVELY"},
                         {"messageModel", "CLUSTERING"},
                         {"consumeFromWhere", "CONSUME_FROM_FIRST_OFFSET"},
                         {"unitMode", false},
                         {"subscriptionDataSet", subscriptions}});
  }
  return base::json_text(
      {{"clientID", client_id_}, {"producerDataSet", json::array()}, {"consumerDataSet", consumers}});
}

void Heartbeats::send(const std::string& address, const std::string& body) {
  net::Request request;
  request.code = wire::RequestCode::kHeartBeat;
  request.body = body;
  cluster_.pacer().spend(1);
  cluster_.rpc().call(
      address, std::move(request), cluster_.timing().control,
      [this, address](const Result<net::Response>& answer) {
        if (closed_ || (answer && answer->header.code == 0)) return;
        const Error error = answer ? refusal(answer->header, "a heartbeat", address) : answer.error();
        cluster_.repeated().write(LogLevel::kWarning, fmt::format("heartbeat {} {}", error.code, address),
                                  fmt::format("{}; RocketMQ's tools may not see this reader", error.text));
      },
      kControlStream);
}

}  // namespace rocketlink::cluster
