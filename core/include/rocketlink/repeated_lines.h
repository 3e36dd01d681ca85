#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "rocketlink/log.h"
#include "rocketlink/runtime.h"

namespace rocketlink {

/// Lines that may come again and again: of each kind at most one a minute reaches the log, with how many like it were
/// left out; a new kind shows at once. Those left out are written as debug lines. Thread-safe.
class RepeatedLines {
 public:
  /// Lines of a kind that come sooner after the last that was written are only counted.
  static constexpr std::chrono::seconds kInterval{60};
  /// Beyond them the kind that was written longest ago is forgotten.
  static constexpr std::size_t kMaxKinds = 256;

  RepeatedLines(LogFunction log, Runtime& runtime) : log_(std::move(log)), runtime_(runtime) {}

  /// `kind` is what makes lines the same to their reader: the doing, the cause, the server.
  void write(LogLevel level, const std::string& kind, std::string_view text);

 private:
  struct Kind {
    SteadyTime written{};
    std::uint64_t left_out = 0;
  };
  /// How many were left out, if a line may be written now.
  [[nodiscard]] std::optional<std::uint64_t> due(const std::string& kind);

  LogFunction log_;
  Runtime& runtime_;
  std::mutex mutex_;
  std::map<std::string, Kind> kinds_;  // guarded by mutex_
};

}  // namespace rocketlink
