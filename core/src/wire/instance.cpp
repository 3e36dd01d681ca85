#include "wire/instance.h"

#include <algorithm>
#include <array>

namespace rocketlink::wire {

namespace {

constexpr std::array<std::string_view, 2> kDerived = {"%RETRY%", "%DLQ%"};
constexpr std::array<std::string_view, 10> kSystemTopics = {"TBW102",
                                                            "SCHEDULE_TOPIC_XXXX",
                                                            "BenchmarkTest",
                                                            "RMQ_SYS_TRANS_HALF_TOPIC",
                                                            "RMQ_SYS_TRACE_TOPIC",
                                                            "SELF_TEST_TOPIC",
                                                            "TRANS_CHECK_MAX_TIME_TOPIC",
                                                            "OFFSET_MOVED_EVENT",
                                                            "RMQ_SYS_TRANS_OP_HALF_TOPIC",
                                                            "CHECKPOINT_TOPIC"};
constexpr std::array<std::string_view, 2> kSystemPrefixes = {"rmq_sys_", "CID_RMQ_SYS_"};

bool is_system(std::string_view name) {
  return std::find(kSystemTopics.begin(), kSystemTopics.end(), name) != kSystemTopics.end() ||
         std::any_of(kSystemPrefixes.begin(), kSystemPrefixes.end(),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

bool bears(std::string_view name, std::string_view instance) {
  return name.size() > instance.size() && name.starts_with(instance) && name[instance.size()] == '%';
}

}  // namespace

std::string in_instance(std::string_view instance, std::string_view name) {
  if (instance.empty() || name.empty() || is_system(name)) return std::string(name);
  std::string out;
  for (const std::string_view prefix : kDerived) {
    if (!name.starts_with(prefix)) continue;
    out = prefix;
    name.remove_prefix(prefix.size());
    break;
  }
  if (!bears(name, instance)) {
    out += instance;
    out += '%';
  }
  out += name;
  return out;
}

std::string without_instance(std::string_view instance, std::string_view text) {
  std::string out(text);
  if (instance.empty()) return out;
  const std::string prefix = std::string(instance) + '%';
  for (auto at = out.find(prefix); at != std::string::npos; at = out.find(prefix, at)) out.erase(at, prefix.size());
  return out;
}

}  // namespace rocketlink::wire
