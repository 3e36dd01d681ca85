#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "sim/simulate/runner.h"

namespace rocketlink::sim {

/// What a completed checkpoint keeps: outlives the job's lives.
struct Checkpoint {
  std::string enumerator;
  std::map<QueueId, std::int64_t> positions;
};

/// One life of a job as Flink runs it: a coordinator that finds queues, readers with a sink each, checkpoints that
/// flush and keep positions, commits once a checkpoint is complete. A new life begins where the last completed
/// checkpoint was.
class CheckpointedJob {
 public:
  /// `life`: a name of its own.
  /// `random`: which checkpoints are aborted though all their parts were taken.
  CheckpointedJob(Process& process, const JobSettings& settings, const std::string& group, const std::string& life,
                  std::optional<Checkpoint>& last, Random random);
  ~CheckpointedJob();
  CheckpointedJob(const CheckpointedJob&) = delete;
  CheckpointedJob& operator=(const CheckpointedJob&) = delete;

  void start();
  void abandon();
  [[nodiscard]] bool ended() const { return working_ == 0; }
  [[nodiscard]] std::optional<Error> error() const { return control_.error(); }
  void look_at_readers();
  /// Some queue is taken from its reader and given to it again.
  void hand_back(Random& random);
  /// Some queue rests, or all go on that did.
  void rest(Random& random, bool rests);

 private:
  struct Task {
    std::string name;
    std::unique_ptr<SourceReader> reader;
    std::unique_ptr<Sink> sink;
    std::map<QueueId, std::int64_t> positions;
    std::uint64_t asked = 0;  ///< the checkpoint to take
    std::uint64_t taken = 0;  ///< the last one taken
    std::map<QueueId, std::int64_t> snapshot;
    std::vector<Position> commits;  ///< of a completed checkpoint, to be committed
    std::vector<Split> new_splits;
    std::vector<QueueId> handed_back;
  };

  void run(const std::string& thread, std::function<Status()> work);
  Status coordinate();
  Status restore();
  Status discover();
  void give(const Split& split);
  void checkpoint();
  void complete();
  [[nodiscard]] std::optional<QueueId> any_queue(Random& random, const Task& task) const;
  Status task(Task& task);
  Status take_checkpoint(Task& task);

  Process& process_;
  const JobSettings& settings_;
  const std::string group_;
  std::optional<Checkpoint>& last_;
  Random random_;
  engine::RunControl control_;
  std::shared_ptr<Client> client_;
  std::unique_ptr<SourceEnumerator> enumerator_;
  std::vector<std::unique_ptr<Task>> tasks_;
  std::size_t next_task_ = 0;
  std::vector<std::pair<SourceReader*, QueueId>> resting_;
  std::uint64_t checkpoint_ = 0;
  std::uint64_t ended_ = 0;    ///< the last checkpoint that is complete or aborted
  std::uint64_t aborted_ = 0;  ///< the last one that was aborted
  Checkpoint pending_;
  std::size_t working_ = 0;
  std::vector<std::unique_ptr<Process::Running>> threads_;
};

}  // namespace rocketlink::sim
