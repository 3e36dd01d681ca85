#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/loop/run_control.h"
#include "rocketlink/log.h"
#include "rocketlink/result.h"
#include "rocketlink/source.h"

namespace rocketlink::engine {

struct DiscoverySettings {
  std::string table;                      ///< to be named in messages
  bool bounded = false;                   ///< one look tells all
  std::chrono::milliseconds interval{0};  ///< between two looks; 0: one is enough
  std::chrono::milliseconds patience{0};  ///< how long the first look may fail for passing reasons
  LogFunction log;
};

/// Finds the queues of a source table and spreads them over its readers, again and again. `run` on a thread of its own.
class Discovery {
 public:
  struct Reader {
    std::function<void(std::span<const Split>)> add_splits;
    std::function<void()> no_more_splits;
  };

  Discovery(DiscoverySettings settings, std::unique_ptr<SourceEnumerator> enumerator, std::vector<Reader> readers,
            RunControl& control);

  /// Until the run shall end, or nothing new can come. The first look must succeed within the patience; later
  /// failures are warnings, unless they are fatal.
  Status run();

 private:
  [[nodiscard]] Error named(Error error) const;
  void hand_out(const std::vector<SourceEnumerator::Assignment>& assignments);
  void say_what_is_read(const std::vector<SourceEnumerator::Assignment>& assignments) const;

  const DiscoverySettings settings_;
  std::vector<Reader> readers_;
  RunControl& control_;
  std::unique_ptr<SourceEnumerator> enumerator_;
};

}  // namespace rocketlink::engine
