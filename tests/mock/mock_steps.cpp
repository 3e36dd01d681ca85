#include <algorithm>

#include "mock/mock_cluster.h"
#include "mock/mock_process.h"
#include "mock/observer.h"

/// How a message goes through a broker: appended, flushed, dispatched, replicated, acknowledged.
namespace rocketlink::mock {

std::vector<std::uint64_t> MockCluster::append_to(MockProcess& master, const QueueId& queue,
                                                  const std::vector<MockMessage>& messages) {
  std::vector<std::uint64_t> numbers;
  std::optional<std::int64_t> store_time;  // the same for all that come together
  if (setup_.clock_timestamps) store_time = runtime_.wall_clock_ms() + master.clock_skew.count();
  for (const MockMessage& message : messages) {
    const Replica::Record& record = master.replica.append(next_append_++, queue, message, store_time);
    numbers.push_back(record.number);
    if (setup_.observer != nullptr) setup_.observer->stored(queue, record.entry->record);
    log_grew(master);
  }
  return numbers;
}

void MockCluster::log_grew(MockProcess& broker) {
  const std::size_t end = broker.replica.log().size();
  broker.stage(Step::kFlush).push([this, &broker, end] { flushed(broker, end); });
  if (!setup_.sync_flush || !is_5())
    broker.stage(Step::kDispatch).push([this, &broker, end] { dispatch(broker, end); });
  if (broker.is_slave()) return;
  for (MockProcess* const member : group_of(broker.broker)) {
    if (member->is_slave()) member->stage(Step::kReplicate).push([this, member] { copy_next(*member); });
  }
}

void MockCluster::flushed(MockProcess& broker, std::size_t end) {
  broker.replica.flush(end);
  if (setup_.sync_flush && is_5()) broker.stage(Step::kDispatch).push([this, &broker, end] { dispatch(broker, end); });
  check_pending(broker);
}

void MockCluster::dispatch(MockProcess& broker, std::size_t end) {
  Replica& replica = broker.replica;
  while (replica.dispatched() < std::min(end, replica.log().size())) {
    const Replica::Record& record = replica.dispatch_next();
    if (!record.removed) arrived(broker, record.queue, record.entry);
  }
}

// ---- slaves

void MockCluster::follow_master(MockProcess& slave) {
  const MockProcess& master = master_of(slave.broker);
  if (!slave.running || !master.running || &master == &slave) return;
  const std::size_t common = slave.replica.common_with(master.replica);
  slave.replica.truncate(common);
  slave.stage(Step::kReplicate).clear();
  for (std::size_t i = common; i < master.replica.log().size(); ++i)
    slave.stage(Step::kReplicate).push([this, &slave] { copy_next(slave); });
}

void MockCluster::copy_next(MockProcess& slave) {
  MockProcess& master = master_of(slave.broker);
  const std::size_t next = slave.replica.log().size();
  if (&master == &slave || !slave.running || master.paused || next >= master.replica.log().size()) return;
  slave.replica.copy(master.replica.log()[next]);
  log_grew(slave);
  check_pending(master);
}

void MockCluster::sync_slave(MockProcess& slave) {
  const MockProcess& master = master_of(slave.broker);
  if (&master == &slave || !master.is_working()) return;
  slave.replica.topics.clear();
  for (const auto& [name, topic] : topics_) {
    if (topic.brokers.contains(slave.broker)) slave.replica.topics.insert(name);
  }
  slave.replica.groups = master.replica.groups;
  if (!setup_.slave_offsets) return;
  for (const auto& [group, offset] : master.replica.committed) slave.replica.committed[group] = offset;
  slave.replica.persisted = slave.replica.committed;
}

// ---- acknowledgements

void MockCluster::acknowledge(MockProcess& master, PendingSend send) {
  const auto group = group_of(master.broker);
  const bool has_slave = std::any_of(group.begin(), group.end(),
                                     [](const MockProcess* member) { return member->is_slave() && member->running; });
  send.end = master.replica.log().size();
  send.wants_flush = setup_.sync_flush;
  send.wants_slave = setup_.sync_replication;
  if (send.wants_slave && !has_slave && !is_5()) {  // 5.x waits for one all the same
    send.wants_slave = false;
    send.reply.code = static_cast<std::int32_t>(wire::ResponseCode::kSlaveNotAvailable);
  }
  const std::uint64_t id = next_waiting_++;
  const PendingSend& waiting = master.pending.emplace(id, std::move(send)).first->second;
  if (waiting.wants_flush) give_up_later(master, id, setup_.flush_timeout, wire::ResponseCode::kFlushDiskTimeout);
  if (waiting.wants_slave) give_up_later(master, id, setup_.slave_timeout, wire::ResponseCode::kFlushSlaveTimeout);
  check_pending(master);
}

void MockCluster::give_up_later(MockProcess& master, std::uint64_t id, Milliseconds timeout, wire::ResponseCode code) {
  schedule_->after(timeout, [this, &master, id, code] {
    const auto found = master.pending.find(id);
    if (found == master.pending.end()) return;
    bool& wanted =
        code == wire::ResponseCode::kFlushDiskTimeout ? found->second.wants_flush : found->second.wants_slave;
    if (wanted) found->second.reply.code = static_cast<std::int32_t>(code);
    wanted = false;
    check_pending(master);
  });
}

void MockCluster::check_pending(MockProcess& master) {
  std::size_t copied = 0;  // to the slave that has most
  for (const MockProcess* const member : group_of(master.broker)) {
    if (member != &master && member->running) copied = std::max(copied, member->replica.log().size());
  }
  std::vector<PendingSend> done;
  for (auto at = master.pending.begin(); at != master.pending.end();) {
    PendingSend& send = at->second;
    if (send.end <= master.replica.flushed()) send.wants_flush = false;
    if (send.end <= copied) send.wants_slave = false;
    if (send.wants_flush || send.wants_slave) {
      ++at;
    } else {
      done.push_back(std::move(send));
      at = master.pending.erase(at);
    }
  }
  for (PendingSend& send : done) {
    for (const std::uint64_t number : send.numbers) {
      if (setup_.observer == nullptr) break;
      if (send.reply.code == 0) {
        setup_.observer->acknowledged(send.queue, number);
      } else {
        setup_.observer->degraded(send.queue, number);
      }
    }
    respond(send.call, std::move(send.reply));
  }
}

void MockCluster::commit(MockProcess& at, const std::string& group, const QueueId& queue, std::int64_t offset) {
  const auto keep = [&](Replica& replica) {
    replica.committed[{group, queue}] = offset;
    if (!setup_.persist_offsets_every) replica.persisted[{group, queue}] = offset;
  };
  if (setup_.sync_slaves_every || !setup_.slave_offsets) {
    keep(at.replica);
  } else {
    for (MockProcess* const member : group_of(at.broker)) keep(member->replica);
  }
}

}  // namespace rocketlink::mock
