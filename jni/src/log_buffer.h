#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "rocketlink/log.h"
#include "secrets.h"

namespace rocketlink::jni {

/// Keeps the core's log lines until Java fetches them, as native code never calls up. Any thread.
class LogBuffer {
 public:
  static constexpr std::size_t kMostLines = 1000;  ///< that Java has not fetched; more are counted and left out

  /// To be given to the core; keeps the buffer alive. Lines below kInfo are left out.
  [[nodiscard]] static LogFunction into(std::shared_ptr<LogBuffer> buffer) {
    return [buffer = std::move(buffer)](LogLevel level, std::string_view text) {
      if (level != LogLevel::kDebug) buffer->add(level, text);
    };
  }

  /// The lines since the last call, oldest first: a letter (I, W, E) and the text.
  [[nodiscard]] std::vector<std::string> take() {
    std::vector<std::string> taken;
    const std::lock_guard lock(mutex_);
    taken.swap(lines_);
    if (dropped_ > 0) {
      taken.push_back("W" + std::to_string(dropped_) + " more log lines are left out here, behind the " +
                      std::to_string(kMostLines) + " that are kept");
    }
    dropped_ = 0;
    return taken;
  }

 private:
  void add(LogLevel level, std::string_view text) {
    const std::lock_guard lock(mutex_);
    if (lines_.size() >= kMostLines) {
      ++dropped_;
      return;
    }
    lines_.push_back((level == LogLevel::kInfo      ? "I"
                      : level == LogLevel::kWarning ? "W"
                                                    : "E") +
                     secret_mask().masked(text));
  }

  std::mutex mutex_;
  std::vector<std::string> lines_;
  std::size_t dropped_ = 0;
};

}  // namespace rocketlink::jni
