#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <utility>

#include "net/event_loop.h"
#include "rocketlink/call_budget.h"

namespace rocketlink::cluster {

/// The line in which pulls and sends wait for the call budget, and a shorter one beside it for commits, which are few:
/// where both wait, each gets every other turn, so that neither holds up the other. Everybody decides what to ask for
/// only when its turn has come, so that a call that had to wait is as full as it can be. Lives on the I/O thread.
class Pacer {
 public:
  /// `loop` is of `runtime`.
  Pacer(Runtime& runtime, net::EventLoop& loop, std::shared_ptr<CallBudget> budget);

  /// Whether a call may go now. If not, `resume` is run once it is the caller's turn, who then asks again, or lets the
  /// turn pass.
  [[nodiscard]] bool ready(std::function<void()> resume) { return ready(std::move(resume), line_); }
  /// The shorter line.
  struct Commits {
    Pacer& pacer;
    [[nodiscard]] bool ready(std::function<void()> resume) const {
      return pacer.ready(std::move(resume), pacer.commits_);
    }
  };
  /// How many calls may go now.
  [[nodiscard]] std::size_t available() const { return budget_->available(runtime_.now()); }
  void spend(std::size_t calls);
  /// Nobody is resumed afterwards.
  void close();

 private:
  using Line = std::deque<std::function<void()>>;

  [[nodiscard]] bool ready(std::function<void()> resume, Line& line);
  [[nodiscard]] std::size_t waiting() const { return line_.size() + commits_.size(); }
  void wait();
  void give_turns();

  Runtime& runtime_;
  std::shared_ptr<CallBudget> budget_;
  std::unique_ptr<net::Timer> timer_;
  Line line_;
  Line commits_;
  bool commit_was_last_ = false;  ///< that a turn was given to
  bool waiting_ = false;
  bool turn_ = false;  ///< somebody is being resumed and has not spent yet
  bool closed_ = false;
};

}  // namespace rocketlink::cluster
