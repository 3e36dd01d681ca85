#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conversations/talk.h"

namespace rocketlink::conversations {

using Script = void (*)(Talk&);

void routes(Talk& talk);
void member_groups(Talk& talk);
void unknown_requests(Talk& talk);
void sends(Talk& talk);
void odd_properties(Talk& talk);
void topics_made_by_sends(Talk& talk);
void refused_sends(Talk& talk);
void pulls(Talk& talk);
void filtered_pulls(Talk& talk);
void refused_pulls(Talk& talk);
void limits_of_pulls(Talk& talk);
void offsets(Talk& talk);
void offsets_by_time(Talk& talk);
void committed_offsets(Talk& talk);
void all_committed_offsets(Talk& talk);
void reset_offsets(Talk& talk);
void topics_made_anew(Talk& talk);
void long_polls(Talk& talk);
void checks_of_filters(Talk& talk);
void broker_configuration(Talk& talk);

struct Named {
  std::string_view name;
  Script script;
};

[[nodiscard]] const std::vector<Named>& all_scripts();

/// Holds them one after the other, and gives what is to be compared: code for code, field for field.
[[nodiscard]] std::string hold(Runtime& runtime, const Cluster& cluster, const std::vector<Named>& scripts);

}  // namespace rocketlink::conversations
