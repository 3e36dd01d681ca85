#include "mock/ledger.h"

namespace rocketlink::mock {

std::vector<Ledger::Record> Ledger::records(const QueueId& queue) const {
  const std::lock_guard lock(mutex_);
  std::vector<Record> all;
  if (const auto found = records_.find(queue); found != records_.end()) {
    for (const auto& [number, record] : found->second) all.push_back(record);
  }
  return all;
}

std::vector<Ledger::Commit> Ledger::commits(const std::string& group, const QueueId& queue) const {
  const std::lock_guard lock(mutex_);
  const auto found = commits_.find({group, queue});
  return found == commits_.end() ? std::vector<Commit>() : found->second;
}

void Ledger::stored(const QueueId& queue, const MockRecord& record) {
  const std::lock_guard lock(mutex_);
  records_[queue].insert_or_assign(record.number, Record{record, runtime_.now(), {}, false});
}

void Ledger::acknowledged(const QueueId& queue, std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  records_.at(queue).at(number).acknowledged = runtime_.now();
}

void Ledger::lost(const QueueId& queue, const MockRecord& record) {
  const std::lock_guard lock(mutex_);
  records_.at(queue).at(record.number).lost = true;
}

void Ledger::found_again(const QueueId& queue, const MockRecord& record) {
  const std::lock_guard lock(mutex_);
  records_.at(queue).at(record.number).lost = false;
}

void Ledger::committed(const std::string& group, const QueueId& queue, std::int64_t offset) {
  note(group, queue, offset, Commit::By::kClient);
}

void Ledger::set_committed(const std::string& group, const QueueId& queue, std::int64_t offset) {
  note(group, queue, offset, Commit::By::kAdmin);
}

void Ledger::committed_fell_back(const std::string& group, const QueueId& queue, std::optional<std::int64_t> offset) {
  note(group, queue, offset, Commit::By::kDeath);
}

void Ledger::note(const std::string& group, const QueueId& queue, std::optional<std::int64_t> offset, Commit::By by) {
  const std::lock_guard lock(mutex_);
  commits_[{group, queue}].push_back({runtime_.now(), offset, by});
}

}  // namespace rocketlink::mock
