#include <jni.h>

#include <chrono>
#include <span>
#include <unordered_map>

#include "errors.h"
#include "handles.h"
#include "java_strings.h"
#include "layout.h"
#include "natives.h"
#include "source_reader.h"
#include "split_arrays.h"
#include "table.h"
#include "take_log.h"

namespace rocketlink::jni {

namespace {

Handles<SourceReaderObject>& readers() {
  static Handles<SourceReaderObject> handles;
  return handles;
}

jlong open(JNIEnv* env, jclass, jobjectArray entries, jobjectArray columns, jintArray projection, jint readers_in_all) {
  return guarded(env, jlong{0}, [&]() -> jlong {
    const TableDescription table = read_table(env, entries, columns);
    auto options = options_of(table, {.source = true, .sink = false});
    if (!options) return throw_error(env, options.error()), 0;
    std::optional<std::vector<std::int32_t>> wanted;
    if (projection != nullptr) wanted = to_ints(env, projection);
    auto reader = SourceReaderObject::open(*options->source, table.schema, std::move(wanted), readers_in_all);
    if (!reader) return throw_error(env, reader.error()), 0;
    return readers().add(*std::move(reader));
  });
}

void add_splits(JNIEnv* env, jclass, jlong handle, jobjectArray names, jlongArray numbers) {
  with_object(readers(), env, handle,
              [&](SourceReaderObject& object) { object.reader().add_splits(to_splits(env, names, numbers)); });
}

void remove_splits(JNIEnv* env, jclass, jlong handle, jobjectArray names, jlongArray numbers) {
  with_object(readers(), env, handle, [&](SourceReaderObject& object) {
    object.reader().remove_splits(queues_of(to_splits(env, names, numbers)));
  });
}

void pause(JNIEnv* env, jclass, jlong handle, jobjectArray names, jlongArray numbers, jboolean paused) {
  with_object(readers(), env, handle, [&](SourceReaderObject& object) {
    object.reader().pause(queues_of(to_splits(env, names, numbers)), paused == JNI_TRUE);
  });
}

jbyteArray poll(JNIEnv* env, jclass, jlong handle, jlong timeout_ms, jint most_bytes) {
  return with_object(readers(), env, handle, jbyteArray{}, [&](SourceReaderObject& object) -> jbyteArray {
    const auto bytes = object.poll(std::chrono::milliseconds(timeout_ms), static_cast<std::size_t>(most_bytes));
    if (!bytes) return throw_error(env, bytes.error()), nullptr;
    return bytes->empty() ? nullptr : to_java_bytes(env, *bytes);
  });
}

jobjectArray take_finished(JNIEnv* env, jclass, jlong handle) {
  return with_object(readers(), env, handle, jobjectArray{}, [&](SourceReaderObject& object) -> jobjectArray {
    std::vector<std::string> names;
    for (const QueueId& queue : object.reader().take_finished()) names.push_back(to_string(queue));
    return names.empty() ? nullptr : to_java_array(env, names);
  });
}

void wake_up(JNIEnv* env, jclass, jlong handle) {
  guarded(env, [&] {
    if (const auto reader = readers().use(handle)) reader->reader().wake_up();  // closed: nobody to wake
  });
}

std::vector<Position> to_positions(JNIEnv* env, jobjectArray names, jlongArray numbers) {
  std::vector<Position> positions;
  for (const Split& split : to_splits(env, names, numbers)) positions.push_back({split.queue, split.offset});
  return positions;
}

void commit(JNIEnv* env, jclass, jlong handle, jobjectArray names, jlongArray numbers, jlong timeout_ms) {
  with_object(readers(), env, handle, [&](SourceReaderObject& object) {
    const std::vector<Position> positions = to_positions(env, names, numbers);
    if (positions.empty()) return;
    const Status done = object.reader().commit(positions, std::chrono::milliseconds(timeout_ms));
    if (!done) throw_error(env, done.error());
  });
}

void commit_soon(JNIEnv* env, jclass, jlong handle, jobjectArray names, jlongArray numbers) {
  with_object(readers(), env, handle,
              [&](SourceReaderObject& object) { object.reader().commit_soon(to_positions(env, names, numbers)); });
}

/// layout::ReaderNumber, then a layout::QueueNumber of each queue asked for, in the order of `names`.
jlongArray stats(JNIEnv* env, jclass, jlong handle, jobjectArray names) {
  using layout::QueueNumber;
  using layout::ReaderNumber;
  return with_object(readers(), env, handle, jlongArray{}, [&](SourceReaderObject& object) {
    const ReaderStats stats = object.reader().stats();
    const std::vector<std::string> asked = to_strings(env, names);
    std::unordered_map<std::string, const QueueStats*> known;
    if (!asked.empty()) {
      for (const QueueStats& queue : stats.queues) known.emplace(to_string(queue.queue), &queue);
    }
    std::vector<std::int64_t> numbers(ReaderNumber::kSize + QueueNumber::kSize * asked.size(), layout::kNone);
    numbers[ReaderNumber::kApiCalls] = static_cast<std::int64_t>(stats.api_calls);
    numbers[ReaderNumber::kRetries] = static_cast<std::int64_t>(stats.retries);
    numbers[ReaderNumber::kThrottled] = static_cast<std::int64_t>(stats.throttled);
    numbers[ReaderNumber::kBytesBuffered] = static_cast<std::int64_t>(stats.bytes_buffered);
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const auto found = known.find(asked[i]);
      if (found == known.end()) continue;
      const auto own = layout::record<QueueNumber>(std::span(numbers).subspan(ReaderNumber::kSize), i);
      own[QueueNumber::kPosition] = found->second->position;
      own[QueueNumber::kEnd] = found->second->max_offset;
      own[QueueNumber::kCommitted] = found->second->committed;
    }
    return to_java_longs(env, numbers);
  });
}

jobjectArray log_lines(JNIEnv* env, jclass, jlong handle) {
  return take_log(readers(), env, handle);
}

void close(JNIEnv* env, jclass, jlong handle) {
  guarded(env, [&] { (void)readers().close(handle, [](SourceReaderObject& object) { object.reader().wake_up(); }); });
}

}  // namespace

bool register_source_reader(JNIEnv* env) {
  const JNINativeMethod methods[] = {
      native("open", "([Ljava/lang/String;[Ljava/lang/String;[II)J", reinterpret_cast<void*>(&open)),
      native("addSplits", "(J[Ljava/lang/String;[J)V", reinterpret_cast<void*>(&add_splits)),
      native("removeSplits", "(J[Ljava/lang/String;[J)V", reinterpret_cast<void*>(&remove_splits)),
      native("pause", "(J[Ljava/lang/String;[JZ)V", reinterpret_cast<void*>(&pause)),
      native("poll", "(JJI)[B", reinterpret_cast<void*>(&poll)),
      native("takeFinished", "(J)[Ljava/lang/String;", reinterpret_cast<void*>(&take_finished)),
      native("wakeUp", "(J)V", reinterpret_cast<void*>(&wake_up)),
      native("commit", "(J[Ljava/lang/String;[JJ)V", reinterpret_cast<void*>(&commit)),
      native("commitSoon", "(J[Ljava/lang/String;[J)V", reinterpret_cast<void*>(&commit_soon)),
      native("stats", "(J[Ljava/lang/String;)[J", reinterpret_cast<void*>(&stats)),
      native("takeLog", "(J)[Ljava/lang/String;", reinterpret_cast<void*>(&log_lines)),
      native("close", "(J)V", reinterpret_cast<void*>(&close)),
  };
  return register_natives(env, "io/rocketlink/client/NativeReader", methods);
}

}  // namespace rocketlink::jni
