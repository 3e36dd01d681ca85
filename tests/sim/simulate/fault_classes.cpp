#include "sim/simulate/fault_classes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace rocketlink::sim {

std::span<const FaultClass> fault_classes() {
  static const std::vector<FaultClass> classes = {
      {"connection", "late now and then, by a long tail", {"latency"}},
      {"connection", "a narrow way", {"bandwidth"}},
      {"connection", "reads and writes in pieces of any size", {"split"}},
      {"connection", "writes that wait for room", {"full buffer"}},
      {"connection", "nothing arrives for a while", {"stall"}},
      {"connection", "open on one side only", {"half-open"}},
      {"connection", "broken after any byte", {"reset"}},
      {"connection", "refused", {"refused"}},
      {"connection", "a connect that nobody answers", {"black hole"}},
      {"connection", "two machines that do not reach each other", {"partition"}},
      {"names", "an address that comes late", {"slow name"}},
      {"names", "no address", {"no name"}},
      {"names", "an address that leads nowhere", {"dead address"}},
      {"process", "a broker restarted", {"broker restarted"}},
      {"process", "a name server restarted", {"name server restarted"}},
      {"process", "a job killed at any step", {"crash"}},
      {"process", "standing still", {"pause"}},
      {"process", "the clock jumps", {"clock jump"}},
      {"process", "a thread that gets to run late, between any two calls", {"late wake"}},
      {"process", "a wait that ends for no reason", {"spurious wake"}},
      {"service", "a server that is silent", {"requests to a silent server"}},
      {"service", "connections closed by a server", {"disconnected"}},
      {"service",
       "routes that change",
       {"queue added", "broker out of the route", "broker added", "queue closed to writers"}},
      {"service", "a queue that may only be read", {"broker read-only"}},
      {"service", "brokers that die and lose what was not on disk", {"machine of a broker died"}},
      {"service", "another server becomes the master", {"leader changed"}},
      {"service", "a step within a broker that is slow", {"step stands still"}},
      {"service", "calls refused because there are too many", {"calls throttled"}},
      {"service", "offsets that an admin sets", {"offset reset"}},
      {"service", "messages that are deleted under their readers", {"messages deleted"}},
      {"service", "odd answers", {"odd answers"}},
      {"job", "slow work", {"consumer slow"}},
      {"job", "ended by a message that could not be sent", {"job gave up"}},
  };
  return classes;
}

std::vector<std::string> not_happened(const std::map<std::string, Tally::Count>& happened) {
  std::vector<std::string> names;
  for (const FaultClass& one : fault_classes()) {
    const bool has = std::any_of(one.counters.begin(), one.counters.end(), [&](std::string_view counter) {
      const auto found = happened.find(std::string(counter));
      return found != happened.end() && found->second.times > 0;
    });
    if (!has) names.push_back(fmt::format("{}: {}", one.where, one.what));
  }
  return names;
}

std::string fault_classes_markdown() {
  std::string text = "| of | class of faults | counters |\n|---|---|---|\n";
  for (const FaultClass& one : fault_classes()) {
    text += fmt::format("| {} | {} | {} |\n", one.where, one.what, fmt::join(one.counters, ", "));
  }
  return text;
}

}  // namespace rocketlink::sim
