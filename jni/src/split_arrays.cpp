#include "split_arrays.h"

#include "java_strings.h"
#include "layout.h"

namespace rocketlink::jni {

namespace {

using layout::Discovery;
using layout::record;
using layout::SplitName;
using layout::SplitNumber;

}  // namespace

std::vector<Split> to_splits(JNIEnv* env, jobjectArray names, jlongArray numbers) {
  const std::vector<std::string> texts = to_strings(env, names);
  std::vector<jlong> values(static_cast<std::size_t>(env->GetArrayLength(numbers)));
  env->GetLongArrayRegion(numbers, 0, static_cast<jsize>(values.size()), values.data());
  std::vector<Split> splits;
  for (std::size_t i = 0; i < texts.size() / SplitName::kSize && i < values.size() / SplitNumber::kSize; ++i) {
    const auto name = record<SplitName>(std::span(texts), i);
    const auto number = record<SplitNumber>(std::span(values), i);
    Split split;
    split.queue = {name[SplitName::kTopic], name[SplitName::kBroker],
                   static_cast<std::int32_t>(number[SplitNumber::kQueueId])};
    split.offset = number[SplitNumber::kOffset];
    if (number[SplitNumber::kStop] >= 0) split.stop = number[SplitNumber::kStop];
    splits.push_back(std::move(split));
  }
  return splits;
}

jobjectArray to_java_splits(JNIEnv* env, std::span<const Split> splits) {
  std::vector<std::string> texts(splits.size() * SplitName::kSize);
  std::vector<std::int64_t> values(splits.size() * SplitNumber::kSize);
  for (std::size_t i = 0; i < splits.size(); ++i) {
    const auto name = record<SplitName>(std::span(texts), i);
    name[SplitName::kTopic] = splits[i].queue.topic;
    name[SplitName::kBroker] = splits[i].queue.broker;
    const auto number = record<SplitNumber>(std::span(values), i);
    number[SplitNumber::kQueueId] = splits[i].queue.id;
    number[SplitNumber::kOffset] = splits[i].offset;
    number[SplitNumber::kStop] = splits[i].stop.value_or(layout::kNone);
  }
  const jobjectArray names = to_java_array(env, texts);
  const jlongArray numbers = names == nullptr ? nullptr : to_java_longs(env, values);
  if (numbers == nullptr) return nullptr;
  const jobjectArray both = env->NewObjectArray(Discovery::kSize, env->FindClass("java/lang/Object"), nullptr);
  if (both == nullptr) return nullptr;
  env->SetObjectArrayElement(both, Discovery::kNames, names);
  env->SetObjectArrayElement(both, Discovery::kNumbers, numbers);
  return both;
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
