#pragma once

#include <set>
#include <string>

#include "rocketlink/options.h"

namespace rocketlink::commands {

/// The endpoints, each in one spelling: `LOCALHOST.:9876`, `127.0.0.1:9876` and `[::1]:9876` are `localhost:9876`.
/// Names are not looked up, so another name of a machine is another server here.
[[nodiscard]] std::set<std::string> servers_of(const ConnectionOptions& options);

/// Whether they have one in common. Then they are of one cluster: a name server serves one alone.
[[nodiscard]] bool share_one(const std::set<std::string>& some, const std::set<std::string>& others);

}  // namespace rocketlink::commands
