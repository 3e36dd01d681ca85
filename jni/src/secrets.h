#pragma once

#include "rocketlink/options.h"

namespace rocketlink::jni {

/// Of this copy of the library: hides every secret that a table of it was given, in errors and log lines.
[[nodiscard]] SecretMask& secret_mask();

}  // namespace rocketlink::jni
