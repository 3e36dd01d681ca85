#pragma once

namespace rocketlink::test {

/// Whether a sanitizer slows this build down so far that how long things take says nothing.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace rocketlink::test
