#include "split_arrays.h"

#include "java_strings.h"

namespace rocketlink::jni {

std::vector<Split> to_splits(JNIEnv* env, jobjectArray names, jlongArray numbers) {
  const std::vector<std::string> texts = to_strings(env, names);
  std::vector<jlong> values(static_cast<std::size_t>(env->GetArrayLength(numbers)));
  env->GetLongArrayRegion(numbers, 0, static_cast<jsize>(values.size()), values.data());
  std::vector<Split> splits;
  for (std::size_t i = 0; i < texts.size() / 2 && i < values.size() / 3; ++i) {
    Split split{{texts[2 * i], texts[2 * i + 1], static_cast<std::int32_t>(values[3 * i])}, values[3 * i + 1], {}};
    if (values[3 * i + 2] >= 0) split.stop = values[3 * i + 2];
    splits.push_back(std::move(split));
  }
  return splits;
}

std::vector<QueueId> queues_of(std::span<const Split> splits) {
  std::vector<QueueId> queues;
  for (const Split& split : splits) queues.push_back(split.queue);
  return queues;
}

std::vector<std::int32_t> to_ints(JNIEnv* env, jintArray array) {
  static_assert(sizeof(jint) == sizeof(std::int32_t));
  std::vector<std::int32_t> values(static_cast<std::size_t>(env->GetArrayLength(array)));
  env->GetIntArrayRegion(array, 0, static_cast<jsize>(values.size()), values.data());
  return values;
}

jlongArray to_java_longs(JNIEnv* env, std::span<const std::int64_t> numbers) {
  const jlongArray array = env->NewLongArray(static_cast<jsize>(numbers.size()));
  if (array == nullptr) return nullptr;
  const std::vector<jlong> values(numbers.begin(), numbers.end());
  env->SetLongArrayRegion(array, 0, static_cast<jsize>(values.size()), values.data());
  return array;
}

}  // namespace rocketlink::jni
