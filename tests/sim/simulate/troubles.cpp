#include "sim/simulate/troubles.h"

#include <algorithm>
#include <array>
#include <utility>

namespace rocketlink::sim {

namespace {

using namespace std::chrono_literals;
using wire::RequestCode;

constexpr std::array<RequestCode, 9> kRequests = {
    RequestCode::kPullMessage,         RequestCode::kPullMessage,         RequestCode::kSendBatchMessage,
    RequestCode::kSendMessageV2,       RequestCode::kGetRouteInfoByTopic, RequestCode::kUpdateConsumerOffset,
    RequestCode::kQueryConsumerOffset, RequestCode::kGetMaxOffset,        RequestCode::kGetMinOffset};

/// Codes that a healthy server may answer at a bad moment.
constexpr std::array<std::int32_t, 4> kPassingCodes = {1, 2, 14, 215};

}  // namespace

Troubles::Troubles(World& world, mock::MockCluster& cluster, const Plan& plan, Judges& judges, std::string input,
                   std::string output, Workload workload)
    : world_(world),
      cluster_(cluster),
      plan_(plan),
      judges_(judges),
      input_(std::move(input)),
      output_(std::move(output)),
      workload_(std::move(workload)),
      random_(world.random("troubles")) {
  add("broker restarted", plan.broker_restarts, [this] { restart(any_broker() + "/0"); });
  add("name server restarted", plan.name_server_restarts,
      [this] { restart("namesrv-" + std::to_string(random_.below(static_cast<std::uint64_t>(plan_.name_servers)))); });
  add("server silent", plan.silences, [this] {
    const std::string server = any_server();
    cluster_.set_silent(server, true);
    after(some_time(10ms, 30s), [this, server] { cluster_.set_silent(server, false); });
  });
  add("disconnected", plan.disconnects, [this] { cluster_.close_connections(any_server()); });
  add("route changed", plan.route_changes, [this] { change_route(); });
  add("messages deleted", plan.retentions, [this] { delete_old(); });
  add("odd answers", plan.odd_answers, [this] { answer_oddly(); });
  add("consumer slow", plan.consumer_slowness, [this] {
    workload_.slow_down(some_time(1ms, 3s));
    after(some_time(1s, 20s), [this] { workload_.slow_down(0ms); });
  });
  add("burst", plan.bursts, workload_.burst);
  add("runner stopped", plan.stops, workload_.stop);
  add("queue handed back", plan.hand_backs, workload_.hand_back);
  add("queue rests", plan.rests, [this] {
    workload_.rest(true);
    after(some_time(10ms, 10s), [this] { workload_.rest(false); });
  });
}

void Troubles::add(const char* name, double per_minute, std::function<void()> begin) {
  if (per_minute <= 0) return;
  Trouble trouble{name, per_minute, std::move(begin), {}};
  trouble.next =
      world_.now() + std::chrono::nanoseconds(random_.between(0, static_cast<std::int64_t>(60e9 / per_minute)));
  troubles_.push_back(std::move(trouble));
}

void Troubles::after(std::chrono::nanoseconds delay, std::function<void()> end) {
  ends_.emplace(world_.now() + delay, std::move(end));
}

std::chrono::nanoseconds Troubles::some_time(std::chrono::milliseconds least, std::chrono::milliseconds most) {
  return random_.skewed(std::chrono::nanoseconds(least), std::chrono::nanoseconds(most));
}

void Troubles::step() {
  while (!ends_.empty() && ends_.begin()->first <= world_.now()) {
    const auto end = std::move(ends_.begin()->second);
    ends_.erase(ends_.begin());
    end();
  }
  for (Trouble& trouble : troubles_) {
    if (trouble.next > world_.now()) continue;
    ++happened_[trouble.name];
    const auto mean = static_cast<std::int64_t>(60e9 / trouble.per_minute);
    trouble.next = world_.now() + std::chrono::nanoseconds(random_.between(mean / 5, mean * 9 / 5));
    trouble.begin();
  }
}

void Troubles::heal() {
  troubles_.clear();
  while (!ends_.empty()) {
    const auto end = std::move(ends_.begin()->second);
    ends_.erase(ends_.begin());
    end();
  }
  cluster_.clear_faults();
}

std::string Troubles::any_broker() {
  return plan_.brokers[random_.below(plan_.brokers.size())];
}

std::string Troubles::any_server() {
  const auto servers = plan_.brokers.size() + static_cast<std::size_t>(plan_.name_servers);
  const auto at = random_.below(servers);
  return at < plan_.brokers.size() ? plan_.brokers[at] + "/0" : "namesrv-" + std::to_string(at - plan_.brokers.size());
}

void Troubles::restart(const std::string& server) {
  cluster_.stop(server);
  const bool elsewhere = !server.starts_with("namesrv") && random_.chance(0.3);
  const auto down = random_.chance(0.1) ? plan_.troubled : some_time(10ms, 20s);
  after(down, [this, server, elsewhere] { cluster_.start(server, elsewhere); });
}

void Troubles::change_route() {
  const std::string broker = any_broker();
  if (random_.chance(0.3)) {
    cluster_.add_queues(random_.chance(0.5) ? input_ : output_, broker, 1);
    return;
  }
  cluster_.show_in_route(broker + "/0", false);
  after(some_time(100ms, 20s), [this, broker] { cluster_.show_in_route(broker + "/0", true); });
}

void Troubles::delete_old() {
  const auto queues = cluster_.queues_of(input_);
  const QueueId& queue = queues[random_.below(queues.size())];
  const std::int64_t end = cluster_.max_offset(queue);
  const std::int64_t below = random_.between(0, end);
  judges_.deleted_before(queue, below);
  cluster_.expire_before(queue, below);
}

void Troubles::answer_oddly() {
  constexpr std::array<mock::Fault::Kind, 8> kKinds = {mock::Fault::Kind::kAsUsual,
                                                       mock::Fault::Kind::kAnswer,
                                                       mock::Fault::Kind::kDrop,
                                                       mock::Fault::Kind::kExecuteAndDrop,
                                                       mock::Fault::Kind::kExecuteAndClose,
                                                       mock::Fault::Kind::kTruncate,
                                                       mock::Fault::Kind::kWrongOpaque,
                                                       mock::Fault::Kind::kHold};
  const auto kind = kKinds.at(random_.below(kKinds.size()));
  mock::Fault fault = mock::Fault::of(kind, kRequests.at(random_.below(kRequests.size())));
  fault.times = static_cast<int>(random_.skewed(1, 50));
  fault.delay = std::chrono::milliseconds(fault.kind == mock::Fault::Kind::kAsUsual ? random_.skewed(1, 20'000) : 0);
  fault.answer_code = kPassingCodes.at(random_.below(kPassingCodes.size()));
  fault.remark = "odd";
  if (random_.chance(0.7)) fault.server = any_server();
  cluster_.inject(std::move(fault));
}

}  // namespace rocketlink::sim
