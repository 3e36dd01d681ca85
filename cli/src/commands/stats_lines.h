#pragma once

#include <string>
#include <vector>

#include "engine/stats.h"

namespace rocketlink::commands {

/// What `--stats` says at the end of a run: a line for each source table, and one for the INSERTs that read none.
[[nodiscard]] std::vector<std::string> stats_lines(const engine::JobStats& stats);

}  // namespace rocketlink::commands
