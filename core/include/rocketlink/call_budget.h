#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>

namespace rocketlink {

/// How many calls to brokers a job may make in a second, whatever they are about. One budget is shared by all clients
/// that it is given to; where they live in several processes, each holds a share of the whole. Calls are evenly spread:
/// 99 % of the limit, and at most a tenth of a second's worth saved, so that over any ten seconds no more go than ten
/// seconds allow, and under full load no fewer than 99 % of it. Which time it is, the caller says. Thread-safe.
class CallBudget {
 public:
  using Clock = std::chrono::steady_clock;

  /// Of the whole job; 0: no limit.
  explicit CallBudget(double calls_per_second);

  [[nodiscard]] bool limited() const { return total_ > 0; }
  /// Of the whole job.
  [[nodiscard]] double calls_per_second() const { return total_; }
  /// Which part of the whole may be spent here: above 0, at most 1. Holds from now on.
  void set_share(double share);

  /// How many calls may go now; without a limit as many as there are.
  [[nodiscard]] std::size_t available(Clock::time_point now) const;
  /// How long until one may go; zero when it may go now.
  [[nodiscard]] Clock::duration wait_time(Clock::time_point now) const;
  /// Counts calls that go now; those that did not wait for their time are made up for by the ones behind them.
  void spend(std::size_t calls, Clock::time_point now);

 private:
  [[nodiscard]] double saved(Clock::time_point now) const;
  [[nodiscard]] double most_saved() const;

  const double total_;
  mutable std::mutex mutex_;
  // Guarded by mutex_:
  double rate_;                               ///< calls a second: the limit, or a share of it
  double saved_ = 1;                          ///< calls that may go at `counted_`; negative when too many went
  std::optional<Clock::time_point> counted_;  ///< nothing before the first call
};

}  // namespace rocketlink
