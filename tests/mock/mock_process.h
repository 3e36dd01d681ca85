#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "mock/mock_fault.h"
#include "mock/mock_server.h"
#include "mock/replica.h"
#include "mock/route_table.h"
#include "mock/stage.h"

namespace rocketlink::mock {

/// A request on its way through a server.
struct MockCall {
  std::weak_ptr<MockSession> session;  ///< none: nobody waits for the answer
  SeenRequest request;
  std::uint8_t serialize_type = 0;
  Fault fault;
};

struct MockReply {
  std::int32_t code = 0;
  std::string remark;
  wire::ExtFields ext;
  std::string body;
  bool none = false;   ///< no answer at all
  bool later = false;  ///< a long poll, or a send that waits for disk or slave
};

/// A long poll that waits.
struct ParkedPull {
  std::shared_ptr<MockCall> call;
  QueueId queue;
  std::int64_t offset = 0;
  PullFilter filter;
  SteadyTime deadline;
  std::uint64_t id = 0;
};

/// A send that is appended and not acknowledged.
struct PendingSend {
  std::shared_ptr<MockCall> call;
  MockReply reply;
  std::size_t end = 0;  ///< of the log behind it
  QueueId queue;
  std::vector<std::uint64_t> numbers;
  bool wants_flush = false;
  bool wants_slave = false;
};

/// One name server or broker, its port included. Loop thread only.
class MockProcess {
 public:
  MockProcess(MockCluster& cluster, std::string its_label, Runtime& runtime, Schedule& schedule, Random& random);

  [[nodiscard]] bool is_broker() const { return !broker.empty(); }
  [[nodiscard]] bool is_slave() const { return id != 0; }
  [[nodiscard]] bool is_working() const { return running && !paused; }
  [[nodiscard]] Stage& stage(Step step) { return stages_[static_cast<std::size_t>(step)]; }
  /// Of requests of that kind.
  [[nodiscard]] Stage& stage_for(wire::RequestCode code);
  void freeze(bool frozen);
  /// Forgets what is under way.
  void drop_work();

  const std::string label;
  const std::string broker;  ///< its name; empty: a name server
  std::int64_t id = 0;       ///< as the route has it: 0 is the master
  MockServer server;
  bool running = true;
  bool paused = false;
  std::chrono::milliseconds clock_skew{0};
  double missed_arrivals = 0;
  std::set<std::string> cut_off_from;  ///< labels of name servers
  Replica replica;
  std::vector<Replica::Record> cut;  ///< what its death took from its log, until that is settled
  RouteTable routes;
  std::vector<ParkedPull> parked;
  std::map<std::uint64_t, PendingSend> pending;

 private:
  std::vector<Stage> stages_;
};

}  // namespace rocketlink::mock
