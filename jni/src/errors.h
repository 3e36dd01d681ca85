#pragma once

#include <jni.h>

#include <exception>
#include <string>

#include "rocketlink/result.h"

namespace rocketlink::jni {

/// Finds the exception class once, when the library is loaded; false with a Java exception pending when it is not
/// there.
bool find_exception_class(JNIEnv* env);
void forget_exception_class(JNIEnv* env);

/// Leaves a RocketLinkException with the error's code, text and retriable pending. The caller returns to Java at once.
void throw_error(JNIEnv* env, const Error& error);

/// Runs `body`; a C++ exception becomes a Java one and gives `otherwise`. Around the body of every native method, as no
/// C++ exception may cross into the JVM.
template <class T, class Body>
T guarded(JNIEnv* env, T otherwise, Body&& body) {
  try {
    return body();
  } catch (const std::exception& problem) {
    throw_error(env, Error(ErrorCode::kInternal, std::string("the native library failed: ") + problem.what()));
  } catch (...) {
    throw_error(env, Error(ErrorCode::kInternal, "the native library failed without saying why"));
  }
  return otherwise;
}

template <class Body>
void guarded(JNIEnv* env, Body&& body) {
  (void)guarded(env, false, [&] {
    body();
    return true;
  });
}

}  // namespace rocketlink::jni
