#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "mock/mock_cluster.h"
#include "sim/simulate/runner.h"

namespace rocketlink::sim {

/// Behind troubles: brokers are in all routes again (which they tell every 30 s), pulls that nobody answers any more
/// have failed (after 30 s), and no last commit is under way that began before.
inline constexpr std::chrono::seconds kSettling{45};

/// A job as the program runs it, life after life: killed, told to stop, or, when bounded, at its end, it is started
/// again after a while.
class NativeJob {
 public:
  /// `settings` say of which kind; its process and its group have the job's name. It starts after `delay`.
  NativeJob(World& world, mock::MockCluster& cluster, JobSettings settings, std::string name,
            std::chrono::nanoseconds delay);
  ~NativeJob();
  NativeJob(const NativeJob&) = delete;
  NativeJob& operator=(const NativeJob&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::size_t clients() const { return life_ ? life_->clients() : 0; }
  /// False: it does not live.
  bool kill(Death death);
  /// In good order.
  void stop();
  void set_slowness(std::chrono::nanoseconds slowness);
  /// Looks after it; `time` has passed since the last step.
  /// `healed`: for how long everything has been; nothing before.
  void step(std::chrono::nanoseconds time, std::optional<std::chrono::nanoseconds> healed);
  [[nodiscard]] bool is_stopping() const { return told_; }
  /// Whether its group has all that it must have.
  [[nodiscard]] bool has_arrived() const;
  void must_have_arrived(std::chrono::seconds patience) const;
  /// Stops it, and waits: nothing is wrong any more, so that must be quick.
  void end_well();
  /// Ends it, whatever it does.
  void end();

 private:
  void start();
  /// Of the newest.
  [[nodiscard]] std::string life_name() const;
  void begins(const std::string& run, const Split& split);
  void begins_at_end(const std::string& run, const Split& split);
  /// Of all queues, now.
  [[nodiscard]] std::map<QueueId, std::int64_t> ends() const;
  /// Its group, in any queue.
  [[nodiscard]] bool has_committed() const;
  void ended(std::optional<std::chrono::nanoseconds> healed);

  World& world_;
  mock::MockCluster& cluster_;
  const JobSettings settings_;
  const std::string name_;
  Random random_;
  std::uint64_t lives_ = 0;
  std::unique_ptr<Runner> life_;
  SteadyTime due_;  ///< to be started
  std::chrono::nanoseconds slowness_{0};
  bool told_ = false;  ///< to stop
  SteadyTime started_{};
  std::int64_t started_wall_ms_ = 0;
  std::optional<SteadyTime> found_;             ///< its first queues
  std::chrono::nanoseconds lived_{0};           ///< while it was not paused, and neither told nor failed
  std::chrono::nanoseconds ending_{0};          ///< the same since then
  std::map<QueueId, std::int64_t> ends_;        ///< of the queues as it started
  std::map<QueueId, std::int64_t> found_ends_;  ///< when its first queues were found
  std::set<QueueId> committed_;                 ///< had an offset as it started
  std::vector<std::unique_ptr<Process::Running>> graves_;
};

}  // namespace rocketlink::sim
