#include "cluster/pacer.h"

#include <utility>

namespace rocketlink::cluster {

Pacer::Pacer(net::EventLoop& loop, std::shared_ptr<CallBudget> budget)
    : budget_(std::move(budget)), timer_(loop.context()) {}

bool Pacer::ready(std::function<void()> resume) {
  if (!budget_->limited()) return true;
  if ((turn_ || line_.empty()) && budget_->wait_time() == CallBudget::Clock::duration::zero()) return true;
  line_.push_back(std::move(resume));
  wait();
  return false;
}

void Pacer::spend(std::size_t calls) {
  budget_->spend(calls);
  if (calls > 0) turn_ = false;
}

void Pacer::close() {
  closed_ = true;
  line_.clear();
  timer_.cancel();
}

void Pacer::wait() {
  if (waiting_ || closed_ || line_.empty()) return;
  waiting_ = true;
  timer_.expires_after(budget_->wait_time());
  timer_.async_wait([this](const asio::error_code& error) {
    if (error) return;
    waiting_ = false;
    give_turns();
    wait();
  });
}

void Pacer::give_turns() {
  // Those who come back into the line meanwhile wait for the next round.
  for (std::size_t left = line_.size(); left > 0 && !closed_; --left) {
    if (budget_->wait_time() > CallBudget::Clock::duration::zero()) return;
    const auto resume = std::move(line_.front());
    line_.pop_front();
    turn_ = true;
    resume();
    turn_ = false;
  }
}

}  // namespace rocketlink::cluster
