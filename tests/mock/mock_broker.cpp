#include <nlohmann/json.hpp>

#include "mock/mock_cluster.h"
#include "wire/bytes.h"
#include "wire/route.h"

/// How the mock's servers answer when nothing is wrong.
namespace rocketlink::mock {

using nlohmann::json;
using wire::RequestCode;

namespace {

/// Broker name of a label like "broker-a/1".
std::string broker_of(const std::string& server) {
  return server.substr(0, server.rfind('/'));
}

std::int64_t broker_id_of(const std::string& server) {
  return std::stoll(server.substr(server.rfind('/') + 1));
}

/// offsetMsgId: storeHost 127.0.0.1:10911 and a log offset, as hex.
std::string offset_message_id(std::int64_t log_offset) {
  std::string bytes("\x7F\0\0\1", 4);
  wire::append(bytes, std::int32_t{10911});
  wire::append(bytes, log_offset);
  std::string hex;
  wire::append_hex(hex, bytes);
  return hex;
}

constexpr std::int32_t kVersion510 = 433;
constexpr std::int32_t kVersion530 = 473;
constexpr std::int64_t kSuspendFlag = 2;
constexpr std::int64_t kSubscriptionFlag = 4;

}  // namespace

MockCluster::Reply MockCluster::execute(const SeenRequest& request, bool may_park) {
  if (request.server.starts_with("namesrv-")) {
    if (request.code() == RequestCode::kGetRouteInfoByTopic) return route(request);
    Reply unsupported{3, "request type not supported", {}, {}};
    unsupported.none = !is_5();  // a 4.9 name server does not answer at all
    return unsupported;
  }
  switch (request.code()) {
    case RequestCode::kPullMessage:
      return pull_messages(request, may_park);
    case RequestCode::kGetMaxOffset:
    case RequestCode::kGetMinOffset:
    case RequestCode::kSearchOffsetByTimestamp:
      return offset_question(request);
    case RequestCode::kQueryConsumerOffset:
      return query_committed(request);
    case RequestCode::kUpdateConsumerOffset:
      return update_committed(request);
    case RequestCode::kGetAllConsumerOffset:
      return all_committed(request);
    case RequestCode::kCheckClientConfig:
      if (filter_check_) return {filter_check_->first, filter_check_->second, {}, {}};
      if (request.body.find(R"("subString":"(")") != std::string::npos) return {23, "Invalid syntax", {}, {}};
      return {};
    case RequestCode::kGetBrokerConfig:
      if (setup_.broker_config.empty()) return {3, "request type not supported", {}, {}};
      return {0, "", {}, setup_.broker_config};
    case RequestCode::kHeartBeat:
      return {};
    case RequestCode::kUpdateAndCreateTopic:
      create_topic_locked(request.ext("topic"), std::stoi(request.ext("readQueueNums")), {broker_of(request.server)});
      return {};
    case RequestCode::kSendMessageV2:
    case RequestCode::kSendBatchMessage:
      return send_messages(request);
    default:
      return {3, "request type not supported", {}, {}};
  }
}

MockCluster::Reply MockCluster::bad_argument(std::string remark) const {
  return {is_5() ? 29 : 1, std::move(remark), {}, {}};
}

QueueId MockCluster::queue_of(const SeenRequest& request) const {
  const bool sending =
      request.code() == RequestCode::kSendMessageV2 || request.code() == RequestCode::kSendBatchMessage;
  QueueId queue{request.ext(sending ? "b" : "topic"), broker_of(request.server),
                static_cast<std::int32_t>(request.header.ext.find_int(sending ? "e" : "queueId").value_or(-1))};
  const auto topic = store_.topics.find(queue.topic);
  if (topic != store_.topics.end() && !topic->second.static_hosts.empty()) queue.broker = kStaticBroker;
  return queue;
}

MockCluster::Reply MockCluster::not_here(const QueueId& queue, const std::string& server) const {
  const auto topic = store_.topics.find(queue.topic);
  if (topic == store_.topics.end()) return {17, "topic[" + queue.topic + "] not exist", {}, {}};
  if (!store_.queues.contains(queue)) return bad_argument("queueId[" + std::to_string(queue.id) + "] is illegal");
  const auto& hosts = topic->second.static_hosts;
  if (!hosts.empty() && hosts[static_cast<std::size_t>(queue.id)] != broker_of(server))
    return {501, "the logical queue is not here", {}, {}};
  return {};
}

MockCluster::Reply MockCluster::route(const SeenRequest& request) const {
  const std::string topic = request.ext("topic");
  if (const auto given = route_bodies_.find(topic); given != route_bodies_.end()) return {0, "", {}, given->second};
  const bool is_template = topic == "TBW102" && setup_.create_topics;
  const auto found = store_.topics.find(topic);
  if (found == store_.topics.end() && !is_template)
    return {17, "No topic route info in name server for the topic: " + topic, {}, {}};
  MockTopic shown;
  if (is_template) {
    for (const std::string& broker : setup_.brokers) shown.brokers[broker] = {8, 8, 7};
  } else {
    shown = found->second;
  }
  json queues = json::array();
  json brokers = json::array();
  for (const auto& [broker, on] : shown.brokers) {
    json addresses = json::object();
    for (const auto& [server, at] : addresses_) {
      const auto hidden = hidden_.find(server);
      if (server.starts_with(broker + "/") && (hidden == hidden_.end() || !hidden->second))
        addresses[std::to_string(broker_id_of(server))] = at;
    }
    if (addresses.empty()) continue;  // no server of that name is registered: neither are its queues
    queues.push_back({{"brokerName", broker},
                      {"perm", on.perm},
                      {"readQueueNums", on.read_queues},
                      {"writeQueueNums", on.write_queues},
                      {"topicSysFlag", 0}});
    brokers.push_back({{"brokerAddrs", addresses}, {"brokerName", broker}, {"cluster", "DefaultCluster"}});
  }
  json body = {{"brokerDatas", brokers}, {"queueDatas", queues}, {"filterServerTable", json::object()}};
  if (!shown.order_conf.empty()) body["orderTopicConf"] = shown.order_conf;
  for (std::size_t i = 0; i < shown.static_hosts.size(); ++i) {
    json& mapping = body["topicQueueMappingByBroker"][shown.static_hosts[i]];
    if (mapping.is_null()) {
      mapping = {{"topic", topic},
                 {"scope", "__global__"},
                 {"totalQueues", shown.static_hosts.size()},
                 {"bname", shown.static_hosts[i]},
                 {"epoch", 1},
                 {"currIdMap", json::object()}};
    }
    mapping["currIdMap"][std::to_string(i)] = i + 10;
  }
  return {0, "", {}, body.dump()};
}

MockCluster::Reply MockCluster::pull_messages(const SeenRequest& request, bool may_park) {
  const wire::ExtFields& ext = request.header.ext;
  const QueueId queue = queue_of(request);
  if (Reply reply = not_here(queue, request.server); reply.code != 0) return reply;
  const auto on = store_.topics.at(queue.topic).brokers.find(broker_of(request.server));
  if (on == store_.topics.at(queue.topic).brokers.end() || (on->second.perm & wire::kPermRead) == 0)
    return {16, "the topic[" + queue.topic + "] pulling message is forbidden", {}, {}};
  store_.groups.insert(request.ext("consumerGroup"));
  const std::int64_t flags = ext.find_int("sysFlag").value_or(0);
  if ((flags & kSubscriptionFlag) == 0) return {24, "the consumer's subscription not exist", {}, {}};
  PullQuestion question;
  question.offset = ext.find_int("queueOffset").value_or(0);
  question.max_messages = ext.find_int("maxMsgNums").value_or(32);
  question.subscription = request.ext("subscription");
  question.sql92 = request.ext("expressionType") == "SQL92";
  const MockQueue& log = store_.queues.at(queue);
  PullResult result = pull(log, question, limits_);
  Reply reply;
  if (result.code == 19 && (flags & kSuspendFlag) != 0 && may_park) {
    reply.parked = true;
    return reply;
  }
  reply.code = result.code;
  reply.remark = std::move(result.remark);
  reply.body = std::move(result.body);
  const auto suggested = suggested_.find(broker_of(request.server));
  reply.ext.set("nextBeginOffset", result.next_offset);
  reply.ext.set("minOffset", log.min_offset);
  reply.ext.set("maxOffset", log.max_offset);
  reply.ext.set("suggestWhichBrokerId", suggested == suggested_.end() ? std::int64_t{0} : suggested->second);
  if (is_5()) {
    reply.ext.set("topicSysFlag", std::int64_t{0});
    reply.ext.set("groupSysFlag", std::int64_t{0});
    reply.ext.set("offsetDelta", log.offset_delta);
  }
  return reply;
}

MockCluster::Reply MockCluster::offset_question(const SeenRequest& request) const {
  const QueueId queue = queue_of(request);
  if (const Reply reply = not_here(queue, request.server); reply.code == 501) return reply;
  const auto found = store_.queues.find(queue);
  static const MockQueue nothing;  // an unknown queue reads as an empty one
  const MockQueue& log = found == store_.queues.end() ? nothing : found->second;
  std::int64_t offset = 0;
  if (request.code() == RequestCode::kGetMaxOffset) {
    offset = log.max_offset;
  } else if (request.code() == RequestCode::kGetMinOffset) {
    offset = log.min_offset;
  } else {
    const std::int64_t time = request.header.ext.find_int("timestamp").value_or(0);
    offset = setup_.version >= kVersion510 ? search_by_time(log, time, request.ext("boundaryType") == "upper")
                                           : search_nearest(log, time);
  }
  Reply reply;
  reply.ext.set("offset", offset);
  return reply;
}

MockCluster::Reply MockCluster::query_committed(const SeenRequest& request) const {
  const QueueId queue = queue_of(request);
  Reply reply;
  const auto found = store_.committed.find({request.ext("consumerGroup"), queue});
  if (found != store_.committed.end()) {
    reply.ext.set("offset", found->second);
    return reply;
  }
  const auto log = store_.queues.find(queue);
  const bool young = log == store_.queues.end() || log->second.min_offset == 0;
  const bool zero_if_none = !is_5() || request.ext("setZeroIfNotFound") != "false";
  if (young && zero_if_none) {
    reply.ext.set("offset", std::int64_t{0});
    return reply;
  }
  return {22, "Not found, maybe this group consumer boot first", {}, {}};
}

MockCluster::Reply MockCluster::all_committed(const SeenRequest& request) const {
  std::map<std::string, std::string> by_key;
  for (const auto& [place, offset] : store_.committed) {
    const auto& [group, queue] = place;
    if (queue.broker != broker_of(request.server)) continue;
    std::string& offsets = by_key[queue.topic + "@" + group];
    offsets += (offsets.empty() ? "" : ",") + std::to_string(queue.id) + ":" + std::to_string(offset);
  }
  std::string table;
  for (const auto& [key, offsets] : by_key) table += (table.empty() ? "\"" : ",\"") + key + "\":{" + offsets + "}";
  return {0, "", {}, "{\"offsetTable\":{" + table + "}}"};
}

MockCluster::Reply MockCluster::update_committed(const SeenRequest& request) {
  const std::string group = request.ext("consumerGroup");
  const QueueId queue = queue_of(request);
  if (setup_.version >= kVersion530) {
    if (!store_.groups.contains(group)) return {26, "subscription group [" + group + "] does not exist", {}, {}};
    if (!store_.topics.contains(queue.topic)) return {17, "topic [" + queue.topic + "] not exist", {}, {}};
  }
  const std::int64_t offset = request.header.ext.find_int("commitOffset").value_or(0);
  store_.committed[{group, queue}] = offset;
  if (setup_.observer != nullptr) setup_.observer->committed(group, queue, offset);
  return {};
}

MockCluster::Reply MockCluster::send_messages(const SeenRequest& request) {
  QueueId queue = queue_of(request);
  const std::string broker = broker_of(request.server);
  if (broker_id_of(request.server) != 0)
    return {2, "[REJECTREQUEST]system busy, start flow control for a while", {}, {}};
  if (!store_.topics.contains(queue.topic) && setup_.create_topics) {
    const auto queues = static_cast<std::int32_t>(request.header.ext.find_int("d").value_or(4));
    create_topic_locked(queue.topic, std::min(queues, 8), {broker});
  }
  if (queue.id < 0) queue.id = 0;
  if (Reply reply = not_here(queue, request.server); reply.code != 0) return reply;
  const auto on = store_.topics.at(queue.topic).brokers.find(broker);
  if (on == store_.topics.at(queue.topic).brokers.end() || (on->second.perm & wire::kPermWrite) == 0)
    return {16, "the broker[" + broker + "] sending message is forbidden", {}, {}};
  const bool batch = request.ext("m") == "true";
  if (request.body.size() > setup_.max_message_bytes)
    return {batch && is_5() ? 1 : 13, "message body size exceeded", {}, {}};
  std::vector<MockMessage> messages;
  if (batch) {
    auto members = split_batch(request.body);
    if (!members || members->empty()) return {1, "java.nio.BufferUnderflowException", {}, {}};
    messages = *std::move(members);
  } else {
    if (request.body.empty() && is_5()) return {1, "java.lang.NullPointerException", {}, {}};
    MockMessage message;
    message.body = request.body;
    message.flag = static_cast<std::int32_t>(request.header.ext.find_int("h").value_or(0));
    set_properties(message, request.ext("i"));
    messages.push_back(std::move(message));
  }
  MockQueue& log = store_.queues.at(queue);
  Reply reply;
  std::string ids;
  const std::int64_t first = log.max_offset;
  for (MockMessage& message : messages) {
    message.sys_flag = static_cast<std::int32_t>(request.header.ext.find_int("f").value_or(0));
    if (!ids.empty()) ids += ',';
    ids += offset_message_id(1000 * log.max_offset + queue.id);
    const std::int64_t offset = log.append(queue.topic, queue.id, message);
    if (setup_.observer != nullptr) setup_.observer->stored(queue, log.entries.at(offset).record);
  }
  wake_parked(queue);
  reply.ext.set("msgId", ids);
  reply.ext.set("queueId", std::int64_t{queue.id});
  reply.ext.set("queueOffset", first);
  if (is_5()) reply.ext.set("transactionId", log.entries.at(first).record.unique_key);
  return reply;
}

}  // namespace rocketlink::mock
