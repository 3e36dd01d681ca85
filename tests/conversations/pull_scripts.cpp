#include <fmt/format.h>

#include "conversations/scripts.h"

namespace rocketlink::conversations {

namespace {

std::string tagged(std::string_view tag) {
  return fmt::format("TAGS\x01{}\x02", tag);
}

}  // namespace

void pulls(Talk& talk) {
  const std::string topic = talk.create_topic("pulled", 2, 2);
  const std::string group = talk.named("readers");
  const auto pull = [&](std::string_view what, int queue, std::int64_t offset, const Fields& changed = {}) {
    talk.line_of_pull(
        what, talk.ask_broker(RequestCode::kPullMessage, Talk::pull_fields(group, topic, queue, offset, changed)));
  };
  pull("empty queue at 0", 1, 0);
  pull("empty queue at 5", 1, 5);
  for (int i = 0; i < 4; ++i) (void)talk.send(topic, 0, fmt::format("m{}", i));
  talk.wait_for_max_offset(topic, 0, 4);
  pull("at 0", 0, 0);
  pull("at 2", 0, 2);
  pull("one at 1", 0, 1, {{"maxMsgNums", "1"}});
  pull("none at 1", 0, 1, {{"maxMsgNums", "0"}});
  pull("at max", 0, 4);
  pull("at max + 1", 0, 5);
  pull("far beyond", 0, 1000);
  pull("below 0", 0, -1);
  pull("far below 0", 0, -100);
}

void filtered_pulls(Talk& talk) {
  const std::string topic = talk.create_topic("filtered", 1, 1);
  const std::string group = talk.named("readers");
  const auto pull = [&](std::string_view what, std::int64_t offset, std::string_view subscription,
                        std::string_view type = "TAG") {
    talk.line_of_pull(
        what, talk.ask_broker(RequestCode::kPullMessage, Talk::pull_fields(group, topic, 0, offset,
                                                                           {{"subscription", std::string(subscription)},
                                                                            {"expressionType", std::string(type)}})));
  };
  for (const char* tag : {"a", "b", "c", "a", "b"}) (void)talk.send(topic, 0, tag, tagged(tag));
  (void)talk.send(topic, 0, "none");
  talk.wait_for_max_offset(topic, 0, 6);
  pull("a", 0, "a");
  pull("a or c", 0, "a || c");
  pull("a or c, at 1", 1, "a||c");
  pull("what is not there", 0, "d");
  pull("what is not there, at 4", 4, "d");
  pull("at max", 6, "a");
  pull("at max + 1", 7, "a");
  pull("nothing said", 0, "");
  pull("broken SQL92", 0, "TAGS = (", "SQL92");
  pull("another kind", 0, "a", "OTHER");
  pull("bars alone", 0, "||");
  pull("bars around a blank", 0, "|| ||");
  pull("a blank", 0, " ");
  pull("bars before a", 0, "||a");
  pull("an empty SQL92", 0, "", "SQL92");
}

void refused_pulls(Talk& talk) {
  const std::string topic = talk.create_topic("not_pulled", 2, 3);
  const std::string group = talk.named("readers");
  const auto pull = [&](std::string_view what, const std::string& from, int queue, const Fields& changed = {}) {
    talk.line_of_pull(what,
                      talk.ask_broker(RequestCode::kPullMessage, Talk::pull_fields(group, from, queue, 0, changed)));
  };
  pull("unknown topic", talk.named("nothing"), 0);
  pull("unknown queue", topic, 99);
  pull("queue that is only written", topic, 2);
  pull("queue -1", topic, -1);
  pull("without a subscription", topic, 0, {{"sysFlag", "0"}, {"consumerGroup", talk.named("strangers")}});
  const std::string write_only = talk.create_topic("write_only", 1, 1, 2);
  pull("write only", write_only, 0);
}

void limits_of_pulls(Talk& talk) {
  const std::string topic = talk.create_topic("limited", 3, 3);
  const std::string group = talk.named("readers");
  const auto pull = [&](std::string_view what, int queue, std::int64_t offset, const Fields& changed) {
    const Answer answer =
        talk.ask_broker(RequestCode::kPullMessage, Talk::pull_fields(group, topic, queue, offset, changed));
    talk.line(fmt::format("{}: code={} messages={} next={}", what, answer.code, answer.messages().size(),
                          answer.number("nextBeginOffset")));
  };
  std::vector<std::pair<std::string, std::string>> many(500, {"x", tagged("a")});
  for (int i = 0; i < 3; ++i) (void)talk.send_batch(topic, 0, many);
  talk.wait_for_max_offset(topic, 0, 1500);
  pull("100 of 1500", 0, 0, {{"maxMsgNums", "100"}});
  pull("32 of 1500", 0, 0, {});
  pull("none of 1500", 0, 0, {{"subscription", "b"}});
  pull("none of 1500, at 1000", 0, 1000, {{"subscription", "b"}});
  pull("none of 1500, 1000 asked for", 0, 0, {{"subscription", "b"}, {"maxMsgNums", "1000"}});
  for (int i = 0; i < 6; ++i) (void)talk.send(topic, 1, std::string(100'000, 'x'));
  talk.wait_for_max_offset(topic, 1, 6);
  pull("large ones", 1, 0, {});
  for (int i = 0; i < 2; ++i) (void)talk.send(topic, 2, std::string(1 << 20, 'x'));
  talk.wait_for_max_offset(topic, 2, 2);
  pull("larger than a pull", 2, 0, {});
}

}  // namespace rocketlink::conversations
