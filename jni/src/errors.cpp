#include "errors.h"

#include "java_strings.h"
#include "secrets.h"

namespace rocketlink::jni {

namespace {

// Of this copy of the library, which belongs to one class loader. Weak: a strong reference would keep the class, with
// it its loader, and so this library, for ever.
jweak exception_class = nullptr;
jmethodID exception_constructor = nullptr;

}  // namespace

bool find_exception_class(JNIEnv* env) {
  const jclass found = env->FindClass("io/rocketlink/client/RocketLinkException");
  if (found == nullptr) return false;
  exception_constructor = env->GetMethodID(found, "<init>", "(ILjava/lang/String;Z)V");
  if (exception_constructor == nullptr) return false;
  exception_class = env->NewWeakGlobalRef(found);
  env->DeleteLocalRef(found);
  return exception_class != nullptr;
}

void forget_exception_class(JNIEnv* env) {
  env->DeleteWeakGlobalRef(exception_class);
  exception_class = nullptr;
}

void throw_error(JNIEnv* env, const Error& error) {
  if (env->ExceptionCheck() == JNI_TRUE) return;  // what happened first is thrown
  const jstring text = to_java(env, secret_mask().masked(error.text));
  if (text == nullptr) return;
  const auto type = static_cast<jclass>(env->NewLocalRef(exception_class));
  if (type == nullptr) return;
  const jobject exception = env->NewObject(type, exception_constructor, static_cast<jint>(error.code), text,
                                           static_cast<jboolean>(error.retriable ? JNI_TRUE : JNI_FALSE));
  env->DeleteLocalRef(type);
  if (exception != nullptr) env->Throw(static_cast<jthrowable>(exception));
}

}  // namespace rocketlink::jni
