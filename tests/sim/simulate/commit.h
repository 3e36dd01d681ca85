#pragma once

namespace rocketlink::sim {

/// That the program was built of, "-dirty" behind it if more than that.
extern const char* const kCommit;

}  // namespace rocketlink::sim
