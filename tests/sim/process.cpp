#include "sim/process.h"

#include <fmt/format.h>

#include <utility>

#include "sim/sim_condition.h"
#include "sim/sim_loop.h"
#include "sim/world.h"

namespace rocketlink::sim {

Process::Process(World& world, std::string name, std::uint64_t incarnation)
    : world_(world),
      name_(std::move(name)),
      incarnation_(incarnation),
      group_{.name = incarnation == 0 ? name_ : fmt::format("{}#{}", name_, incarnation), .held = false, .kept = {}},
      random_(world.random("process").stream(group_.name)),
      delays_(world.random("delays").stream(group_.name)) {}

SteadyTime Process::now() const {
  return world_.now();
}

std::int64_t Process::wall_clock_ms() const {
  return world_.wall_clock_ms() + wall_clock_moved_.count();
}

std::string Process::identity() const {
  std::string bytes;
  for (const std::uint8_t byte : world_.network().address(name_).to_bytes()) bytes += static_cast<char>(byte);
  return bytes + static_cast<char>(incarnation_ >> 8U) + static_cast<char>(incarnation_ & 0xFFU);
}

std::unique_ptr<Condition> Process::condition() {
  return std::make_unique<SimCondition>(*this, fmt::format("condition {} of {}", ++conditions_, group_.name));
}

std::unique_ptr<net::EventLoop> Process::event_loop() {
  return std::make_unique<SimLoop>(*this, fmt::format("loop {}", ++loops_));
}

std::unique_ptr<Process::Running> Process::spawn(std::string name, std::function<void()> body) {
  Scheduler& scheduler = world_.scheduler();
  return std::make_unique<Running>(scheduler, scheduler.spawn(group_, std::move(name), soon(), std::move(body)));
}

void Process::Running::join() {
  if (thread_ == nullptr) return;
  scheduler_.join(*thread_);
  thread_ = nullptr;
}

void Process::sleep_until(SteadyTime when) {
  const SteadyTime end = late(when);
  do {
    world_.scheduler().block({.what = "the time to pass"}, end);
  } while (now() < end);
}

void Process::pause_until(SteadyTime when) {
  if (!alive_) return;
  Scheduler& scheduler = world_.scheduler();
  world_.happened(Mishap::kPause);
  world_.trace().note(now(), group_.name, "is paused until {3}", {}, world_.trace().since_start(when));
  Scheduler::hold(group_);
  scheduler.cancel(end_of_pause_);
  end_of_pause_ = scheduler.at(when, world_.executor(), [this] { resume(); });
}

void Process::resume() {
  if (!group_.held) return;
  world_.trace().note(now(), group_.name, "goes on");
  world_.scheduler().cancel(end_of_pause_);
  world_.scheduler().let_go(group_);
}

void Process::kill(Death death) {
  if (!alive_) return;
  world_.happened(Mishap::kCrash);
  world_.trace().note(now(), group_.name,
                      death == Death::kProcess ? Trace::Form("is killed") : Trace::Form("loses its machine"));
  world_.network().died(*this, death);
  alive_ = false;
  resume();
}

void Process::move_wall_clock(std::chrono::milliseconds by) {
  world_.happened(Mishap::kClockJump);
  world_.trace().note(now(), group_.name, "its wall clock jumps: {3}", {}, fmt::format("{:+} ms", by.count()));
  wall_clock_moved_ += by;
}

void Process::log(std::string_view text) {
  world_.trace().note(now(), group_.name, "{3}", {}, text);
}

SteadyTime Process::late(SteadyTime when) {
  const Delays& delays = world_.delays();
  const std::uint64_t drawn = delays_.next();
  if (when > SteadyTime::max() - std::chrono::hours(1)) return SteadyTime::max();
  if (delays_.chance(delays.often_long)) {
    world_.happened(Mishap::kLateWake);
    return when + delays_.skewed(delays.usual, delays.longest);
  }
  return when + std::chrono::nanoseconds(drawn % static_cast<std::uint64_t>(delays.usual.count() + 1));
}

SteadyTime Process::spurious_wake() {
  if (!delays_.chance(world_.delays().often_spurious)) return SteadyTime::max();
  return now() + delays_.skewed(std::chrono::nanoseconds(1000), std::chrono::seconds(1));
}

}  // namespace rocketlink::sim
