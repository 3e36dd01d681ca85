#include "rocketlink/repeated_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace rocketlink {

void RepeatedLines::write(LogLevel level, const std::string& kind, std::string_view text) {
  if (!log_) return;
  const auto left_out = due(kind);
  if (!left_out) {
    log_(LogLevel::kDebug, text);
  } else if (*left_out == 0) {
    log_(level, text);
  } else {
    log_(level, fmt::format("{} ({} more of this kind since the last such line)", text, *left_out));
  }
}

std::optional<std::uint64_t> RepeatedLines::due(const std::string& kind) {
  const std::lock_guard lock(mutex_);
  const SteadyTime now = runtime_.now();
  const auto [known, is_new] = kinds_.try_emplace(kind);
  if (!is_new && now - known->second.written < kInterval) {
    ++known->second.left_out;
    return std::nullopt;
  }
  known->second.written = now;
  const std::uint64_t left_out = std::exchange(known->second.left_out, 0);
  if (kinds_.size() > kMaxKinds) {
    kinds_.erase(std::min_element(kinds_.begin(), kinds_.end(), [](const auto& one, const auto& other) {
      return one.second.written < other.second.written;
    }));
  }
  return left_out;
}

}  // namespace rocketlink
