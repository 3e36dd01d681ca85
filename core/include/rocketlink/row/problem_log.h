#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "rocketlink/log.h"

namespace rocketlink::row {

/// Gives the time; a test puts its own in. Must never go backwards.
using Clock = std::function<std::chrono::steady_clock::time_point()>;

/// Lets warnings about bad rows through at most once a minute, so that a topic full of them does not drown the log.
class ProblemLog {
 public:
  /// Problems that come sooner after the last warning are only counted.
  static constexpr std::chrono::seconds kInterval{60};

  explicit ProblemLog(LogFunction log, Clock clock = {});

  /// Counts a problem; true when it is to be written, which the caller then does, so that nothing is formatted in vain.
  [[nodiscard]] bool due();
  /// Writes a warning, with the number of problems that went unwritten since the last one.
  void write(std::string_view text);

 private:
  LogFunction log_;
  Clock clock_;
  std::optional<std::chrono::steady_clock::time_point> last_;
  std::uint64_t unwritten_ = 0;
};

}  // namespace rocketlink::row
