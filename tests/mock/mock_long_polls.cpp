#include <algorithm>

#include "mock/mock_cluster.h"
#include "mock/mock_process.h"

/// Pulls that wait at a broker for messages (PullRequestHoldService).
namespace rocketlink::mock {

namespace {

/// A topic that is made anew begins before what pulls of the old one wait for.
bool is_there(const MockProcess& at, const ParkedPull& parked) {
  const MockQueue* const queue = at.replica.find(parked.queue);
  return queue != nullptr && queue->max_offset > parked.offset;
}

}  // namespace

void MockCluster::park(MockProcess& at, const Call& call, const QueueId& queue, PullFilter filter) {
  const Milliseconds asked(call->request.header.ext.find_int("suspendTimeoutMillis").value_or(0));
  const Milliseconds suspend = std::min(asked, setup_.longest_suspend);
  const std::uint64_t id = next_waiting_++;
  const std::int64_t offset = call->request.header.ext.find_int("queueOffset").value_or(0);
  at.parked.push_back({call, queue, offset, std::move(filter), runtime_.now() + suspend, id});
  if (!setup_.hold_check) schedule_->after(suspend, [this, &at, id] { end_park(at, id); });
}

void MockCluster::arrived(MockProcess& at, const QueueId& queue, const std::shared_ptr<const MockEntry>& entry) {
  if (at.parked.empty() || random_.chance(at.missed_arrivals)) return;
  if (!is_5() && at.is_slave()) return;  // found at the next check
  std::vector<std::uint64_t> woken;
  for (const ParkedPull& parked : at.parked) {
    const bool matches = parked.queue == queue && (!entry || parked.filter.passes(*entry));
    if (matches && is_there(at, parked)) woken.push_back(parked.id);
  }
  if (woken.empty()) return;
  loop_->post([this, &at, woken] {
    for (const std::uint64_t id : woken) end_park(at, id);
  });
}

void MockCluster::end_park(MockProcess& at, std::uint64_t id) {
  const auto found =
      std::find_if(at.parked.begin(), at.parked.end(), [&](const ParkedPull& one) { return one.id == id; });
  if (found == at.parked.end()) return;
  const Call call = std::move(found->call);
  at.parked.erase(found);
  at.stage(Step::kPull).push([this, &at, call] { respond(call, execute(at, call, false)); });
}

void MockCluster::check_parked(MockProcess& at) {
  std::vector<std::uint64_t> ended;
  for (const ParkedPull& parked : at.parked) {
    if (is_there(at, parked) || runtime_.now() >= parked.deadline) ended.push_back(parked.id);
  }
  for (const std::uint64_t id : ended) end_park(at, id);
}

}  // namespace rocketlink::mock
