#include "cluster/offsets.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "cluster/acting_master.h"
#include "cluster/pull.h"
#include "cluster/responses.h"
#include "net/denial.h"
#include "wire/offset_table.h"

namespace rocketlink::cluster {

namespace {

using wire::RequestCode;

constexpr std::int32_t kVersion500 = 413;  ///< since 5.0.0 a broker can say that a group has no offset

net::Request queue_request(RequestCode code, const QueueId& queue) {
  net::Request request;
  request.code = code;
  request.ext.set("topic", queue.topic);
  request.ext.set("queueId", std::int64_t{queue.id});
  request.ext.set("bname", queue.broker);
  return request;
}

bool has_offset(const wire::Header& answer) {
  return answer.code == 0 && answer.ext.find_int("offset");
}

struct Answered {
  std::string address;
  net::Response response;
};

/// One answer per queue that is `fine`, or the first failure. `make` gives the request for queue i.
template <class Make>
Result<std::vector<Answered>> ask(Cluster& cluster, const std::vector<QueueId>& queues, Interrupt& interrupt,
                                  std::string_view doing, bool (*fine)(const wire::Header&), Make&& make) {
  std::vector<Addressed> requests;
  std::vector<std::string> addresses;
  requests.reserve(queues.size());
  addresses.reserve(queues.size());
  for (std::size_t i = 0; i < queues.size(); ++i) {
    auto address = master_to_ask(cluster, queues[i]);
    if (!address) return std::move(address).error();
    requests.push_back({*address, make(i)});
    addresses.push_back(*std::move(address));
  }
  auto answers = cluster.call_all(std::move(requests), cluster.timing().control, interrupt);
  std::vector<Answered> good;
  good.reserve(answers.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i] && fine(answers[i]->header)) {
      good.push_back({std::move(addresses[i]), *std::move(answers[i])});
      continue;
    }
    const std::string what = fmt::format("{} of {}", doing, to_string(queues[i]));
    if (answers[i] && answers[i]->header.code == 0)
      return Error(ErrorCode::kProtocol, fmt::format("{}: the answer of {} has no offset", what, addresses[i]), true);
    if (answers[i]) return refusal(answers[i]->header, what, addresses[i]);
    Error error = std::move(answers[i]).error();
    return net::is_denial(error) ? error : unanswered(std::move(error), what, queues[i].broker);
  }
  return good;
}

template <class Make>
Offsets ask_offset(Cluster& cluster, const std::vector<QueueId>& queues, Interrupt& interrupt, std::string_view doing,
                   Make&& make) {
  auto answers = ask(cluster, queues, interrupt, doing, has_offset, make);
  if (!answers) return std::move(answers).error();
  std::vector<std::int64_t> offsets;
  for (const Answered& answer : *answers) {
    // A BatchCQ queue that is empty begins at -1.
    const std::int64_t offset = answer.response.header.ext.find_int("offset").value_or(0);
    offsets.push_back(std::clamp<std::int64_t>(offset, 0, kHighestOffset));
  }
  return offsets;
}

/// Whether the broker at `address` has an offset of the group, by queue: asked for when it says 0.
Result<std::set<std::int32_t>> really_committed(Cluster& cluster, const std::string& group, const std::string& topic,
                                                const std::string& address, Interrupt& interrupt) {
  net::Request request;
  request.code = RequestCode::kGetAllConsumerOffset;
  auto answer = cluster.call_blocking({address, std::move(request)}, cluster.timing().control, interrupt);
  if (!answer) return std::move(answer).error();
  if (answer->header.code != 0) return refusal(answer->header, "asking for the offsets of all groups", address);
  return wire::queues_with_offset(answer->body.bytes, cluster.on_wire(topic), cluster.on_wire(group));
}

/// Before 5.0 a broker says 0 for "none" where the queue still begins there: the table of all groups' offsets tells.
Status tell_zero_from_none(Cluster& cluster, const std::string& group, const std::vector<QueueId>& queues,
                           const std::vector<std::size_t>& doubtful, std::vector<std::optional<std::int64_t>>& offsets,
                           Interrupt& interrupt) {
  std::map<std::string, Result<std::set<std::int32_t>>> by_address;
  for (const std::size_t i : doubtful) {
    const auto address = master_to_ask(cluster, queues[i]);
    if (!address) return address.error();
    auto known = by_address.find(*address);
    if (known == by_address.end()) {
      auto committed = really_committed(cluster, group, queues[i].topic, *address, interrupt);
      if (!committed && (committed.error().retriable || committed.error().is(ErrorCode::kClosed)))
        return std::move(committed).error();
      if (!committed) {
        cluster.repeated().write(
            LogLevel::kWarning, fmt::format("zero or none {} {}", group, *address),
            fmt::format("whether group '{}' has committed offset 0 or none cannot be told: {}; taken for 0", group,
                        committed.error().text));
      }
      known = by_address.emplace(*address, std::move(committed)).first;
    }
    if (known->second && !known->second->contains(queues[i].id)) offsets[i].reset();
  }
  return {};
}

}  // namespace

Result<std::string> master_to_ask(const Cluster& cluster, const QueueId& queue) {
  if (auto address = cluster.master_address(queue)) return *std::move(address);
  return Error(ErrorCode::kDisconnected,
               fmt::format("the master of queue {} is not in the route (down?); where to begin and end is not asked of "
                           "a slave, which may be behind",
                           to_string(queue)),
               true);
}

Offsets max_offsets(Cluster& cluster, const std::vector<QueueId>& queues, Interrupt& interrupt) {
  return ask_offset(cluster, queues, interrupt, "asking for the max offset",
                    [&](std::size_t i) { return max_offset_request(queues[i]); });
}

Offsets min_offsets(Cluster& cluster, const std::vector<QueueId>& queues, Interrupt& interrupt) {
  return ask_offset(cluster, queues, interrupt, "asking for the min offset",
                    [&](std::size_t i) { return queue_request(RequestCode::kGetMinOffset, queues[i]); });
}

Offsets claimed_offsets_at(Cluster& cluster, const std::vector<QueueId>& queues, std::int64_t timestamp_ms,
                           Interrupt& interrupt) {
  return ask_offset(cluster, queues, interrupt, "searching by time", [&](std::size_t i) {
    net::Request request = queue_request(RequestCode::kSearchOffsetByTimestamp, queues[i]);
    request.ext.set("timestamp", timestamp_ms);
    request.ext.set("boundaryType", std::string_view("lower"));
    return request;
  });
}

Result<std::vector<std::optional<std::int64_t>>> committed_offsets(Cluster& cluster, const std::string& group,
                                                                   const std::vector<QueueId>& queues,
                                                                   bool zero_matters, Interrupt& interrupt) {
  auto answers = ask(cluster, queues, interrupt, "asking for the committed offset", tells_committed_offset,
                     [&](std::size_t i) { return committed_request(group, queues[i]); });
  if (!answers) return std::move(answers).error();
  std::vector<std::optional<std::int64_t>> offsets;
  offsets.reserve(queues.size());
  std::vector<std::size_t> doubtful;
  for (const Answered& answer : *answers) {
    const auto offset = committed_offset(answer.response.header);
    if (zero_matters && offset == 0 && answer.response.header.version < kVersion500) doubtful.push_back(offsets.size());
    offsets.push_back(offset);
  }
  if (auto told = tell_zero_from_none(cluster, group, queues, doubtful, offsets, interrupt); !told)
    return std::move(told).error();
  std::vector<AskedOf> denied;
  for (std::size_t i = 0; i < queues.size(); ++i) {
    if (!offsets[i]) denied.push_back({queues[i], (*answers)[i].address});
  }
  if (auto trusted = demand_masters(cluster, denied, interrupt); !trusted) return std::move(trusted).error();
  return offsets;
}

net::Request max_offset_request(const QueueId& queue) {
  return queue_request(RequestCode::kGetMaxOffset, queue);
}

net::Request committed_request(const std::string& group, const QueueId& queue) {
  net::Request request = queue_request(RequestCode::kQueryConsumerOffset, queue);
  request.ext.set("consumerGroup", group);
  request.ext.set("setZeroIfNotFound", false);
  return request;
}

bool tells_committed_offset(const wire::Header& answer) {
  return has_offset(answer) || answer.code == wire::ResponseCode::kQueryNotFound;
}

std::optional<std::int64_t> committed_offset(const wire::Header& answer) {
  auto offset = answer.code == 0 ? answer.ext.find_int("offset") : std::nullopt;
  if (offset && *offset < 0) offset.reset();  // says "none", not "from the beginning"
  return offset;
}

net::Request commit_request(const std::string& group, const QueueId& queue, std::int64_t offset) {
  net::Request request = queue_request(RequestCode::kUpdateConsumerOffset, queue);
  request.ext.set("consumerGroup", group);
  request.ext.set("commitOffset", offset);
  return request;
}

}  // namespace rocketlink::cluster
