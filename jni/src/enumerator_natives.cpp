#include <jni.h>

#include <array>
#include <memory>

#include "errors.h"
#include "handles.h"
#include "java_strings.h"
#include "layout.h"
#include "log_buffer.h"
#include "natives.h"
#include "rocketlink/source.h"
#include "split_arrays.h"
#include "table.h"
#include "take_log.h"

namespace rocketlink::jni {

namespace {

struct EnumeratorObject {
  std::shared_ptr<LogBuffer> lines = std::make_shared<LogBuffer>();
  std::unique_ptr<SourceEnumerator> enumerator;

  [[nodiscard]] LogBuffer& log() const { return *lines; }
};

Handles<EnumeratorObject>& enumerators() {
  static Handles<EnumeratorObject> handles;
  return handles;
}

/// `bounds`: a layout::ScanBound.
SourceRestriction to_restriction(JNIEnv* env, jintArray queue_ids, jlongArray bounds) {
  using layout::ScanBound;
  std::array<jlong, ScanBound::kSize> values{};
  env->GetLongArrayRegion(bounds, 0, static_cast<jsize>(values.size()), values.data());
  const auto bound = [&](std::size_t at) -> std::optional<std::int64_t> {
    return values[at] < 0 ? std::nullopt : std::optional<std::int64_t>(values[at]);
  };
  SourceRestriction restriction;
  if (queue_ids != nullptr) restriction.queue_ids = to_ints(env, queue_ids);
  restriction.first_offset = bound(ScanBound::kFirstOffset);
  restriction.stop_offset = bound(ScanBound::kStopOffset);
  restriction.first_time_ms = bound(ScanBound::kFirstTimeMs);
  restriction.stop_time_ms = bound(ScanBound::kStopTimeMs);
  return restriction;
}

/// The known queues are not found again; the state they come from is Java's own, and so are the owners, as only its
/// coordinator thread knows what has been handed on, and to whom.
jlong open(JNIEnv* env, jclass, jobjectArray entries, jobjectArray columns, jintArray queue_ids, jlongArray bounds,
           jobjectArray known_names, jlongArray known_numbers) {
  return guarded(env, jlong{0}, [&]() -> jlong {
    const TableDescription table = read_table(env, entries, columns);
    auto options = options_of(table, {.source = true, .sink = false});
    if (!options) return throw_error(env, options.error()), 0;
    auto object = std::make_unique<EnumeratorObject>();
    auto client = Client::create(options->source->connection, LogBuffer::into(object->lines));
    if (!client) return throw_error(env, client.error()), 0;
    auto enumerator =
        SourceEnumerator::create(*std::move(client), *options->source, 1, to_restriction(env, queue_ids, bounds));
    if (!enumerator) return throw_error(env, enumerator.error()), 0;
    object->enumerator = *std::move(enumerator);
    const std::string known = serialize_splits(to_splits(env, known_names, known_numbers));
    if (auto restored = object->enumerator->restore(known); !restored) return throw_error(env, restored.error()), 0;
    return enumerators().add(std::move(object));
  });
}

/// A layout::Discovery of the new queues.
jobjectArray discover(JNIEnv* env, jclass, jlong handle) {
  return with_object(enumerators(), env, handle, jobjectArray{}, [&](EnumeratorObject& object) -> jobjectArray {
    const auto found = object.enumerator->discover();
    if (!found) return throw_error(env, found.error()), nullptr;
    std::vector<Split> splits;
    for (const SourceEnumerator::Assignment& assignment : *found) splits.push_back(assignment.split);
    return to_java_splits(env, splits);
  });
}

jobjectArray log_lines(JNIEnv* env, jclass, jlong handle) {
  return take_log(enumerators(), env, handle);
}

void close(JNIEnv* env, jclass, jlong handle) {
  guarded(env,
          [&] { (void)enumerators().close(handle, [](EnumeratorObject& object) { object.enumerator->wake_up(); }); });
}

}  // namespace

bool register_enumerator(JNIEnv* env) {
  const JNINativeMethod methods[] = {
      native("open", "([Ljava/lang/String;[Ljava/lang/String;[I[J[Ljava/lang/String;[J)J",
             reinterpret_cast<void*>(&open)),
      native("discover", "(J)[Ljava/lang/Object;", reinterpret_cast<void*>(&discover)),
      native("takeLog", "(J)[Ljava/lang/String;", reinterpret_cast<void*>(&log_lines)),
      native("close", "(J)V", reinterpret_cast<void*>(&close)),
  };
  return register_natives(env, "io/rocketlink/client/NativeEnumerator", methods);
}

}  // namespace rocketlink::jni
