#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/loop/discovery.h"
#include "engine/loop/read_loop.h"
#include "sim/simulate/copy_work.h"
#include "sim/simulate/plan.h"

namespace rocketlink::sim {

/// What jobs of a world are given.
struct JobSettings {
  const Plan& plan;
  Judges& judges;
  std::vector<std::string> endpoints;
  std::string input;
  std::string output;
  std::string access_key;
  bool bounded = false;
};

[[nodiscard]] SourceOptions source_options(const JobSettings& settings, const std::string& group);
[[nodiscard]] SinkOptions sink_options(const JobSettings& settings);
/// `life`: a job's, by a name of its own.
[[nodiscard]] LogFunction log_of(Process& process, Judges& judges, const std::string& life);
[[nodiscard]] std::shared_ptr<Client> make_client(Process& process, const JobSettings& settings, LogFunction log);

/// One life of the native runner: discovery, readers and their loops, in a process of the world. What ends it otherwise
/// than `stop` is a failure of the job, as a user would see it.
class Runner {
 public:
  /// `life`: a name of its own.
  Runner(Process& process, const JobSettings& settings, const std::string& group, const std::string& life);
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
  void set_slowness(std::chrono::nanoseconds slowness);
  void look_at_memory();

 private:
  void run(const std::string& thread, std::function<Status()> work);

  Process& process_;
  const JobSettings& settings_;
  const std::string group_;
  engine::RunControl control_;
  std::shared_ptr<Client> client_;
  std::vector<std::string> names_;
  std::vector<std::unique_ptr<CopyWork>> works_;
  std::vector<std::unique_ptr<engine::ReadLoop>> loops_;
  std::unique_ptr<engine::Discovery> discovery_;
  std::size_t working_ = 0;
  std::vector<std::unique_ptr<Process::Running>> threads_;
};

}  // namespace rocketlink::sim
