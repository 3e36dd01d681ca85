#include "conversations/talk.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <stdexcept>

#include "net/event_loop.h"
#include "wire/message_set.h"
#include "wire/outgoing.h"
#include "wire/properties.h"

namespace rocketlink::conversations {

namespace {

/// An answer that may not be there yet.
struct Expected {
  std::mutex mutex;
  std::unique_ptr<Condition> came;
  std::optional<Answer> answer;
};

std::string as_text(std::string_view body) {
  return body.size() <= 40 ? fmt::format("\"{}\"", body) : fmt::format("{} bytes", body.size());
}

/// Sorted: Java keeps them in a hash map. Brokers make a UNIQ_KEY where there is none.
std::string properties_text(std::string_view properties) {
  std::vector<std::string> pairs;
  wire::for_each_property(properties, [&](std::string_view pair) {
    const auto middle = pair.find(wire::kNameEnd);
    const std::string_view name = pair.substr(0, middle);
    const std::string_view value = middle == std::string_view::npos ? "" : pair.substr(middle + 1);
    const bool made = name == "UNIQ_KEY" && !value.starts_with("own-");
    pairs.push_back(fmt::format("{}={}", name, made ? "made" : value));
  });
  std::sort(pairs.begin(), pairs.end());
  return fmt::format("{}", fmt::join(pairs, " "));
}

/// Other values for some of them; further ones are added.
void change(Fields& fields, const Fields& changed) {
  for (const auto& [name, value] : changed) {
    const auto at = std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; });
    if (at == fields.end()) {
      fields.emplace_back(name, value);
    } else {
      at->second = value;
    }
  }
}

}  // namespace

std::vector<Message> Answer::messages() const {
  std::vector<Message> all;
  wire::MessageSetDecoder decoder;
  decoder.reset(body, {});
  while (true) {
    const auto next = decoder.next();
    if (!next) {
      all.push_back({-1, 0, "damaged: " + next.error().text});
      if (!next.error().is(ErrorCode::kData)) return all;
      continue;
    }
    if (*next == nullptr) return all;
    const MessageView& message = **next;
    all.push_back(
        {message.queue_offset, message.store_timestamp_ms,
         fmt::format("{}: queue={} {} flag={} sys={} born={} again={} {}", message.queue_offset, message.queue_id,
                     as_text(message.body), message.flag, message.sys_flag, message.born_timestamp_ms,
                     message.reconsume_times, properties_text(message.properties))});
  }
}

Talk::Talk(Runtime& runtime, Cluster cluster)
    : runtime_(runtime), cluster_(std::move(cluster)), loop_(runtime.event_loop()) {
  client_ = std::make_unique<net::RpcClient>(runtime_, *loop_, net::RpcSettings());
}

Talk::~Talk() = default;

std::function<Answer()> Talk::begin_at(const std::string& address, RequestCode code, const Fields& fields,
                                       std::string body, Milliseconds patience) {
  net::Request request;
  request.code = code;
  for (const auto& [name, value] : fields) request.ext.set(name, std::string_view(value));
  request.body = std::move(body);
  const auto expected = std::make_shared<Expected>();
  expected->came = runtime_.condition();
  const SteadyTime asked = runtime_.now();
  // A connection of its own each: one that is closed or silent is no other's business.
  client_->call(
      address, std::move(request), patience,
      [&runtime = runtime_, expected, asked](const Result<net::Response>& got) {
        Answer answer;
        answer.took = std::chrono::duration_cast<Milliseconds>(runtime.now() - asked);
        if (got) {
          answer.code = got->header.code;
          answer.remark = got->header.remark;
          answer.ext = got->header.ext;
          answer.body = std::string(got->body.bytes);
        } else {
          answer.code = got.error().code > 0 ? got.error().code : -1;
          answer.remark = got.error().text;
        }
        const std::lock_guard lock(expected->mutex);
        expected->answer = std::move(answer);
        expected->came->notify_all();
      },
      next_stream_++);
  return [expected] {
    std::unique_lock lock(expected->mutex);
    expected->came->wait(lock, [&] { return expected->answer.has_value(); });
    return *expected->answer;
  };
}

Answer Talk::ask_broker(RequestCode code, const Fields& fields, std::string body, Milliseconds patience) {
  return begin_at(cluster_.broker, code, fields, std::move(body), patience)();
}

Answer Talk::ask_name_server(RequestCode code, const Fields& fields, Milliseconds patience) {
  return begin_at(cluster_.name_server, code, fields, {}, patience)();
}

std::function<Answer()> Talk::begin(RequestCode code, const Fields& fields) {
  return begin_at(cluster_.broker, code, fields, {}, Milliseconds(60'000));
}

void Talk::wait(Milliseconds time) {
  std::mutex mutex;
  const auto never = runtime_.condition();
  std::unique_lock lock(mutex);
  (void)never->wait_until(lock, runtime_.now() + time, [] { return false; });
}

std::string Talk::create_topic(std::string_view name, int read_queues, int write_queues, int perm) {
  std::string topic = named(name);
  const Answer made = ask_broker(RequestCode::kUpdateAndCreateTopic, {{"topic", topic},
                                                                      {"defaultTopic", "TBW102"},
                                                                      {"readQueueNums", std::to_string(read_queues)},
                                                                      {"writeQueueNums", std::to_string(write_queues)},
                                                                      {"perm", std::to_string(perm)},
                                                                      {"topicFilterType", "SINGLE_TAG"},
                                                                      {"topicSysFlag", "0"},
                                                                      {"order", "false"}});
  if (made.code != 0) throw std::runtime_error(fmt::format("cannot create {}: {} {}", topic, made.code, made.remark));
  for (int i = 0; i < 200; ++i) {
    const Answer route = ask_name_server(RequestCode::kGetRouteInfoByTopic,
                                         {{"topic", topic}, {"acceptStandardJsonOnly", "true"}}, Milliseconds(5'000));
    if (route.code == 0) return topic;
    wait(Milliseconds(100));
  }
  throw std::runtime_error("the name server does not get to know of " + topic);
}

Answer Talk::send(const std::string& topic, int queue, std::string_view body, std::string_view properties,
                  const Fields& more) {
  Fields fields = {{"a", named("writers")},
                   {"b", topic},
                   {"c", "TBW102"},
                   {"d", "4"},
                   {"e", std::to_string(queue)},
                   {"f", "0"},
                   {"g", "1700000000000"},
                   {"h", "7"},
                   {"i", std::string(properties)},
                   {"j", "0"},
                   {"k", "false"},
                   {"m", "false"},
                   {"n", "broker-a"}};
  change(fields, more);
  return ask_broker(RequestCode::kSendMessageV2, fields, std::string(body));
}

Answer Talk::send_batch(const std::string& topic, int queue,
                        const std::vector<std::pair<std::string, std::string>>& members) {
  std::string batch;
  for (const auto& [body, properties] : members) {
    if (!wire::append_batch_member(batch, body, properties, 3)) throw std::runtime_error("a batch that cannot be");
  }
  const Fields fields = {{"a", named("writers")},
                         {"b", topic},
                         {"c", "TBW102"},
                         {"d", "4"},
                         {"e", std::to_string(queue)},
                         {"f", "0"},
                         {"g", "1700000000000"},
                         {"h", "7"},
                         {"i", ""},
                         {"j", "0"},
                         {"k", "false"},
                         {"m", "true"},
                         {"n", "broker-a"}};
  return ask_broker(RequestCode::kSendBatchMessage, fields, batch);
}

void Talk::wait_for_max_offset(const std::string& topic, int queue, std::int64_t offset) {
  for (int i = 0; i < 300; ++i) {
    if (ask_broker(RequestCode::kGetMaxOffset, queue_fields(topic, queue)).number("offset") >= offset) return;
    wait(Milliseconds(50));
  }
  throw std::runtime_error(fmt::format("{} does not get to offset {}", topic, offset));
}

Fields Talk::pull_fields(const std::string& group, const std::string& topic, int queue, std::int64_t offset,
                         const Fields& changed) {
  Fields fields = {{"consumerGroup", group},
                   {"topic", topic},
                   {"queueId", std::to_string(queue)},
                   {"queueOffset", std::to_string(offset)},
                   {"maxMsgNums", "32"},
                   {"sysFlag", "4"},
                   {"commitOffset", "0"},
                   {"suspendTimeoutMillis", "0"},
                   {"subscription", "*"},
                   {"subVersion", "0"},
                   {"expressionType", "TAG"},
                   {"bname", "broker-a"}};
  change(fields, changed);
  return fields;
}

Fields Talk::queue_fields(const std::string& topic, int queue, const Fields& more) {
  Fields fields = {{"topic", topic}, {"queueId", std::to_string(queue)}, {"bname", "broker-a"}};
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

std::string Talk::plain(std::string text) const {
  for (auto at = text.find(cluster_.suffix); !cluster_.suffix.empty() && at != std::string::npos;
       at = text.find(cluster_.suffix, at))
    text.erase(at, cluster_.suffix.size());
  return text;
}

void Talk::line(std::string_view text) {
  written_ += plain(std::string(text));
  written_ += '\n';
}

void Talk::line_of_pull(std::string_view what, const Answer& answer) {
  const bool has_offsets = answer.code == 0 || (answer.code >= 19 && answer.code <= 21);
  if (!has_offsets) {
    line_of(what, answer);
    return;
  }
  line(fmt::format("{}: code={} {} next={} min={} max={} broker={} delta={}", what, answer.code, answer.remark,
                   answer.number("nextBeginOffset"), answer.number("minOffset"), answer.number("maxOffset"),
                   answer.number("suggestWhichBrokerId"), answer.ext.find("offsetDelta").value_or("none")));
  for (const Message& message : answer.messages()) line("  " + message.text);
}

void Talk::line_of(std::string_view what, const Answer& answer, const std::vector<std::string_view>& fields) {
  std::string text = fmt::format("{}: {}", what, answer.came() ? fmt::format("code={}", answer.code) : "no answer");
  for (const std::string_view name : fields)
    text += fmt::format(" {}={}", name, answer.ext.find(name).value_or("none"));
  line(text);
}

}  // namespace rocketlink::conversations
