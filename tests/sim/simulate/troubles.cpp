#include "sim/simulate/troubles.h"

#include <algorithm>
#include <array>
#include <utility>

namespace rocketlink::sim {

namespace {

using namespace std::chrono_literals;
using wire::RequestCode;

/// Codes that a healthy server may answer at a bad moment, beside those that all requests may be answered with.
struct Answers {
  RequestCode request;
  std::vector<std::int32_t> codes;
};
const std::vector<std::int32_t> kAnyonesCodes = {1, 2, 14, 215, 501, 1500};

const std::vector<Answers>& answers() {
  static const std::vector<Answers> all = {{RequestCode::kPullMessage, {17, 19, 20, 24, 25}},
                                           {RequestCode::kPullMessage, {17, 19, 20, 24, 25}},
                                           {RequestCode::kSendBatchMessage, {17, 29}},
                                           {RequestCode::kSendMessageV2, {17, 29}},
                                           {RequestCode::kGetRouteInfoByTopic, {17}},
                                           {RequestCode::kUpdateConsumerOffset, {17, 26}},
                                           {RequestCode::kQueryConsumerOffset, {}},
                                           {RequestCode::kGetMaxOffset, {}},
                                           {RequestCode::kGetMinOffset, {}},
                                           {RequestCode::kSearchOffsetByTimestamp, {}}};
  return all;
}

/// What each kind of fault is to the client, in their order.
constexpr std::array<const char*, 11> kKindNames = {"answers late",
                                                    "answer code",
                                                    "request lost",
                                                    "answer lost",
                                                    "connection closed in place of work",
                                                    "connection closed in place of the answer",
                                                    "nonsense in place of the answer",
                                                    "answer truncated",
                                                    "answer to no request",
                                                    "answers out of order",
                                                    "work done twice"};

/// What each step of a server's work is when it is slow.
constexpr std::array<const char*, mock::kSteps> kSlowSteps = {
    "requests forwarded late", "sends slow",       "pulls slow",
    "other requests slow",     "answers slow",     "flush slow",
    "dispatch slow",           "replication slow", "registration too late"};

}  // namespace

Troubles::Troubles(World& world, mock::MockCluster& cluster, const Plan& plan, Judges& judges, std::string input,
                   std::string output, std::vector<std::string> groups, Workload workload)
    : world_(world),
      cluster_(cluster),
      plan_(plan),
      judges_(judges),
      input_(std::move(input)),
      output_(std::move(output)),
      groups_(std::move(groups)),
      workload_(std::move(workload)),
      random_(world.random("troubles")),
      brokers_(plan.brokers) {
  for (const std::string& broker : brokers_) masters_[broker] = broker + "/0";
  add("broker restarted", plan.broker_restarts, [this] {
    const std::string server = any_broker_process();
    return end_for_a_while(server, [this, server] { cluster_.stop(server); });
  });
  add("name server restarted", plan.name_server_restarts, [this] {
    const std::string server = any_name_server();
    return end_for_a_while(server, [this, server] { cluster_.stop(server); });
  });
  add("broker crashed", plan.broker_crashes, [this] { return crash(any_broker_process()); });
  add("end of a log lost", plan.lost_ends, [this] { return lose_end(); });
  add("leader changed", plan.new_leaders, [this] { return change_leader(); });
  add("broker stands still", plan.broker_pauses, [this] {
    const std::string server = any_broker_process();
    cluster_.set_paused(server, true);
    after(some_time(10ms, 40s), [this, server] { cluster_.set_paused(server, false); });
    return !down_.contains(server);
  });
  add("link to a name server lost", plan.lost_links, [this] {
    const std::string broker = any_broker_process();
    const std::string server = any_name_server();
    cluster_.set_link(broker, server, false);
    after(some_time(1s, 60s), [this, broker, server] { cluster_.set_link(broker, server, true); });
    return true;
  });
  add("slow step", plan.slow_steps, [this] { return slow_down(); });
  add("arrivals missed", plan.missed_arrivals, [this] {
    const std::string server = any_broker_process();
    cluster_.set_missed_arrivals(server, 0.5);
    after(some_time(1s, 40s), [this, server] { cluster_.set_missed_arrivals(server, 0); });
    return true;
  });
  add("server silent", plan.silences, [this] {
    const std::string server = any_server();
    if (down_.contains(server)) return false;
    cluster_.set_silent(server, true);
    after(some_time(10ms, 30s), [this, server] { cluster_.set_silent(server, false); });
    return true;
  });
  add("disconnected", plan.disconnects, [this] { return cluster_.close_connections(any_server()) > 0; });
  add("queue added", plan.route_changes * 0.3, [this] {
    const std::string& broker = any_broker();
    cluster_.add_queues(random_.chance(0.5) ? input_ : output_, broker, 1);
    return true;
  });
  add("broker out of the route", plan.route_changes * 0.7, [this] {
    const std::string server = any_broker_process();
    cluster_.show_in_route(server, false);
    after(some_time(100ms, 20s), [this, server] { cluster_.show_in_route(server, true); });
    return !down_.contains(server);
  });
  add("broker added", plan.new_brokers, [this] { return add_broker(); });
  add("broker read-only", plan.read_only, [this] {
    const std::string broker = any_broker();
    cluster_.set_permission(output_, broker, 4);
    after(some_time(100ms, 30s), [this, broker] { cluster_.set_permission(output_, broker, 6); });
    return true;
  });
  add("queue closed to writers", plan.fewer_queues, [this] { return close_queue(); });
  add("messages deleted", plan.retentions, [this] { return delete_old(); });
  add("offset reset", plan.resets, [this] { return reset_offset(); });
  add("throttled", plan.throttles, [this] {
    cluster_.set_throttle(static_cast<std::uint32_t>(random_.between(5, 60)));
    after(some_time(1s, 30s), [this] { cluster_.set_throttle(0); });
    return true;
  });
  add("odd answers drawn", plan.odd_answers, [this] {
    answer_oddly();
    return true;
  });
  const auto always = [](std::function<void()> act) {
    return [act = std::move(act)] {
      act();
      return true;
    };
  };
  add("consumer slow", plan.consumer_slowness, always([this] {
        workload_.slow_down(some_time(1ms, 3s));
        after(some_time(1s, 20s), [this] { workload_.slow_down(0ms); });
      }));
  add("burst", plan.bursts, always(workload_.burst));
  add("job stopped", plan.stops, always(workload_.stop));
  add("queue handed back", plan.hand_backs, always(workload_.hand_back));
  add("queue rests", plan.rests, always([this] {
        workload_.rest(true);
        after(some_time(10ms, 10s), [this] { workload_.rest(false); });
      }));
}

void Troubles::add(const char* name, double per_minute, std::function<bool()> begin) {
  if (per_minute <= 0) return;
  Trouble trouble{name, per_minute, std::move(begin), {}};
  trouble.next =
      world_.now() + std::chrono::nanoseconds(random_.between(0, static_cast<std::int64_t>(60e9 / per_minute)));
  troubles_.push_back(std::move(trouble));
}

void Troubles::after(std::chrono::nanoseconds delay, std::function<void()> end) {
  ends_.emplace(world_.now() + delay, std::move(end));
  world_.trace().note(world_.now(), "trouble", "until {3}", {}, world_.trace().since_start(world_.now() + delay));
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
    const auto mean = static_cast<std::int64_t>(60e9 / trouble.per_minute);
    trouble.next = world_.now() + std::chrono::nanoseconds(random_.between(mean / 5, mean * 9 / 5));
    if (!trouble.begin()) continue;
    ++happened_[trouble.name];
    world_.trace().note(world_.now(), "trouble", "{3}", {}, trouble.name);
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

void Troubles::leave(const std::string& broker, bool silent) {
  const std::string& master = masters_.at(broker);
  mock::Death death;
  death.loses_unflushed = false;
  death.silent = silent;
  cluster_.crash(master, death);
  down_.insert(master);
  ++happened_["broker away"];
  after(plan_.troubled, [this, master] {
    cluster_.start(master);
    down_.erase(master);
  });
}

const std::string& Troubles::any_broker() {
  return brokers_[random_.below(brokers_.size())];
}

std::string Troubles::any_broker_process() {
  const char* const role = plan_.slaves && random_.chance(0.5) ? "/1" : "/0";
  return any_broker() + role;
}

std::string Troubles::any_name_server() {
  return "namesrv-" + std::to_string(random_.below(static_cast<std::uint64_t>(plan_.name_servers)));
}

std::string Troubles::any_server() {
  return random_.chance(0.6) ? any_broker_process() : any_name_server();
}

bool Troubles::end_for_a_while(const std::string& server, const std::function<void()>& end) {
  if (!down_.insert(server).second) return false;
  end();
  const bool elsewhere = !server.starts_with("namesrv") && random_.chance(0.3);
  const auto time = random_.chance(0.1) ? plan_.troubled : some_time(10ms, 20s);
  after(time, [this, server, elsewhere] {
    cluster_.start(server, elsewhere);
    down_.erase(server);
  });
  return true;
}

bool Troubles::crash(const std::string& server) {
  mock::Death death;
  death.loses_unflushed = random_.chance(0.7);
  death.silent = random_.chance(0.3);
  if (!end_for_a_while(server, [&] { cluster_.crash(server, death); })) return false;
  if (death.loses_unflushed) ++happened_["machine of a broker died"];
  return true;
}

/// What readers have read for some seconds is not on disk yet when the machine dies.
bool Troubles::lose_end() {
  const std::string server = masters_.at(any_broker());
  if (down_.contains(server)) return false;
  mock::Pace stalled;
  stalled.stalled = true;
  cluster_.set_pace(server, mock::Step::kFlush, stalled);
  after(some_time(500ms, 10s), [this, server] {
    if (end_for_a_while(server, [&] { cluster_.crash(server, {}); })) ++happened_["machine of a broker died"];
    cluster_.set_pace(server, mock::Step::kFlush, {});
  });
  return true;
}

bool Troubles::change_leader() {
  const std::string& broker = any_broker();
  std::string& master = masters_.at(broker);
  const std::string risen = broker + (master.ends_with("/0") ? "/1" : "/0");
  if (down_.contains(risen)) return false;
  if (random_.chance(0.7)) (void)crash(master);  // else it is told to step down
  cluster_.promote(risen);
  master = risen;
  return true;
}

bool Troubles::slow_down() {
  const std::string server = any_server();
  const bool is_broker = !server.starts_with("namesrv");
  const auto step = static_cast<mock::Step>(random_.below(is_broker ? mock::kSteps : 5));
  mock::Pace pace;
  pace.delay = some_time(1ms, 3s);
  pace.jitter = random_.chance(0.5) ? some_time(1ms, 3s) : 0ms;
  pace.stalled = random_.chance(0.4);
  pace.unordered = random_.chance(0.3) && (step == mock::Step::kPull || step == mock::Step::kAnswer);
  cluster_.set_pace(server, step, pace);
  world_.trace().note(world_.now(), server, "{3}", {}, kSlowSteps[static_cast<std::size_t>(step)]);
  after(some_time(10ms, 30s), [this, server, step] { cluster_.set_pace(server, step, {}); });
  ++happened_[kSlowSteps[static_cast<std::size_t>(step)]];
  if (pace.stalled) ++happened_["step stands still"];
  return true;
}

bool Troubles::reset_offset() {
  const auto queues = cluster_.queues_of(input_);
  const QueueId& queue = queues[random_.below(queues.size())];
  const std::string& group = groups_[random_.below(groups_.size())];
  if (!is_up(queue.broker)) return false;
  cluster_.reset_offset(group, queue, random_.between(0, cluster_.max_offset(queue)));
  return true;
}

bool Troubles::add_broker() {
  const std::string broker = "broker-" + std::string(1, static_cast<char>('a' + brokers_.size()));
  cluster_.add_broker(broker);
  for (const std::string& topic : {input_, output_})
    cluster_.create_topic(topic, static_cast<std::int32_t>(random_.between(1, 2)), {broker});
  if (plan_.slaves) cluster_.add_slave(broker, 1);
  brokers_.push_back(broker);
  masters_[broker] = broker + "/0";
  return true;
}

bool Troubles::close_queue() {
  const std::string broker = any_broker();
  std::int32_t queues = 0;
  for (const QueueId& queue : cluster_.queues_of(output_)) queues += queue.broker == broker ? 1 : 0;
  if (queues < 2) return false;
  cluster_.set_queues(output_, broker, queues, queues - 1);
  after(some_time(100ms, 30s), [this, broker, queues] { cluster_.set_queues(output_, broker, queues, queues); });
  return true;
}

bool Troubles::delete_old() {
  const auto queues = cluster_.queues_of(input_);
  const QueueId& queue = queues[random_.below(queues.size())];
  const std::int64_t end = cluster_.max_offset(queue);
  const std::int64_t below = random_.between(0, end);
  judges_.deleted_before(queue, below);
  return cluster_.expire_before(queue, below) > 0;
}

void Troubles::answer_oddly() {
  const auto kind = static_cast<mock::Fault::Kind>(random_.below(kKindNames.size()));
  const Answers& possible = answers()[random_.below(answers().size())];
  mock::Fault fault = mock::Fault::of(kind, possible.request);
  fault.times = static_cast<int>(random_.skewed(1, 50));
  fault.delay = std::chrono::milliseconds(fault.kind == mock::Fault::Kind::kAsUsual ? random_.skewed(1, 20'000) : 0);
  const std::size_t code = random_.below(kAnyonesCodes.size() + possible.codes.size());
  fault.answer_code = code < kAnyonesCodes.size() ? kAnyonesCodes[code] : possible.codes[code - kAnyonesCodes.size()];
  fault.name = kind == mock::Fault::Kind::kAnswer ? "answer code " + std::to_string(fault.answer_code)
                                                  : std::string(kKindNames.at(static_cast<std::size_t>(kind)));
  fault.remark = "odd";
  fault.bytes = "no frame at all, but some bytes of nonsense";
  if (random_.chance(0.7)) fault.server = any_server();
  cluster_.inject(std::move(fault));
}

}  // namespace rocketlink::sim
