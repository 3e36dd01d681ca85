#include "rocketlink/sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "cluster/cluster.h"
#include "cluster/interrupt.h"
#include "sink/backlog.h"
#include "sink/compaction.h"
#include "sink/delivery_probe.h"
#include "sink/sender.h"
#include "sink/targets.h"

namespace rocketlink {

namespace sink {

namespace {

using std::chrono::milliseconds;

milliseconds limited(milliseconds timeout) {
  return std::clamp<milliseconds>(timeout, milliseconds(0), kLongestWait);
}

bool not_exist(const Error& error) {
  return error.code == wire::ResponseCode::kTopicNotExist;
}

/// The queues to write to, by the topic's route, or by the template's where brokers create topics by themselves.
Result<std::vector<Target>> find_targets(cluster::Cluster& cluster, const SinkOptions& options) {
  cluster::Interrupt never;
  // Sinks of one client ask once, however many they are.
  const cluster::Route watched = cluster.watched_route(options.topic);
  const auto route = watched ? Result<cluster::Route>(watched) : cluster.fetch_route_blocking(options.topic, never);
  if (!route && !not_exist(route.error())) return route.error();
  std::vector<Target> targets;
  std::string why;
  if (route) {
    targets = targets_of(**route, options.topic);
    if (targets.empty()) why = wire::why_no_queue(**route, wire::kPermWrite);
  } else {
    const auto model = cluster.fetch_route_blocking(std::string(kTemplateTopic), never);
    if (!model && !not_exist(model.error())) return model.error();
    if (!model) {
      return Error(
          ErrorCode::kNotFound,
          fmt::format("topic '{}' does not exist and the brokers create no topics by themselves: create it, or "
                      "correct the option 'topic'",
                      options.topic),
          true);  // a name server that has just started knows no topic yet
    }
    targets = targets_of_template(**model, options.topic);
    if (targets.empty()) why = wire::why_no_queue(**model, wire::kPermWrite);
  }
  if (targets.empty()) {
    return Error(ErrorCode::kNotFound,
                 fmt::format("topic '{}' has no queue that can be written ({})", options.topic, why), true);
  }
  return targets;
}

class TopicSink final : public Sink {
 public:
  TopicSink(std::shared_ptr<Client> client, const SinkOptions& options, std::vector<Target> targets,
            FoundDelivery found, bool needs_keys)
      : client_(std::move(client)), topic_(options.topic) {
    BacklogSettings settings;
    settings.topic = options.topic;
    settings.tag = options.tag;
    settings.instance = options.connection.instance_id;
    settings.batch_messages = static_cast<std::uint32_t>(std::max(options.batch_max_messages, 1));
    settings.batch_bytes = static_cast<std::size_t>(std::max<std::int64_t>(options.batch_max_bytes, 1));
    settings.linger = milliseconds(options.batch_linger_ms);
    settings.drop_failed = options.guarantee == DeliveryGuarantee::kNone;
    settings.needs_keys = needs_keys;
    settings.delivery = std::move(found.delivery);
    const bool needs_timers = settings.delivery.needs_timers();
    backlog_ = std::make_shared<Backlog>(client_->cluster().runtime(), settings, targets);

    SendSettings sends;
    sends.topic = options.topic;
    sends.group = options.producer_group;
    sends.retry_times = options.retry_times;
    sends.sleep_time = milliseconds(options.sleep_time_ms);
    sends.drop_failed = settings.drop_failed;
    sends.needs_timers = needs_timers;
    sends.levels = settings.delivery.levels();
    sends.asked = std::move(found.told);
    sender_ = std::make_shared<Sender>(client_->cluster(), std::move(sends), backlog_, std::move(targets));
    backlog_->on_work([sender = std::weak_ptr(sender_)] {
      if (const auto alive = sender.lock()) alive->wake();
    });
    client_->cluster().watch(options.topic);
  }

  ~TopicSink() override {
    (void)backlog_->end();
    client_->cluster().loop().run_and_wait([this] {
      sender_->close();
      sender_.reset();
    });
  }

  Status write(const OutgoingMessage& message) override { return backlog_->add(message); }
  Status write(const OutgoingMessage& message, milliseconds timeout) override {
    return backlog_->add(message, limited(timeout));
  }

  Status flush() override { return backlog_->flush(std::nullopt); }
  Status flush(milliseconds timeout) override {
    return backlog_->flush(client_->cluster().runtime().now() + limited(timeout));
  }

  Status close(milliseconds timeout) override {
    if (closed_) return *closed_;
    const auto wait = limited(timeout);
    Status flushed = backlog_->flush(client_->cluster().runtime().now() + wait);
    const std::uint64_t given_up = backlog_->end();
    if (!flushed && flushed.error().timed_out()) {
      const std::string trouble = backlog_->last_trouble();
      flushed = Error(ErrorCode::kTimeout,
                      fmt::format("closed with {} message(s) to topic '{}' not acknowledged within {} ms{}{}", given_up,
                                  topic_, wait.count(), trouble.empty() ? "" : "; last: ", trouble));
    }
    closed_ = flushed;
    return flushed;
  }

  void abort() override { backlog_->abort(); }
  [[nodiscard]] SinkStats stats() const override { return backlog_->stats(); }

 private:
  std::shared_ptr<Client> client_;
  std::string topic_;
  std::shared_ptr<Backlog> backlog_;
  std::shared_ptr<Sender> sender_;
  std::optional<Status> closed_;
};

}  // namespace

}  // namespace sink

Result<std::unique_ptr<Sink>> Sink::open(std::shared_ptr<Client> client, const SinkOptions& options) {
  if (options.topic.empty()) return Error(ErrorCode::kInvalidArgument, "a sink needs a topic");
  if (options.producer_group.empty()) return Error(ErrorCode::kInvalidArgument, "a sink needs a producer group");
  auto targets = sink::find_targets(client->cluster(), options);
  if (!targets) return std::move(targets).error();
  auto delivery = sink::find_delivery(client->cluster(), options, *targets);
  if (!delivery) return std::move(delivery).error();
  const bool needs_keys = sink::is_compacted(client->cluster(), options.topic, *targets);
  return std::unique_ptr<Sink>(std::make_unique<sink::TopicSink>(std::move(client), options, *std::move(targets),
                                                                 *std::move(delivery), needs_keys));
}

SinkBuilder Sink::builder() {
  return SinkBuilder();
}

Result<std::unique_ptr<Sink>> SinkBuilder::build() const {
  const auto options = parse_sink_options(entries_);
  if (!options) return options.error();
  auto connected = client(options->connection);
  if (!connected) return std::move(connected).error();
  return Sink::open(*std::move(connected), *options);
}

SinkStats& SinkStats::operator+=(const SinkStats& more) {
  messages_acknowledged += more.messages_acknowledged;
  bytes_acknowledged += more.bytes_acknowledged;
  messages_failed += more.messages_failed;
  retries += more.retries;
  throttled += more.throttled;
  degraded += more.degraded;
  api_calls += more.api_calls;
  last_send_ms = std::max(last_send_ms, more.last_send_ms);
  return *this;
}

}  // namespace rocketlink
