#include <jni.h>

#include <memory>

#include "errors.h"
#include "handles.h"
#include "java_strings.h"
#include "log_buffer.h"
#include "natives.h"
#include "rocketlink/repeated_lines.h"

namespace rocketlink::jni {

namespace {

struct WarningsObject {
  std::shared_ptr<LogBuffer> log = std::make_shared<LogBuffer>();
  RepeatedLines lines{LogBuffer::into(log), machine()};
};

Handles<WarningsObject>& warnings() {
  static Handles<WarningsObject> handles;
  return handles;
}

jlong open(JNIEnv* env, jclass) {
  return guarded(env, jlong{0}, [] { return warnings().add(std::make_unique<WarningsObject>()); });
}

jobjectArray write(JNIEnv* env, jclass, jlong handle, jstring kind, jstring text) {
  return guarded(env, jobjectArray{}, [&]() -> jobjectArray {
    const auto object = warnings().use(handle);
    if (!object) return nullptr;
    object->lines.write(LogLevel::kWarning, to_utf8(env, kind), to_utf8(env, text));
    const std::vector<std::string> lines = object->log->take();
    return lines.empty() ? nullptr : to_java_array(env, lines);
  });
}

void close(JNIEnv* env, jclass, jlong handle) {
  guarded(env, [&] { (void)warnings().close(handle, [](WarningsObject&) {}); });
}

}  // namespace

bool register_warnings(JNIEnv* env) {
  const JNINativeMethod methods[] = {
      native("open", "()J", reinterpret_cast<void*>(&open)),
      native("write", "(JLjava/lang/String;Ljava/lang/String;)[Ljava/lang/String;", reinterpret_cast<void*>(&write)),
      native("close", "(J)V", reinterpret_cast<void*>(&close)),
  };
  return register_natives(env, "io/rocketlink/client/NativeWarnings", methods);
}

}  // namespace rocketlink::jni
