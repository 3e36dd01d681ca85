#include <jni.h>

#include <array>

#include "errors.h"
#include "java_strings.h"
#include "layout.h"
#include "natives.h"
#include "secrets.h"
#include "split_arrays.h"
#include "summary.h"
#include "table.h"

namespace rocketlink::jni {

namespace {

using layout::SinkSetting;
using layout::SourceSetting;

jobjectArray check_table(JNIEnv* env, jclass, jobjectArray entries, jobjectArray columns, jboolean source,
                         jboolean sink) {
  return guarded(env, jobjectArray{}, [&] {
    TableDescription table = read_table(env, entries, columns);
    const TableOptions options =
        parse_table_options(table.entries, table.schema, {source == JNI_TRUE, sink == JNI_TRUE});
    table.problems.insert(table.problems.end(), options.problems.begin(), options.problems.end());
    for (std::string& problem : table.problems) problem = secret_mask().masked(problem);
    return to_java_array(env, table.problems);
  });
}

/// layout::SourceSetting.
jlongArray source_settings(JNIEnv* env, jclass, jobjectArray entries, jobjectArray columns) {
  return guarded(env, jlongArray{}, [&]() -> jlongArray {
    const auto options = options_of(read_table(env, entries, columns), {.source = true, .sink = false});
    if (!options) return throw_error(env, options.error()), nullptr;
    const SourceOptions& source = *options->source;
    std::array<std::int64_t, SourceSetting::kSize> numbers{};
    numbers[SourceSetting::kDiscoveryIntervalMs] = source.discovery_interval_ms;
    numbers[SourceSetting::kBounded] = source.bounded_mode == BoundedMode::kUnbounded ? 0 : 1;
    numbers[SourceSetting::kParallelism] = source.parallelism.value_or(0);
    numbers[SourceSetting::kFailsOnBadRecords] = source.format.length_check == LengthCheck::kException ? 1 : 0;
    numbers[SourceSetting::kLogsEachBadRecord] = source.format.column_error_debug ? 1 : 0;
    numbers[SourceSetting::kReadsAllMessages] = source.tags.empty() && source.sql92_filter.empty() ? 1 : 0;
    return to_java_longs(env, numbers);
  });
}

/// The topic as rows show it.
jstring source_topic(JNIEnv* env, jclass, jobjectArray entries, jobjectArray columns) {
  return guarded(env, jstring{}, [&]() -> jstring {
    const auto options = options_of(read_table(env, entries, columns), {.source = true, .sink = false});
    if (!options) return throw_error(env, options.error()), nullptr;
    return to_java(env, options->source->topic);
  });
}

/// layout::SinkSetting.
jlongArray sink_settings(JNIEnv* env, jclass, jobjectArray entries, jobjectArray columns) {
  return guarded(env, jlongArray{}, [&]() -> jlongArray {
    const auto options = options_of(read_table(env, entries, columns), {.source = false, .sink = true});
    if (!options) return throw_error(env, options.error()), nullptr;
    const SinkOptions& sink = *options->sink;
    std::array<std::int64_t, SinkSetting::kSize> numbers{};
    numbers[SinkSetting::kParallelism] = sink.parallelism.value_or(0);
    numbers[SinkSetting::kAtLeastOnce] = sink.guarantee == DeliveryGuarantee::kAtLeastOnce ? 1 : 0;
    return to_java_longs(env, numbers);
  });
}

/// See summary.h.
jstring summary_of(JNIEnv* env, jclass, jobjectArray entries, jobjectArray columns, jboolean source) {
  return guarded(env, jstring{}, [&]() -> jstring {
    const bool reads = source == JNI_TRUE;
    const auto options = options_of(read_table(env, entries, columns), {.source = reads, .sink = !reads});
    if (!options) return throw_error(env, options.error()), nullptr;
    return to_java(env, reads ? summary(*options->source) : summary(*options->sink));
  });
}

jobjectArray option_names(JNIEnv* env, jclass, jstring connector) {
  return guarded(env, jobjectArray{}, [&] {
    const bool mq5 = to_utf8(env, connector) == "mq5";
    std::vector<std::string> names;
    for (const OptionSpec& spec : option_specs()) {
      if (mq5 ? spec.mq5 : spec.mq) names.emplace_back(spec.name);
    }
    return to_java_array(env, names);
  });
}

/// Null when none is near enough.
jstring nearest(JNIEnv* env, jclass, jstring name, jobjectArray known) {
  return guarded(env, jstring{}, [&]() -> jstring {
    const std::vector<std::string> texts = to_strings(env, known);
    const std::vector<std::string_view> names(texts.begin(), texts.end());
    const auto near = nearest_name(to_utf8(env, name), names);
    return near ? to_java(env, *near) : nullptr;
  });
}

}  // namespace

bool register_options(JNIEnv* env) {
  const JNINativeMethod methods[] = {
      native("check", "([Ljava/lang/String;[Ljava/lang/String;ZZ)[Ljava/lang/String;",
             reinterpret_cast<void*>(&check_table)),
      native("names", "(Ljava/lang/String;)[Ljava/lang/String;", reinterpret_cast<void*>(&option_names)),
      native("nearest", "(Ljava/lang/String;[Ljava/lang/String;)Ljava/lang/String;", reinterpret_cast<void*>(&nearest)),
      native("source", "([Ljava/lang/String;[Ljava/lang/String;)[J", reinterpret_cast<void*>(&source_settings)),
      native("topic", "([Ljava/lang/String;[Ljava/lang/String;)Ljava/lang/String;",
             reinterpret_cast<void*>(&source_topic)),
      native("summary", "([Ljava/lang/String;[Ljava/lang/String;Z)Ljava/lang/String;",
             reinterpret_cast<void*>(&summary_of)),
      native("sink", "([Ljava/lang/String;[Ljava/lang/String;)[J", reinterpret_cast<void*>(&sink_settings)),
  };
  return register_natives(env, "io/rocketlink/client/NativeOptions", methods);
}

}  // namespace rocketlink::jni
