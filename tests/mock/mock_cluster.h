#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mock/mock_fault.h"
#include "mock/mock_store.h"
#include "mock/network.h"
#include "mock/observer.h"
#include "mock/schedule.h"
#include "rocketlink/runtime.h"

namespace rocketlink::mock {

class MockServer;
class MockSession;

/// How answers' headers are encoded.
enum class MockEncoding : std::uint8_t { kJson, kBinary, kAsAsked };

struct MockSetup {
  int name_servers = 1;
  std::vector<std::string> brokers = {"broker-a"};
  std::int32_t version = 513;                 ///< of every answer; 407 makes it behave like 4.9.7
  std::optional<MockEncoding> encoding = {};  ///< unset: as that version does
  bool create_topics = false;                 ///< autoCreateTopicEnable
  std::string broker_config = {};             ///< what GET_BROKER_CONFIG shows; empty: it is not served
  std::size_t max_message_bytes = 4 << 20;    ///< maxMessageSize
  Milliseconds longest_suspend{15'000};       ///< a long poll is held no longer
  bool keeps_seen = true;                     ///< for `seen` and its like
  Observer* observer = nullptr;               ///< lives as long as the cluster
};

/// Name servers and brokers in the test's process, each on a loopback port of its own, over one thread. They hold
/// topics and messages and answer like the real ones, save where a Fault says otherwise. Thread-safe; everything ends
/// with the object. Time, waiting and the network are the runtime's and the network's that it is given.
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
  /// Closes every connection; new ones are refused until `start`, and the port stays ours.
  void stop(const std::string& server);
  /// Listens again, on the same port or on a new one (which the route then names).
  void start(const std::string& server, bool new_port = false);
  /// Closes the connections only.
  void close_connections(const std::string& server);
  /// A silent server goes on accepting connections and reading, but answers nothing: a hanging or half-open peer.
  void set_silent(const std::string& server, bool silent);
  void add_slave(const std::string& broker, std::int64_t broker_id);
  /// Whether routes name the server.
  void show_in_route(const std::string& server, bool shown);
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
  void delete_topic(const std::string& topic);
  void add_queues(const std::string& topic, const std::string& broker, std::int32_t more);
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
  /// Deletes what is below: retention.
  void expire_before(const QueueId& queue, std::int64_t min_offset);
  /// Deletes from there on: a broker that lost the end of its log.
  void cut_off(const QueueId& queue, std::int64_t max_offset);
  [[nodiscard]] std::vector<MockRecord> records(const QueueId& queue) const;
  [[nodiscard]] std::int64_t max_offset(const QueueId& queue) const;
  void set_committed(const std::string& group, const QueueId& queue, std::int64_t offset);
  [[nodiscard]] std::optional<std::int64_t> committed(const std::string& group, const QueueId& queue) const;
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
  struct Reply {
    std::int32_t code = 0;
    std::string remark;
    wire::ExtFields ext;
    std::string body;
    bool none = false;    ///< no answer at all
    bool parked = false;  ///< a long poll that waits
  };
  struct Parked {
    std::weak_ptr<MockSession> session;
    SeenRequest request;
    std::uint8_t serialize_type = 0;
    Fault fault;
    QueueId queue;
    std::uint64_t id = 0;
  };
  struct Held {
    std::weak_ptr<MockSession> session;
    std::string bytes;
  };

  // Loop thread:
  void receive(const std::shared_ptr<MockSession>& session, wire::Header header, std::string body,
               std::uint8_t serialize_type);
  void respond(const std::shared_ptr<MockSession>& session, const SeenRequest& request, std::uint8_t serialize_type,
               const Fault& fault, Reply reply);
  void deliver(const std::shared_ptr<MockSession>& session, const Fault& fault, std::string bytes);
  void park(const std::shared_ptr<MockSession>& session, const SeenRequest& request, std::uint8_t serialize_type,
            const Fault& fault, Milliseconds suspend);
  void retry_parked(std::uint64_t id, bool time_is_up);
  void add_server(const std::string& label);
  void on_loop(const std::function<void()>& action) const;
  void wake_parked(const QueueId& queue);

  // Under mutex_:
  [[nodiscard]] bool throttles(const SeenRequest& request);
  [[nodiscard]] Fault match_fault(const SeenRequest& request);
  [[nodiscard]] Reply execute(const SeenRequest& request, bool may_park);
  [[nodiscard]] Reply route(const SeenRequest& request) const;
  [[nodiscard]] Reply pull_messages(const SeenRequest& request, bool may_park);
  [[nodiscard]] Reply offset_question(const SeenRequest& request) const;
  [[nodiscard]] Reply query_committed(const SeenRequest& request) const;
  [[nodiscard]] Reply all_committed(const SeenRequest& request) const;
  [[nodiscard]] Reply update_committed(const SeenRequest& request);
  [[nodiscard]] Reply send_messages(const SeenRequest& request);
  [[nodiscard]] Reply bad_argument(std::string remark) const;
  [[nodiscard]] QueueId queue_of(const SeenRequest& request) const;
  /// Code 0 when the server has the queue, else its refusal.
  [[nodiscard]] Reply not_here(const QueueId& queue, const std::string& server) const;
  [[nodiscard]] std::size_t count_locked(wire::RequestCode code, const std::string& server) const;
  void create_topic_locked(const std::string& topic, std::int32_t queues, const std::vector<std::string>& brokers);
  [[nodiscard]] bool is_5() const { return setup_.version >= 413; }

  const MockSetup setup_;
  Runtime& runtime_;
  std::unique_ptr<Network> own_network_;
  Network* network_;
  mutable std::mutex mutex_;
  std::unique_ptr<Condition> seen_changed_;
  MockStore store_;
  PullLimits limits_;
  std::uint32_t throttle_ = 0;
  std::int64_t throttle_second_ = 0;
  std::uint32_t calls_in_second_ = 0;
  std::size_t throttled_calls_ = 0;
  std::optional<std::pair<std::int32_t, std::string>> filter_check_;
  std::map<std::string, std::string> route_bodies_;
  std::map<std::string, std::int64_t> suggested_;
  std::vector<Fault> faults_;
  std::vector<SeenRequest> seen_;
  std::vector<wire::Header> client_answers_;
  std::map<std::string, std::string> addresses_;  ///< label → host:port
  std::map<std::string, bool> hidden_;

  // Loop thread:
  std::map<std::string, std::unique_ptr<MockServer>> servers_;
  std::vector<Parked> parked_;
  std::vector<Held> held_;
  std::uint64_t next_parked_ = 1;
  std::uint64_t next_connection_ = 1;
  std::unique_ptr<Schedule> schedule_;
  std::unique_ptr<net::EventLoop> loop_;
};

}  // namespace rocketlink::mock
