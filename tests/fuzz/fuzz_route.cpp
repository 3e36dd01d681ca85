// Route answers and their expansion into queues; a topic's configuration, which is JSON too.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "wire/route.h"

namespace {

using namespace rocketlink::wire;

void check(const std::vector<RoutedQueue>& queues) {
  if (!std::is_sorted(queues.begin(), queues.end())) std::abort();
  if (std::adjacent_find(queues.begin(), queues.end()) != queues.end()) std::abort();
  for (const RoutedQueue& queue : queues) {
    if (queue.id < 0 || queue.id >= kMaxQueuesPerBroker || queue.broker.empty()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)parse_is_compacted(text);
  const auto route = parse_route(text);
  if (!route) return 0;
  check(readable_queues(*route));
  check(writable_queues(*route));
  return 0;
}
