#include "mock/replica.h"

namespace rocketlink::mock {

const Replica::Record& Replica::append(std::uint64_t number, const QueueId& queue, MockMessage message,
                                       std::optional<std::int64_t> store_time) {
  if (message.store_timestamp_ms == 0) message.store_timestamp_ms = store_time.value_or(0);
  auto entry = queues_[queue].append(queue.topic, queue.id, message, number);
  return log_.emplace_back(Record{number, queue, entry->record.offset, entry->span, entry});
}

void Replica::copy(const Record& record) {
  log_.push_back(record);
  if (record.removed) return;
  MockQueue& queue = queues_[record.queue];
  queue.next_offset = record.offset + record.span;
  if (!record.entry) queue.min_offset = std::max(queue.min_offset, queue.next_offset);
}

const Replica::Record& Replica::dispatch_next() {
  const Record& record = log_.at(dispatched_++);
  if (record.removed) return record;
  MockQueue& queue = queues_[record.queue];
  queue.max_offset = record.offset + record.span;
  if (record.entry) queue.entries.insert_or_assign(record.offset, record.entry);
  return record;
}

std::vector<Replica::Record> Replica::truncate(std::size_t end) {
  std::vector<Record> removed;
  while (log_.size() > end) {
    const Record& record = log_.back();
    const auto found = queues_.find(record.queue);
    if (!record.removed && found != queues_.end()) {
      MockQueue& queue = found->second;
      queue.entries.erase(record.offset);
      queue.next_offset = record.offset;
      queue.max_offset = std::min(queue.max_offset, record.offset);
      queue.min_offset = std::min(queue.min_offset, queue.max_offset);
    }
    removed.push_back(record);
    log_.pop_back();
  }
  flushed_ = std::min(flushed_, end);
  dispatched_ = std::min(dispatched_, end);
  return removed;
}

std::size_t Replica::common_with(const Replica& other) const {
  const std::size_t most = std::min(log_.size(), other.log_.size());
  std::size_t same = most;
  while (same > 0 && log_[same - 1].number != other.log_[same - 1].number) --same;
  return same;
}

void Replica::delete_topic(const std::string& topic, bool with_offsets) {
  std::erase_if(queues_, [&](const auto& item) { return item.first.topic == topic; });
  for (Offsets* const offsets : {&committed, &persisted, &reset}) {
    if (with_offsets) std::erase_if(*offsets, [&](const auto& item) { return item.first.second.topic == topic; });
  }
  for (Record& record : log_) {
    if (record.queue.topic == topic) record.removed = true;
  }
}

void Replica::skip_offsets(const QueueId& queue, std::int64_t count) {
  MockQueue& log = queues_.at(queue);
  if (log.max_offset == log.next_offset) log.max_offset += count;
  log.next_offset += count;
}

void Replica::expire_before(const QueueId& queue, std::int64_t min_offset) {
  MockQueue& log = queues_.at(queue);
  log.min_offset = std::max(log.min_offset, min_offset);
  log.max_offset = std::max(log.max_offset, min_offset);
  log.next_offset = std::max(log.next_offset, min_offset);
  log.entries.erase(log.entries.begin(), log.entries.lower_bound(min_offset));
  for (Record& record : log_) {
    if (record.queue == queue && record.offset < min_offset) record.entry.reset();
  }
}

void Replica::cut_off(const QueueId& queue, std::int64_t max_offset) {
  MockQueue& log = queues_.at(queue);
  log.max_offset = log.next_offset = max_offset;
  log.min_offset = std::min(log.min_offset, max_offset);
  log.entries.erase(log.entries.lower_bound(max_offset), log.entries.end());
  for (Record& record : log_) {
    if (record.queue == queue && record.offset >= max_offset) record.removed = true;
  }
}

bool Replica::contains(std::uint64_t number) const {
  const auto found = std::lower_bound(log_.begin(), log_.end(), number, [](const Record& record, std::uint64_t sought) {
    return record.number < sought;
  });
  return found != log_.end() && found->number == number && !found->removed;
}

const MockQueue* Replica::find(const QueueId& queue) const {
  const auto found = queues_.find(queue);
  return found == queues_.end() ? nullptr : &found->second;
}

}  // namespace rocketlink::mock
