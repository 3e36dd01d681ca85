#pragma once

#include <jni.h>

#include <string>
#include <vector>

#include "errors.h"
#include "handles.h"
#include "java_strings.h"

namespace rocketlink::jni {

/// The lines of the object's log since the last call; null when there are none, or the object is closed.
template <class Object>
jobjectArray take_log(Handles<Object>& handles, JNIEnv* env, jlong handle) {
  return guarded(env, jobjectArray{}, [&]() -> jobjectArray {
    const auto object = handles.use(handle);
    if (!object) return nullptr;
    const std::vector<std::string> lines = object->log().take();
    return lines.empty() ? nullptr : to_java_array(env, lines);
  });
}

}  // namespace rocketlink::jni
