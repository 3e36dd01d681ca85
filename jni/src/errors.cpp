#include "errors.h"

#include "java_strings.h"

namespace rocketlink::jni {

namespace {

// Of this copy of the library, which belongs to one class loader.
jclass exception_class = nullptr;
jmethodID exception_constructor = nullptr;

}  // namespace

bool find_exception_class(JNIEnv* env) {
  const jclass found = env->FindClass("io/rocketlink/client/RocketLinkException");
  if (found == nullptr) return false;
  exception_constructor = env->GetMethodID(found, "<init>", "(ILjava/lang/String;Z)V");
  if (exception_constructor == nullptr) return false;
  exception_class = static_cast<jclass>(env->NewGlobalRef(found));
  env->DeleteLocalRef(found);
  return exception_class != nullptr;
}

void forget_exception_class(JNIEnv* env) {
  env->DeleteGlobalRef(exception_class);
  exception_class = nullptr;
}

void throw_error(JNIEnv* env, const Error& error) {
  if (env->ExceptionCheck() == JNI_TRUE) return;  // what happened first is thrown
  const jstring text = to_java(env, error.text);
  if (text == nullptr) return;
  const jobject exception = env->NewObject(exception_class, exception_constructor, static_cast<jint>(error.code), text,
                                           static_cast<jboolean>(error.retriable ? JNI_TRUE : JNI_FALSE));
  if (exception != nullptr) env->Throw(static_cast<jthrowable>(exception));
}

}  // namespace rocketlink::jni
