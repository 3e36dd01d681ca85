#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "mock/mock_fault.h"
#include "mock/mock_setup.h"
#include "mock/mock_store.h"
#include "mock/network.h"
#include "mock/random.h"
#include "mock/replica.h"
#include "mock/schedule.h"
#include "rocketlink/runtime.h"

namespace rocketlink::mock {

class MockProcess;
class MockSession;
struct MockCall;
struct MockReply;
struct PendingSend;

/// Name servers and brokers in the test's process, each on a loopback port of its own, over one thread. They hold
/// topics and messages and answer like the real ones, save where a Fault says otherwise. Thread-safe; everything ends
/// with the object. Time, chance, waiting and the network are the runtime's and the network's that it is given.
///
/// Servers are named by labels: "namesrv-0", "namesrv-1" … and "broker-a/0" for the master, "broker-a/1" for a slave.
/// A slave serves its master's messages.
class MockCluster {
 public:
  /// Without a network on real sockets, which takes the machine's runtime.
  explicit MockCluster(MockSetup setup = {}, Runtime& runtime = machine(), Network* network = nullptr);
  ~MockCluster();
  MockCluster(const MockCluster&) = delete;
  MockCluster& operator=(const MockCluster&) = delete;

  /// Addresses of the name servers, to be used as endpoints.
  [[nodiscard]] std::vector<std::string> endpoints() const;
  [[nodiscard]] std::string address(const std::string& server) const;

  // ---- servers
  /// Ends it in good order: closes every connection; new ones are refused until `start`, and the port stays ours.
  void stop(const std::string& server);
  /// Ends it as it stands: what was under way is lost, and of a broker what was not flushed or persisted.
  void crash(const std::string& server, Death death = {});
  /// Listens again, on the same port or on a new one (which the route then names).
  void start(const std::string& server, bool new_port = false);
  /// Nothing of it runs; what comes waits.
  void set_paused(const std::string& server, bool paused);
  void set_pace(const std::string& server, Step step, Pace pace);
  /// Of its wall clock.
  void set_clock_skew(const std::string& server, Milliseconds skew);
  /// How often a message's arrival passes a waiting pull by, which then waits for the next check.
  void set_missed_arrivals(const std::string& server, double chance);
  /// Closes the connections only; how many there were.
  std::size_t close_connections(const std::string& server);
  /// A silent server goes on accepting connections and reading, but answers nothing: a hanging or half-open peer.
  void set_silent(const std::string& server, bool silent);
  void add_broker(const std::string& broker);
  void add_slave(const std::string& broker, std::int64_t broker_id);
  /// A slave becomes its broker's master, with what it has; the old master is to be its slave.
  void promote(const std::string& server);
  /// Whether the broker can tell the name server of itself; a name server is not told of a broken link.
  void set_link(const std::string& server, const std::string& name_server, bool up);
  /// Whether routes name the server.
  void show_in_route(const std::string& server, bool shown);
  /// The server no longer knows the group, as a new master that was not told of it in time.
  void forget_group(const std::string& server, const std::string& group);
  /// suggestWhichBrokerId of pull answers of that broker name.
  void suggest_broker(const std::string& broker, std::int64_t broker_id);
  [[nodiscard]] std::size_t open_connections(const std::string& server) const;
  [[nodiscard]] std::size_t accepted_connections(const std::string& server) const;
  /// Sends a request to every client connected to the server, with the given flag (2: one-way).
  void request_clients(const std::string& server, std::int32_t code, std::int32_t flag);
  /// Sends the bytes as they are to every client connected to the server.
  void send_to_clients(const std::string& server, const std::string& bytes);
  /// What clients answered to request_clients.
  [[nodiscard]] std::vector<wire::Header> client_answers() const;

  // ---- topics and messages
  /// `queues` on each of the brokers (empty: all of them).
  void create_topic(const std::string& topic, std::int32_t queues, const std::vector<std::string>& brokers = {});
  /// Logical queue i lies on broker `hosts[i]`, as physical queue `i + 10`, its offsets greater by `offset_delta`.
  void create_static_topic(const std::string& topic, const std::vector<std::string>& hosts, std::int64_t offset_delta);
  /// At all brokers and name servers, committed offsets included on 5.x.
  void delete_topic(const std::string& topic);
  void add_queues(const std::string& topic, const std::string& broker, std::int32_t more);
  void set_queues(const std::string& topic, const std::string& broker, std::int32_t read, std::int32_t write);
  [[nodiscard]] std::vector<QueueId> queues_of(const std::string& topic) const;
  void set_permission(const std::string& topic, const std::string& broker, std::int32_t perm);
  void set_order_conf(const std::string& topic, const std::string& conf);
  /// In place of the topic's real route; nothing: the real one again.
  void set_route_body(const std::string& topic, std::optional<std::string> body);

  /// Gives the offset.
  std::int64_t append(const QueueId& queue, const MockMessage& message);
  /// `count` messages with bodies `<prefix><offset>`.
  void append_many(const QueueId& queue, std::int64_t count, const std::string& prefix = "m");
  /// Leaves a hole of `count` offsets (what compaction removed).
  void skip_offsets(const QueueId& queue, std::int64_t count);
  /// Deletes what is below: retention. Gives how many there were.
  std::size_t expire_before(const QueueId& queue, std::int64_t min_offset);
  /// Deletes from there on: a broker that lost the end of its log.
  void cut_off(const QueueId& queue, std::int64_t max_offset);
  /// What the master shows.
  [[nodiscard]] std::vector<MockRecord> records(const QueueId& queue) const;
  [[nodiscard]] std::int64_t max_offset(const QueueId& queue) const;
  /// Of the next append: more than the max offset while messages wait to be dispatched.
  [[nodiscard]] std::int64_t next_offset(const QueueId& queue) const;
  void set_committed(const std::string& group, const QueueId& queue, std::int64_t offset);
  [[nodiscard]] std::optional<std::int64_t> committed(const std::string& group, const QueueId& queue) const;
  /// As an admin resets it: on 5.x the next pull is told of it too, and commits before that are ignored.
  void reset_offset(const std::string& group, const QueueId& queue, std::int64_t offset);
  void set_limits(PullLimits limits);
  /// Of pulls and sends together at all brokers, as ApsaraMQ 4.x Standard throttles an instance: those above so many in
  /// a second of the clock are refused with FLOW_CONTROL. 0: no limit.
  void set_throttle(std::uint32_t calls_per_second);
  /// How many were refused so.
  [[nodiscard]] std::size_t throttled_calls() const;
  /// Answer of CHECK_CLIENT_CONFIG: 0 good.
  void set_filter_check(std::int32_t code, std::string remark);

  // ---- faults and what was seen
  /// The first fault that matches a request is applied to it.
  void inject(Fault fault);
  void clear_faults();
  /// How many requests met a fault, by its name.
  [[nodiscard]] std::map<std::string, std::uint64_t> faults_met() const;
  /// How many requests silent servers read.
  [[nodiscard]] std::uint64_t unanswered() const;
  [[nodiscard]] std::vector<SeenRequest> seen(wire::RequestCode code, const std::string& server = "") const;
  [[nodiscard]] std::size_t count(wire::RequestCode code, const std::string& server = "") const;
  /// False when fewer came within `timeout`.
  [[nodiscard]] bool wait_for(wire::RequestCode code, std::size_t at_least,
                              Milliseconds timeout = Milliseconds(5000)) const;
  [[nodiscard]] bool wait_for_client_answer(Milliseconds timeout = Milliseconds(5000)) const;
  void forget_seen();

 private:
  friend class MockServer;
  friend class MockSession;
  using Call = std::shared_ptr<MockCall>;
  struct Held {
    std::weak_ptr<MockSession> session;
    std::string bytes;
  };

  void on_loop(const std::function<void()>& action) const;

  // Loop thread, all of the following.
  // mock_processes.cpp
  void add_process(const std::string& label);
  [[nodiscard]] MockProcess& process(const std::string& label) const;
  [[nodiscard]] MockProcess& master_of(const std::string& broker) const;
  [[nodiscard]] MockProcess& master_of(const QueueId& queue) const;
  [[nodiscard]] std::vector<MockProcess*> group_of(const std::string& broker) const;
  [[nodiscard]] std::vector<MockProcess*> name_servers() const;
  void every(Milliseconds period, const std::function<void()>& action);
  void start_habits(MockProcess& broker);
  void drop_work(MockProcess& ended);
  void recover(MockProcess& broker);
  /// A broker goes on with what `master` has: what else was stored is lost.
  void settle(const MockProcess& master, const std::vector<Replica::Record>& others);
  void tell_of_fallen_commits(const Replica::Offsets& before, const Replica::Offsets& after) const;
  void sync_slave(MockProcess& slave);

  // mock_requests.cpp
  void receive(const std::shared_ptr<MockSession>& session, wire::Header header, std::string body,
               std::uint8_t serialize_type);
  void accept(const Call& call);
  void enqueue(MockProcess& at, const Call& call);
  void work(MockProcess& at, const Call& call);
  void respond(const Call& call, MockReply reply);
  void deliver(const Call& call, std::string bytes);
  void release_held();
  [[nodiscard]] bool throttles(const SeenRequest& request);
  [[nodiscard]] Fault match_fault(const SeenRequest& request);

  // mock_broker.cpp
  [[nodiscard]] MockReply execute(MockProcess& at, const Call& call, bool may_wait);
  [[nodiscard]] MockReply pull_messages(MockProcess& at, const Call& call, bool may_wait);
  [[nodiscard]] MockReply offset_question(MockProcess& at, const SeenRequest& request) const;
  [[nodiscard]] MockReply query_committed(MockProcess& at, const SeenRequest& request) const;
  [[nodiscard]] MockReply all_committed(const MockProcess& at) const;
  [[nodiscard]] MockReply update_committed(MockProcess& at, const SeenRequest& request);
  [[nodiscard]] MockReply admin(MockProcess& at, const SeenRequest& request);
  [[nodiscard]] MockReply send_messages(MockProcess& at, const Call& call);
  void add_own_properties(MockMessage& message, bool in_batch) const;
  [[nodiscard]] MockReply bad_argument(std::string remark) const;
  [[nodiscard]] QueueId queue_of(const MockProcess& at, const SeenRequest& request) const;
  /// Code 0 when the server has the queue, else its refusal.
  [[nodiscard]] MockReply not_here(const MockProcess& at, const QueueId& queue, std::int32_t queues) const;
  [[nodiscard]] const MockTopic::OnBroker* topic_on(const MockProcess& at, const std::string& topic) const;

  // mock_steps.cpp
  std::vector<std::uint64_t> append_to(MockProcess& master, const QueueId& queue,
                                       const std::vector<MockMessage>& messages);
  void log_grew(MockProcess& broker);
  void flushed(MockProcess& broker, std::size_t end);
  void dispatch(MockProcess& broker, std::size_t end);
  void follow_master(MockProcess& slave);
  void copy_next(MockProcess& slave);
  /// Answers the send once disk and slaves have what they must have.
  void acknowledge(MockProcess& master, PendingSend send);
  void give_up_later(MockProcess& master, std::uint64_t id, Milliseconds timeout, wire::ResponseCode code);
  void check_pending(MockProcess& master);
  void commit(MockProcess& at, const std::string& group, const QueueId& queue, std::int64_t offset);

  // mock_long_polls.cpp
  void park(MockProcess& at, const Call& call, const QueueId& queue, PullFilter filter);
  void arrived(MockProcess& at, const QueueId& queue, const std::shared_ptr<const MockEntry>& entry);
  void end_park(MockProcess& at, std::uint64_t id);
  void check_parked(MockProcess& at);

  // mock_name_server.cpp
  [[nodiscard]] MockReply route(const MockProcess& at, const SeenRequest& request) const;
  [[nodiscard]] MockReply member_group(const MockProcess& at, const SeenRequest& request) const;
  [[nodiscard]] std::map<std::int64_t, std::string> shown_addresses(const MockProcess& at, const std::string& broker,
                                                                    std::int32_t perm) const;
  void tell_name_servers(MockProcess& broker, const std::string& single_topic = "");
  void leave_name_servers(const MockProcess& broker);

  // mock_topics.cpp
  void make_topic(const std::string& topic, const std::string& broker, MockTopic::OnBroker queues);
  void remove_topic(MockProcess& master, const std::string& topic);
  void reset_at(MockProcess& master, const std::string& group, const QueueId& queue, std::int64_t offset);
  void topic_changed(const std::string& topic, const std::string& broker);
  /// In the stores of the master and its slaves.
  void change_queue(const QueueId& queue, const std::function<void(Replica&)>& change);

  [[nodiscard]] std::size_t count_locked(wire::RequestCode code, const std::string& server) const;
  [[nodiscard]] bool is_5() const { return setup_.version >= 413; }

  const MockSetup setup_;
  Runtime& runtime_;
  std::unique_ptr<Network> own_network_;
  Network* network_;

  mutable std::mutex mutex_;  ///< over what was seen
  std::unique_ptr<Condition> seen_changed_;
  std::vector<SeenRequest> seen_;
  std::vector<wire::Header> client_answers_;

  // Loop thread:
  Random random_;
  std::vector<std::string> brokers_;
  std::map<std::string, MockTopic> topics_;
  PullLimits limits_;
  std::uint32_t throttle_ = 0;
  std::int64_t throttle_second_ = 0;
  std::uint32_t calls_in_second_ = 0;
  std::size_t throttled_calls_ = 0;
  std::optional<std::pair<std::int32_t, std::string>> filter_check_;
  std::map<std::string, std::string> route_bodies_;
  std::map<std::string, std::int64_t> suggested_;
  std::vector<Fault> faults_;
  std::map<std::string, std::uint64_t> met_;
  std::uint64_t unanswered_ = 0;
  std::map<std::string, bool> hidden_;
  std::vector<Held> held_;
  std::set<std::uint64_t> lost_;  ///< numbers of appends
  std::uint64_t next_append_ = 1;
  std::uint64_t next_waiting_ = 1;
  std::uint64_t next_connection_ = 1;
  std::unique_ptr<Schedule> schedule_;
  std::map<std::string, std::unique_ptr<MockProcess>> processes_;  ///< by label
  std::unique_ptr<net::EventLoop> loop_;
};

}  // namespace rocketlink::mock
