#include "sim/sim_loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/process.h"
#include "sim/sim_network.h"
#include "sim/sim_stream.h"
#include "sim/world.h"

namespace rocketlink::sim {

namespace {

class SimTimer final : public net::Timer {
 public:
  explicit SimTimer(std::shared_ptr<LoopThread> thread) : thread_(std::move(thread)) {}
  ~SimTimer() override { thread_->cancel(event_); }

  void set(SteadyTime when, std::function<void()> action) override {
    thread_->must_run("a timer is set");
    thread_->cancel(event_);
    event_ = thread_->at(thread_->process().late(when), std::move(action));
  }
  void cancel() override { thread_->cancel(event_); }

 private:
  std::shared_ptr<LoopThread> thread_;
  EventId event_;
};

}  // namespace

LoopThread::LoopThread(Process& process, std::string name)
    : process_(process), executor_{.group = process.group(), .name = std::move(name)} {
  process_.world().loop_begins();
}

bool LoopThread::runs_now() const {
  return process_.world().scheduler().executor() == &executor_;
}

void LoopThread::must_run(const char* what) const {
  if (!runs_now()) {
    process_.world().fail(fmt::format("{} elsewhere than on {} of {}", what, executor_.name, executor_.group.name));
  }
}

EventId LoopThread::at(SteadyTime when, std::function<void()> action) {
  if (ended_ || when == SteadyTime::max()) return {};
  return process_.world().scheduler().at(when, executor_, std::move(action));
}

EventId LoopThread::soon(std::function<void()> action) {
  return at(process_.soon(), std::move(action));
}

void LoopThread::post(std::function<void()> action) {
  last_post_ = std::max(last_post_, process_.soon());
  at(last_post_, std::move(action));
}

void LoopThread::cancel(const EventId& event) {
  process_.world().scheduler().cancel(event);
}

void LoopThread::end() {
  if (runs_now()) process_.world().fail(executor_.name + " is destroyed on its own thread");
  ended_ = true;
  for (const auto& [number, stream] : std::exchange(streams_, {})) {
    if (const auto there = stream.lock()) there->drop();
  }
  process_.world().scheduler().clear(executor_);
  process_.world().loop_ends();
}

std::uint64_t LoopThread::add(std::weak_ptr<SimStream> stream) {
  streams_.emplace(++last_stream_, std::move(stream));
  return last_stream_;
}

SimLoop::SimLoop(Process& process, std::string name)
    : thread_(std::make_shared<LoopThread>(process, name)),
      name_(fmt::format("{} of {}", name, process.group().name)) {}

SimLoop::~SimLoop() {
  thread_->end();
}

void SimLoop::run_and_wait(const std::function<void()>& function) {
  Scheduler& scheduler = thread_->process().world().scheduler();
  Thread& caller = scheduler.running();
  bool done = false;
  thread_->post([&] {
    function();
    done = true;
    scheduler.wake(caller, thread_->process().soon());
  });
  while (!done) scheduler.block({.what = "a function on", .whose = &name_, .code = __builtin_return_address(0)});
}

std::unique_ptr<net::Timer> SimLoop::timer() {
  return std::make_unique<SimTimer>(thread_);
}

void SimLoop::resolve(const std::string& host, const std::string& port, Resolved resolved) {
  thread_->must_run("a name is asked for");
  thread_->process().world().network().resolve(thread_, host, port, std::move(resolved));
}

std::shared_ptr<net::Stream> SimLoop::stream(std::shared_ptr<net::TlsContext> /*tls*/) {
  thread_->must_run("a stream is made");
  return thread_->process().world().network().stream(thread_);
}

}  // namespace rocketlink::sim
