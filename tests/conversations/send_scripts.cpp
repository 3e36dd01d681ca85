#include <fmt/format.h>

#include "conversations/scripts.h"
#include "wire/outgoing.h"

namespace rocketlink::conversations {

namespace {

std::string properties(std::initializer_list<std::pair<std::string_view, std::string_view>> pairs) {
  std::string text;
  for (const auto& [name, value] : pairs) text += fmt::format("{}\x01{}\x02", name, value);
  return text;
}

void line_of_send(Talk& talk, std::string_view what, const Answer& answer) {
  const std::string ids(answer.ext.find("msgId").value_or(""));
  const auto commas = std::count(ids.begin(), ids.end(), ',');
  const std::string transaction(answer.ext.find("transactionId").value_or("none"));
  const bool own = transaction == "none" || transaction.empty() || transaction.starts_with("own-");
  if (answer.code != 0) {
    talk.line_of(what, answer);
    return;
  }
  talk.line(fmt::format("{}: code=0 queue={} offset={} ids={} transaction={}", what, answer.number("queueId"),
                        answer.number("queueOffset"), ids.empty() ? 0 : commas + 1, own ? transaction : "made"));
}

}  // namespace

void sends(Talk& talk) {
  const std::string topic = talk.create_topic("sent", 2, 2);
  line_of_send(talk, "plain", talk.send(topic, 0, "plain"));
  line_of_send(talk, "with properties",
               talk.send(topic, 0, "all of it",
                         properties({{"KEYS", "k1 k2"}, {"TAGS", "paid"}, {"UNIQ_KEY", "own-1"}, {"colour", "blue"}})));
  line_of_send(talk, "to the other queue", talk.send(topic, 1, "other"));
  line_of_send(talk, "batch of three",
               talk.send_batch(topic, 0,
                               {{"one", properties({{"TAGS", "paid"}, {"UNIQ_KEY", "own-2"}})},
                                {"", properties({{"UNIQ_KEY", "own-3"}})},
                                {"three", ""}}));
  line_of_send(talk, "batch of one", talk.send_batch(topic, 0, {{"alone", properties({{"UNIQ_KEY", "own-4"}})}}));
  line_of_send(talk, "largest", talk.send(topic, 1, std::string(4 << 20, 'x')));
  talk.wait_for_max_offset(topic, 0, 6);
  talk.wait_for_max_offset(topic, 1, 2);
  talk.line_of_pull("queue 0",
                    talk.ask_broker(RequestCode::kPullMessage, Talk::pull_fields(talk.named("readers"), topic, 0, 0)));
  talk.line_of_pull("queue 1",
                    talk.ask_broker(RequestCode::kPullMessage, Talk::pull_fields(talk.named("readers"), topic, 1, 0)));
}

void odd_properties(Talk& talk) {
  const std::string topic = talk.create_topic("odd", 2, 2);
  line_of_send(talk, "twice",
               talk.send(topic, 0, "x", properties({{"TAGS", "a"}, {"TAGS", "b"}, {"c", "1"}, {"c", "2"}})));
  line_of_send(talk, "without values", talk.send(topic, 0, "x", properties({{"TAGS", ""}, {"KEYS", ""}, {"c", ""}})));
  line_of_send(talk, "not properties",
               talk.send(topic, 0, "x",
                         "c\x02\x01"
                         "d\x02\x02"
                         "e\x01"
                         "f\x01g"));
  line_of_send(talk, "the broker's own",
               talk.send(topic, 0, "x",
                         properties({{"CLUSTER", "c"}, {"MSG_REGION", "r"}, {"TRACE_ON", "false"}, {"UNIQ_KEY", ""}})));
  // 4.9 gives a batch's own properties to each of its messages, 5.x to none.
  std::string members;
  (void)wire::append_batch_member(members, "one", properties({{"KEYS", "k"}}), 3);
  (void)wire::append_batch_member(members, "two", "", 3);
  line_of_send(talk, "of a batch",
               talk.send(topic, 0, members, properties({{"TAGS", "b"}, {"c", "1"}}), {{"m", "true"}}));
  talk.wait_for_max_offset(topic, 0, 6);
  talk.line_of_pull("all",
                    talk.ask_broker(RequestCode::kPullMessage, Talk::pull_fields(talk.named("readers"), topic, 0, 0)));
  talk.line_of_pull("those with the tag b",
                    talk.ask_broker(RequestCode::kPullMessage,
                                    Talk::pull_fields(talk.named("readers"), topic, 0, 0, {{"subscription", "b"}})));
  for (const std::size_t bytes : {32'600, 32'700, 32'750, 33'000}) {
    const std::string value(bytes - 3, 'x');
    line_of_send(talk, fmt::format("{} bytes", bytes), talk.send(topic, 1, "x", properties({{"c", value}})));
  }
}

void topics_made_by_sends(Talk& talk) {
  const auto send = [&](std::string_view what, std::string_view name, int queue, const char* queues) {
    line_of_send(talk, what, talk.send(talk.named(name), queue, "x", "", {{"d", queues}}));
  };
  send("three queues", "made_of_three", 2, "3");
  send("no fourth", "made_of_three", 3, "4");
  send("many queues", "made_of_many", 7, "100");
  send("not so many", "made_of_many", 8, "100");
  send("no queue", "made_of_none", 0, "0");
  send("too late", "made_of_none", 0, "4");
}

void refused_sends(Talk& talk) {
  const std::string topic = talk.create_topic("refusing", 2, 2);
  line_of_send(talk, "unknown queue", talk.send(topic, 2, "x"));
  line_of_send(talk, "unknown queue, batch", talk.send_batch(topic, 99, {{"x", ""}}));
  line_of_send(talk, "unknown topic", talk.send(talk.named("nothing"), 0, "x", "", {{"c", "none"}}));
  line_of_send(talk, "too large", talk.send(topic, 0, std::string((4 << 20) + 1, 'x')));
  line_of_send(talk, "too large, batch", talk.send_batch(topic, 0, {{std::string((4 << 20) + 1, 'x'), ""}}));
  line_of_send(talk, "no body", talk.send(topic, 0, ""));
  line_of_send(talk, "batch of nothing", talk.send_batch(topic, 0, {}));
  const std::string read_only = talk.create_topic("read_only", 1, 1, 4);
  line_of_send(talk, "read only", talk.send(read_only, 0, "x"));
  line_of_send(talk, "read only, batch", talk.send_batch(read_only, 0, {{"x", ""}}));
  const std::string fewer = talk.create_topic("fewer", 2, 1);
  line_of_send(talk, "queue that is only read", talk.send(fewer, 1, "x"));
  const std::string large((4 << 20) + 1, 'x');
  line_of_send(talk, "too large, unknown queue", talk.send(topic, 99, large));
  line_of_send(talk, "too large, unknown topic", talk.send(talk.named("nothing"), 0, large, "", {{"c", "none"}}));
  line_of_send(talk, "no body, unknown queue", talk.send(topic, 99, ""));
  line_of_send(talk, "no body, unknown topic", talk.send(talk.named("nothing"), 0, "", "", {{"c", "none"}}));
}

}  // namespace rocketlink::conversations
