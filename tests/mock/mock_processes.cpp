#include <algorithm>

#include "mock/asio_network.h"
#include "mock/mock_cluster.h"
#include "mock/mock_process.h"
#include "mock/observer.h"

/// Name servers and brokers as processes: how they start, end and come back.
namespace rocketlink::mock {

MockCluster::MockCluster(MockSetup setup, Runtime& runtime, Network* network)
    : setup_(std::move(setup)),
      runtime_(runtime),
      own_network_(network == nullptr ? std::make_unique<AsioNetwork>() : nullptr),
      network_(network == nullptr ? own_network_.get() : network),
      seen_changed_(runtime.condition()),
      random_(runtime.random()),
      brokers_(setup_.brokers),
      loop_(runtime.event_loop()) {
  on_loop([this] {
    schedule_ = std::make_unique<Schedule>(runtime_, *loop_);
    for (int i = 0; i < setup_.name_servers; ++i) add_process("namesrv-" + std::to_string(i));
    for (const std::string& broker : brokers_) add_process(broker + "/0");
  });
}

MockCluster::~MockCluster() {
  on_loop([this] {
    for (const auto& [label, process] : processes_) process->server.close_sessions();
    processes_.clear();
    schedule_.reset();
  });
}

void MockCluster::on_loop(const std::function<void()>& action) const {
  if (loop_->on_loop_thread()) {
    action();
  } else {
    loop_->run_and_wait(action);
  }
}

void MockCluster::add_process(const std::string& label) {
  auto made = std::make_unique<MockProcess>(*this, label, runtime_, *schedule_, random_);
  MockProcess& added = *made;
  processes_.emplace(label, std::move(made));
  added.server.listen(0);
  if (added.is_broker()) {
    start_habits(added);
    tell_name_servers(added);
  } else if (setup_.register_every) {
    every(Milliseconds(5'000), [this, &added] { added.routes.expire(runtime_.now(), setup_.broker_expiry); });
  }
}

void MockCluster::every(Milliseconds period, const std::function<void()>& action) {
  schedule_->after(period, [this, period, action] {
    action();
    every(period, action);
  });
}

void MockCluster::start_habits(MockProcess& broker) {
  const auto habit = [&](std::optional<Milliseconds> period, const std::function<void(MockProcess&)>& action) {
    if (!period) return;
    const Milliseconds first(random_.below(static_cast<std::uint64_t>(period->count())));
    const auto at_work = [action, &broker] {
      if (broker.is_working()) action(broker);
    };
    schedule_->after(first, [this, period = *period, at_work] {
      at_work();
      every(period, at_work);
    });
  };
  habit(setup_.register_every, [this](MockProcess& at) { tell_name_servers(at); });
  habit(setup_.hold_check, [this](MockProcess& at) { check_parked(at); });
  habit(setup_.persist_offsets_every, [](MockProcess& at) { at.replica.persisted = at.replica.committed; });
  habit(setup_.sync_slaves_every, [this](MockProcess& at) { sync_slave(at); });
}

MockProcess& MockCluster::process(const std::string& label) const {
  return *processes_.at(label);
}

std::vector<MockProcess*> MockCluster::group_of(const std::string& broker) const {
  std::vector<MockProcess*> group;
  for (auto at = processes_.lower_bound(broker + "/"); at != processes_.end() && at->second->broker == broker; ++at)
    group.push_back(at->second.get());
  return group;
}

MockProcess& MockCluster::master_of(const std::string& broker) const {
  for (MockProcess* const member : group_of(broker)) {
    if (!member->is_slave()) return *member;
  }
  return process(broker + "/0");
}

MockProcess& MockCluster::master_of(const QueueId& queue) const {
  if (queue.broker != kStaticBroker) return master_of(queue.broker);
  return master_of(topics_.at(queue.topic).static_hosts.at(static_cast<std::size_t>(queue.id)));
}

std::vector<MockProcess*> MockCluster::name_servers() const {
  std::vector<MockProcess*> all;
  for (const auto& [label, process] : processes_) {
    if (!process->is_broker()) all.push_back(process.get());
  }
  return all;
}

// ---- what a test does to them

std::vector<std::string> MockCluster::endpoints() const {
  std::vector<std::string> all;
  on_loop([&] {
    for (const MockProcess* const one : name_servers()) all.push_back(one->server.address());
  });
  return all;
}

std::string MockCluster::address(const std::string& server) const {
  std::string address;
  on_loop([&] { address = process(server).server.address(); });
  return address;
}

void MockCluster::stop(const std::string& server) {
  on_loop([&] {
    MockProcess& ended = process(server);
    ended.stage(Step::kFlush).drain();
    ended.stage(Step::kDispatch).drain();
    drop_work(ended);
    ended.replica.persisted = ended.replica.committed;
    ended.replica.reset.clear();
    ended.routes.clear();
    ended.running = false;
    ended.server.stop();
    if (ended.is_broker()) leave_name_servers(ended);
  });
}

void MockCluster::drop_work(MockProcess& ended) {
  ended.drop_work();
  if (ended.is_slave() || !ended.is_broker()) return;
  for (MockProcess* const member : group_of(ended.broker)) member->stage(Step::kReplicate).clear();
}

void MockCluster::crash(const std::string& server, Death death) {
  on_loop([&] {
    MockProcess& ended = process(server);
    drop_work(ended);
    ended.running = false;
    if (death.silent) {
      ended.server.silent = true;
    } else {
      ended.server.stop();
    }
    ended.routes.clear();
    if (!ended.is_broker()) return;
    Replica& replica = ended.replica;
    if (death.loses_unflushed) ended.cut = replica.truncate(replica.flushed());
    if (!ended.is_slave()) tell_of_fallen_commits(replica.committed, replica.persisted);
    replica.committed = replica.persisted;
    replica.reset.clear();
    if (!death.silent) leave_name_servers(ended);
  });
}

void MockCluster::tell_of_fallen_commits(const Replica::Offsets& before, const Replica::Offsets& after) const {
  if (setup_.observer == nullptr) return;
  for (const auto& [key, offset] : before) {
    const auto left = after.find(key);
    if (left == after.end()) {
      setup_.observer->committed_fell_back(key.first, key.second, std::nullopt);
    } else if (left->second != offset) {
      setup_.observer->committed_fell_back(key.first, key.second, left->second);
    }
  }
}

void MockCluster::start(const std::string& server, bool new_port) {
  on_loop([&] {
    MockProcess& started = process(server);
    if (!started.running && started.server.silent) {
      started.server.silent = false;
      started.server.close_sessions();
    }
    started.server.listen(new_port ? 0 : started.server.port());
    started.running = true;
    if (started.is_broker()) recover(started);
  });
}

void MockCluster::recover(MockProcess& broker) {
  if (!broker.is_slave()) settle(broker, broker.cut);
  broker.cut.clear();
  broker.replica.flush(broker.replica.log().size());
  dispatch(broker, broker.replica.log().size());
  for (MockProcess* const member : group_of(broker.broker)) {
    if (member->is_slave() && (member == &broker || !broker.is_slave())) follow_master(*member);
  }
  tell_name_servers(broker);
}

void MockCluster::settle(const MockProcess& master, const std::vector<Replica::Record>& others) {
  if (setup_.observer == nullptr) return;
  for (const Replica::Record& record : others) {
    if (record.removed || !record.entry || master.replica.contains(record.number)) continue;
    if (lost_.insert(record.number).second) setup_.observer->lost(record.queue, record.entry->record);
  }
  for (const Replica::Record& record : master.replica.log()) {
    if (record.entry && lost_.erase(record.number) > 0)
      setup_.observer->found_again(record.queue, record.entry->record);
  }
}

void MockCluster::set_paused(const std::string& server, bool paused) {
  on_loop([&] {
    MockProcess& one = process(server);
    one.paused = paused;
    one.freeze(paused);
    if (paused || !one.is_broker() || one.is_slave()) return;
    for (MockProcess* const member : group_of(one.broker)) {
      if (member->is_slave()) follow_master(*member);
    }
  });
}

void MockCluster::set_pace(const std::string& server, Step step, Pace pace) {
  on_loop([&] { process(server).stage(step).set_pace(pace); });
}

void MockCluster::set_clock_skew(const std::string& server, Milliseconds skew) {
  on_loop([&] { process(server).clock_skew = skew; });
}

void MockCluster::set_missed_arrivals(const std::string& server, double chance) {
  on_loop([&] { process(server).missed_arrivals = chance; });
}

std::size_t MockCluster::close_connections(const std::string& server) {
  std::size_t closed = 0;
  on_loop([&] {
    closed = process(server).server.sessions().size();
    process(server).server.close_sessions();
  });
  return closed;
}

void MockCluster::set_silent(const std::string& server, bool silent) {
  on_loop([&] { process(server).server.silent = silent; });
}

void MockCluster::add_broker(const std::string& broker) {
  on_loop([&] {
    brokers_.push_back(broker);
    add_process(broker + "/0");
  });
}

void MockCluster::add_slave(const std::string& broker, std::int64_t broker_id) {
  on_loop([&] {
    const std::string label = broker + "/" + std::to_string(broker_id);
    add_process(label);
    MockProcess& slave = process(label);
    slave.replica = master_of(broker).replica;  // as an admin does who wants no long catching up
    recover(slave);
    sync_slave(slave);
  });
}

void MockCluster::promote(const std::string& server) {
  on_loop([&] {
    MockProcess& risen = process(server);
    MockProcess& fallen = master_of(risen.broker);
    if (&risen == &fallen) return;
    drop_work(fallen);
    leave_name_servers(fallen);
    leave_name_servers(risen);
    std::swap(risen.id, fallen.id);
    const std::vector<Replica::Record>& log = fallen.replica.log();
    const std::size_t common = fallen.replica.common_with(risen.replica);
    std::vector<Replica::Record> others = std::move(fallen.cut);
    others.insert(others.end(), log.begin() + static_cast<std::ptrdiff_t>(common), log.end());
    fallen.cut.clear();
    settle(risen, others);
    tell_of_fallen_commits(fallen.replica.committed, risen.replica.committed);
    if (fallen.running) tell_name_servers(fallen);
    if (risen.running) recover(risen);
  });
}

void MockCluster::set_link(const std::string& server, const std::string& name_server, bool up) {
  on_loop([&] {
    MockProcess& broker = process(server);
    if (up) {
      broker.cut_off_from.erase(name_server);
    } else {
      broker.cut_off_from.insert(name_server);
    }
  });
}

void MockCluster::show_in_route(const std::string& server, bool shown) {
  on_loop([&] { hidden_[server] = !shown; });
}

void MockCluster::suggest_broker(const std::string& broker, std::int64_t broker_id) {
  on_loop([&] { suggested_[broker] = broker_id; });
}

void MockCluster::forget_group(const std::string& server, const std::string& group) {
  on_loop([&] { process(server).replica.groups.erase(group); });
}

std::size_t MockCluster::open_connections(const std::string& server) const {
  std::size_t open = 0;
  on_loop([&] { open = process(server).server.sessions().size(); });
  return open;
}

std::size_t MockCluster::accepted_connections(const std::string& server) const {
  std::size_t accepted = 0;
  on_loop([&] { accepted = process(server).server.accepted(); });
  return accepted;
}

void MockCluster::request_clients(const std::string& server, std::int32_t code, std::int32_t flag) {
  wire::Header header;
  header.code = code;
  header.flag = flag;
  header.opaque = 1;  // the server's own numbering: may be that of a pending request of the client
  header.version = setup_.version;
  std::string frame;
  if (wire::encode_frame_head_json(header, 0, frame)) send_to_clients(server, frame);
}

void MockCluster::send_to_clients(const std::string& server, const std::string& bytes) {
  on_loop([&] {
    const auto sessions = process(server).server.sessions();
    for (const auto& [number, session] : sessions) session->send(bytes);
  });
}

}  // namespace rocketlink::mock
