#include <jni.h>

#include <array>
#include <chrono>

#include "errors.h"
#include "handles.h"
#include "java_strings.h"
#include "layout.h"
#include "natives.h"
#include "sink_object.h"
#include "split_arrays.h"
#include "table.h"
#include "take_log.h"

namespace rocketlink::jni {

namespace {

using std::chrono::milliseconds;

Handles<SinkObject>& sinks() {
  static Handles<SinkObject> handles;
  return handles;
}

jlong open(JNIEnv* env, jclass, jobjectArray entries, jobjectArray columns, jintArray fields, jint writers) {
  return guarded(env, jlong{0}, [&]() -> jlong {
    const TableDescription table = read_table(env, entries, columns);
    auto options = options_of(table, {.source = false, .sink = true});
    if (!options) return throw_error(env, options.error()), 0;
    std::vector<std::int32_t> read;
    if (fields != nullptr) read = to_ints(env, fields);
    auto sink = SinkObject::open(*options->sink, table.schema, read, writers);
    if (!sink) return throw_error(env, sink.error()), 0;
    return sinks().add(*std::move(sink));
  });
}

using Write = Result<std::size_t> (SinkObject::*)(std::string_view, milliseconds);

template <Write write>
jint write_array(JNIEnv* env, jclass, jlong handle, jbyteArray array, jint from, jint to, jlong timeout_ms) {
  return with_object(sinks(), env, handle, jint{0}, [&](SinkObject& object) -> jint {
    std::string& input = object.input();
    input.resize(static_cast<std::size_t>(to - from));
    env->GetByteArrayRegion(array, from, to - from, reinterpret_cast<jbyte*>(input.data()));
    if (env->ExceptionCheck() == JNI_TRUE) return 0;
    const auto taken = (object.*write)(input, milliseconds(timeout_ms));
    if (!taken) return throw_error(env, taken.error()), 0;
    return from + static_cast<jint>(*taken);
  });
}

jboolean flush(JNIEnv* env, jclass, jlong handle, jlong timeout_ms) {
  return with_object(sinks(), env, handle, jboolean{JNI_FALSE}, [&](SinkObject& object) -> jboolean {
    const auto flushed = object.flush(milliseconds(timeout_ms));
    if (!flushed) return throw_error(env, flushed.error()), JNI_FALSE;
    return *flushed ? JNI_TRUE : JNI_FALSE;
  });
}

/// layout::SinkNumber.
jlongArray stats(JNIEnv* env, jclass, jlong handle) {
  using layout::SinkNumber;
  return with_object(sinks(), env, handle, jlongArray{}, [&](SinkObject& object) {
    const SinkStats stats = object.stats();
    std::array<std::int64_t, SinkNumber::kSize> numbers{};
    numbers[SinkNumber::kMessagesAcknowledged] = static_cast<std::int64_t>(stats.messages_acknowledged);
    numbers[SinkNumber::kBytesAcknowledged] = static_cast<std::int64_t>(stats.bytes_acknowledged);
    numbers[SinkNumber::kMessagesFailed] = static_cast<std::int64_t>(stats.messages_failed);
    numbers[SinkNumber::kRetries] = static_cast<std::int64_t>(stats.retries);
    numbers[SinkNumber::kThrottled] = static_cast<std::int64_t>(stats.throttled);
    numbers[SinkNumber::kDegraded] = static_cast<std::int64_t>(stats.degraded);
    numbers[SinkNumber::kApiCalls] = static_cast<std::int64_t>(stats.api_calls);
    numbers[SinkNumber::kLastSendMs] = stats.last_send_ms;
    numbers[SinkNumber::kDelimiterConflicts] = static_cast<std::int64_t>(object.delimiter_conflicts());
    return to_java_longs(env, numbers);
  });
}

jobjectArray log_lines(JNIEnv* env, jclass, jlong handle) {
  return take_log(sinks(), env, handle);
}

void close(JNIEnv* env, jclass, jlong handle) {
  guarded(env, [&] { (void)sinks().close(handle, [](SinkObject& object) { object.abort(); }); });
}

}  // namespace

bool register_sink(JNIEnv* env) {
  const JNINativeMethod methods[] = {
      native("open", "([Ljava/lang/String;[Ljava/lang/String;[II)J", reinterpret_cast<void*>(&open)),
      native("writeRows", "(J[BIIJ)I", reinterpret_cast<void*>(&write_array<&SinkObject::write_rows>)),
      native("writeMessages", "(J[BIIJ)I", reinterpret_cast<void*>(&write_array<&SinkObject::write_messages>)),
      native("flush", "(JJ)Z", reinterpret_cast<void*>(&flush)),
      native("stats", "(J)[J", reinterpret_cast<void*>(&stats)),
      native("takeLog", "(J)[Ljava/lang/String;", reinterpret_cast<void*>(&log_lines)),
      native("close", "(J)V", reinterpret_cast<void*>(&close)),
  };
  return register_natives(env, "io/rocketlink/client/NativeSink", methods);
}

}  // namespace rocketlink::jni
