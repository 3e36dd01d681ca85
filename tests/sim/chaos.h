#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "sim/fault_plan.h"
#include "sim/process.h"

namespace rocketlink::sim {

class World;

/// Does to a world what a plan says, from `begin` to `end`. After that nothing goes wrong any more, and what can be
/// mended is mended: connections that nothing arrives by stay so.
class Chaos {
 public:
  /// A process that may come to harm.
  struct Victim {
    std::string process;
    bool pauses = true;
    bool clock_jumps = true;
    /// Kills it (Process::kill) and starts what it does anew, at once or later; may block. Empty: it does not die.
    std::function<void(Death death)> crash;
  };

  Chaos(World& world, const FaultPlan& plan);
  ~Chaos();  ///< ends
  Chaos(const Chaos&) = delete;
  Chaos& operator=(const Chaos&) = delete;

  void add(Victim victim) { victims_.push_back(std::move(victim)); }
  void begin();
  /// Waits for crashes that are under way.
  void end();

 private:
  void run(Mishap mishap, const FaultPlan::Rhythm& rhythm, void (Chaos::*act)(Random&, const FaultPlan::Rhythm&));
  void stall(Random& random, const FaultPlan::Rhythm& rhythm);
  void reset(Random& random, const FaultPlan::Rhythm& rhythm);
  void part(Random& random, const FaultPlan::Rhythm& rhythm);
  void pause(Random& random, const FaultPlan::Rhythm& rhythm);
  void move_clock(Random& random, const FaultPlan::Rhythm& rhythm);
  void crash(Random& random, const FaultPlan::Rhythm& rhythm);
  /// False: it is the end.
  bool wait(Nanoseconds time);
  [[nodiscard]] const Victim* choose(Random& random, const std::function<bool(const Victim&)>& suits) const;

  World& world_;
  Process& process_;
  const FaultPlan plan_;
  std::vector<Victim> victims_;
  std::mutex mutex_;
  std::unique_ptr<Condition> changed_;
  bool ended_ = false;
  std::vector<std::unique_ptr<Process::Running>> threads_;
};

}  // namespace rocketlink::sim
