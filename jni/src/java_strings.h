#pragma once

#include <jni.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rocketlink::jni {

/// UTF-8 of a Java string, which is UTF-16; JNI's own UTF calls give another encoding than UTF-8. Half a surrogate pair
/// becomes U+FFFD. Empty for null.
[[nodiscard]] std::string to_utf8(JNIEnv* env, jstring text);

/// A Java string of valid UTF-8; malformed bytes become U+FFFD. Null with an exception pending when memory is short.
[[nodiscard]] jstring to_java(JNIEnv* env, std::string_view utf8);

[[nodiscard]] std::vector<std::string> to_strings(JNIEnv* env, jobjectArray array);
[[nodiscard]] jobjectArray to_java_array(JNIEnv* env, std::span<const std::string> texts);

/// A copy of the first `length` bytes; all of them when it is negative.
[[nodiscard]] std::string to_bytes(JNIEnv* env, jbyteArray array, jsize length = -1);
[[nodiscard]] jbyteArray to_java_bytes(JNIEnv* env, std::string_view bytes);

}  // namespace rocketlink::jni
