#include "mock/ledger.h"

namespace rocketlink::mock {

void Ledger::appended(const QueueId& queue, LedgerRecord record) {
  std::vector<LedgerRecord>& records = records_[queue];
  if (!record.acknowledged) places_.emplace(record.number, Place{queue, records.size()});
  records.push_back(std::move(record));
}

void Ledger::acknowledged(std::uint64_t number, SteadyTime time) {
  const auto found = places_.find(number);
  if (found == places_.end()) return;
  records_.at(found->second.queue).at(found->second.index).acknowledged = time;
  places_.erase(found);
}

std::vector<LedgerRecord> Ledger::records(const QueueId& queue, std::size_t first) const {
  const auto found = records_.find(queue);
  if (found == records_.end() || first >= found->second.size()) return {};
  return {found->second.begin() + static_cast<std::ptrdiff_t>(first), found->second.end()};
}

std::vector<LedgerCommit> Ledger::commits(const Group& group) const {
  const auto found = commits_.find(group);
  return found == commits_.end() ? std::vector<LedgerCommit>() : found->second;
}

std::vector<QueueId> Ledger::queues() const {
  std::vector<QueueId> all;
  for (const auto& [queue, records] : records_) all.push_back(queue);
  return all;
}

}  // namespace rocketlink::mock
