#pragma once

#include "commands/voice.h"
#include "rocketlink/log.h"

namespace rocketlink::commands {

/// Log lines by a voice, from `least` up.
[[nodiscard]] LogFunction log_by(Voice voice, LogLevel least);

}  // namespace rocketlink::commands
