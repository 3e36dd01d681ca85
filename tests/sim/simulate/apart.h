#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "sim/simulate/simulation.h"

namespace rocketlink::sim {

/// What became of a world that ran apart.
struct Verdict {
  std::optional<Outcome> outcome;  ///< nothing: it failed
  std::string what;                ///< then: what is wrong; the first line tells most
  std::uint64_t hash = 0;          ///< then: of the trace up to there; 0: not known
  std::string said;                ///< then: the last events, or all that a sanitizer said
  std::chrono::duration<double> processor_time{0};
};

/// A world in a process of its own: a crash ends that alone, and one that hangs is ended.
class Apart {
 public:
  Apart(const std::function<Outcome(const Failed& failed)>& world, std::chrono::seconds processor_limit);
  ~Apart();
  Apart(const Apart&) = delete;
  Apart& operator=(const Apart&) = delete;

  [[nodiscard]] pid_t process() const { return process_; }
  /// Waits for its end.
  [[nodiscard]] Verdict wait();

 private:
  const std::chrono::seconds processor_limit_;
  const int said_;    ///< a file in memory, as the next one
  const int result_;  ///< an outcome, or what is wrong
  pid_t process_ = 0;
};

}  // namespace rocketlink::sim
