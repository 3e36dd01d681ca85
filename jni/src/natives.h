#pragma once

#include <jni.h>

/// One function per Java class with native methods; each registers them, false with a Java exception pending when the
/// class does not fit.
namespace rocketlink::jni {

bool register_options(JNIEnv* env);
bool register_source_reader(JNIEnv* env);
bool register_enumerator(JNIEnv* env);
bool register_sink(JNIEnv* env);
bool register_warnings(JNIEnv* env);

/// Registers `methods` (a name, its signature and a function each) with the class of this name.
template <int N>
bool register_natives(JNIEnv* env, const char* class_name, const JNINativeMethod (&methods)[N]) {
  const jclass found = env->FindClass(class_name);
  if (found == nullptr) return false;
  const bool registered = env->RegisterNatives(found, methods, N) == JNI_OK;
  env->DeleteLocalRef(found);
  return registered;
}

/// An entry of the table for register_natives, where names are not const though nobody writes to them.
inline JNINativeMethod native(const char* name, const char* signature, void* function) {
  return {const_cast<char*>(name), const_cast<char*>(signature), function};
}

}  // namespace rocketlink::jni
