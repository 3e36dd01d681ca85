#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "mock/mock_cluster.h"
#include "mock/mock_process.h"
#include "mock/observer.h"
#include "wire/bytes.h"
#include "wire/route.h"

/// How the mock's brokers answer when nothing is wrong.
namespace rocketlink::mock {

using nlohmann::json;
using wire::RequestCode;

namespace {

/// offsetMsgId: storeHost 127.0.0.1:10911 and a log offset, as hex.
std::string offset_message_id(std::int64_t log_offset) {
  std::string bytes("\x7F\0\0\1", 4);
  wire::append(bytes, std::int32_t{10911});
  wire::append(bytes, log_offset);
  std::string hex;
  wire::append_hex(hex, bytes);
  return hex;
}

json parsed(const std::string& body) {
  json value = json::parse(body, nullptr, false);
  return value.is_object() ? value : json::object();
}

/// Of SQL92 it knows that parentheses come in pairs.
MockReply check_filter(const std::string& body) {
  const json filter = parsed(body).value("subscriptionData", json::object());
  const std::string text = filter.value("subString", "");
  const bool broken = std::count(text.begin(), text.end(), '(') != std::count(text.begin(), text.end(), ')');
  if (filter.value("expressionType", "TAG") == "SQL92" && broken) return {23, "Invalid syntax", {}, {}};
  return {};
}

/// What brokers of all versions say of a body or of properties that they do not take.
MockReply illegal_message(std::size_t max_body) {
  return {13,
          fmt::format("the message is illegal, maybe msg body or properties length not matched. "
                      "msg body length limit {}B, msg properties length limit 32KB.",
                      max_body),
          {},
          {}};
}

bool has_too_long_properties(const MockMessage& message) {
  std::size_t bytes = message.tags.empty() ? 0 : message.tags.size() + 6;
  if (!message.keys.empty()) bytes += message.keys.size() + 6;
  for (const auto& [name, value] : message.properties) bytes += name.size() + value.size() + 2;
  return bytes > 32'767;
}

/// Bars with nothing between them, or no expression at all where one is needed.
bool is_unreadable(std::string_view subscription, std::string_view expression_type) {
  if (expression_type == "SQL92") return subscription.empty();
  return !subscription.empty() && subscription.size() % 2 == 0 &&
         subscription.find_first_not_of('|') == std::string_view::npos;
}

constexpr auto kDeleteTopicInBroker = static_cast<RequestCode>(215);
constexpr auto kInvokeBrokerToResetOffset = static_cast<RequestCode>(222);
constexpr std::string_view kRejected = "[REJECTREQUEST]system busy, start flow control for a while";
constexpr std::int32_t kVersion510 = 433;
constexpr std::int32_t kVersion530 = 473;
constexpr std::int64_t kSuspendFlag = 2;
constexpr std::int64_t kSubscriptionFlag = 4;
constexpr std::int32_t kPullNotFound = 19;
constexpr std::int32_t kPullRetryImmediately = 20;
constexpr std::int32_t kPullOffsetMoved = 21;

}  // namespace

MockReply MockCluster::execute(MockProcess& at, const Call& call, bool may_wait) {
  const SeenRequest& request = call->request;
  if (!at.is_broker()) {
    if (request.code() == RequestCode::kGetRouteInfoByTopic) return route(at, request);
    if (request.code() == RequestCode::kGetBrokerMemberGroup && is_5()) return member_group(at, request);
    MockReply unsupported{3, "request type not supported", {}, {}};
    unsupported.none = !is_5();  // a 4.9 name server does not answer at all
    return unsupported;
  }
  switch (request.code()) {
    case RequestCode::kPullMessage:
      return pull_messages(at, call, may_wait);
    case RequestCode::kGetMaxOffset:
    case RequestCode::kGetMinOffset:
    case RequestCode::kSearchOffsetByTimestamp:
      return offset_question(at, request);
    case RequestCode::kQueryConsumerOffset:
      return query_committed(at, request);
    case RequestCode::kUpdateConsumerOffset:
      return update_committed(at, request);
    case RequestCode::kGetAllConsumerOffset:
      return all_committed(at);
    case RequestCode::kCheckClientConfig:
      if (filter_check_) return {filter_check_->first, filter_check_->second, {}, {}};
      return check_filter(request.body);
    case RequestCode::kGetBrokerConfig:
      if (setup_.broker_config.empty()) return {3, "request type not supported", {}, {}};
      return {0, "", {}, setup_.broker_config};
    case RequestCode::kHeartBeat:
      for (const json& group : parsed(request.body).value("consumerDataSet", json::array()))
        at.replica.groups.insert(group.value("groupName", ""));
      return {};
    case RequestCode::kUpdateAndCreateTopic:
      make_topic(request.ext("topic"), at.broker,
                 {std::stoi(request.ext("readQueueNums")), std::stoi(request.ext("writeQueueNums")),
                  std::stoi(request.ext("perm"))});
      return {};
    case RequestCode::kSendMessageV2:
    case RequestCode::kSendBatchMessage:
      return send_messages(at, call);
    default:
      return admin(at, request);
  }
}

MockReply MockCluster::admin(MockProcess& at, const SeenRequest& request) {
  if (request.code() == kDeleteTopicInBroker) {
    remove_topic(at, request.ext("topic"));
    return {};
  }
  if (request.code() == kInvokeBrokerToResetOffset) {
    if (!is_5()) return {206, "the consumer group not online", {}, {}};
    const std::string group = request.ext("group");
    const QueueId queue = queue_of(at, request);
    const std::int64_t offset = request.header.ext.find_int("offset").value_or(0);
    if (topic_on(at, queue.topic) == nullptr) return {17, "Topic " + queue.topic + " does not exist", {}, {}};
    if (!at.replica.groups.contains(group)) return {26, "Group " + group + " does not exist", {}, {}};
    const MockQueue* const found = at.replica.find(queue);
    const std::int64_t lowest = found == nullptr ? 0 : found->min_offset;
    const std::int64_t highest = found == nullptr ? 0 : found->max_offset;
    if (offset < lowest || offset > highest + 1) {
      return {1, fmt::format("Target offset {} not in consume queue range [{}-{}]", offset, lowest, highest), {}, {}};
    }
    reset_at(at, group, queue, offset);
    return {};
  }
  return {3, "request type not supported", {}, {}};
}

MockReply MockCluster::bad_argument(std::string remark) const {
  return {is_5() ? 29 : 1, std::move(remark), {}, {}};
}

QueueId MockCluster::queue_of(const MockProcess& at, const SeenRequest& request) const {
  const bool sending =
      request.code() == RequestCode::kSendMessageV2 || request.code() == RequestCode::kSendBatchMessage;
  QueueId queue{request.ext(sending ? "b" : "topic"), at.broker,
                static_cast<std::int32_t>(request.header.ext.find_int(sending ? "e" : "queueId").value_or(-1))};
  const auto topic = topics_.find(queue.topic);
  if (topic != topics_.end() && !topic->second.static_hosts.empty()) queue.broker = kStaticBroker;
  return queue;
}

const MockTopic::OnBroker* MockCluster::topic_on(const MockProcess& at, const std::string& topic) const {
  const auto found = topics_.find(topic);
  if (found == topics_.end()) return nullptr;
  if (at.is_slave() && setup_.sync_slaves_every && !at.replica.topics.contains(topic)) return nullptr;
  const auto on = found->second.brokers.find(at.broker);
  return on == found->second.brokers.end() ? nullptr : &on->second;
}

MockReply MockCluster::not_here(const MockProcess& at, const QueueId& queue, std::int32_t queues) const {
  const auto& hosts = topics_.at(queue.topic).static_hosts;
  if (!hosts.empty()) queues = static_cast<std::int32_t>(hosts.size());
  if (queue.id < 0 || queue.id >= queues) return bad_argument("queueId[" + std::to_string(queue.id) + "] is illegal");
  if (!hosts.empty() && hosts[static_cast<std::size_t>(queue.id)] != at.broker)
    return {501, "the logical queue is not here", {}, {}};
  return {};
}

MockReply MockCluster::pull_messages(MockProcess& at, const Call& call, bool may_wait) {
  const SeenRequest& request = call->request;
  const wire::ExtFields& ext = request.header.ext;
  const QueueId queue = queue_of(at, request);
  if (at.is_slave() && is_5() && !setup_.slave_reads) return {2, std::string(kRejected), {}, {}};
  const std::string group = request.ext("consumerGroup");
  at.replica.groups.insert(group);
  const MockTopic::OnBroker* const on = topic_on(at, queue.topic);
  if (on == nullptr) return {17, "topic[" + queue.topic + "] not exist", {}, {}};
  if ((on->perm & wire::kPermRead) == 0)
    return {16, "the topic[" + queue.topic + "] pulling message is forbidden", {}, {}};
  if (MockReply reply = not_here(at, queue, on->read_queues); reply.code != 0) return reply;
  const std::int64_t flags = ext.find_int("sysFlag").value_or(0);
  if ((flags & kSubscriptionFlag) == 0) return {24, "the consumer's subscription not exist", {}, {}};
  if (is_unreadable(request.ext("subscription"), request.ext("expressionType")))
    return {23, "parse the consumer's subscription failed", {}, {}};
  PullQuestion question;
  question.offset = ext.find_int("queueOffset").value_or(0);
  question.max_messages = ext.find_int("maxMsgNums").value_or(32);
  question.filter = PullFilter(request.ext("subscription"), request.ext("expressionType"));
  static const MockQueue nothing;
  const MockQueue* const found = at.replica.find(queue);
  const MockQueue& log = found == nullptr ? nothing : *found;
  PullResult result;
  const auto reset = at.replica.reset.find({group, queue});
  if (reset != at.replica.reset.end()) {
    result = {kPullOffsetMoved, "OFFSET_RESET", reset->second, {}};
    at.replica.reset.erase(reset);
  } else {
    result = pull(log, question, limits_);
  }
  const auto suggested = suggested_.find(at.broker);
  const std::int64_t next_broker = suggested == suggested_.end() ? 0 : suggested->second;
  if (at.is_slave() && result.code == kPullOffsetMoved) {  // a slave corrects no offset
    result.code = kPullRetryImmediately;
    result.next_offset = question.offset;
  }
  if (result.code == kPullNotFound && (flags & kSuspendFlag) != 0 && may_wait) {
    park(at, call, queue, std::move(question.filter));
    MockReply later;
    later.later = true;
    return later;
  }
  MockReply reply;
  reply.code = result.code;
  reply.remark = std::move(result.remark);
  reply.body = std::move(result.body);
  reply.ext.set("nextBeginOffset", result.next_offset);
  reply.ext.set("minOffset", log.min_offset);
  reply.ext.set("maxOffset", log.max_offset);
  reply.ext.set("suggestWhichBrokerId", next_broker);
  if (is_5()) {
    reply.ext.set("topicSysFlag", std::int64_t{0});
    reply.ext.set("groupSysFlag", std::int64_t{0});
    if (queue.broker == kStaticBroker) reply.ext.set("offsetDelta", log.offset_delta);
  }
  return reply;
}

MockReply MockCluster::offset_question(MockProcess& at, const SeenRequest& request) const {
  const QueueId queue = queue_of(at, request);
  if (const MockTopic::OnBroker* const on = topic_on(at, queue.topic); on != nullptr) {
    if (MockReply reply = not_here(at, queue, on->read_queues); reply.code == 501) return reply;
  }
  static const MockQueue nothing;  // an unknown queue reads as an empty one
  const MockQueue* const found = at.replica.find(queue);
  const MockQueue& log = found == nullptr ? nothing : *found;
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
  MockReply reply;
  reply.ext.set("offset", offset);
  return reply;
}

MockReply MockCluster::query_committed(MockProcess& at, const SeenRequest& request) const {
  const QueueId queue = queue_of(at, request);
  const std::pair key(request.ext("consumerGroup"), queue);
  MockReply reply;
  for (const Replica::Offsets* const offsets : {&at.replica.reset, &at.replica.committed}) {
    const auto found = offsets->find(key);
    if (found == offsets->end() || found->second < 0) continue;
    reply.ext.set("offset", found->second);
    return reply;
  }
  const MockQueue* const log = at.replica.find(queue);
  const bool has_first = log != nullptr && log->min_offset == 0 && log->max_offset > 0;
  const bool had_none = log == nullptr || log->min_offset == 0;
  if (is_5() ? has_first && request.ext("setZeroIfNotFound") != "false" : had_none) {
    reply.ext.set("offset", std::int64_t{0});
    return reply;
  }
  return {22, "Not found, maybe this group consumer boot first", {}, {}};
}

MockReply MockCluster::all_committed(const MockProcess& at) const {
  std::map<std::string, std::string> by_key;
  for (const auto& [place, offset] : at.replica.committed) {
    const auto& [group, queue] = place;
    std::string& offsets = by_key[queue.topic + "@" + group];
    offsets += (offsets.empty() ? "" : ",") + std::to_string(queue.id) + ":" + std::to_string(offset);
  }
  std::string table;
  for (const auto& [key, offsets] : by_key) table += (table.empty() ? "\"" : ",\"") + key + "\":{" + offsets + "}";
  return {0, "", {}, "{\"offsetTable\":{" + table + "}}"};
}

MockReply MockCluster::update_committed(MockProcess& at, const SeenRequest& request) {
  const std::string group = request.ext("consumerGroup");
  const QueueId queue = queue_of(at, request);
  if (setup_.version >= kVersion530) {
    if (!at.replica.groups.contains(group)) return {26, "Group " + group + " not exist!", {}, {}};
    if (topic_on(at, queue.topic) == nullptr) return {17, "Topic " + queue.topic + " not exist!", {}, {}};
  }
  if (at.replica.reset.contains({group, queue})) return {0, "Offset has been previously reset", {}, {}};
  const std::int64_t offset = request.header.ext.find_int("commitOffset").value_or(0);
  commit(at, group, queue, offset);
  // An acting master takes them in its master's place.
  if (setup_.observer != nullptr && (!at.is_slave() || setup_.acting_master))
    setup_.observer->committed(group, queue, offset);
  return {};
}

void MockCluster::add_own_properties(MockMessage& message, bool in_batch) const {
  const auto put = [&](std::string_view name, std::string_view value) {
    set_properties(message, fmt::format("{}\x01{}\x02", name, value));
  };
  if (!is_5() || !in_batch) put("CLUSTER", "DefaultCluster");
  if (!is_5() || in_batch) return;
  put("MSG_REGION", "DefaultRegion");
  put("TRACE_ON", "true");
  if (unique_key_of(message).empty()) put("UNIQ_KEY", fmt::format("{:032X}", next_append_));
}

MockReply MockCluster::send_messages(MockProcess& at, const Call& call) {
  const SeenRequest& request = call->request;
  QueueId queue = queue_of(at, request);
  if (at.is_slave()) {
    if (!is_5() || setup_.acting_master)
      return {14, "service not available now: messages are put to the slave", {}, {}};
    return {2, std::string(kRejected), {}, {}};
  }
  if (request.body.empty() && is_5()) return {1, "java.lang.NullPointerException", {}, {}};
  if (topic_on(at, queue.topic) == nullptr && setup_.create_topics && request.ext("c") == "TBW102") {
    const auto queues = static_cast<std::int32_t>(request.header.ext.find_int("d").value_or(4));
    make_topic(queue.topic, at.broker, {std::min(queues, 8), std::min(queues, 8), 6});
  }
  const MockTopic::OnBroker* const on = topic_on(at, queue.topic);
  if (on == nullptr) return {17, "topic[" + queue.topic + "] not exist", {}, {}};
  if (queue.id < 0) queue.id = 0;
  if (MockReply reply = not_here(at, queue, std::max(on->read_queues, on->write_queues)); reply.code != 0) return reply;
  const bool batch = request.ext("m") == "true";
  if (request.body.size() > setup_.max_message_bytes) {
    if (batch && is_5()) return {1, "java.lang.RuntimeException: message body size exceeded", {}, {}};
    return illegal_message(setup_.max_message_bytes);
  }
  std::vector<MockMessage> messages;
  if (batch) {
    auto members = split_batch(request.body);
    if (!members || members->empty()) return {1, "java.nio.BufferUnderflowException", {}, {}};
    messages = *std::move(members);
  } else {
    MockMessage message;
    message.body = request.body;
    message.flag = static_cast<std::int32_t>(request.header.ext.find_int("h").value_or(0));
    messages.push_back(std::move(message));
  }
  for (MockMessage& message : messages) {
    message.sys_flag = static_cast<std::int32_t>(request.header.ext.find_int("f").value_or(0));
    message.born_timestamp_ms = request.header.ext.find_int("g").value_or(0);
    if (!batch || !is_5()) set_properties(message, request.ext("i"));  // 4.9 puts those of a batch behind its members'
    add_own_properties(message, batch);
    if (!batch && has_too_long_properties(message)) return illegal_message(setup_.max_message_bytes);
  }
  const MockQueue* const log = at.replica.find(queue);
  const std::int64_t first = log == nullptr ? 0 : log->next_offset;
  PendingSend send;
  send.call = call;
  send.queue = queue;
  send.numbers = append_to(at, queue, messages);
  std::string ids;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (!ids.empty()) ids += ',';
    ids += offset_message_id(1000 * (first + static_cast<std::int64_t>(i)) + queue.id);
  }
  send.reply.ext.set("msgId", ids);
  send.reply.ext.set("queueId", std::int64_t{queue.id});
  send.reply.ext.set("queueOffset", first);
  if (is_5() && !batch) send.reply.ext.set("transactionId", unique_key_of(messages.front()));
  acknowledge(at, std::move(send));
  MockReply later;
  later.later = true;
  return later;
}

}  // namespace rocketlink::mock
