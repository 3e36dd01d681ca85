#include "cluster/offsets.h"

#include <fmt/format.h>

#include "cluster/pull.h"
#include "cluster/responses.h"
#include "wire/message_set.h"

namespace rocketlink::cluster {

namespace {

using wire::RequestCode;

constexpr std::int32_t kVersion510 = 433;  ///< since 5.1.0 a search by time takes a boundary and is exact

net::Request queue_request(RequestCode code, const QueueId& queue) {
  net::Request request;
  request.code = code;
  request.ext.set("topic", queue.topic);
  request.ext.set("queueId", std::int64_t{queue.id});
  request.ext.set("bname", queue.broker);
  return request;
}

Error no_broker(const QueueId& queue) {
  return {ErrorCode::kDisconnected, fmt::format("the broker of queue {} is not in the route (down?)", to_string(queue)),
          true};
}

/// One answer per queue, or the first failure. `make` gives the request for queue i.
template <class Make>
Result<std::vector<net::Response>> ask(Cluster& cluster, const std::vector<QueueId>& queues, Interrupt& interrupt,
                                       std::string_view doing, std::int32_t also_fine, Make&& make) {
  std::vector<Addressed> requests;
  requests.reserve(queues.size());
  for (std::size_t i = 0; i < queues.size(); ++i) {
    const auto address = cluster.read_address(queues[i], 0);
    if (!address) return no_broker(queues[i]);
    requests.push_back({*address, make(i)});
  }
  std::vector<std::string> addresses;
  addresses.reserve(requests.size());
  for (const Addressed& request : requests) addresses.push_back(request.address);
  auto answers = cluster.call_all(std::move(requests), cluster.timing().control, interrupt);
  std::vector<net::Response> good;
  good.reserve(answers.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i]) return std::move(answers[i]).error();
    const std::int32_t code = answers[i]->header.code;
    if (code != 0 && code != also_fine) {
      return refusal(answers[i]->header, fmt::format("{} of {}", doing, to_string(queues[i])), addresses[i]);
    }
    good.push_back(*std::move(answers[i]));
  }
  return good;
}

Offsets ask_offset(Cluster& cluster, const std::vector<QueueId>& queues, Interrupt& interrupt, std::string_view doing,
                   RequestCode code) {
  auto answers =
      ask(cluster, queues, interrupt, doing, 0, [&](std::size_t i) { return queue_request(code, queues[i]); });
  if (!answers) return std::move(answers).error();
  std::vector<std::int64_t> offsets;
  for (std::size_t i = 0; i < answers->size(); ++i) {
    const auto offset = (*answers)[i].header.ext.find_int("offset");
    if (!offset)
      return Error(ErrorCode::kProtocol,
                   fmt::format("{} of {}: the answer has no offset", doing, to_string(queues[i])));
    offsets.push_back(*offset);
  }
  return offsets;
}

/// Store time of the first readable message at or after `offset`; nothing when there is none.
Result<std::optional<std::int64_t>> store_time_at(Cluster& cluster, const std::string& group, const QueueId& queue,
                                                  std::int64_t offset, Interrupt& interrupt) {
  while (true) {
    const auto address = cluster.read_address(queue, 0);
    if (!address) return no_broker(queue);
    PullRequest pull;
    pull.queue = &queue;
    pull.group = group;
    pull.offset = offset;
    pull.max_messages = 1;
    const std::string doing = fmt::format("reading the store time of {} at {}", to_string(queue), offset);
    auto response = cluster.call_blocking({*address, make_pull(pull)}, cluster.timing().control, interrupt);
    if (!response) return std::move(response).error();
    const auto answer = read_pull_answer(response->header, offset, doing, *address);
    if (!answer) return answer.error();
    if (answer->status == PullStatus::kFound) {
      wire::MessageSetDecoder decoder;
      decoder.reset(response->body.bytes, {});
      auto message = decoder.next();
      if (message && *message != nullptr) return std::optional<std::int64_t>((*message)->store_timestamp_ms);
      if (!message && !message.error().is(ErrorCode::kData)) return std::move(message).error();
    } else if (answer->status == PullStatus::kNotFound || answer->status == PullStatus::kTooBig ||
               answer->next_offset <= offset) {
      return std::optional<std::int64_t>();
    }
    offset = answer->next_offset;  // a damaged message, a hole, or the queue's beginning was deleted meanwhile
  }
}

/// Brokers before 5.1 answer a search by time with some message near it; store times never go back within a queue, so
/// halve.
Result<std::int64_t> search_exactly(Cluster& cluster, const std::string& group, const QueueId& queue,
                                    std::int64_t timestamp_ms, std::int64_t low, std::int64_t high,
                                    Interrupt& interrupt) {
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    auto stored = store_time_at(cluster, group, queue, middle, interrupt);
    if (!stored) return std::move(stored).error();
    if (!*stored || **stored >= timestamp_ms) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace

Offsets max_offsets(Cluster& cluster, const std::vector<QueueId>& queues, Interrupt& interrupt) {
  return ask_offset(cluster, queues, interrupt, "asking for the max offset", RequestCode::kGetMaxOffset);
}

Offsets min_offsets(Cluster& cluster, const std::vector<QueueId>& queues, Interrupt& interrupt) {
  return ask_offset(cluster, queues, interrupt, "asking for the min offset", RequestCode::kGetMinOffset);
}

Offsets offsets_at(Cluster& cluster, const std::string& group, const std::vector<QueueId>& queues,
                   std::int64_t timestamp_ms, Interrupt& interrupt) {
  auto answers = ask(cluster, queues, interrupt, "searching by time", 0, [&](std::size_t i) {
    net::Request request = queue_request(RequestCode::kSearchOffsetByTimestamp, queues[i]);
    request.ext.set("timestamp", timestamp_ms);
    request.ext.set("boundaryType", std::string_view("lower"));
    return request;
  });
  if (!answers) return std::move(answers).error();
  std::vector<std::int64_t> offsets(queues.size());
  std::optional<std::vector<std::int64_t>> lowest;
  std::optional<std::vector<std::int64_t>> highest;
  for (std::size_t i = 0; i < queues.size(); ++i) {
    const wire::Header& header = (*answers)[i].header;
    if (header.version >= kVersion510) {
      const auto offset = header.ext.find_int("offset");
      if (!offset)
        return Error(ErrorCode::kProtocol,
                     fmt::format("searching {} by time: the answer has no offset", to_string(queues[i])));
      offsets[i] = *offset;
      continue;
    }
    if (!lowest) {
      auto low = min_offsets(cluster, queues, interrupt);
      if (!low) return std::move(low).error();
      auto high = max_offsets(cluster, queues, interrupt);
      if (!high) return std::move(high).error();
      lowest = *std::move(low);
      highest = *std::move(high);
    }
    auto exact = search_exactly(cluster, group, queues[i], timestamp_ms, (*lowest)[i], (*highest)[i], interrupt);
    if (!exact) return std::move(exact).error();
    offsets[i] = *exact;
  }
  return offsets;
}

Result<std::vector<std::optional<std::int64_t>>> committed_offsets(Cluster& cluster, const std::string& group,
                                                                   const std::vector<QueueId>& queues,
                                                                   Interrupt& interrupt) {
  const auto not_found = static_cast<std::int32_t>(wire::ResponseCode::kQueryNotFound);
  auto answers = ask(cluster, queues, interrupt, "asking for the committed offset", not_found, [&](std::size_t i) {
    net::Request request = queue_request(RequestCode::kQueryConsumerOffset, queues[i]);
    request.ext.set("consumerGroup", group);
    request.ext.set("setZeroIfNotFound", false);
    return request;
  });
  if (!answers) return std::move(answers).error();
  std::vector<std::optional<std::int64_t>> offsets;
  offsets.reserve(queues.size());
  for (const net::Response& answer : *answers) {
    auto offset = answer.header.code == not_found ? std::nullopt : answer.header.ext.find_int("offset");
    if (offset && *offset < 0) offset.reset();  // says "none", not "from the beginning"
    offsets.push_back(offset);
  }
  return offsets;
}

net::Request commit_request(const std::string& group, const QueueId& queue, std::int64_t offset) {
  net::Request request = queue_request(RequestCode::kUpdateConsumerOffset, queue);
  request.ext.set("consumerGroup", group);
  request.ext.set("commitOffset", offset);
  return request;
}

}  // namespace rocketlink::cluster
