#include "mock/mock_cluster.h"

/// What tests set up and look at: topics, messages, offsets.
namespace rocketlink::mock {

void MockCluster::create_topic(const std::string& topic, std::int32_t queues, const std::vector<std::string>& brokers) {
  const std::lock_guard lock(mutex_);
  create_topic_locked(topic, queues, brokers);
}

void MockCluster::create_topic_locked(const std::string& topic, std::int32_t queues,
                                      const std::vector<std::string>& brokers) {
  for (const std::string& broker : brokers.empty() ? setup_.brokers : brokers) {
    store_.topics[topic].brokers[broker] = {queues, queues, 6};
    for (std::int32_t id = 0; id < queues; ++id) store_.queues[{topic, broker, id}];
  }
}

void MockCluster::create_static_topic(const std::string& topic, const std::vector<std::string>& hosts,
                                      std::int64_t offset_delta) {
  const std::lock_guard lock(mutex_);
  MockTopic& created = store_.topics[topic];
  created.static_hosts = hosts;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const auto id = static_cast<std::int32_t>(i);
    created.brokers[hosts[i]] = {1, 1, 6};
    MockQueue& queue = store_.queues[{topic, std::string(kStaticBroker), id}];
    queue.min_offset = queue.max_offset = queue.offset_delta = offset_delta;
    queue.physical_id = id + 10;
  }
}

void MockCluster::add_queues(const std::string& topic, const std::string& broker, std::int32_t more) {
  const std::lock_guard lock(mutex_);
  MockTopic::OnBroker& on = store_.topics.at(topic).brokers.at(broker);
  on.read_queues += more;
  on.write_queues += more;
  for (std::int32_t id = 0; id < on.read_queues; ++id) store_.queues[{topic, broker, id}];
}

std::vector<QueueId> MockCluster::queues_of(const std::string& topic) const {
  const std::lock_guard lock(mutex_);
  std::vector<QueueId> queues;
  for (const auto& [queue, log] : store_.queues) {
    if (queue.topic == topic) queues.push_back(queue);
  }
  return queues;
}

void MockCluster::delete_topic(const std::string& topic) {
  const std::lock_guard lock(mutex_);
  store_.topics.erase(topic);
  std::erase_if(store_.queues, [&](const auto& entry) { return entry.first.topic == topic; });
}

void MockCluster::set_permission(const std::string& topic, const std::string& broker, std::int32_t perm) {
  const std::lock_guard lock(mutex_);
  store_.topics.at(topic).brokers.at(broker).perm = perm;
}

void MockCluster::set_order_conf(const std::string& topic, const std::string& conf) {
  const std::lock_guard lock(mutex_);
  store_.topics.at(topic).order_conf = conf;
}

void MockCluster::set_route_body(const std::string& topic, std::optional<std::string> body) {
  const std::lock_guard lock(mutex_);
  if (body) {
    route_bodies_[topic] = *std::move(body);
  } else {
    route_bodies_.erase(topic);
  }
}

std::int64_t MockCluster::append(const QueueId& queue, const MockMessage& message) {
  std::int64_t offset = 0;
  {
    const std::lock_guard lock(mutex_);
    offset = store_.queues.at(queue).append(queue.topic, queue.id, message);
  }
  wake_parked(queue);
  return offset;
}

void MockCluster::append_many(const QueueId& queue, std::int64_t count, const std::string& prefix) {
  {
    const std::lock_guard lock(mutex_);
    MockQueue& log = store_.queues.at(queue);
    for (std::int64_t i = 0; i < count; ++i) {
      MockMessage message;
      message.body = prefix + std::to_string(log.max_offset);
      (void)log.append(queue.topic, queue.id, message);
    }
  }
  wake_parked(queue);
}

void MockCluster::skip_offsets(const QueueId& queue, std::int64_t count) {
  const std::lock_guard lock(mutex_);
  store_.queues.at(queue).max_offset += count;
}

void MockCluster::expire_before(const QueueId& queue, std::int64_t min_offset) {
  const std::lock_guard lock(mutex_);
  MockQueue& log = store_.queues.at(queue);
  log.min_offset = min_offset;
  log.max_offset = std::max(log.max_offset, min_offset);
  log.entries.erase(log.entries.begin(), log.entries.lower_bound(min_offset));
}

void MockCluster::cut_off(const QueueId& queue, std::int64_t max_offset) {
  const std::lock_guard lock(mutex_);
  MockQueue& log = store_.queues.at(queue);
  log.max_offset = max_offset;
  log.min_offset = std::min(log.min_offset, max_offset);
  log.entries.erase(log.entries.lower_bound(max_offset), log.entries.end());
}

std::vector<MockRecord> MockCluster::records(const QueueId& queue) const {
  const std::lock_guard lock(mutex_);
  std::vector<MockRecord> all;
  for (const auto& [offset, entry] : store_.queues.at(queue).entries) all.push_back(entry.record);
  return all;
}

std::int64_t MockCluster::max_offset(const QueueId& queue) const {
  const std::lock_guard lock(mutex_);
  return store_.queues.at(queue).max_offset;
}

void MockCluster::set_committed(const std::string& group, const QueueId& queue, std::int64_t offset) {
  const std::lock_guard lock(mutex_);
  store_.groups.insert(group);
  store_.committed[{group, queue}] = offset;
}

std::optional<std::int64_t> MockCluster::committed(const std::string& group, const QueueId& queue) const {
  const std::lock_guard lock(mutex_);
  const auto found = store_.committed.find({group, queue});
  return found == store_.committed.end() ? std::nullopt : std::optional(found->second);
}

void MockCluster::set_limits(PullLimits limits) {
  const std::lock_guard lock(mutex_);
  limits_ = limits;
}

void MockCluster::set_filter_check(std::int32_t code, std::string remark) {
  const std::lock_guard lock(mutex_);
  filter_check_ = {code, std::move(remark)};
}

}  // namespace rocketlink::mock
