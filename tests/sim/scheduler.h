#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/event_queue.h"
#include "sim/fiber.h"
#include "sim/trace.h"

namespace rocketlink::sim {

/// Thrown on the main thread when a failure was reported and the handler of failures returned.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Threads and executors that stand still together: those of a process.
struct Group {
  std::string name;
  bool held = false;
  std::deque<Event*> kept;  ///< events that came while it was held, in their order
};

/// A thread that does nothing but run events, one after the other: a loop's, or the network.
struct Executor {
  Group& group;
  std::string name;
  Event* first = nullptr;  ///< its events, in no order of meaning
};

/// What a thread waits for; both parts are for a person.
struct Wait {
  const char* what = "";
  const std::string* whose = nullptr;
  const void* code = nullptr;  ///< the address it was called from
};

/// A thread with a stack of its own, that may block.
class Thread {
 public:
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] Group& group() const { return *group_; }

 private:
  friend class Scheduler;
  enum class State { kRunning, kWaiting, kWoken, kEnded };

  std::string name_;
  Group* group_ = nullptr;
  std::unique_ptr<Fiber> fiber_;
  std::function<void()> body_;
  State state_ = State::kEnded;
  bool late_ = false;  ///< goes on because its deadline came
  EventId resume_;
  Wait wait_;
  SteadyTime since_{};
  Thread* joining_ = nullptr;  ///< waits for our end
};

/// One real thread, virtual time, events in the order of (time, sequence). Whoever blocks runs the events on its own
/// stack until a thread is to go on, and switches to that. So the thread that made the scheduler is a thread like the
/// others.
class Scheduler {
 public:
  struct Limits {
    std::uint64_t events_per_second = 0;  ///< more in one virtual second are a failure; 0: no limit
    std::optional<SteadyTime> end;        ///< nothing may happen later
  };
  /// Told of a failure, wherever it was found: does not return, or throws only on the main thread.
  using OnFailure = std::function<void(const std::string& text)>;

  Scheduler(Group& main, SteadyTime start, Trace& trace, OnFailure on_failure);
  /// All threads have ended.
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  [[nodiscard]] SteadyTime now() const { return now_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }
  void set_limits(const Limits& limits) { limits_ = limits; }

  EventId at(SteadyTime when, Executor& executor, std::function<void()> action);
  void cancel(const EventId& id);
  /// Cancels all events of an executor, those too that cancelling makes.
  void clear(Executor& executor);

  Thread& spawn(Group& group, std::string name, SteadyTime when, std::function<void()> body);
  /// Waits for its end; the thread is gone then.
  void join(Thread& thread);
  /// The one that runs, also while it runs events.
  [[nodiscard]] Thread& running() { return *running_; }
  /// Whose event is being run; null when it is a thread's own doing.
  [[nodiscard]] const Executor* executor() const { return executor_; }
  /// Until `wake` has its effect, or `until`: false then.
  bool block(const Wait& wait, std::optional<SteadyTime> until = std::nullopt);
  /// The thread, if it blocks and was not woken yet, goes on at `when`.
  void wake(Thread& thread, SteadyTime when);

  /// Nothing of the group happens from now on until it is let go.
  static void hold(Group& group) { group.held = true; }
  void let_go(Group& group);

  /// Reports a failure; the main thread then gets a Failure thrown out of what it does.
  [[noreturn]] void fail(const std::string& what);
  /// Who waits for what, a line each.
  [[nodiscard]] std::string who_waits() const;

 private:
  void live(Thread& self) noexcept;
  Event& make(Executor* executor, Thread* thread, std::function<void()> action);
  std::function<void()> take(Event& event);
  void push_resume(Thread& thread, SteadyTime when);
  void drive(Thread& self);
  void switch_to(Thread& self, Thread& next);
  Event& next_event();
  [[nodiscard]] static Group& group_of(const Event& event);
  [[nodiscard]] std::optional<std::string> problem();
  void report(const std::string& what);

  Trace& trace_;
  OnFailure on_failure_;
  Limits limits_;
  SteadyTime now_;
  EventQueue queue_;
  std::vector<std::unique_ptr<Event>> all_events_;
  std::vector<Event*> free_events_;
  std::uint64_t last_id_ = 0;
  std::vector<std::unique_ptr<Thread>> threads_;  ///< the main thread first
  std::vector<Thread*> free_threads_;
  Thread* running_;
  const Executor* executor_ = nullptr;
  std::optional<std::string> failed_;  ///< what the main thread is to throw
  bool closing_ = false;
  std::uint64_t events_ = 0;
  std::int64_t second_ = 0;  ///< that events are counted in
  std::uint64_t events_before_second_ = 0;
};

}  // namespace rocketlink::sim
