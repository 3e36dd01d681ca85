#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/simulate/tally.h"

namespace rocketlink::sim {

/// Things that go wrong, as people speak of them; whether they have in a world is seen by counters of what happened.
struct FaultClass {
  std::string_view where;
  std::string_view what;
  std::vector<std::string_view> counters;  ///< any of them
};

[[nodiscard]] std::span<const FaultClass> fault_classes();
/// Those of which nothing has happened.
[[nodiscard]] std::vector<std::string> not_happened(const std::map<std::string, Tally::Count>& happened);
/// The table in docs/testing.md.
[[nodiscard]] std::string fault_classes_markdown();

}  // namespace rocketlink::sim
