#include <fmt/format.h>

#include "conversations/scripts.h"

namespace rocketlink::conversations {

namespace {

/// A poll is checked when a message comes and every five seconds: how long it takes is between two bounds.
void line_of_poll(Talk& talk, std::string_view what, const Answer& answer, Milliseconds least, Milliseconds most) {
  const bool on_time = answer.took >= least && answer.took <= most;
  talk.line_of_pull(fmt::format("{}, {}", what, on_time ? "on time" : fmt::format("after {} ms", answer.took.count())),
                    answer);
}

Fields poll_fields(const std::string& group, const std::string& topic, int queue, std::int64_t offset,
                   Milliseconds suspend, std::string_view subscription = "*") {
  return Talk::pull_fields(group, topic, queue, offset,
                           {{"sysFlag", "6"},
                            {"suspendTimeoutMillis", std::to_string(suspend.count())},
                            {"subscription", std::string(subscription)}});
}

constexpr auto kDeleteTopic = static_cast<RequestCode>(215);  // DELETE_TOPIC_IN_BROKER
constexpr Milliseconds kSuspend{12'000};
constexpr Milliseconds kCheck{5'000};
constexpr Milliseconds kSlack{2'500};  // of a slow machine

}  // namespace

void long_polls(Talk& talk) {
  const std::string topic = talk.create_topic("polled", 6, 6);
  const std::string group = talk.named("readers");
  for (const int queue : {0, 2, 3, 4, 5}) {
    (void)talk.send(topic, queue, "first",
                    "TAGS\x01"
                    "a\x02");
    talk.wait_for_max_offset(topic, queue, 1);
  }
  const auto poll = [&](int queue, std::int64_t offset, Milliseconds suspend, std::string_view subscription = "*") {
    return talk.begin(RequestCode::kPullMessage, poll_fields(group, topic, queue, offset, suspend, subscription));
  };
  const std::string anew = talk.create_topic("polled_anew", 1, 1);
  for (int i = 0; i < 3; ++i) (void)talk.send(anew, 0, "old");
  talk.wait_for_max_offset(anew, 0, 3);
  // All at once, as they take their time.
  const auto short_one = poll(0, 1, Milliseconds(1'000));
  const auto empty = poll(1, 0, Milliseconds(1'000));
  const auto beyond = poll(0, 2, kSuspend);
  const auto found = poll(0, 0, kSuspend);
  const auto arriving = poll(2, 1, kSuspend);
  const auto matching = poll(3, 1, kSuspend, "b");
  const auto passed_by = poll(4, 1, kSuspend, "b");
  const auto twice = poll(5, 1, kSuspend);
  const auto twice_too = poll(5, 1, kSuspend);
  const auto of_old = talk.begin(RequestCode::kPullMessage, poll_fields(group, anew, 0, 3, Milliseconds(3'000)));
  talk.wait(Milliseconds(500));
  for (const int queue : {2, 5}) (void)talk.send(topic, queue, "second");
  (void)talk.send(topic, 3, "second",
                  "TAGS\x01"
                  "b\x02");
  (void)talk.send(topic, 4, "second",
                  "TAGS\x01"
                  "a\x02");
  (void)talk.ask_broker(kDeleteTopic, {{"topic", anew}});
  (void)talk.create_topic("polled_anew", 1, 1);
  (void)talk.send(anew, 0, "new");
  line_of_poll(talk, "nothing comes", short_one(), Milliseconds(1'000), Milliseconds(1'000) + kCheck + kSlack);
  line_of_poll(talk, "nothing comes to an empty queue", empty(), Milliseconds(1'000),
               Milliseconds(1'000) + kCheck + kSlack);
  line_of_poll(talk, "beyond the end", beyond(), Milliseconds(0), kSlack);
  line_of_poll(talk, "there already", found(), Milliseconds(0), kSlack);
  line_of_poll(talk, "a message comes", arriving(), Milliseconds(400), Milliseconds(500) + kSlack);
  line_of_poll(talk, "a message with the tag comes", matching(), Milliseconds(400), Milliseconds(500) + kSlack);
  line_of_poll(talk, "a message without the tag comes", passed_by(), Milliseconds(400),
               Milliseconds(500) + kCheck + kSlack);
  line_of_poll(talk, "two wait for one", twice(), Milliseconds(400), Milliseconds(500) + kSlack);
  line_of_poll(talk, "two wait for one, the other", twice_too(), Milliseconds(400), Milliseconds(500) + kSlack);
  line_of_poll(talk, "the topic is made anew", of_old(), Milliseconds(3'000), Milliseconds(3'000) + kCheck + kSlack);
}

}  // namespace rocketlink::conversations
