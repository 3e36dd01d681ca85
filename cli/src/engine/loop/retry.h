#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "engine/loop/run_control.h"

namespace rocketlink::engine {

inline constexpr std::chrono::milliseconds kFirstTryPause{100};     ///< between tries to begin, then doubling
inline constexpr std::chrono::milliseconds kLongestTryPause{2000};  ///< so a server that has come up is found within it
static_assert(kFirstTryPause < kLongestTryPause);

/// Calls `attempt` until it succeeds, fails for good, `patience` is over, or the run shall end. For what has never
/// worked yet: a wrong endpoint shall end the run soon, a server that is just being started shall not. `what` is what
/// it does, for the log.
template <class Attempt>
auto try_to_begin(std::string_view what, Attempt attempt, std::chrono::milliseconds patience, RunControl& control) {
  using namespace std::chrono_literals;
  const auto deadline = control.runtime().now() + patience;
  auto pause = kFirstTryPause;
  for (int failures = 0;; ++failures) {
    auto result = attempt();
    if (result && failures > 0) {
      const std::string text = fmt::format("{} works after {} failure(s)", what, failures);
      control.lines().write(LogLevel::kWarning, text, text);
    }
    if (result || !result.error().retriable || control.stopping()) return result;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - control.runtime().now());
    if (left <= 0ms) return result;
    control.lines().write(LogLevel::kWarning, fmt::format("begin {}", result.error().code),
                          fmt::format("{}; trying again", result.error().text));
    if (control.wait_for(std::min(pause, left))) return result;
    pause = std::min(pause * 2, kLongestTryPause);
  }
}

}  // namespace rocketlink::engine
