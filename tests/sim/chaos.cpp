#include "sim/chaos.h"

#include <utility>

#include "sim/world.h"

namespace rocketlink::sim {

namespace {

constexpr Nanoseconds kShortest = std::chrono::milliseconds(1);

Nanoseconds how_long(Random& random, const FaultPlan::Rhythm& rhythm) {
  return random.skewed(kShortest, rhythm.longest);
}

}  // namespace

Chaos::Chaos(World& world, const FaultPlan& plan)
    : world_(world), process_(world.process("chaos")), plan_(plan), changed_(process_.condition()) {}

Chaos::~Chaos() {
  end();
}

void Chaos::begin() {
  process_.log("faults: " + plan_.text());
  world_.set_delays(plan_.delays);
  world_.network().set_settings(plan_.links);
  world_.network().set_names(plan_.names);
  run(Mishap::kStall, plan_.stalls, &Chaos::stall);
  run(Mishap::kReset, plan_.resets, &Chaos::reset);
  run(Mishap::kPartition, plan_.partitions, &Chaos::part);
  run(Mishap::kPause, plan_.pauses, &Chaos::pause);
  run(Mishap::kClockJump, plan_.clock_jumps, &Chaos::move_clock);
  run(Mishap::kCrash, plan_.crashes, &Chaos::crash);
}

void Chaos::end() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(ended_, true)) return;
  }
  process_.log("the end of faults");
  changed_->notify_all();
  threads_.clear();
  world_.set_delays({});
  world_.network().set_settings({});
  world_.network().set_names({});
  world_.network().mend_all();
  for (const Victim& victim : victims_) {
    if (Process* const process = world_.living(victim.process)) process->resume();
  }
}

void Chaos::run(Mishap mishap, const FaultPlan::Rhythm& rhythm, void (Chaos::*act)(Random&, const FaultPlan::Rhythm&)) {
  if (rhythm.every.count() == 0) return;
  threads_.push_back(process_.spawn(std::string(name_of(mishap)), [this, mishap, rhythm, act] {
    Random random = world_.random("chaos").stream(name_of(mishap));
    while (wait(Nanoseconds(random.between(0, 2 * rhythm.every.count())))) (this->*act)(random, rhythm);
  }));
}

void Chaos::stall(Random& random, const FaultPlan::Rhythm& rhythm) {
  const auto connections = world_.network().connections();
  if (connections.empty()) return;
  const Connection& connection = *connections[random.below(connections.size())];
  const auto side = static_cast<Connection::Side>(random.below(2));
  world_.network().stall(connection.machine(side), connection.machine(1 - side),
                         world_.now() + how_long(random, rhythm));
}

void Chaos::reset(Random& random, const FaultPlan::Rhythm& /*rhythm*/) {
  const auto connections = world_.network().connections();
  if (!connections.empty()) connections[random.below(connections.size())]->reset();
}

void Chaos::part(Random& random, const FaultPlan::Rhythm& rhythm) {
  const auto connections = world_.network().connections();
  if (connections.empty()) return;
  const Connection& connection = *connections[random.below(connections.size())];
  const std::string client = connection.machine(Connection::kClient);
  const std::string server = connection.machine(Connection::kServer);
  world_.network().cut(client, server);
  wait(how_long(random, rhythm));
  world_.network().mend(client, server);
}

void Chaos::pause(Random& random, const FaultPlan::Rhythm& rhythm) {
  const Victim* const victim = choose(random, [](const Victim& one) { return one.pauses; });
  if (victim != nullptr) world_.living(victim->process)->pause_until(world_.now() + how_long(random, rhythm));
}

void Chaos::move_clock(Random& random, const FaultPlan::Rhythm& rhythm) {
  const Victim* const victim = choose(random, [](const Victim& one) { return one.clock_jumps; });
  if (victim == nullptr) return;
  const auto by = std::chrono::ceil<std::chrono::milliseconds>(how_long(random, rhythm));
  world_.living(victim->process)->move_wall_clock(random.chance(0.5) ? by : -by);
}

void Chaos::crash(Random& random, const FaultPlan::Rhythm& /*rhythm*/) {
  const Victim* const victim = choose(random, [](const Victim& one) { return one.crash != nullptr; });
  if (victim != nullptr) victim->crash(random.chance(0.7) ? Death::kProcess : Death::kMachine);
}

bool Chaos::wait(Nanoseconds time) {
  std::unique_lock lock(mutex_);
  return !changed_->wait_until(lock, process_.now() + time, [this] { return ended_; });
}

/// One of those that live; null when there is none.
const Chaos::Victim* Chaos::choose(Random& random, const std::function<bool(const Victim&)>& suits) const {
  std::vector<const Victim*> found;
  for (const Victim& victim : victims_) {
    if (suits(victim) && world_.living(victim.process) != nullptr) found.push_back(&victim);
  }
  return found.empty() ? nullptr : found[random.below(found.size())];
}

}  // namespace rocketlink::sim
