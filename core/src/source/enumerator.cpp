#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "cluster/cluster.h"
#include "cluster/interrupt.h"
#include "cluster/offsets.h"
#include "cluster/responses.h"
#include "rocketlink/source.h"
#include "source/subscription.h"

namespace rocketlink {

namespace source {

namespace {

using OffsetList = Result<std::vector<std::int64_t>>;

constexpr std::string_view kNoCondition = "(";  ///< no server that compiles conditions takes it

class Enumerator final : public SourceEnumerator {
 public:
  Enumerator(std::shared_ptr<Client> client, const SourceOptions& options, std::int32_t readers)
      : client_(std::move(client)), options_(options), load_(static_cast<std::size_t>(readers), 0) {}

  Result<std::vector<Assignment>> discover() override {
    auto route = cluster().fetch_route_blocking(options_.topic, interrupt_);
    if (!route) return no_route(std::move(route).error());
    std::vector<QueueId> fresh;
    for (const wire::RoutedQueue& routed : wire::readable_queues(**route)) {
      QueueId queue{options_.topic, routed.broker, routed.id};
      if (!known_.contains(queue)) fresh.push_back(std::move(queue));
    }
    if (!started_) {
      if (fresh.empty()) {
        return Error(ErrorCode::kNotFound,
                     fmt::format("topic '{}' has no queue that can be read (its brokers are down, or it has no read "
                                 "permission)",
                                 options_.topic),
                     true);
      }
      if (auto checked = check_filter(**route); !checked) return std::move(checked).error();
      if (auto checked = check_specific_offsets(fresh); !checked) return std::move(checked).error();
    }
    auto begins = started_ ? late_begins(fresh) : begins_by_options(fresh);
    if (!begins) return std::move(begins).error();
    auto stops = stop_offsets(fresh);
    if (!stops) return std::move(stops).error();

    std::vector<Assignment> assignments;
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      Split split{fresh[i], (*begins)[i], std::nullopt};
      if (!stops->empty()) split.stop = (*stops)[i];
      assignments.push_back({split, take_owner()});
      known_.emplace(fresh[i], split);
    }
    started_ = true;
    return assignments;
  }

  [[nodiscard]] std::string serialize() const override {
    std::vector<Split> splits;
    for (const auto& [queue, split] : known_) splits.push_back(split);
    return serialize_splits(splits);
  }

  Status restore(std::string_view state) override {
    auto splits = deserialize_splits(state);
    if (!splits) return std::move(splits).error();
    for (Split& split : *splits) {
      if (known_.emplace(split.queue, split).second) (void)take_owner();
    }
    started_ = started_ || !known_.empty();  // a state from before the first discovery says nothing
    return {};
  }

  void wake_up() override { interrupt_.set(); }

 private:
  [[nodiscard]] cluster::Cluster& cluster() const { return client_->cluster(); }

  [[nodiscard]] Error no_route(Error error) const {
    if (error.code == static_cast<std::int32_t>(wire::ResponseCode::kTopicNotExist)) {
      error.text = fmt::format("topic '{}' does not exist: create it, or correct the option 'topic' ({})",
                               options_.topic, error.text);
    }
    return error;
  }

  /// The reader with the fewest queues.
  std::int32_t take_owner() {
    const auto least = std::min_element(load_.begin(), load_.end());
    ++*least;
    return static_cast<std::int32_t>(least - load_.begin());
  }

  /// A broker lets every message through when a condition does not compile: each of them is asked first. A proxy finds
  /// every condition right and hands it on all the same, so it is asked about one that is not.
  Status check_filter(const wire::TopicRoute& route) {
    if (options_.sql92_filter.empty()) return {};
    for (const wire::BrokerData& broker : route.brokers) {
      if (broker.addresses.empty()) continue;
      const std::string& address = broker.addresses.begin()->second;
      auto answer = ask_about_filter(address, options_.sql92_filter);
      if (!answer) return std::move(answer).error();
      if (answer->code != 0) return refused_filter(broker.name, *answer);
      answer = ask_about_filter(address, kNoCondition);
      if (!answer) return std::move(answer).error();
      if (answer->code == 0) return unchecked_filter(address);
    }
    return {};
  }

  Result<wire::Header> ask_about_filter(const std::string& address, std::string_view condition) {
    net::Request request;
    request.code = wire::RequestCode::kCheckClientConfig;
    request.body =
        nlohmann::json{
            {"clientId", "rocketlink"},
            {"group", cluster().on_wire(options_.consumer_group)},
            {"namespace", ""},
            {"subscriptionData",
             {{"topic", cluster().on_wire(options_.topic)}, {"subString", condition}, {"expressionType", "SQL92"}}}}
            .dump();
    auto answer = cluster().call_blocking({address, std::move(request)}, cluster().timing().control, interrupt_);
    if (!answer) return std::move(answer).error();
    return std::move(answer->header);
  }

  [[nodiscard]] Error refused_filter(const std::string& broker, const wire::Header& answer) const {
    const bool wrong = answer.code == static_cast<std::int32_t>(wire::ResponseCode::kSubscriptionParseFailed);
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("option 'scan.filter.sql92' = '{}' is refused by broker '{}': {}; {}",
                             options_.sql92_filter, broker, answer.remark,
                             wrong ? "mend the condition" : "the broker must run with enablePropertyFilter=true"));
  }

  [[nodiscard]] Error unchecked_filter(const std::string& address) const {
    return Error(
        ErrorCode::kUnsupported,
        fmt::format("option 'scan.filter.sql92' = '{}' is not served at {}: a proxy does not check conditions, "
                    "and one that is wrong would let every message through; give name servers as 'endpoint', "
                    "or use 'tag' or a WHERE",
                    options_.sql92_filter, address));
  }

  Status check_specific_offsets(const std::vector<QueueId>& queues) {
    if (options_.start_mode != StartMode::kSpecificOffsets) return {};
    for (const auto& [place, offset] : options_.specific_offsets) {
      const bool there = std::any_of(queues.begin(), queues.end(), [&](const QueueId& queue) {
        return queue.broker == place.first && queue.id == place.second;
      });
      if (there) continue;
      std::string names;
      for (const QueueId& queue : queues) {
        if (names.size() > 200) {
          names += ", …";
          break;
        }
        names += fmt::format("{}{},{}", names.empty() ? "" : "; ", queue.broker, queue.id);
      }
      return Error(ErrorCode::kInvalidArgument,
                   fmt::format("option 'scan.startup.specific-offsets' names queue '{},{}', which topic '{}' does not "
                               "have; it has {}",
                               place.first, place.second, options_.topic, names));
    }
    return {};
  }

  OffsetList begins_by_options(const std::vector<QueueId>& queues) {
    auto lowest = cluster::min_offsets(cluster(), queues, interrupt_);
    if (!lowest) return lowest;
    auto highest = cluster::max_offsets(cluster(), queues, interrupt_);
    if (!highest) return highest;
    OffsetList begins = asked_begins(queues, *lowest, *highest);
    if (!begins) return begins;
    for (std::size_t i = 0; i < queues.size(); ++i) {
      const std::int64_t asked = (*begins)[i];
      const std::int64_t moved = std::clamp(asked, (*lowest)[i], std::max((*lowest)[i], (*highest)[i]));
      if (moved == asked) continue;
      cluster().log().warning(
          "{}: asked to begin at offset {}, which is outside of what is there ({} to {}): beginning at {}{}",
          to_string(queues[i]), asked, (*lowest)[i], (*highest)[i], moved,
          asked < moved && options_.start_mode == StartMode::kGroupOffsets
              ? fmt::format("; {} message(s) that group '{}' has not read are gone", moved - asked,
                            options_.consumer_group)
              : "");
      (*begins)[i] = moved;
    }
    return begins;
  }

  OffsetList asked_begins(const std::vector<QueueId>& queues, const std::vector<std::int64_t>& lowest,
                          const std::vector<std::int64_t>& highest) {
    switch (options_.start_mode) {
      case StartMode::kEarliest:
        return lowest;
      case StartMode::kLatest:
        return highest;
      case StartMode::kTimestamp:
        return cluster::offsets_at(cluster(), options_.consumer_group, queues, options_.start_timestamp_ms, interrupt_);
      case StartMode::kOffset:
        return std::vector<std::int64_t>(queues.size(), options_.start_offset);
      case StartMode::kGroupOffsets:
      case StartMode::kSpecificOffsets:
        break;
    }
    const auto& fallback = options_.start_fallback == StartMode::kLatest ? highest : lowest;
    auto committed = cluster::committed_offsets(cluster(), options_.consumer_group, queues, interrupt_);
    if (!committed) return std::move(committed).error();
    std::vector<std::int64_t> begins;
    for (std::size_t i = 0; i < queues.size(); ++i) {
      const auto specific = options_.specific_offsets.find({queues[i].broker, queues[i].id});
      begins.push_back(specific != options_.specific_offsets.end() ? specific->second
                                                                   : (*committed)[i].value_or(fallback[i]));
    }
    return begins;
  }

  /// Queues found later are read from their first message, whatever the start mode; or where the group already is, when
  /// it goes by that (their broker was away at the start).
  OffsetList late_begins(const std::vector<QueueId>& queues) {
    auto begins = cluster::min_offsets(cluster(), queues, interrupt_);
    if (!begins || options_.start_mode != StartMode::kGroupOffsets) return begins;
    auto committed = cluster::committed_offsets(cluster(), options_.consumer_group, queues, interrupt_);
    if (!committed) return std::move(committed).error();
    for (std::size_t i = 0; i < queues.size(); ++i) {
      (*begins)[i] = std::max((*begins)[i], (*committed)[i].value_or(0));
    }
    return begins;
  }

  OffsetList stop_offsets(const std::vector<QueueId>& queues) {
    switch (options_.bounded_mode) {
      case BoundedMode::kLatest:
        return cluster::max_offsets(cluster(), queues, interrupt_);
      case BoundedMode::kTimestamp:
        return cluster::offsets_at(cluster(), options_.consumer_group, queues, options_.bounded_timestamp_ms,
                                   interrupt_);
      case BoundedMode::kUnbounded:
        break;
    }
    return std::vector<std::int64_t>();
  }

  std::shared_ptr<Client> client_;
  SourceOptions options_;
  cluster::Interrupt interrupt_;
  bool started_ = false;
  std::map<QueueId, Split> known_;
  std::vector<std::int64_t> load_;  ///< queues per reader
};

}  // namespace

}  // namespace source

Result<std::unique_ptr<SourceEnumerator>> SourceEnumerator::create(std::shared_ptr<Client> client,
                                                                   const SourceOptions& options, std::int32_t readers) {
  if (readers < 1)
    return Error(ErrorCode::kInvalidArgument, fmt::format("a source needs at least one reader, not {}", readers));
  return std::unique_ptr<SourceEnumerator>(std::make_unique<source::Enumerator>(std::move(client), options, readers));
}

}  // namespace rocketlink
