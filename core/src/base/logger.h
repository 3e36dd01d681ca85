#pragma once

#include <fmt/format.h>

#include <utility>

#include "rocketlink/log.h"

namespace rocketlink::base {

/// Formats only when somebody listens.
class Logger {
 public:
  Logger() = default;
  explicit Logger(LogFunction function) : function_(std::move(function)) {}

  template <class... Args>
  void info(fmt::format_string<Args...> format, Args&&... args) const {
    write(LogLevel::kInfo, format, std::forward<Args>(args)...);
  }
  template <class... Args>
  void warning(fmt::format_string<Args...> format, Args&&... args) const {
    write(LogLevel::kWarning, format, std::forward<Args>(args)...);
  }
  template <class... Args>
  void debug(fmt::format_string<Args...> format, Args&&... args) const {
    write(LogLevel::kDebug, format, std::forward<Args>(args)...);
  }

 private:
  template <class... Args>
  void write(LogLevel level, fmt::format_string<Args...> format, Args&&... args) const {
    if (function_) function_(level, fmt::format(format, std::forward<Args>(args)...));
  }

  LogFunction function_;
};

}  // namespace rocketlink::base
