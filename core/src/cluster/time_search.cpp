#include "cluster/time_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <span>

#include "cluster/pull.h"
#include "wire/message_set.h"

namespace rocketlink::cluster {

namespace {

constexpr int kMostSteps = 1000;           ///< over messages that cannot be read; then a search gives up
constexpr int kMostResets = 10;            ///< of answers that lead nowhere; then a search gives up
constexpr std::size_t kProbesAtOnce = 32;  ///< each answer may be as large as a message

/// What the answer to a pull says about store times.
struct Glimpse {
  std::optional<std::int64_t> store_time;  ///< of the first message there
  std::optional<std::int64_t> go_on;       ///< nothing that can be read before it
};

Result<Glimpse> read_glimpse(const net::Response& response, std::int64_t offset, std::string_view doing,
                             std::string_view address) {
  const auto answer = read_pull_answer(response.header, offset, doing, address);
  if (!answer) return answer.error();
  Glimpse glimpse;
  switch (answer->status) {
    case PullStatus::kFound: {
      wire::MessageSetDecoder decoder;
      decoder.reset(response.body.bytes, {});
      auto message = decoder.next();
      if (message && *message != nullptr) {
        glimpse.store_time = (*message)->store_timestamp_ms;
        return glimpse;
      }
      if (!message && !message.error().is(ErrorCode::kData)) return std::move(message).error();
      glimpse.go_on = answer->next_offset;  // a damaged message
      break;
    }
    case PullStatus::kAdvance:
    case PullStatus::kNotFound:  // a hole in the index, or the queue's end
    case PullStatus::kTooSmall:  // its beginning was deleted meanwhile
      if (answer->next_offset > offset) glimpse.go_on = answer->next_offset;
      break;
    case PullStatus::kReset:  // said once, whatever was asked
      glimpse.go_on = offset;
      break;
    case PullStatus::kTooBig:
      break;
  }
  return glimpse;
}

std::string reading_time(const QueueId& queue, std::int64_t offset) {
  return fmt::format("reading the store time of {} at {}", to_string(queue), offset);
}

/// Store time of the first readable message in [offset, end); nothing when there is none.
Result<std::optional<std::int64_t>> store_time_at(Cluster& cluster, const std::string& group, const QueueId& queue,
                                                  std::int64_t offset, std::int64_t end, Interrupt& interrupt) {
  for (int steps = 0, resets = 0; offset < end; ++steps) {
    const std::string doing = reading_time(queue, offset);
    if (steps == kMostSteps || resets == kMostResets)
      return Error(ErrorCode::kProtocol, fmt::format("{}: no message after {} pulls", doing, steps), true);
    const auto address = master_to_ask(cluster, queue);
    if (!address) return address.error();
    auto response = cluster.call_blocking({*address, pull_one(group, queue, offset)}, cluster.timing().control,
                                          interrupt, kProbeStream);
    if (!response) return std::move(response).error();
    const auto glimpse = read_glimpse(*response, offset, doing, *address);
    if (!glimpse) return glimpse.error();
    if (glimpse->store_time) return glimpse->store_time;
    if (!glimpse->go_on) break;
    if (*glimpse->go_on == offset) {
      ++resets;
      if (!interrupt.wait_for(cluster.runtime(), cluster.timing().no_progress_pause))
        return Error(ErrorCode::kClosed, "interrupted");
    }
    offset = *glimpse->go_on;
  }
  return std::optional<std::int64_t>();
}

/// Store times never go back within a queue, so halve.
Result<std::int64_t> search_exactly(Cluster& cluster, const std::string& group, const QueueId& queue,
                                    std::int64_t timestamp_ms, std::int64_t low, std::int64_t high,
                                    Interrupt& interrupt) {
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    auto stored = store_time_at(cluster, group, queue, middle, high, interrupt);
    if (!stored) return std::move(stored).error();
    if (!*stored || **stored >= timestamp_ms) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/// A look at one message, which shows whether a found offset is right.
struct Probe {
  std::size_t queue = 0;  ///< index
  std::int64_t offset = 0;
  bool older = false;  ///< than the time that was searched for: what is before the found offset
};

/// All at once, but for proxies, which are asked one thing at a time (docs/protocol.md, Proxies).
std::vector<Result<net::Response>> ask_probes(Cluster& cluster, std::vector<Addressed> requests, Interrupt& interrupt) {
  const bool one_by_one = std::any_of(requests.begin(), requests.end(),
                                      [&](const Addressed& request) { return cluster.is_proxy(request.address); });
  if (!one_by_one) return cluster.call_all(std::move(requests), cluster.timing().control, interrupt, kProbeStream);
  std::vector<Result<net::Response>> answers;
  for (Addressed& request : requests)
    answers.push_back(cluster.call_blocking(std::move(request), cluster.timing().control, interrupt, kProbeStream));
  return answers;
}

/// Which of the probed queues' found offsets are wrong, or not shown to be right.
Result<std::set<std::size_t>> disproved(Cluster& cluster, const std::string& group, const std::vector<QueueId>& queues,
                                        std::int64_t timestamp_ms, std::span<const Probe> probes,
                                        Interrupt& interrupt) {
  std::set<std::size_t> wrong;
  while (!probes.empty()) {
    const auto some = probes.first(std::min(probes.size(), kProbesAtOnce));
    probes = probes.subspan(some.size());
    std::vector<Addressed> requests;
    std::vector<std::string> addresses;
    for (const Probe& probe : some) {
      auto address = master_to_ask(cluster, queues[probe.queue]);
      if (!address) return std::move(address).error();
      requests.push_back({*address, pull_one(group, queues[probe.queue], probe.offset)});
      addresses.push_back(*std::move(address));
    }
    auto answers = ask_probes(cluster, std::move(requests), interrupt);
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (!answers[i]) return std::move(answers[i]).error();
      const Probe& probe = some[i];
      const auto glimpse =
          read_glimpse(*answers[i], probe.offset, reading_time(queues[probe.queue], probe.offset), addresses[i]);
      if (!glimpse) return glimpse.error();
      if (!glimpse->store_time || (*glimpse->store_time < timestamp_ms) != probe.older) wrong.insert(probe.queue);
    }
  }
  return wrong;
}

}  // namespace

Offsets offsets_at(Cluster& cluster, const std::string& group, const std::vector<QueueId>& queues,
                   std::int64_t timestamp_ms, Interrupt& interrupt) {
  auto found = claimed_offsets_at(cluster, queues, timestamp_ms, interrupt);
  if (!found) return found;
  std::vector<std::int64_t>& offsets = *found;
  auto lowest = min_offsets(cluster, queues, interrupt);
  if (!lowest) return lowest;
  auto highest = max_offsets(cluster, queues, interrupt);
  if (!highest) return highest;
  std::vector<Probe> probes;
  std::set<std::size_t> searched;
  for (std::size_t i = 0; i < queues.size(); ++i) {
    const std::int64_t low = (*lowest)[i];
    const std::int64_t high = (*highest)[i];
    if (offsets[i] < low || offsets[i] > high) {
      searched.insert(i);
      continue;
    }
    if (offsets[i] > low) probes.push_back({i, offsets[i] - 1, true});
    if (offsets[i] < high) probes.push_back({i, offsets[i], false});
  }
  auto wrong = disproved(cluster, group, queues, timestamp_ms, probes, interrupt);
  if (!wrong) return std::move(wrong).error();
  searched.merge(*wrong);
  for (const std::size_t i : searched) {
    auto exact = search_exactly(cluster, group, queues[i], timestamp_ms, (*lowest)[i], (*highest)[i], interrupt);
    if (!exact) return std::move(exact).error();
    offsets[i] = *exact;
  }
  return found;
}

}  // namespace rocketlink::cluster
