#include "cluster/pacer.h"

#include <utility>

namespace rocketlink::cluster {

Pacer::Pacer(Runtime& runtime, net::EventLoop& loop, std::shared_ptr<CallBudget> budget)
    : runtime_(runtime), budget_(std::move(budget)), timer_(loop.timer()) {}

bool Pacer::ready(std::function<void()> resume, Line& line) {
  if (!budget_->limited()) return true;
  if ((turn_ || waiting() == 0) && budget_->wait_time(runtime_.now()) == CallBudget::Clock::duration::zero())
    return true;
  line.push_back(std::move(resume));
  wait();
  return false;
}

void Pacer::spend(std::size_t calls) {
  budget_->spend(calls, runtime_.now());
  if (calls > 0) turn_ = false;
}

void Pacer::close() {
  closed_ = true;
  line_.clear();
  commits_.clear();
  timer_->cancel();
}

void Pacer::wait() {
  if (waiting_ || closed_ || waiting() == 0) return;
  waiting_ = true;
  const SteadyTime now = runtime_.now();
  timer_->set(now + budget_->wait_time(now), [this] {
    waiting_ = false;
    give_turns();
    wait();
  });
}

void Pacer::give_turns() {
  // Those who come back into the line meanwhile wait for the next round.
  for (std::size_t left = waiting(); left > 0 && !closed_; --left) {
    if (budget_->wait_time(runtime_.now()) > CallBudget::Clock::duration::zero()) return;
    commit_was_last_ = line_.empty() || (!commits_.empty() && !commit_was_last_);
    Line& line = commit_was_last_ ? commits_ : line_;
    const auto resume = std::move(line.front());
    line.pop_front();
    turn_ = true;
    resume();
    turn_ = false;
  }
}

}  // namespace rocketlink::cluster
