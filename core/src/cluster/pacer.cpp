#include "cluster/pacer.h"

#include <utility>

namespace rocketlink::cluster {

Pacer::Pacer(Runtime& runtime, net::EventLoop& loop, std::shared_ptr<CallBudget> budget)
    : runtime_(runtime), budget_(std::move(budget)), timer_(loop.timer()) {}

bool Pacer::ready(std::function<void()> resume) {
  if (!budget_->limited()) return true;
  if ((turn_ || line_.empty()) && budget_->wait_time(runtime_.now()) == CallBudget::Clock::duration::zero())
    return true;
  line_.push_back(std::move(resume));
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
  timer_->cancel();
}

void Pacer::wait() {
  if (waiting_ || closed_ || line_.empty()) return;
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
  for (std::size_t left = line_.size(); left > 0 && !closed_; --left) {
    if (budget_->wait_time(runtime_.now()) > CallBudget::Clock::duration::zero()) return;
    const auto resume = std::move(line_.front());
    line_.pop_front();
    turn_ = true;
    resume();
    turn_ = false;
  }
}

}  // namespace rocketlink::cluster
