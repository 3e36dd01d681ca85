#include "sim/sim_condition.h"

#include <algorithm>
#include <utility>

#include "sim/process.h"
#include "sim/world.h"

namespace rocketlink::sim {

SimCondition::~SimCondition() {
  if (!waiting_.empty()) process_.world().fail(name_ + " is destroyed while a thread waits for it");
}

void SimCondition::notify_all() {
  for (Thread* const thread : std::exchange(waiting_, {})) process_.world().scheduler().wake(*thread, process_.soon());
}

bool SimCondition::wait_once(std::unique_lock<std::mutex>& lock, std::optional<SteadyTime> deadline) {
  World& world = process_.world();
  if (!lock.owns_lock()) world.fail(name_ + " is waited for without its lock");
  Thread& self = world.scheduler().running();
  struct Waiting {
    std::vector<Thread*>& threads;
    Thread* self;
    ~Waiting() { std::erase(threads, self); }
  } const waiting{waiting_, &self};
  lock.unlock();
  waiting_.push_back(&self);
  const SteadyTime end = deadline ? process_.late(*deadline) : SteadyTime::max();
  const SteadyTime spurious = process_.spurious_wake();
  bool woken = world.scheduler().block({.what = "", .whose = &name_, .code = __builtin_return_address(0)},
                                       std::min(end, spurious));
  if (!woken && spurious < end) {
    world.happened(Mishap::kSpuriousWake);
    woken = true;
  }
  if (!lock.try_lock()) world.fail("a thread blocks while it holds the mutex of " + name_);
  return woken;
}

}  // namespace rocketlink::sim
