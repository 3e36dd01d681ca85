#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/loop/discovery.h"
#include "engine/loop/read_loop.h"
#include "sim/simulate/copy_work.h"
#include "sim/simulate/plan.h"

namespace rocketlink::sim {

/// What is special about a job.
enum class JobKind : std::uint8_t {
  kPlain,     ///< from the first message on
  kBounded,   ///< to the end as of its start
  kTail,      ///< from the end as of its first start
  kSince,     ///< from a time
  kDropping,  ///< what cannot be sent is dropped
  kGivingUp,  ///< and here it ends the job
};

/// What jobs of a world are given.
struct JobSettings {
  const Plan& plan;
  Judges& judges;
  std::vector<std::string> endpoints;
  std::string input;
  std::string output;
  std::string access_key;
  JobKind kind = JobKind::kPlain;
  std::int64_t start_time_ms = 0;  ///< kSince
  std::size_t readers = 1;         ///< of a Runner
};

[[nodiscard]] SourceOptions source_options(const JobSettings& settings, const std::string& group);
[[nodiscard]] SinkOptions sink_options(const JobSettings& settings);
/// How messages for later are sent; nothing: there are none.
[[nodiscard]] std::optional<DeliveryEncoding> delivery_of(const Plan& plan);
/// `life`: a job's, by a name of its own.
[[nodiscard]] LogFunction log_of(Process& process, Judges& judges, const std::string& life);
/// `budget` may be shared with others.
[[nodiscard]] std::shared_ptr<Client> make_client(Process& process, const JobSettings& settings, LogFunction log,
                                                  std::shared_ptr<CallBudget> budget = nullptr);

/// One life of the native runner: discovery, readers and their loops, in a process of the world. What ends it otherwise
/// than `stop` is a failure of the job, as a user would see it.
class Runner {
 public:
  using Begins = std::function<void(const std::string& run, const Split& split)>;

  /// `life`: a name of its own. `begins` is told of each split that a reader is given.
  Runner(Process& process, const JobSettings& settings, const std::string& group, const std::string& life,
         Begins begins);
  /// Ends it, in good order if it can still reach anybody, and waits for that.
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  void start();
  void stop() { control_.stop(); }
  /// As the one who killed the process: nothing is waited for.
  void abandon();
  /// All threads have ended.
  [[nodiscard]] bool ended() const { return working_ == 0; }
  [[nodiscard]] std::optional<Error> error() const { return control_.error(); }
  [[nodiscard]] std::size_t clients() const { return clients_.size(); }
  void set_slowness(std::chrono::nanoseconds slowness);
  /// The judges do, at what it costs.
  void look();

 private:
  void run(const std::string& thread, std::function<Status()> work);

  Process& process_;
  const JobSettings& settings_;
  const std::string group_;
  const std::string life_;
  const Begins begins_;
  engine::RunControl control_;
  std::vector<std::shared_ptr<Client>> clients_;  ///< of the readers, in turn
  std::vector<std::string> names_;
  std::vector<std::unique_ptr<CopyWork>> works_;
  std::vector<std::unique_ptr<engine::ReadLoop>> loops_;
  std::unique_ptr<engine::Discovery> discovery_;
  std::size_t working_ = 0;
  std::vector<std::unique_ptr<Process::Running>> threads_;
};

}  // namespace rocketlink::sim
