#pragma once

#include <cstdint>
#include <set>
#include <string_view>

/// What a broker gives of its consumer groups' offsets when it is asked for all of them
/// (docs/protocol.md, Committed offsets).
namespace rocketlink::wire {

/// The queues of the topic for which the group has an offset, by the names on the wire. The table is
/// `{"offsetTable":{"topic@group":{0:12,1:7}}}`, its integer keys quoted or not; it may be large.
[[nodiscard]] std::set<std::int32_t> queues_with_offset(std::string_view table, std::string_view topic,
                                                        std::string_view group);

}  // namespace rocketlink::wire
