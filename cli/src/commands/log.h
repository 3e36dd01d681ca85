#pragma once

#include "process/voice.h"
#include "rocketlink/log.h"

namespace rocketlink::commands {

/// Log lines by a voice, from `least` up.
[[nodiscard]] LogFunction log_by(process::Voice voice, LogLevel least);

}  // namespace rocketlink::commands
