#include "conversations/scripts.h"

#include <fmt/format.h>

namespace rocketlink::conversations {

const std::vector<Named>& all_scripts() {
  static const std::vector<Named> scripts = {
      {"routes", routes},
      {"member_groups", member_groups},
      {"unknown_requests", unknown_requests},
      {"sends", sends},
      {"odd_properties", odd_properties},
      {"topics_made_by_sends", topics_made_by_sends},
      {"refused_sends", refused_sends},
      {"pulls", pulls},
      {"filtered_pulls", filtered_pulls},
      {"refused_pulls", refused_pulls},
      {"limits_of_pulls", limits_of_pulls},
      {"offsets", offsets},
      {"offsets_by_time", offsets_by_time},
      {"committed_offsets", committed_offsets},
      {"all_committed_offsets", all_committed_offsets},
      {"reset_offsets", reset_offsets},
      {"topics_made_anew", topics_made_anew},
      {"long_polls", long_polls},
      {"checks_of_filters", checks_of_filters},
      {"broker_configuration", broker_configuration},
  };
  return scripts;
}

std::string hold(Runtime& runtime, const Cluster& cluster, const std::vector<Named>& scripts) {
  Talk talk(runtime, cluster);
  for (const Named& one : scripts) {
    talk.line(fmt::format("== {}", one.name));
    one.script(talk);
  }
  return talk.written();
}

}  // namespace rocketlink::conversations
