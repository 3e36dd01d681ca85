#pragma once

#include <string>

#include "rocketlink/options.h"

namespace rocketlink::jni {

/// What a log says of a source or sink when it begins: where, what, as whom, and where reading begins. No secrets.
[[nodiscard]] std::string summary(const SourceOptions& source);
[[nodiscard]] std::string summary(const SinkOptions& sink);

}  // namespace rocketlink::jni
