#include "wire/route.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "base/plain_text.h"

namespace rocketlink::wire {

namespace {

using Json = nlohmann::json;
using OrderConf = std::vector<std::pair<std::string, std::int32_t>>;

constexpr int kMaxNestedLevels = 32;        ///< of JSON, each of which takes memory; deeper is refused
constexpr std::size_t kMaxNameBytes = 255;  ///< of a broker, or an address; longer is refused, as servers have none
constexpr std::string_view kLogicalBroker = "__syslo__";  ///< followed by the scope of a static topic
constexpr std::string_view kGlobalScope = "__global__";

Error malformed(std::string_view what) {
  return {ErrorCode::kProtocol, fmt::format("malformed route: {}", what), true};
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// Puts quotes around integer keys: `{0:"a"}` becomes `{"0":"a"}`. Text within strings stays as it is. Nothing when it
/// is nested deeper than any route, of which each level would take memory.
std::optional<std::string> quote_integer_keys(std::string_view json) {
  std::string out;
  out.reserve(json.size() + 64);
  bool in_string = false;
  int depth = 0;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    out += c;
    if (in_string) {
      if (c == '\\' && i + 1 < json.size()) out += json[++i];
      if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if ((c == '{' || c == '[') && ++depth > kMaxNestedLevels) return std::nullopt;
    if (c == '}' || c == ']') --depth;
    if (c != '{' && c != ',') continue;
    std::size_t begin = i + 1;
    while (begin < json.size() && is_space(json[begin])) ++begin;
    std::size_t end = begin;
    while (end < json.size() && ((json[end] >= '0' && json[end] <= '9') || json[end] == '-')) ++end;
    std::size_t colon = end;
    while (colon < json.size() && is_space(json[colon])) ++colon;
    if (end == begin || colon == json.size() || json[colon] != ':') continue;
    out += '"';
    out += json.substr(begin, end - begin);
    out += '"';
    i = end - 1;
  }
  return out;
}

/// The member, or null when it is absent or null.
const Json* member(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> text(const Json& object, const char* name) {
  const Json* value = member(object, name);
  return value != nullptr && value->is_string() ? std::optional(value->get<std::string>()) : std::nullopt;
}

/// Fit for logs, for state, and to be connected to.
bool is_name(std::string_view name) {
  return name.size() <= kMaxNameBytes && base::plain(name) == name;
}

Error no_name(std::string_view what, std::string_view name) {
  return malformed(fmt::format("{} is '{}' ({} bytes)", what, base::plain(name), name.size()));
}

template <class T>
std::optional<T> integer(const Json* value, T least, T most) {
  if (value == nullptr || !value->is_number_integer()) return std::nullopt;
  if (value->is_number_unsigned() && value->get<std::uint64_t>() > static_cast<std::uint64_t>(most))
    return std::nullopt;
  const auto number = value->get<std::int64_t>();
  if (number < least || number > most) return std::nullopt;
  return static_cast<T>(number);
}

template <class T>
std::optional<T> parse_number(std::string_view digits) {
  T value{};
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

Result<QueueData> parse_queue_data(const Json& json) {
  if (!json.is_object()) return malformed("an entry of queueDatas is no object");
  const auto broker = text(json, "brokerName");
  if (!broker || broker->empty()) return malformed("an entry of queueDatas has no brokerName");
  if (!is_name(*broker)) return no_name("the brokerName of an entry of queueDatas", *broker);
  const auto read = integer(member(json, "readQueueNums"), 0, kMaxQueuesPerBroker);
  const auto write = integer(member(json, "writeQueueNums"), 0, kMaxQueuesPerBroker);
  if (!read || !write)
    return malformed(fmt::format("broker '{}' has no queue counts from 0 to {}", *broker, kMaxQueuesPerBroker));
  const auto perm = integer(member(json, "perm"), 0, 0xFFFF);
  if (!perm) return malformed(fmt::format("broker '{}' has no permissions", *broker));
  return QueueData{*broker, *read, *write, *perm};
}

Result<BrokerData> parse_broker_data(const Json& json) {
  if (!json.is_object()) return malformed("an entry of brokerDatas is no object");
  BrokerData data;
  data.name = text(json, "brokerName").value_or("");
  if (data.name.empty()) return malformed("an entry of brokerDatas has no brokerName");
  if (!is_name(data.name)) return no_name("the brokerName of an entry of brokerDatas", data.name);
  data.cluster = text(json, "cluster").value_or("");
  const Json* acting = member(json, "enableActingMaster");
  data.lets_slaves_act = acting != nullptr && acting->is_boolean() && acting->get<bool>();
  const Json* addresses = member(json, "brokerAddrs");
  if (addresses == nullptr) return data;
  if (!addresses->is_object()) return malformed(fmt::format("brokerAddrs of '{}' is no object", data.name));
  for (const auto& [id, address] : addresses->items()) {
    const auto number = parse_number<std::int64_t>(id);
    if (!number || !address.is_string())
      return malformed(
          fmt::format("brokerAddrs of '{}' holds '{}', no broker id with its address", data.name, base::plain(id)));
    const auto& where = address.get_ref<const std::string&>();
    if (!is_name(where)) return no_name(fmt::format("address {} of '{}'", *number, data.name), where);
    data.addresses[*number] = where;
  }
  return data;
}

Result<StaticMapping> parse_mapping(const std::string& broker, const Json& json) {
  if (!is_name(broker)) return no_name("a broker of topicQueueMappingByBroker", broker);
  if (!json.is_object()) return malformed(fmt::format("the static mapping of '{}' is no object", broker));
  StaticMapping mapping;
  mapping.scope = text(json, "scope").value_or(std::string(kGlobalScope));
  if (!is_name(mapping.scope))
    return no_name(fmt::format("the scope of the static mapping of '{}'", broker), mapping.scope);
  const auto total = integer(member(json, "totalQueues"), 0, kMaxQueuesPerBroker);
  const auto epoch = integer<std::int64_t>(member(json, "epoch"), 0, INT64_MAX);
  if (!total || !epoch) return malformed(fmt::format("the static mapping of '{}' lacks totalQueues or epoch", broker));
  mapping.total_queues = *total;
  mapping.epoch = *epoch;
  const Json* ids = member(json, "currIdMap");
  if (ids == nullptr) return mapping;
  if (!ids->is_object()) return malformed(fmt::format("currIdMap of '{}' is no object", broker));
  for (const auto& [logical, physical] : ids->items()) {
    const auto id = parse_number<std::int32_t>(logical);
    if (!id || *id < 0 || *id >= kMaxQueuesPerBroker)
      return malformed(fmt::format("currIdMap of '{}' holds the queue '{}'", broker, base::plain(logical)));
    mapping.logical_ids.push_back(*id);
  }
  std::sort(mapping.logical_ids.begin(), mapping.logical_ids.end());
  return mapping;
}

/// `broker:count;broker:count`; nothing when malformed.
std::optional<OrderConf> parse_order_conf(std::string_view conf) {
  OrderConf found;
  while (!conf.empty()) {
    const auto stop = std::min(conf.find(';'), conf.size());
    const std::string_view item = conf.substr(0, stop);
    conf.remove_prefix(std::min(stop + 1, conf.size()));
    if (item.empty()) continue;
    const auto colon = item.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || !is_name(item.substr(0, colon))) return std::nullopt;
    const auto count = parse_number<std::int32_t>(item.substr(colon + 1));
    if (!count || *count < 0 || *count > kMaxQueuesPerBroker) return std::nullopt;
    found.emplace_back(item.substr(0, colon), *count);
  }
  return found;
}

/// Parses every element of the array `name` into `into`; absent counts as empty.
template <class T, class Parse>
Status parse_each(const Json& json, const char* name, std::vector<T>& into, Parse&& parse) {
  const Json* list = member(json, name);
  if (list == nullptr) return {};
  if (!list->is_array()) return malformed(fmt::format("{} is no array", name));
  for (const Json& one : *list) {
    auto parsed = parse(one);
    if (!parsed) return std::move(parsed).error();
    into.push_back(*std::move(parsed));
  }
  return {};
}

void sort_unique(std::vector<RoutedQueue>& queues) {
  std::sort(queues.begin(), queues.end());
  queues.erase(std::unique(queues.begin(), queues.end()), queues.end());
}

/// What is asked of brokers for each of many queues; the first entry of a name counts.
class BrokersByName {
 public:
  explicit BrokersByName(const TopicRoute& route) {
    for (const QueueData& data : route.queues) perms_.try_emplace(data.broker, data.perm);
    for (const BrokerData& data : route.brokers) {
      if (data.addresses.contains(0)) masters_.insert(data.name);
    }
  }
  [[nodiscard]] bool permits(const std::string& broker, std::int32_t wanted) const {
    const auto found = perms_.find(broker);
    return found == perms_.end() || (found->second & wanted) != 0;
  }
  [[nodiscard]] bool has_master(const std::string& broker) const { return masters_.contains(broker); }

 private:
  std::map<std::string_view, std::int32_t> perms_;
  std::set<std::string_view> masters_;
};

/// The logical queues of a static topic. Those that no broker has at the moment are served by `__syslo__none__`.
std::vector<RoutedQueue> logical_queues(const TopicRoute& route) {
  struct Owner {
    std::int64_t epoch = -1;
    std::string broker;
  };
  std::map<std::string, std::vector<Owner>> by_scope;
  for (const auto& [broker, mapping] : route.static_mappings) {
    auto& owners = by_scope[mapping.scope];
    owners.resize(std::max(owners.size(), static_cast<std::size_t>(mapping.total_queues)));
  }
  for (const auto& [broker, mapping] : route.static_mappings) {
    auto& owners = by_scope[mapping.scope];
    for (const std::int32_t id : mapping.logical_ids) {
      const auto index = static_cast<std::size_t>(id);
      if (index < owners.size() && mapping.epoch > owners[index].epoch) owners[index] = {mapping.epoch, broker};
    }
  }
  const std::string nobody = fmt::format("{}none__", kLogicalBroker);
  std::vector<RoutedQueue> queues;
  for (const auto& [scope, owners] : by_scope) {
    // The global scope's own underscores are not doubled: __syslo__global__.
    const std::string name = fmt::format("{}{}", kLogicalBroker, scope == kGlobalScope ? "global__" : scope);
    for (std::size_t id = 0; id < owners.size(); ++id) {
      const bool served = owners[id].epoch >= 0;
      queues.push_back({name, static_cast<std::int32_t>(id), served ? owners[id].broker : nobody});
    }
  }
  sort_unique(queues);
  return queues;
}

/// By its scopes, of which each has as many queues as the largest of its mappings says.
std::int64_t logical_queue_count(const TopicRoute& route) {
  std::map<std::string_view, std::int32_t> by_scope;
  for (const auto& [broker, mapping] : route.static_mappings) {
    auto& most = by_scope[mapping.scope];
    most = std::max(most, mapping.total_queues);
  }
  std::int64_t count = 0;
  for (const auto& [scope, queues] : by_scope) count += queues;
  return count;
}

Status check_queue_counts(const TopicRoute& route, const OrderConf& order) {
  std::int64_t read = 0;
  std::int64_t write = 0;
  for (const QueueData& data : route.queues) {
    read += data.read_queues;
    write += data.write_queues;
  }
  std::int64_t ordered = 0;
  for (const auto& [broker, count] : order) ordered += count;
  const std::int64_t logical = logical_queue_count(route);
  if (std::max({read, write, ordered, logical}) <= kMaxQueuesPerTopic) return {};
  return malformed(
      fmt::format("{} queues to read and {} to write on {} brokers, {} of them ordered, {} logical ones; "
                  "more than {} of a kind",
                  read, write, route.queues.size(), ordered, logical, kMaxQueuesPerTopic));
}

Result<Json> parse_object(std::string_view json_text) {
  if (json_text.size() > kMaxRouteBytes)
    return malformed(fmt::format("{} bytes, more than {}", json_text.size(), kMaxRouteBytes));
  const auto quoted = quote_integer_keys(json_text);
  if (!quoted)
    return malformed(fmt::format("{} bytes of JSON nested more than {} deep", json_text.size(), kMaxNestedLevels));
  Json json = Json::parse(*quoted, nullptr, false);
  if (json.is_discarded() || !json.is_object())
    return malformed(fmt::format("{} bytes that are no JSON object", json_text.size()));
  return json;
}

}  // namespace

Result<TopicRoute> parse_route(std::string_view json_text) {
  const auto parsed_text = parse_object(json_text);
  if (!parsed_text) return parsed_text.error();
  const Json& json = *parsed_text;
  TopicRoute route;
  if (auto status = parse_each(json, "queueDatas", route.queues, parse_queue_data); !status)
    return std::move(status).error();
  if (auto status = parse_each(json, "brokerDatas", route.brokers, parse_broker_data); !status)
    return std::move(status).error();
  OrderConf order;
  if (const Json* conf = member(json, "orderTopicConf")) {
    auto parsed = conf->is_string() ? parse_order_conf(conf->get_ref<const std::string&>()) : std::nullopt;
    if (!parsed)
      return malformed(fmt::format("orderTopicConf is {}, no list of broker:count",
                                   base::plain(conf->dump(-1, ' ', false, Json::error_handler_t::replace))));
    route.order_topic_conf = conf->get<std::string>();
    order = *std::move(parsed);
  }
  if (const Json* mappings = member(json, "topicQueueMappingByBroker")) {
    if (!mappings->is_object()) return malformed("topicQueueMappingByBroker is no object");
    for (const auto& [broker, mapping] : mappings->items()) {
      auto parsed = parse_mapping(broker, mapping);
      if (!parsed) return std::move(parsed).error();
      route.static_mappings.emplace(broker, *std::move(parsed));
    }
  }
  if (auto status = check_queue_counts(route, order); !status) return std::move(status).error();
  route.logical_queues = logical_queues(route);
  return route;
}

Result<BrokerData> parse_member_group(std::string_view json_text) {
  const auto json = parse_object(json_text);
  if (!json) return json.error();
  const Json* group = member(*json, "brokerMemberGroup");
  return group != nullptr ? parse_broker_data(*group) : malformed("there is no brokerMemberGroup");
}

Result<bool> parse_is_compacted(std::string_view json_text) {
  const auto json = parse_object(json_text);
  if (!json) return json.error();
  const Json* attributes = member(*json, "attributes");
  const Json* policy =
      attributes != nullptr && attributes->is_object() ? member(*attributes, "cleanup.policy") : nullptr;
  return policy != nullptr && policy->is_string() && policy->get_ref<const std::string&>() == "COMPACTION";
}

std::string serving_broker(const TopicRoute& route, const std::string& broker, std::int32_t id) {
  const auto found =
      std::lower_bound(route.logical_queues.begin(), route.logical_queues.end(), RoutedQueue{broker, id, {}});
  const bool logical = found != route.logical_queues.end() && found->broker == broker && found->id == id;
  return logical ? found->address_broker : broker;
}

std::vector<RoutedQueue> readable_queues(const TopicRoute& route) {
  std::vector<RoutedQueue> queues;
  if (!route.static_mappings.empty()) {
    const BrokersByName brokers(route);
    queues = route.logical_queues;
    std::erase_if(queues, [&](const RoutedQueue& queue) { return !brokers.permits(queue.address_broker, kPermRead); });
  } else {
    for (const QueueData& data : route.queues) {
      if ((data.perm & kPermRead) == 0) continue;
      for (std::int32_t id = 0; id < data.read_queues; ++id) queues.push_back({data.broker, id, data.broker});
    }
  }
  sort_unique(queues);
  return queues;
}

std::vector<RoutedQueue> writable_queues(const TopicRoute& route) {
  const BrokersByName brokers(route);
  std::vector<RoutedQueue> queues;
  if (!route.static_mappings.empty()) {
    queues = route.logical_queues;
    std::erase_if(queues, [&](const RoutedQueue& queue) {
      return !brokers.permits(queue.address_broker, kPermWrite) || !brokers.has_master(queue.address_broker);
    });
  } else if (!route.order_topic_conf.empty()) {
    for (const auto& [broker, count] : parse_order_conf(route.order_topic_conf).value_or(OrderConf{})) {
      for (std::int32_t id = 0; id < count; ++id) queues.push_back({broker, id, broker});
    }
  } else {
    for (const QueueData& data : route.queues) {
      if ((data.perm & kPermWrite) == 0 || !brokers.has_master(data.broker)) continue;
      for (std::int32_t id = 0; id < data.write_queues; ++id) queues.push_back({data.broker, id, data.broker});
    }
  }
  sort_unique(queues);
  return queues;
}

std::string why_no_queue(const TopicRoute& route, std::int32_t perm) {
  const bool reads = perm == kPermRead;
  std::string why;
  for (const QueueData& queues : route.queues) {
    const auto broker = std::find_if(route.brokers.begin(), route.brokers.end(),
                                     [&](const BrokerData& data) { return data.name == queues.broker; });
    const bool has_master = broker != route.brokers.end() && broker->addresses.contains(0);
    why += fmt::format("{}{}: ", why.empty() ? "" : "; ", queues.broker);
    if ((queues.perm & perm) == 0) {
      why += reads ? "no read permission" : "no write permission";
    } else if (reads) {
      why += "no queue to read";
    } else {
      why += has_master || queues.write_queues <= 0 ? "no queue to write" : "its master is down";
    }
  }
  return why.empty() ? "none of its brokers is in the route: they are down" : why;
}

}  // namespace rocketlink::wire
