#include "sim/simulate/troubles.h"

#include <algorithm>
#include <utility>

namespace rocketlink::sim {

namespace {

using namespace std::chrono_literals;
using mock::Fault;
using wire::RequestCode;

constexpr std::array<RequestCode, 9> kRequests = {
    RequestCode::kPullMessage,         RequestCode::kPullMessage,        RequestCode::kSendBatchMessage,
    RequestCode::kSendMessageV2,       RequestCode::kGetRouteInfoByTopic, RequestCode::kUpdateConsumerOffset,
    RequestCode::kQueryConsumerOffset, RequestCode::kGetMaxOffset,       RequestCode::kGetMinOffset};

/// Codes that a healthy server may answer at a bad moment.
constexpr std::array<std::int32_t, 4> kPassingCodes = {1, 2, 14, 215};

}  // namespace

Troubles::Troubles(World& world, mock::MockCluster& cluster, const Plan& plan, Judges& judges, std::string input,
                   std::string output, Hooks hooks)
    : world_(world),
      cluster_(cluster),
      plan_(plan),
      judges_(judges),
      input_(std::move(input)),
      output_(std::move(output)),
      hooks_(std::move(hooks)),
      random_(world.random("troubles")) {
  const auto death = [this] { return random_.chance(0.7) ? Death::kProcess : Death::kMachine; };
  add("runner killed", plan.runner_kills, [this, death] { hooks_.kill_runner(death()); });
  add("job killed", plan.job_kills, [this, death] { hooks_.kill_job(death()); });
  add("process paused", plan.pauses, [this] {
    world_.process(any_process()).pause_until(world_.now() + some_time(1ms, 20s));
  });
  add("clock moved", plan.clock_jumps, [this] {
    world_.process(any_process()).move_wall_clock(std::chrono::milliseconds(random_.between(-7'200'000, 7'200'000)));
  });
  add("broker restarted", plan.broker_restarts, [this] { restart(any_broker() + "/0"); });
  add("name server restarted", plan.name_server_restarts, [this] {
    restart("namesrv-" + std::to_string(random_.below(static_cast<std::uint64_t>(plan_.name_servers))));
  });
  add("server silent", plan.silences, [this] {
    const std::string server = any_server();
    cluster_.set_silent(server, true);
    after(some_time(10ms, 30s), [this, server] { cluster_.set_silent(server, false); });
  });
  add("disconnected", plan.disconnects, [this] { cluster_.close_connections(any_server()); });
  add("route changed", plan.route_changes, [this] { change_route(); });
  add("messages deleted", plan.retentions, [this] { delete_old(); });
  add("odd answers", plan.odd_answers, [this] { answer_oddly(); });
  add("way stalled", plan.stalls, [this] { stall(); });
  add("way slow", plan.slow_links, [this] { slow_down(); });
  add("consumer slow", plan.consumer_slowness, [this] {
    hooks_.slow_consumer(some_time(1ms, 3s));
    after(some_time(1s, 20s), [this] { hooks_.slow_consumer(0ms); });
  });
}

void Troubles::add(const char* name, double per_minute, std::function<void()> begin) {
  if (per_minute <= 0) return;
  Trouble trouble{name, per_minute, std::move(begin), {}};
  trouble.next = world_.now() + std::chrono::nanoseconds(random_.between(0, static_cast<std::int64_t>(60e9 / per_minute)));
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
  for (const char* name : {"runner", "job", "servers"}) world_.process(name).resume();
}

std::string Troubles::any_broker() {
  return plan_.brokers[random_.below(plan_.brokers.size())];
}

std::string Troubles::any_server() {
  const auto servers = plan_.brokers.size() + static_cast<std::size_t>(plan_.name_servers);
  const auto at = random_.below(servers);
  return at < plan_.brokers.size() ? plan_.brokers[at] + "/0" : "namesrv-" + std::to_string(at - plan_.brokers.size());
}

std::string Troubles::any_process() {
  constexpr std::array<const char*, 3> kProcesses = {"runner", "job", "servers"};
  return kProcesses.at(random_.below(kProcesses.size()));
}

void Troubles::restart(const std::string& server) {
  cluster_.stop(server);
  const bool elsewhere = !server.starts_with("namesrv") && random_.chance(0.3);
  after(some_time(10ms, 20s), [this, server, elsewhere] { cluster_.start(server, elsewhere); });
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
  constexpr std::array<Fault::Kind, 8> kKinds = {
      Fault::Kind::kAsUsual,        Fault::Kind::kAnswer,    Fault::Kind::kDrop,        Fault::Kind::kExecuteAndDrop,
      Fault::Kind::kExecuteAndClose, Fault::Kind::kTruncate, Fault::Kind::kWrongOpaque, Fault::Kind::kHold};
  Fault fault = Fault::of(kKinds.at(random_.below(kKinds.size())), kRequests.at(random_.below(kRequests.size())));
  fault.times = static_cast<int>(random_.skewed(1, 50));
  fault.delay = std::chrono::milliseconds(fault.kind == Fault::Kind::kAsUsual ? random_.skewed(1, 20'000) : 0);
  fault.answer_code = kPassingCodes.at(random_.below(kPassingCodes.size()));
  fault.remark = "odd";
  if (random_.chance(0.7)) fault.server = any_server();
  cluster_.inject(std::move(fault));
}

void Troubles::stall() {
  Link& link = world_.network().link(random_.chance(0.5) ? "runner" : "job", "servers");
  link.directions.at(random_.below(2)).stalled_until = world_.now() + some_time(10ms, 20s);
}

void Troubles::slow_down() {
  const std::string process = random_.chance(0.5) ? "runner" : "job";
  world_.network().link(process, "servers").settings.bytes_per_second = random_.skewed(20'000, 2'000'000);
  after(some_time(1s, 30s), [this, process] {
    world_.network().link(process, "servers").settings.bytes_per_second = 0;
  });
}

}  // namespace rocketlink::sim
