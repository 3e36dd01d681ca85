#pragma once

namespace rocketlink::jni {

/// Destroys the library's statics, the last one first, as nobody is inside the library any more. Nothing else does:
/// when a JVM exits, its threads and ours go on until the process is gone, and must not find what they use destroyed.
void destroy_statics();

}  // namespace rocketlink::jni
