#include <fmt/format.h>

#include "conversations/scripts.h"

namespace rocketlink::conversations {

namespace {

constexpr auto kDeleteTopic = static_cast<RequestCode>(215);  // DELETE_TOPIC_IN_BROKER
constexpr auto kResetOffset = static_cast<RequestCode>(222);  // INVOKE_BROKER_TO_RESET_OFFSET
const std::vector<std::string_view> kOffset = {"offset"};

void query(Talk& talk, std::string_view what, const std::string& group, const std::string& topic, int queue,
           const Fields& more = {}) {
  Fields fields = Talk::queue_fields(topic, queue, {{"consumerGroup", group}});
  fields.insert(fields.end(), more.begin(), more.end());
  talk.line_of(what, talk.ask_broker(RequestCode::kQueryConsumerOffset, fields), kOffset);
}

void update(Talk& talk, std::string_view what, const std::string& group, const std::string& topic, int queue,
            std::int64_t offset) {
  talk.line_of(
      what, talk.ask_broker(RequestCode::kUpdateConsumerOffset,
                            Talk::queue_fields(topic, queue,
                                               {{"consumerGroup", group}, {"commitOffset", std::to_string(offset)}})));
}

void pull(Talk& talk, std::string_view what, const std::string& group, const std::string& topic, std::int64_t offset) {
  talk.line_of_pull(what, talk.ask_broker(RequestCode::kPullMessage, Talk::pull_fields(group, topic, 0, offset)));
}

}  // namespace

void offsets(Talk& talk) {
  const std::string topic = talk.create_topic("counted", 2, 2);
  for (int i = 0; i < 3; ++i) (void)talk.send(topic, 0, "x");
  talk.wait_for_max_offset(topic, 0, 3);
  for (const auto& [name, code] :
       {std::pair("max", RequestCode::kGetMaxOffset), std::pair("min", RequestCode::kGetMinOffset)}) {
    const auto ask = [&, code = code, name = name](std::string_view what, const std::string& of, int queue) {
      talk.line_of(fmt::format("{} of {}", name, what), talk.ask_broker(code, Talk::queue_fields(of, queue)), kOffset);
    };
    ask("three messages", topic, 0);
    ask("an empty queue", topic, 1);
    ask("an unknown queue", topic, 99);
    ask("an unknown topic", talk.named("nothing"), 0);
  }
}

void offsets_by_time(Talk& talk) {
  const std::string topic = talk.create_topic("timed", 2, 2);
  (void)talk.send(topic, 0, "0");
  talk.wait(Milliseconds(200));
  (void)talk.send_batch(topic, 0, {{"1", ""}, {"2", ""}, {"3", ""}});
  talk.wait(Milliseconds(200));
  (void)talk.send(topic, 0, "4");
  talk.wait_for_max_offset(topic, 0, 5);
  const auto messages =
      talk.ask_broker(RequestCode::kPullMessage, Talk::pull_fields(talk.named("readers"), topic, 0, 0)).messages();
  const auto search = [&](std::string_view what, int queue, std::int64_t time, std::string_view boundary) {
    Fields fields = Talk::queue_fields(topic, queue, {{"timestamp", std::to_string(time)}});
    if (!boundary.empty()) fields.emplace_back("boundaryType", boundary);
    talk.line_of(what, talk.ask_broker(RequestCode::kSearchOffsetByTimestamp, fields), kOffset);
  };
  const std::int64_t first = messages.at(0).store_timestamp_ms;
  const std::int64_t batch = messages.at(1).store_timestamp_ms;
  const std::int64_t last = messages.at(4).store_timestamp_ms;
  for (const char* boundary : {"lower", "upper", ""}) {
    talk.line(fmt::format("boundary '{}'", boundary));
    search("long before the first", 0, 1, boundary);
    search("just before the first", 0, first - 1, boundary);
    search("at the first", 0, first, boundary);
    search("just behind the first", 0, first + 1, boundary);
    search("just before the batch", 0, batch - 1, boundary);
    search("at the batch", 0, batch, boundary);
    search("just behind the batch", 0, batch + 1, boundary);
    search("just before the last", 0, last - 1, boundary);
    search("at the last", 0, last, boundary);
    search("just behind the last", 0, last + 1, boundary);
    search("long behind the last", 0, last + 1'000'000, boundary);
    search("of an empty queue", 1, last, boundary);
    search("of an unknown queue", 99, last, boundary);
  }
}

void committed_offsets(Talk& talk) {
  const std::string topic = talk.create_topic("committed", 2, 2);
  const std::string group = talk.named("committers");
  const std::string stranger = talk.named("strangers_to_commits");
  for (int i = 0; i < 5; ++i) (void)talk.send(topic, 0, "x");
  talk.wait_for_max_offset(topic, 0, 5);
  query(talk, "none", stranger, topic, 0);
  query(talk, "none, zero wanted", stranger, topic, 0, {{"setZeroIfNotFound", "true"}});
  query(talk, "none, no zero wanted", stranger, topic, 0, {{"setZeroIfNotFound", "false"}});
  query(talk, "none, of an empty queue", stranger, topic, 1);
  query(talk, "none, of an unknown queue", stranger, topic, 99);
  query(talk, "none, of an unknown topic", stranger, talk.named("nothing"), 0);
  update(talk, "commit of a group that is not known", stranger, topic, 0, 3);
  query(talk, "and now", stranger, topic, 0, {{"setZeroIfNotFound", "false"}});
  (void)talk.ask_broker(RequestCode::kPullMessage, Talk::pull_fields(group, topic, 0, 0));
  update(talk, "commit of a group that has pulled", group, topic, 0, 3);
  query(talk, "and now", group, topic, 0, {{"setZeroIfNotFound", "false"}});
  update(talk, "backward", group, topic, 0, 1);
  query(talk, "and now", group, topic, 0);
  update(talk, "beyond the end", group, topic, 0, 1000);
  query(talk, "and now", group, topic, 0);
  update(talk, "below zero", group, topic, 0, -1);
  query(talk, "and now", group, topic, 0);
  query(talk, "and now, no zero wanted", group, topic, 0, {{"setZeroIfNotFound", "false"}});
  update(talk, "of an unknown queue", group, topic, 99, 3);
  update(talk, "of an unknown topic", group, talk.named("nothing"), 0, 3);
  const std::string beating = talk.named("beating");
  talk.line_of("heartbeat",
               talk.ask_broker(RequestCode::kHeartBeat, {},
                               R"({"clientID":"1@2","consumerDataSet":[{"groupName":")" + beating +
                                   R"(","consumeType":"CONSUME_ACTIVELY","messageModel":"CLUSTERING",)"
                                   R"("consumeFromWhere":"CONSUME_FROM_LAST_OFFSET","subscriptionDataSet":[],)"
                                   R"("unitMode":false}],"producerDataSet":[]})"));
  update(talk, "commit of a group that has beaten", beating, topic, 0, 2);
}

void all_committed_offsets(Talk& talk) {
  const std::string topic = talk.create_topic("all_committed", 3, 3);
  for (const char* name : {"one_group", "other_group"}) {
    const std::string group = talk.named(name);
    (void)talk.ask_broker(RequestCode::kPullMessage, Talk::pull_fields(group, topic, 0, 0));
    for (const int queue : {0, 2}) update(talk, fmt::format("commit of {}", name), group, topic, queue, 10 + queue);
  }
  const Answer answer = talk.ask_broker(RequestCode::kGetAllConsumerOffset, {});
  talk.line(fmt::format("all: code={}", answer.code));
  // Java writes the numbers of queues as they are, in the order of a hash map.
  for (const char* name : {"one_group", "other_group", "no_group"}) {
    const std::string key = fmt::format("\"{}@{}\":{{", topic, talk.named(name));
    const auto at = answer.body.find(key);
    const auto begin = at + key.size();
    talk.line(fmt::format(
        "  {}: {}", name,
        at == std::string::npos ? "none" : answer.body.substr(begin, answer.body.find('}', begin) - begin)));
  }
}

void reset_offsets(Talk& talk) {
  const std::string topic = talk.create_topic("reset", 1, 1);
  const std::string group = talk.named("resetters");
  for (int i = 0; i < 5; ++i) (void)talk.send(topic, 0, "x");
  talk.wait_for_max_offset(topic, 0, 5);
  pull(talk, "before", group, topic, 0);
  update(talk, "commit", group, topic, 0, 5);
  const auto reset = [&](std::string_view what, const std::string& of_topic, const std::string& of_group, int queue,
                         std::int64_t offset) {
    const Answer answer = talk.ask_broker(kResetOffset, {{"topic", of_topic},
                                                         {"group", of_group},
                                                         {"queueId", std::to_string(queue)},
                                                         {"offset", std::to_string(offset)},
                                                         {"timestamp", "-1"},
                                                         {"isForce", "true"}});
    talk.line_of(what, answer);
    return answer.code == 0;
  };
  if (!reset("reset to 2", topic, group, 0, 2)) return;
  query(talk, "committed", group, topic, 0);
  update(talk, "commit meanwhile", group, topic, 0, 5);
  query(talk, "committed", group, topic, 0);
  pull(talk, "the next pull", group, topic, 5);
  pull(talk, "the one behind it", group, topic, 5);
  query(talk, "committed", group, topic, 0);
  update(talk, "commit again", group, topic, 0, 4);
  query(talk, "committed", group, topic, 0);
  (void)reset("reset to behind the end", topic, group, 0, 6);
  pull(talk, "the next pull", group, topic, 5);
  (void)reset("reset to far behind the end", topic, group, 0, 7);
  (void)reset("reset to before the beginning", topic, group, 0, -2);
  (void)reset("reset of an unknown queue", topic, group, 99, 1);
  (void)reset("reset of an unknown group", topic, talk.named("strangers_to_resets"), 0, 2);
  (void)reset("reset of an unknown topic", talk.named("nothing"), group, 0, 2);
  query(talk, "committed", group, topic, 0);
}

void topics_made_anew(Talk& talk) {
  const std::string topic = talk.create_topic("anew", 1, 1);
  const std::string group = talk.named("readers_anew");
  for (int i = 0; i < 3; ++i) (void)talk.send(topic, 0, "old");
  talk.wait_for_max_offset(topic, 0, 3);
  pull(talk, "before", group, topic, 3);
  update(talk, "commit", group, topic, 0, 3);
  talk.line_of("delete", talk.ask_broker(kDeleteTopic, {{"topic", topic}}));
  pull(talk, "deleted", group, topic, 3);
  talk.line_of("max offset, deleted", talk.ask_broker(RequestCode::kGetMaxOffset, Talk::queue_fields(topic, 0)),
               kOffset);
  query(talk, "committed, deleted", group, topic, 0, {{"setZeroIfNotFound", "false"}});
  (void)talk.create_topic("anew", 1, 1);
  pull(talk, "made anew", group, topic, 3);
  query(talk, "committed, made anew", group, topic, 0, {{"setZeroIfNotFound", "false"}});
  (void)talk.send(topic, 0, "new");
  talk.wait_for_max_offset(topic, 0, 1);
  pull(talk, "with a message", group, topic, 0);
}

void checks_of_filters(Talk& talk) {
  const auto check = [&](std::string_view what, std::string_view expression, std::string_view type) {
    talk.line_of(what, talk.ask_broker(RequestCode::kCheckClientConfig, {},
                                       fmt::format(R"({{"clientId":"1@2","group":"{}","namespace":"",)"
                                                   R"("subscriptionData":{{"classFilterMode":false,"topic":"{}",)"
                                                   R"("subString":"{}","tagsSet":[],"codeSet":[],"subVersion":0,)"
                                                   R"("expressionType":"{}"}}}})",
                                                   talk.named("readers"), talk.named("checked"), expression, type)));
  };
  check("tags", "a || b", "TAG");
  check("SQL92", "a = 1", "SQL92");
  check("broken SQL92", "a = (", "SQL92");
}

}  // namespace rocketlink::conversations
