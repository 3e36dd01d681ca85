#include "sim/simulate/plan.h"

#include <algorithm>

namespace rocketlink::sim {

namespace {

/// Half of the time none of it; else anything from one in two minutes to one in two seconds.
double often(Random& random, double most = 30) {
  if (random.chance(0.5)) return 0;
  return 0.5 + static_cast<double>(random.skewed(0, static_cast<std::uint64_t>(most * 10))) / 10;
}

/// Nothing binds a message to the broker's queues, and nothing but itself holds a job up.
Plan with_one_away(const Plan& drawn) {
  Plan plan;
  plan.away = true;
  plan.version = drawn.version;
  plan.messages_per_second = drawn.messages_per_second;
  plan.longest_body = std::min<std::size_t>(drawn.longest_body, 1000);
  plan.keyed = false;
  plan.runner_readers = drawn.runner_readers;
  plan.client_for_each = drawn.client_for_each;
  plan.checkpointed_job = drawn.checkpointed_job;
  plan.checkpoint_readers = drawn.checkpoint_readers;
  plan.commit_interval = drawn.commit_interval;
  plan.discovery_interval_ms = drawn.discovery_interval_ms;
  plan.pull_batch_size = drawn.pull_batch_size;
  plan.long_polling = drawn.long_polling;
  plan.sleep_time_ms = drawn.sleep_time_ms;
  plan.batch_max_messages = drawn.batch_max_messages;
  return plan;
}

}  // namespace

bool Plan::without_trouble() const {
  if (away) return false;
  const bool calm = std::none_of(faults.chosen.begin(), faults.chosen.end(), [](bool chosen) { return chosen; });
  return calm && broker_restarts + name_server_restarts + silences + disconnects + route_changes + retentions +
                         odd_answers + broker_crashes + lost_ends + slow_steps + broker_pauses + lost_links +
                         new_leaders + throttles + resets + read_only + new_brokers + fewer_queues + missed_arrivals ==
                     0;
}

Plan make_plan(Random random) {
  Plan plan;
  if (random.chance(0.3)) plan.version = 407;
  if (random.chance(0.3)) plan.messages_per_pull = random.between(1, 32);
  plan.messages_per_second = static_cast<double>(random.skewed(5, 150));
  plan.longest_body = random.skewed(20, 4000);
  plan.keyed = random.chance(0.6);
  plan.runner_readers = random.between(1, 3);
  plan.checkpointed_job = random.chance(0.7);
  plan.checkpoint_readers = random.between(1, 3);
  plan.commit_interval = std::chrono::milliseconds(random.between(200, 3000));
  plan.discovery_interval_ms = random.between(1000, 10'000);
  plan.pull_batch_size = static_cast<std::int32_t>(random.chance(0.5) ? 64 : random.between(1, 128));
  plan.long_polling = random.chance(0.7);
  plan.sleep_time_ms = random.between(20, 2000);
  plan.batch_max_messages = static_cast<std::int32_t>(random.chance(0.5) ? 512 : random.between(1, 20));
  if (random.chance(0.2)) plan.max_api_calls_per_second = static_cast<double>(random.between(40, 400));
  plan.filters = random.chance(0.3);
  plan.bounded = random.chance(0.3);
  // What came later draws from streams of its own, so that older seeds keep their worlds.
  Random jobs = random.stream("jobs");
  plan.client_for_each = jobs.chance(0.3);
  plan.delays = jobs.chance(0.2);
  plan.tail = jobs.chance(0.15);
  plan.since = jobs.chance(0.15);
  plan.dropping = jobs.chance(0.15);
  if (random.stream("aborted").chance(0.3)) plan.aborted = 0.2;
  if (Random own = random.stream("message size"); own.chance(0.2))
    plan.max_message_bytes = plan.longest_body + static_cast<std::size_t>(own.skewed(500, 20'000));
  Random servers = random.stream("servers");
  plan.registers = servers.chance(0.5);
  plan.persists_later = servers.chance(0.5);
  plan.sync_flush = servers.chance(0.3);
  plan.slaves = servers.chance(0.3);
  plan.sync_replication = plan.slaves && servers.chance(0.5);
  plan.acting_master = plan.slaves && servers.chance(0.5);
  plan.busy_brokers = servers.chance(0.5);
  if (Random own = random.stream("bursts"); own.chance(0.06)) {
    plan.bursts = static_cast<double>(own.between(1, 3));
    plan.burst_body = own.skewed(20'000, 200'000);
    plan.max_message_bytes = Plan().max_message_bytes;
  }
  Random work = random.stream("work");
  plan.stops = often(work, 4);
  plan.hand_backs = often(work, 10);
  plan.rests = often(work, 10);
  if (random.chance(0.1)) {  // no trouble at all
    Random slow = random.stream("slow");
    plan.consumer_slowness = often(slow, 6);
    return plan;
  }
  plan.gives_up = random.stream("gives up").chance(0.15);
  plan.faults = FaultPlan::draw(random.stream("faults"));
  plan.broker_restarts = often(random, 6);
  plan.name_server_restarts = often(random, 6);
  plan.silences = often(random, 4);
  plan.disconnects = often(random);
  plan.route_changes = often(random, 6);
  plan.retentions = often(random, 4);
  plan.odd_answers = often(random);
  plan.consumer_slowness = often(random, 6);
  if (Random own = random.stream("lost ends"); own.chance(0.06))
    plan.lost_ends = static_cast<double>(own.between(1, 4));
  Random service = random.stream("service");
  plan.broker_crashes = often(service, 6);
  plan.slow_steps = often(service, 10);
  plan.broker_pauses = often(service, 4);
  plan.lost_links = often(service, 4);
  if (plan.slaves) plan.new_leaders = often(service, 4);
  plan.throttles = often(service, 4);
  plan.resets = often(service, 4);
  plan.read_only = often(service, 4);
  plan.new_brokers = service.chance(0.2) ? 1 : 0;
  plan.fewer_queues = often(service, 4);
  plan.missed_arrivals = often(service, 4);
  if (Random own = random.stream("length"); own.chance(0.1))
    plan.troubled = std::chrono::seconds(own.between(100, 250));
  if (Random own = random.stream("away"); own.chance(0.04)) return with_one_away(plan);
  return plan;
}

}  // namespace rocketlink::sim
