#pragma once

#include <jni.h>

#include <cstdint>
#include <span>
#include <vector>

#include "rocketlink/source.h"

/// Splits cross as two arrays: a layout::SplitName of each, and a layout::SplitNumber of each.
namespace rocketlink::jni {

[[nodiscard]] std::vector<Split> to_splits(JNIEnv* env, jobjectArray names, jlongArray numbers);
/// A layout::Discovery; null with an exception pending when memory is short.
[[nodiscard]] jobjectArray to_java_splits(JNIEnv* env, std::span<const Split> splits);
[[nodiscard]] std::vector<QueueId> queues_of(std::span<const Split> splits);

[[nodiscard]] std::vector<std::int32_t> to_ints(JNIEnv* env, jintArray array);
[[nodiscard]] jlongArray to_java_longs(JNIEnv* env, std::span<const std::int64_t> numbers);

}  // namespace rocketlink::jni
