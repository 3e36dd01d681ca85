#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rocketlink/message.h"
#include "wire/route.h"

/// Which queues a sink writes to (docs/protocol.md, Queues of a route).
namespace rocketlink::sink {

inline constexpr std::string_view kTemplateTopic = "TBW102";  ///< its route is there where brokers create topics
/// That a topic is asked to be created with, as Java producers do.
inline constexpr std::int32_t kAutoCreatedQueues = 4;

/// A queue, the broker that serves it, and where that broker's master listens; without an address while it is away.
struct Target {
  QueueId queue;
  std::string broker;
  std::optional<std::string> address;
  bool operator==(const Target&) const = default;
};

/// The topic's writable queues, sorted by broker and id.
[[nodiscard]] std::vector<Target> targets_of(const wire::TopicRoute& route, const std::string& topic);
/// The queues that a topic will have once brokers have created it after the template topic.
[[nodiscard]] std::vector<Target> targets_of_template(const wire::TopicRoute& route, const std::string& topic);
/// What a new route makes of known targets. A queue whose broker has no master at the moment stays, without an address,
/// so that a partition text keeps its queue; so do all when the route has none.
[[nodiscard]] std::vector<Target> refreshed(const std::vector<Target>& known, const wire::TopicRoute& route,
                                            const std::string& topic);

/// The queue for a partition text, as Java's SelectMessageQueueByHash chooses it.
[[nodiscard]] std::size_t target_for(std::string_view partition, std::size_t targets);
/// The same for the text's java_hash.
[[nodiscard]] std::size_t target_for(std::int32_t hash, std::size_t targets);

}  // namespace rocketlink::sink
