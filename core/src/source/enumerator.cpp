#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "base/json_text.h"
#include "base/plain_text.h"
#include "cluster/acting_master.h"
#include "cluster/cluster.h"
#include "cluster/dispatch.h"
#include "cluster/interrupt.h"
#include "cluster/offsets.h"
#include "cluster/responses.h"
#include "cluster/time_search.h"
#include "rocketlink/source.h"
#include "source/gone_queues.h"
#include "source/subscription.h"

namespace rocketlink {

namespace source {

namespace {

using OffsetList = Result<std::vector<std::int64_t>>;

constexpr std::string_view kNoCondition = "(";  ///< no server that compiles conditions takes it
/// That a broker's clock may be behind ours without a message being lost.
constexpr std::int64_t kClocksApartMs = 60'000;
constexpr std::size_t kMostNamesBytes = 200;  ///< a list of queues is cut there in messages

class Enumerator final : public SourceEnumerator {
 public:
  Enumerator(std::shared_ptr<Client> client, const SourceOptions& options, std::int32_t readers,
             SourceRestriction restriction)
      : client_(std::move(client)),
        options_(options),
        restriction_(std::move(restriction)),
        load_(static_cast<std::size_t>(readers), 0) {}

  Result<std::vector<Assignment>> discover() override {
    auto route = cluster().fetch_route_blocking(options_.topic, interrupt_);
    if (!route) return no_route(std::move(route).error());
    if (!started_ && !start_ms_) start_ms_ = cluster().runtime().wall_clock_ms() - kClocksApartMs;
    std::vector<QueueId> fresh;
    std::map<std::string, std::vector<QueueId>> by_broker;  // that serves them
    for (const wire::RoutedQueue& routed : wire::readable_queues(**route)) {
      QueueId queue{options_.topic, routed.broker, routed.id};
      if (known_.contains(queue)) continue;
      by_broker[routed.address_broker].push_back(queue);
      fresh.push_back(std::move(queue));
    }
    if (!started_) {
      if (fresh.empty()) return no_queue(**route);
      if (auto checked = check_specific_offsets(fresh); !checked) return std::move(checked).error();
    }
    std::map<std::string, Error> unasked;
    for (const wire::BrokerData& broker : (**route).brokers) {
      if (auto checked = check_filter(broker); !checked) {
        if (!started_ || is_the_last_word(checked.error())) return std::move(checked).error();
        unasked.emplace(broker.name, std::move(checked).error());
      }
    }
    const bool begins = !started_;
    auto found = begins ? take(std::move(fresh)) : take_by_broker(by_broker, std::move(unasked));
    if (found && !std::exchange(looked_for_gone_, true)) look_for_gone(**route, begins);
    return found;
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
      if (!known_.emplace(split.queue, split).second) continue;
      (void)take_owner();
      brokers_seen_.insert(split.queue.broker);
    }
    started_ = started_ || !known_.empty();  // a state from before the first discovery says nothing
    return {};
  }

  void wake_up() override { interrupt_.set(); }

 private:
  [[nodiscard]] cluster::Cluster& cluster() const { return client_->cluster(); }

  [[nodiscard]] Error no_route(Error error) const {
    if (error.code == wire::ResponseCode::kTopicNotExist) {
      error.text = fmt::format("topic '{}' does not exist: create it, or correct the option 'topic' ({})",
                               options_.topic, error.text);
    }
    return error;
  }

  /// What the job would go on with, or the group has read, that is not there any more: said once, at the start.
  void look_for_gone(const wire::TopicRoute& route, bool begins) {
    std::vector<QueueId> known;
    for (const auto& [queue, split] : known_) known.push_back(queue);
    warn_of_gone(cluster(), route, known);
    if (begins && options_.start_mode == StartMode::kGroupOffsets)
      warn_of_gone_commits(cluster(), route, options_.topic, options_.consumer_group, interrupt_);
  }

  /// There is a route, and nothing in it can be read: why, broker by broker.
  [[nodiscard]] Error no_queue(const wire::TopicRoute& route) const {
    return Error(ErrorCode::kNotFound,
                 fmt::format("topic '{}' has no queue that can be read ({})", options_.topic,
                             wire::why_no_queue(route, wire::kPermRead)),
                 true);
  }

  /// The reader with the fewest queues.
  std::int32_t take_owner() {
    const auto least = std::min_element(load_.begin(), load_.end());
    ++*least;
    return static_cast<std::int32_t>(least - load_.begin());
  }

  [[nodiscard]] static bool is_the_last_word(const Error& error) { return error.fatal || error.is(ErrorCode::kClosed); }

  /// Fresh queues with where they begin and end, and an owner each: all, or none where a question fails.
  Result<std::vector<Assignment>> take(std::vector<QueueId> fresh) {
    std::set<std::string> brokers;
    for (const QueueId& queue : fresh) brokers.insert(queue.broker);
    std::erase_if(fresh, [this](const QueueId& queue) { return !is_wanted(queue); });
    std::vector<std::string> moved;
    auto begins = begins_by_options(fresh, moved);
    if (!begins) return std::move(begins).error();
    auto stops = stop_offsets(fresh);
    if (!stops) return std::move(stops).error();
    if (auto narrowed = narrow(fresh, *begins, *stops); !narrowed) return std::move(narrowed).error();

    for (const std::string& line : moved)
      cluster().repeated().write(LogLevel::kWarning, fmt::format("moved {}", options_.topic), line);
    std::vector<Assignment> assignments;
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      Split split{fresh[i], (*begins)[i], std::nullopt};
      if (!stops->empty()) split.stop = (*stops)[i];
      assignments.push_back({split, take_owner()});
      known_.emplace(fresh[i], split);
    }
    brokers_seen_.merge(brokers);
    started_ = true;
    return assignments;
  }

  /// The same once the job runs: a broker that does not answer holds up no other's queues. `failed` are those of which
  /// nothing is taken.
  Result<std::vector<Assignment>> take_by_broker(const std::map<std::string, std::vector<QueueId>>& fresh,
                                                 std::map<std::string, Error> failed) {
    std::vector<Assignment> assignments;
    for (const auto& [broker, queues] : fresh) {
      if (failed.contains(broker)) continue;
      auto taken = take(queues);
      if (taken) {
        assignments.insert(assignments.end(), taken->begin(), taken->end());
      } else if (is_the_last_word(taken.error())) {
        return taken;
      } else {
        failed.emplace(broker, std::move(taken).error());
      }
    }
    if (assignments.empty() && !failed.empty()) return failed.begin()->second;
    for (const auto& [broker, error] : failed) {
      cluster().repeated().write(
          LogLevel::kWarning, fmt::format("queues of {} {}", broker, error.code),
          fmt::format("new queues of broker '{}' are not read yet, they are looked for again: {}", broker, error.text));
    }
    return assignments;
  }

  /// A broker lets every message through when a condition does not compile: each of them is asked once, before its
  /// queues are given out or, when they were restored, as soon as it is in the route. A proxy finds every condition
  /// right and hands it on all the same, so it is asked about one that is not.
  Status check_filter(const wire::BrokerData& broker) {
    if (options_.sql92_filter.empty() || broker.addresses.empty() || filter_checked_.contains(broker.name)) return {};
    const std::string& address = broker.addresses.begin()->second;
    auto answer = ask_about_filter(address, options_.sql92_filter);
    if (!answer) return std::move(answer).error();
    if (answer->code != 0) return refused_filter(broker.name, *answer);
    answer = ask_about_filter(address, kNoCondition);
    if (!answer) return std::move(answer).error();
    if (answer->code == 0) return unchecked_filter(address);
    filter_checked_.insert(broker.name);
    return {};
  }

  Result<wire::Header> ask_about_filter(const std::string& address, std::string_view condition) {
    net::Request request;
    request.code = wire::RequestCode::kCheckClientConfig;
    request.body = base::json_text(
        {{"clientId", "rocketlink"},
         {"group", cluster().on_wire(options_.consumer_group)},
         {"namespace", ""},
         {"subscriptionData",
          {{"topic", cluster().on_wire(options_.topic)}, {"subString", condition}, {"expressionType", "SQL92"}}}});
    auto answer = cluster().call_blocking({address, std::move(request)}, cluster().timing().control, interrupt_);
    if (!answer) return std::move(answer).error();
    return std::move(answer->header);
  }

  [[nodiscard]] Error refused_filter(const std::string& broker, const wire::Header& answer) const {
    const bool wrong = answer.code == wire::ResponseCode::kSubscriptionParseFailed;
    return final(
        Error(ErrorCode::kInvalidArgument,
              fmt::format("option 'scan.filter.sql92' = '{}' is refused by broker '{}': {}; {}", options_.sql92_filter,
                          broker, base::plain(answer.remark),
                          wrong ? "mend the condition" : "the broker must run with enablePropertyFilter=true")));
  }

  [[nodiscard]] Error unchecked_filter(const std::string& address) const {
    return final(
        Error(ErrorCode::kUnsupported,
              fmt::format("option 'scan.filter.sql92' = '{}' is not served at {}: a proxy does not check conditions, "
                          "and one that is wrong would let every message through; give name servers as 'endpoint', "
                          "or use 'tag' or a WHERE",
                          options_.sql92_filter, address)));
  }

  /// Also for a job that is running already.
  static Error final(Error error) {
    error.fatal = true;
    return error;
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
        if (names.size() > kMostNamesBytes) {
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

  /// Where queues begin that are found, at the start or later; `moved_lines` say where that is not as asked for.
  OffsetList begins_by_options(const std::vector<QueueId>& queues, std::vector<std::string>& moved_lines) {
    auto lowest = cluster::min_offsets(cluster(), queues, interrupt_);
    if (!lowest) return lowest;
    auto highest = cluster::max_offsets(cluster(), queues, interrupt_);
    if (!highest) return highest;
    OffsetList begins = asked_begins(queues, *lowest, *highest);
    if (!begins) return begins;
    // What was asked for later may be behind the end that was asked for first: others write and commit meanwhile. Only
    // masters know that it still is.
    if (!std::equal(begins->begin(), begins->end(), highest->begin(), std::less_equal<>())) {
      if (auto trusted = cluster::demand_masters(cluster(), queues, interrupt_); !trusted)
        return std::move(trusted).error();
      highest = cluster::max_offsets(cluster(), queues, interrupt_);
      if (!highest) return highest;
    }
    for (std::size_t i = 0; i < queues.size(); ++i) {
      const std::int64_t asked = (*begins)[i];
      const std::int64_t moved = std::clamp(asked, (*lowest)[i], std::max((*lowest)[i], (*highest)[i]));
      const bool by_group = begins_by_group(queues[i]);
      // What the group has read is no longer there, and what is there it may not have read: its reader says so.
      if (moved == asked || (by_group && moved < asked)) continue;
      moved_lines.push_back(fmt::format(
          "{}: asked to begin at offset {}, which is outside of what is there ({} to {}): beginning at {}{}",
          to_string(queues[i]), asked, (*lowest)[i], (*highest)[i], moved,
          by_group ? fmt::format("; {} message(s) that group '{}' has not read are gone", moved - asked,
                                 options_.consumer_group)
                   : ""));
      (*begins)[i] = moved;
    }
    return begins;
  }

  /// Where the group has read to, or the fallback.
  [[nodiscard]] bool begins_by_group(const QueueId& queue) const {
    return options_.start_mode == StartMode::kGroupOffsets ||
           (options_.start_mode == StartMode::kSpecificOffsets &&
            !options_.specific_offsets.contains({queue.broker, queue.id}));
  }

  OffsetList asked_begins(const std::vector<QueueId>& queues, const std::vector<std::int64_t>& lowest,
                          const std::vector<std::int64_t>& highest) {
    switch (options_.start_mode) {
      case StartMode::kEarliest:
        return lowest;
      case StartMode::kLatest:
        return ends_at_start(queues, lowest, highest);
      case StartMode::kTimestamp:
        return offsets_at(queues, options_.start_timestamp_ms);
      case StartMode::kOffset: {
        auto begins = lowest;
        for (std::size_t i = 0; i < queues.size(); ++i) {
          if (!is_new(queues[i])) begins[i] = options_.start_offset;
        }
        return begins;
      }
      case StartMode::kGroupOffsets:
      case StartMode::kSpecificOffsets:
        break;
    }
    const bool at_end = options_.start_fallback == StartMode::kLatest;
    auto committed = cluster::committed_offsets(cluster(), options_.consumer_group, queues, at_end, interrupt_);
    if (!committed) return std::move(committed).error();
    auto fallback = at_end ? ends_at_start(queues, lowest, highest) : lowest;
    if (!fallback) return fallback;
    // Where a group begins is committed in all queues that there are: one without a commit came while nobody read.
    if (!started_) group_was_here_ = std::any_of(committed->begin(), committed->end(), [](auto& at) { return !!at; });
    if (group_was_here_) fallback = lowest;
    std::vector<std::int64_t> begins;
    for (std::size_t i = 0; i < queues.size(); ++i) {
      const auto specific = options_.specific_offsets.find({queues[i].broker, queues[i].id});
      begins.push_back(specific != options_.specific_offsets.end() ? specific->second
                                                                   : (*committed)[i].value_or((*fallback)[i]));
    }
    return begins;
  }

  /// Whether a queue cannot have been there at the start: its broker was seen without it. It is read from its first
  /// message, whatever the start mode. Other queues that are found later may be either.
  [[nodiscard]] bool is_new(const QueueId& queue) const { return started_ && brokers_seen_.contains(queue.broker); }

  /// Where queues ended when the job started. One whose broker was away then is asked by that time; after a restore,
  /// which does not know it, it is read from its first message, so that nothing is lost.
  OffsetList ends_at_start(const std::vector<QueueId>& queues, const std::vector<std::int64_t>& lowest,
                           const std::vector<std::int64_t>& highest) {
    if (!started_) return highest;
    auto ends = lowest;
    std::vector<QueueId> were_away;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; start_ms_ && i < queues.size(); ++i) {
      if (is_new(queues[i])) continue;
      were_away.push_back(queues[i]);
      places.push_back(i);
    }
    if (were_away.empty()) return ends;
    auto then = offsets_at(were_away, *start_ms_);
    if (!then) return then;
    for (std::size_t i = 0; i < places.size(); ++i) ends[places[i]] = (*then)[i];
    return ends;
  }

  OffsetList offsets_at(const std::vector<QueueId>& queues, std::int64_t time_ms) {
    return cluster::offsets_at(cluster(), options_.consumer_group, queues, time_ms, interrupt_);
  }

  [[nodiscard]] bool is_wanted(const QueueId& queue) const {
    const auto& wanted = restriction_.queue_ids;
    return !wanted || std::find(wanted->begin(), wanted->end(), queue.id) != wanted->end();
  }

  /// Moves begins up and stops down to what the restriction leaves; a begin never beyond what is there now, from where
  /// an engine drops what comes before the first that it wants.
  Status narrow(const std::vector<QueueId>& queues, std::vector<std::int64_t>& begins,
                std::vector<std::int64_t>& stops) {
    const SourceRestriction& wanted = restriction_;
    if (wanted.first_offset || wanted.first_time_ms) {
      auto highest = cluster::max_offsets(cluster(), queues, interrupt_);
      if (!highest) return std::move(highest).error();
      auto firsts = restricted(queues, wanted.first_time_ms, wanted.first_offset.value_or(0));
      if (!firsts) return std::move(firsts).error();
      for (std::size_t i = 0; i < begins.size(); ++i) {
        const std::int64_t first = std::max((*firsts)[i], wanted.first_offset.value_or(0));
        begins[i] = std::max(begins[i], std::min(first, (*highest)[i]));
      }
    }
    if (!stops.empty() && (wanted.stop_offset || wanted.stop_time_ms)) {
      constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
      auto ends = restricted(queues, wanted.stop_time_ms, kNever);
      if (!ends) return std::move(ends).error();
      for (std::size_t i = 0; i < stops.size(); ++i) {
        const std::int64_t stop = std::min({stops[i], (*ends)[i], wanted.stop_offset.value_or(kNever)});
        stops[i] = std::max(stop, std::min(stops[i], begins[i]));
      }
    }
    return {};
  }

  /// The offsets at that time, or `otherwise` without one.
  OffsetList restricted(const std::vector<QueueId>& queues, std::optional<std::int64_t> time_ms,
                        std::int64_t otherwise) {
    if (!time_ms) return std::vector<std::int64_t>(queues.size(), otherwise);
    return offsets_at(queues, *time_ms);
  }

  /// Behind all that was acknowledged before. Only masters know, before and after, so all the time.
  OffsetList stop_offsets(const std::vector<QueueId>& queues) {
    if (options_.bounded_mode == BoundedMode::kUnbounded) return std::vector<std::int64_t>();
    if (auto trusted = cluster::demand_masters(cluster(), queues, interrupt_); !trusted)
      return std::move(trusted).error();
    if (auto dispatched = cluster::await_dispatch(cluster(), queues, interrupt_); !dispatched)
      return std::move(dispatched).error();
    auto stops = options_.bounded_mode == BoundedMode::kLatest ? cluster::max_offsets(cluster(), queues, interrupt_)
                                                               : offsets_at(queues, options_.bounded_timestamp_ms);
    if (auto trusted = cluster::demand_masters(cluster(), queues, interrupt_); !trusted)
      return std::move(trusted).error();
    return stops;
  }

  std::shared_ptr<Client> client_;
  SourceOptions options_;
  SourceRestriction restriction_;
  cluster::Interrupt interrupt_;
  bool started_ = false;
  bool looked_for_gone_ = false;
  bool group_was_here_ = false;           ///< it had committed offsets in the topic before the start
  std::optional<std::int64_t> start_ms_;  ///< when this job began, a little early; nothing after a restore
  std::set<std::string> brokers_seen_;    ///< with queues to read
  std::set<std::string> filter_checked_;  ///< brokers that find the filter right
  std::map<QueueId, Split> known_;
  std::vector<std::int64_t> load_;  ///< queues per reader
};

}  // namespace

}  // namespace source

Result<std::unique_ptr<SourceEnumerator>> SourceEnumerator::create(std::shared_ptr<Client> client,
                                                                   const SourceOptions& options, std::int32_t readers,
                                                                   SourceRestriction restriction) {
  if (readers < 1)
    return Error(ErrorCode::kInvalidArgument, fmt::format("a source needs at least one reader, not {}", readers));
  return std::unique_ptr<SourceEnumerator>(
      std::make_unique<source::Enumerator>(std::move(client), options, readers, std::move(restriction)));
}

}  // namespace rocketlink
