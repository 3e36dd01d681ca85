#include "sim/scheduler.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <utility>

extern "C" const char __executable_start;  // NOLINT(bugprone-reserved-identifier): the linker's

namespace rocketlink::sim {

namespace {

std::string text_of(const Wait& wait) {
  std::string text = wait.what;
  if (wait.whose != nullptr) text += (text.empty() ? "" : " ") + *wait.whose;
  if (wait.code == nullptr) return text;
  const auto offset =
      reinterpret_cast<std::uintptr_t>(wait.code) - reinterpret_cast<std::uintptr_t>(&__executable_start);
  return text + fmt::format(" (addr2line {:#x})", offset);
}

}  // namespace

Scheduler::Scheduler(Group& main, SteadyTime start, Trace& trace, OnFailure on_failure)
    : trace_(trace), on_failure_(std::move(on_failure)), now_(start) {
  threads_.push_back(std::make_unique<Thread>());
  running_ = threads_.front().get();
  running_->name_ = "main";
  running_->group_ = &main;
  running_->fiber_ = std::make_unique<Fiber>();
  running_->state_ = Thread::State::kRunning;
}

Scheduler::~Scheduler() {
  if (free_threads_.size() + 1 != threads_.size()) {
    on_failure_("threads are left at the end of the world:\n" + who_waits());
    std::abort();
  }
  closing_ = true;
  for (Thread* const thread : free_threads_) switch_to(*threads_.front(), *thread);
}

EventId Scheduler::at(SteadyTime when, Executor& executor, std::function<void()> action) {
  Event& event = make(&executor, nullptr, std::move(action));
  queue_.push(event, std::max(when, now_));
  return EventId(event);
}

void Scheduler::cancel(const EventId& id) {
  Event* const event = id.find();
  if (event == nullptr) return;
  if (event->place != Event::kNowhere) {
    queue_.remove(*event);
  } else {
    std::erase(group_of(*event).kept, event);
  }
  take(*event);
}

Group& Scheduler::group_of(const Event& event) {
  return event.executor != nullptr ? event.executor->group : *event.thread->group_;
}

void Scheduler::clear(Executor& executor) {
  while (executor.first != nullptr) cancel(EventId(*executor.first));
}

Event& Scheduler::make(Executor* executor, Thread* thread, std::function<void()> action) {
  if (free_events_.empty()) {
    all_events_.push_back(std::make_unique<Event>());
    free_events_.push_back(all_events_.back().get());
  }
  Event& event = *free_events_.back();
  free_events_.pop_back();
  event.id = ++last_id_;
  event.executor = executor;
  event.thread = thread;
  event.action = std::move(action);
  if (executor != nullptr) {
    event.next = std::exchange(executor->first, &event);
    if (event.next != nullptr) event.next->previous = &event;
  }
  return event;
}

std::function<void()> Scheduler::take(Event& event) {
  if (event.executor != nullptr) {
    if (event.next != nullptr) event.next->previous = event.previous;
    (event.previous != nullptr ? event.previous->next : event.executor->first) = event.next;
    event.previous = event.next = nullptr;
  }
  event.id = 0;
  free_events_.push_back(&event);
  return std::exchange(event.action, nullptr);
}

Thread& Scheduler::spawn(Group& group, std::string name, SteadyTime when, std::function<void()> body) {
  const bool fresh = free_threads_.empty();
  if (fresh) {
    threads_.push_back(std::make_unique<Thread>());
    free_threads_.push_back(threads_.back().get());
  }
  Thread& thread = *free_threads_.back();
  free_threads_.pop_back();
  thread.name_ = std::move(name);
  thread.group_ = &group;
  thread.body_ = std::move(body);
  thread.state_ = Thread::State::kWoken;
  thread.joining_ = nullptr;
  if (fresh) thread.fiber_ = std::make_unique<Fiber>([this, &thread] { live(thread); });
  push_resume(thread, when);
  return thread;
}

void Scheduler::live(Thread& self) noexcept {
  while (!closing_) {
    self.body_();
    self.body_ = nullptr;
    self.state_ = Thread::State::kEnded;
    if (self.joining_ != nullptr) wake(*self.joining_, now_);
    drive(self);  // until it is used again
  }
}

void Scheduler::join(Thread& thread) {
  struct Joining {
    Thread*& joining;
    ~Joining() { joining = nullptr; }
  } const joining{thread.joining_ = running_};
  while (thread.state_ != Thread::State::kEnded) block({.what = "the end of thread", .whose = &thread.name_});
  free_threads_.push_back(&thread);
}

bool Scheduler::block(const Wait& wait, std::optional<SteadyTime> until) {
  Thread& self = *running_;
  self.wait_ = wait;
  self.since_ = now_;
  if (executor_ != nullptr) {
    fail(fmt::format("{} of {} must not block, but waits for {}", executor_->name, executor_->group.name,
                     text_of(wait)));
  }
  self.state_ = Thread::State::kWaiting;
  self.late_ = until.has_value();
  if (until && *until != SteadyTime::max()) push_resume(self, *until);
  drive(self);
  return !self.late_;
}

void Scheduler::wake(Thread& thread, SteadyTime when) {
  if (thread.state_ != Thread::State::kWaiting) return;
  thread.state_ = Thread::State::kWoken;
  thread.late_ = false;
  cancel(thread.resume_);
  push_resume(thread, when);
}

void Scheduler::push_resume(Thread& thread, SteadyTime when) {
  Event& event = make(nullptr, &thread, nullptr);
  thread.resume_ = EventId(event);
  queue_.push(event, std::max(when, now_));
}

void Scheduler::drive(Thread& self) {
  for (;;) {
    if (const auto why = problem()) {
      report(*why);
      return;  // it was woken since: whoever got the Failure mended it
    }
    Event& event = next_event();
    if (event.thread != nullptr) {
      Thread& next = *event.thread;
      take(event);
      if (&next != &self) {
        switch_to(self, next);
      } else {
        self.state_ = Thread::State::kRunning;
      }
      return;
    }
    struct Running {
      const Executor*& executor;
      ~Running() { executor = nullptr; }
    } const done{executor_};
    executor_ = event.executor;
    take(event)();
  }
}

/// Returns when somebody has switched back.
void Scheduler::switch_to(Thread& self, Thread& next) {
  running_ = &next;
  next.state_ = Thread::State::kRunning;
  self.fiber_->switch_to(*next.fiber_);
  if (failed_ && &self == threads_.front().get()) throw Failure(*std::exchange(failed_, std::nullopt));
}

/// Moves what is held out of the way.
std::optional<std::string> Scheduler::problem() {
  while (!queue_.empty() && group_of(queue_.next()).held) {
    now_ = queue_.next_time();
    Event& event = queue_.pop();
    group_of(event).kept.push_back(&event);
  }
  if (queue_.empty()) return "nothing is left to run";
  if (limits_.end && queue_.next_time() > *limits_.end) return "the world's time is over";
  if (limits_.events_per_second != 0 && events_ - events_before_second_ > limits_.events_per_second) {
    return fmt::format("more than {} events in a second: something runs in circles", limits_.events_per_second);
  }
  return std::nullopt;
}

Event& Scheduler::next_event() {
  now_ = queue_.next_time();
  Event& event = queue_.pop();
  ++events_;
  trace_.mix_in(static_cast<std::uint64_t>(now_.time_since_epoch().count()) * 0x9e3779b97f4a7c15U + event.id);
  const std::int64_t second = now_.time_since_epoch() / std::chrono::seconds(1);
  if (second != second_) {
    second_ = second;
    events_before_second_ = events_;
  }
  return event;
}

void Scheduler::let_go(Group& group) {
  group.held = false;
  for (Event* const event : std::exchange(group.kept, {})) queue_.push(*event, now_);
}

std::string Scheduler::who_waits() const {
  std::string text;
  for (const auto& thread : threads_) {
    if (thread->state_ != Thread::State::kWaiting && thread->state_ != Thread::State::kWoken) continue;
    text += fmt::format("  thread {} of {}{} waits for {} since {}\n", thread->name_, thread->group_->name,
                        thread->group_->held ? " (paused)" : "", text_of(thread->wait_),
                        trace_.since_start(thread->since_));
  }
  return text;
}

void Scheduler::fail(const std::string& what) {
  report(what);
  std::abort();  // nothing goes on from where it failed
}

/// Returns when the running thread, which is not the main one, is woken after all.
void Scheduler::report(const std::string& what) {
  const std::string text = fmt::format("at {}: {}\n{}", trace_.since_start(now_), what, who_waits());
  on_failure_(text);
  Thread& main = *threads_.front();
  executor_ = nullptr;
  cancel(main.resume_);
  if (running_ == &main) {
    main.state_ = Thread::State::kRunning;
    throw Failure(text);
  }
  failed_ = text;
  switch_to(*running_, main);
}

}  // namespace rocketlink::sim
