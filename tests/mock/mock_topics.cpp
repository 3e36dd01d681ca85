#include "mock/mock_cluster.h"
#include "mock/mock_process.h"
#include "mock/observer.h"

/// What tests set up and look at: topics, messages, offsets.
namespace rocketlink::mock {

void MockCluster::create_topic(const std::string& topic, std::int32_t queues, const std::vector<std::string>& brokers) {
  on_loop([&] {
    for (const std::string& broker : brokers.empty() ? brokers_ : brokers)
      make_topic(topic, broker, {queues, queues, 6});
  });
}

void MockCluster::make_topic(const std::string& topic, const std::string& broker, MockTopic::OnBroker queues) {
  topics_[topic].brokers[broker] = queues;
  for (MockProcess* const member : group_of(broker)) {
    for (std::int32_t id = 0; id < std::max(queues.read_queues, queues.write_queues); ++id)
      member->replica.create_queue({topic, broker, id});
  }
  topic_changed(topic, broker);
}

void MockCluster::topic_changed(const std::string& topic, const std::string& broker) {
  tell_name_servers(master_of(broker), topic);
}

void MockCluster::create_static_topic(const std::string& topic, const std::vector<std::string>& hosts,
                                      std::int64_t offset_delta) {
  on_loop([&] {
    MockTopic& created = topics_[topic];
    created.static_hosts = hosts;
    for (std::size_t i = 0; i < hosts.size(); ++i) {
      const auto id = static_cast<std::int32_t>(i);
      created.brokers[hosts[i]] = {1, 1, 6};
      MockQueue queue;
      queue.min_offset = queue.max_offset = queue.next_offset = queue.offset_delta = offset_delta;
      queue.physical_id = id + 10;
      for (MockProcess* const member : group_of(hosts[i]))
        member->replica.create_queue({topic, std::string(kStaticBroker), id}, queue);
      topic_changed(topic, hosts[i]);
    }
  });
}

void MockCluster::add_queues(const std::string& topic, const std::string& broker, std::int32_t more) {
  on_loop([&] {
    const MockTopic::OnBroker on = topics_.at(topic).brokers.at(broker);
    set_queues(topic, broker, on.read_queues + more, on.write_queues + more);
  });
}

std::vector<QueueId> MockCluster::queues_of(const std::string& topic) const {
  std::vector<QueueId> queues;
  on_loop([&] {
    for (const std::string& broker : brokers_) {
      for (const auto& [queue, log] : master_of(broker).replica.queues()) {
        if (queue.topic == topic) queues.push_back(queue);
      }
    }
  });
  return queues;
}

void MockCluster::delete_topic(const std::string& topic) {
  on_loop([&] {
    for (const std::string& broker : brokers_) remove_topic(master_of(broker), topic);
    topics_.erase(topic);
    for (MockProcess* const name_server : name_servers()) name_server->routes.remove_topic(topic);
  });
}

void MockCluster::remove_topic(MockProcess& master, const std::string& topic) {
  const auto found = topics_.find(topic);
  if (found != topics_.end()) found->second.brokers.erase(master.broker);
  if (found != topics_.end() && found->second.brokers.empty()) topics_.erase(found);
  for (MockProcess* const member : group_of(master.broker)) member->replica.delete_topic(topic, is_5());
}

void MockCluster::set_queues(const std::string& topic, const std::string& broker, std::int32_t read,
                             std::int32_t write) {
  on_loop([&] {
    const std::int32_t perm = topics_.at(topic).brokers.at(broker).perm;
    make_topic(topic, broker, {read, write, perm});
  });
}

void MockCluster::set_permission(const std::string& topic, const std::string& broker, std::int32_t perm) {
  on_loop([&] {
    topics_.at(topic).brokers.at(broker).perm = perm;
    topic_changed(topic, broker);
  });
}

void MockCluster::set_order_conf(const std::string& topic, const std::string& conf) {
  on_loop([&] { topics_.at(topic).order_conf = conf; });
}

void MockCluster::set_route_body(const std::string& topic, std::optional<std::string> body) {
  on_loop([&] {
    if (body) {
      route_bodies_[topic] = *std::move(body);
    } else {
      route_bodies_.erase(topic);
    }
  });
}

std::int64_t MockCluster::append(const QueueId& queue, const MockMessage& message) {
  std::int64_t offset = 0;
  on_loop([&] {
    MockProcess& master = master_of(queue);
    offset = master.replica.queues().at(queue).next_offset;
    append_to(master, queue, {message});
  });
  return offset;
}

void MockCluster::append_many(const QueueId& queue, std::int64_t count, const std::string& prefix) {
  on_loop([&] {
    MockProcess& master = master_of(queue);
    std::vector<MockMessage> messages(static_cast<std::size_t>(count));
    std::int64_t offset = master.replica.queues().at(queue).next_offset;
    for (MockMessage& message : messages) message.body = prefix + std::to_string(offset++);
    append_to(master, queue, messages);
  });
}

void MockCluster::change_queue(const QueueId& queue, const std::function<void(Replica&)>& change) {
  on_loop([&] {
    for (MockProcess* const member : group_of(master_of(queue).broker)) change(member->replica);
  });
}

void MockCluster::skip_offsets(const QueueId& queue, std::int64_t count) {
  change_queue(queue, [&](Replica& replica) { replica.skip_offsets(queue, count); });
}

std::size_t MockCluster::expire_before(const QueueId& queue, std::int64_t min_offset) {
  const auto there = [&] {
    std::size_t count = 0;
    on_loop([&] { count = master_of(queue).replica.queues().at(queue).entries.size(); });
    return count;
  };
  const std::size_t before = there();
  change_queue(queue, [&](Replica& replica) { replica.expire_before(queue, min_offset); });
  return before - there();
}

void MockCluster::cut_off(const QueueId& queue, std::int64_t max_offset) {
  change_queue(queue, [&](Replica& replica) { replica.cut_off(queue, max_offset); });
}

std::vector<MockRecord> MockCluster::records(const QueueId& queue) const {
  std::vector<MockRecord> all;
  on_loop([&] {
    for (const auto& [offset, entry] : master_of(queue).replica.queues().at(queue).entries)
      all.push_back(entry->record);
  });
  return all;
}

std::int64_t MockCluster::max_offset(const QueueId& queue) const {
  std::int64_t offset = 0;
  on_loop([&] { offset = master_of(queue).replica.queues().at(queue).max_offset; });
  return offset;
}

std::int64_t MockCluster::next_offset(const QueueId& queue) const {
  std::int64_t offset = 0;
  on_loop([&] { offset = master_of(queue).replica.queues().at(queue).next_offset; });
  return offset;
}

void MockCluster::set_committed(const std::string& group, const QueueId& queue, std::int64_t offset) {
  on_loop([&] {
    MockProcess& master = master_of(queue);
    master.replica.groups.insert(group);
    commit(master, group, queue, offset);
    if (setup_.observer != nullptr) setup_.observer->set_committed(group, queue, offset);
  });
}

std::optional<std::int64_t> MockCluster::committed(const std::string& group, const QueueId& queue) const {
  std::optional<std::int64_t> offset;
  on_loop([&] {
    const Replica::Offsets& offsets = master_of(queue).replica.committed;
    const auto found = offsets.find({group, queue});
    if (found != offsets.end()) offset = found->second;
  });
  return offset;
}

void MockCluster::reset_offset(const std::string& group, const QueueId& queue, std::int64_t offset) {
  on_loop([&] { reset_at(master_of(queue), group, queue, offset); });
}

void MockCluster::reset_at(MockProcess& master, const std::string& group, const QueueId& queue, std::int64_t offset) {
  master.replica.groups.insert(group);
  if (is_5()) master.replica.reset[{group, queue}] = offset;
  commit(master, group, queue, offset);
  if (setup_.observer != nullptr) setup_.observer->set_committed(group, queue, offset);
}

void MockCluster::set_limits(PullLimits limits) {
  on_loop([&] { limits_ = limits; });
}

void MockCluster::set_filter_check(std::int32_t code, std::string remark) {
  on_loop([&] { filter_check_ = {code, std::move(remark)}; });
}

}  // namespace rocketlink::mock
