#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace rocketlink {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError };

/// Where the core's own messages go. Called from any thread, also from the I/O thread: must not block long nor call
/// back into the core. Never given a secret.
using LogFunction = std::function<void(LogLevel, std::string_view)>;

}  // namespace rocketlink
