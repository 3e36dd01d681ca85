#include "rocketlink/row/problem_log.h"

#include <fmt/format.h>

#include <utility>

namespace rocketlink::row {

ProblemLog::ProblemLog(LogFunction log, Clock clock) : log_(std::move(log)), clock_(std::move(clock)) {
  if (!clock_) clock_ = [] { return std::chrono::steady_clock::now(); };
}

bool ProblemLog::due() {
  if (!log_) return false;
  const auto now = clock_();
  if (last_ && now - *last_ < kInterval) {
    ++unwritten_;
    return false;
  }
  last_ = now;
  return true;
}

void ProblemLog::write(std::string_view text) {
  if (!log_) return;
  if (unwritten_ == 0) {
    log_(LogLevel::kWarning, text);
  } else {
    log_(LogLevel::kWarning, fmt::format("{} ({} more since the last such warning)", text, unwritten_));
  }
  unwritten_ = 0;
}

}  // namespace rocketlink::row
