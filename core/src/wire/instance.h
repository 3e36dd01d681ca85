#pragma once

#include <string>
#include <string_view>

/// 4.x namespaces: an instance's topics and groups bear its id on the wire, `INSTANCE%topic`
/// (docs/protocol.md, Instances).
namespace rocketlink::wire {

/// The name on the wire. Names of the system and those that bear the id already stay as they are; behind `%RETRY%` and
/// `%DLQ%` the id comes before the group. An empty instance changes nothing.
[[nodiscard]] std::string in_instance(std::string_view instance, std::string_view name);

/// `text` without the id wherever it stands before a name: for what servers say.
[[nodiscard]] std::string without_instance(std::string_view instance, std::string_view text);

}  // namespace rocketlink::wire
