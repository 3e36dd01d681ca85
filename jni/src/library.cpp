#include <jni.h>

#include "errors.h"
#include "natives.h"
#include "statics.h"

namespace {

JNIEnv* env_of(JavaVM* vm) {
  void* env = nullptr;
  return vm->GetEnv(&env, JNI_VERSION_10) == JNI_OK ? static_cast<JNIEnv*>(env) : nullptr;
}

}  // namespace

extern "C" {

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM* vm, void*) {
  using namespace rocketlink::jni;
  JNIEnv* env = env_of(vm);
  const bool ready = env != nullptr && find_exception_class(env) && register_options(env) &&
                     register_source_reader(env) && register_enumerator(env) && register_sink(env) &&
                     register_warnings(env);
  return ready ? JNI_VERSION_10 : JNI_ERR;
}

JNIEXPORT void JNICALL JNI_OnUnload(JavaVM* vm, void*) {
  JNIEnv* env = env_of(vm);
  if (env != nullptr) rocketlink::jni::forget_exception_class(env);
  rocketlink::jni::destroy_statics();
}
}
