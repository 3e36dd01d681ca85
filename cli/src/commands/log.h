#pragma once

#include <string_view>

#include "rocketlink/log.h"

namespace rocketlink::commands {

/// Log lines on standard error, from `least` up.
[[nodiscard]] LogFunction log_to_stderr(LogLevel least);

}  // namespace rocketlink::commands
