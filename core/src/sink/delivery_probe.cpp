#include "sink/delivery_probe.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>

namespace rocketlink::sink {

namespace {

/// What a broker's configuration says under a name: lines of `name=value`.
std::optional<std::string_view> setting(std::string_view config, std::string_view name) {
  while (!config.empty()) {
    const std::string_view line = config.substr(0, config.find('\n'));
    config.remove_prefix(std::min(line.size() + 1, config.size()));
    if (line.size() > name.size() && line.starts_with(name) && line[name.size()] == '=')
      return line.substr(name.size() + 1);
  }
  return std::nullopt;
}

DeliveryEncoding encoding_of(const SinkOptions& options) {
  if (options.delivery.encoding != DeliveryEncoding::kAuto) return options.delivery.encoding;
  return options.connection.connector == Connector::kMq5 ? DeliveryEncoding::kTimer
                                                         : DeliveryEncoding::kStartDeliverTime;
}

/// What a broker shows of its configuration: a proxy, and one that does not let us see it, nothing.
std::string_view shown(const net::Response& answer) {
  return answer.header.code == 0 ? answer.body.bytes : std::string_view();
}

Status check(const std::string& broker, std::string_view config, const DelayLevels& known) {
  const auto text = setting(config, "messageDelayLevel");
  if (!text) return {};
  auto levels = DelayLevels::parse(*text);
  if (!levels) return std::move(levels).error();
  if (*levels == known) return {};
  return Error(ErrorCode::kUnsupported,
               fmt::format("broker '{}' has other delay levels (messageDelayLevel = '{}') than its brothers, so that "
                           "one number would mean several times; make them alike",
                           broker, *text));
}

/// Finds out what each broker makes of the encoding.
class Probe {
 public:
  Probe(const SinkOptions& options, bool at_proxy)
      : options_(options), encoding_(encoding_of(options)), at_proxy_(at_proxy) {}

  Status take(const std::string& broker, const wire::Header& header, std::string_view config) {
    switch (encoding_) {
      case DeliveryEncoding::kAuto:
        break;
      case DeliveryEncoding::kTimer:
        return check_timers(broker, header.version, config);
      case DeliveryEncoding::kStartDeliverTime:
        return check_start_deliver_time(broker, config);
      case DeliveryEncoding::kDelayLevel:
        return take_levels(broker, config);
    }
    return {};
  }
  [[nodiscard]] Delivery delivery() const {
    return {options_.delivery, encoding_, levels_.empty() ? DelayLevels::standard() : levels_, at_proxy_};
  }

 private:
  static Status check_timers(const std::string& broker, std::int32_t version, std::string_view config) {
    if (version < kFirstVersionWithTimers) {
      return Error(ErrorCode::kUnsupported,
                   fmt::format("broker '{}' is older than 5.0 and knows no timers: it would deliver at once; use "
                               "'delivery.encoding' = 'delay-level'",
                               broker));
    }
    if (setting(config, "timerWheelEnable") == "false") {
      return Error(ErrorCode::kUnsupported,
                   fmt::format("broker '{}' runs without timers (timerWheelEnable=false): switch them on, or use "
                               "'delivery.encoding' = 'delay-level'",
                               broker));
    }
    return {};
  }

  /// An Apache broker shows its configuration, a broker of the cloud does not.
  [[nodiscard]] Status check_start_deliver_time(const std::string& broker, std::string_view config) const {
    const bool taken_at_its_word = options_.delivery.encoding == DeliveryEncoding::kStartDeliverTime;
    if (taken_at_its_word || !setting(config, "messageDelayLevel")) return {};
    return Error(ErrorCode::kUnsupported,
                 fmt::format("broker '{}' is an Apache RocketMQ, which takes no heed of __STARTDELIVERTIME and would "
                             "deliver at once; use 'delivery.encoding' = 'delay-level'",
                             broker));
  }

  Status take_levels(const std::string& broker, std::string_view config) {
    if (!levels_.empty()) return check(broker, config, levels_);
    const auto text = setting(config, "messageDelayLevel");
    if (!text) return {};
    auto levels = DelayLevels::parse(*text);
    if (!levels) return std::move(levels).error();
    levels_ = *std::move(levels);
    return {};
  }

  const SinkOptions& options_;
  DeliveryEncoding encoding_;
  bool at_proxy_;
  DelayLevels levels_;  ///< of the brokers that have told
};

}  // namespace

net::Request config_request(const std::string& broker) {
  net::Request request;
  request.code = wire::RequestCode::kGetBrokerConfig;
  request.ext.set("bname", broker);
  return request;
}

Status check_levels(const std::string& broker, const net::Response& config, const DelayLevels& levels) {
  return check(broker, shown(config), levels);
}

Result<FoundDelivery> find_delivery(cluster::Cluster& cluster, const SinkOptions& options,
                                    const std::vector<Target>& targets) {
  if (options.delivery.mode == DeliveryMode::kNone) return FoundDelivery();
  std::map<std::string, std::string> masters;
  for (const Target& target : targets) {
    if (target.address) masters.emplace(*target.address, target.broker);
  }
  std::vector<cluster::Addressed> requests;
  for (const auto& [address, broker] : masters) requests.push_back({address, config_request(broker)});
  cluster::Interrupt never;
  const auto answers = cluster.call_all(std::move(requests), cluster.timing().control, never);
  Probe probe(options, std::any_of(masters.begin(), masters.end(),
                                   [&](const auto& master) { return cluster.is_proxy(master.first); }));
  std::optional<Error> silent;
  FoundDelivery found;
  auto master = masters.begin();
  for (const auto& answer : answers) {
    const std::string& broker = (master++)->second;
    if (!answer) {
      silent = answer.error();
      continue;
    }
    found.told.insert(broker);
    // Who does not show its configuration tells its version all the same.
    if (auto fine = probe.take(broker, answer->header, shown(*answer)); !fine) return std::move(fine).error();
  }
  found.delivery = probe.delivery();
  if (!found.told.empty()) return found;
  if (silent) return *std::move(silent);
  return Error(ErrorCode::kDisconnected,
               fmt::format("no master of topic '{}' is there to take messages", options.topic), true);
}

}  // namespace rocketlink::sink
