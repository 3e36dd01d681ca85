#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "rocketlink/runtime.h"
#include "sim/scheduler.h"

namespace rocketlink::sim {

class Process;

/// Waiting in virtual time. No thread holds a mutex while it waits, so the mutex is always free for who goes on.
class SimCondition final : public Condition {
 public:
  SimCondition(Process& process, std::string name) : process_(process), name_(std::move(name)) {}
  ~SimCondition() override;

  void notify_all() override;

 protected:
  bool wait_once(std::unique_lock<std::mutex>& lock, std::optional<SteadyTime> deadline) override;

 private:
  Process& process_;
  std::string name_;
  std::vector<Thread*> waiting_;  ///< in the order they came
};

}  // namespace rocketlink::sim
