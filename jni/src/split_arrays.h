#pragma once

#include <jni.h>

#include <cstdint>
#include <span>
#include <vector>

#include "rocketlink/source.h"

/// Splits cross as two arrays: topic and broker of each, and queue id, offset and stop (-1: none) of each.
namespace rocketlink::jni {

[[nodiscard]] std::vector<Split> to_splits(JNIEnv* env, jobjectArray names, jlongArray numbers);
[[nodiscard]] std::vector<QueueId> queues_of(std::span<const Split> splits);

[[nodiscard]] std::vector<std::int32_t> to_ints(JNIEnv* env, jintArray array);
[[nodiscard]] jlongArray to_java_longs(JNIEnv* env, std::span<const std::int64_t> numbers);

}  // namespace rocketlink::jni
