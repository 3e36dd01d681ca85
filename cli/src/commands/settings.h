#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rocketlink/result.h"

namespace rocketlink::commands {

/// What SET can change. Defaults are what holds before the first SET.
struct Settings {
  std::chrono::milliseconds commit_interval{1000};  ///< `execution.checkpointing.interval`: between two commits
  std::string local_time_zone = "UTC";              ///< `table.local-time-zone`
  bool drop_nulls = false;                          ///< `table.exec.sink.not-null-enforcer`
  std::int32_t parallelism = 1;                     ///< `parallelism.default`
};

/// The names of all that SET can change.
[[nodiscard]] std::vector<std::string_view> setting_names();

/// True: set. False: no such setting here. kInvalidArgument: a value that cannot be used.
[[nodiscard]] Result<bool> set(Settings& settings, std::string_view name, std::string_view value);
/// Back to the default; an empty name means all.
void reset(Settings& settings, std::string_view name);

/// A time as Flink writes it: `500 ms`, `10s`, `1 min`, `2 h`, `1 d`; a number alone is milliseconds.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace rocketlink::commands
