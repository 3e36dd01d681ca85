#pragma once

#include <functional>
#include <memory>

namespace rocketlink::cluster {

/// Somebody's place in the lines for what a call needs: the call budget (Pacer), what may be under way (Flow). Nobody
/// stands in two lines, or twice in one. Loop thread only.
class Place {
 public:
  /// Whether all of the lines let a call go now. If not, `resume` is run once it is our turn in the first that does
  /// not, and asks again.
  template <class... Lines>
  [[nodiscard]] bool has_turn(const std::function<void()>& resume, Lines&... lines) {
    if (*waits_) return false;
    const auto turn = [waits = waits_, resume] {
      *waits = false;
      resume();
    };
    *waits_ = !(lines.ready(turn) && ...);
    return !*waits_;
  }
  /// The line may not move any more; a turn that comes all the same does no harm.
  void leave() { waits_ = std::make_shared<bool>(false); }

 private:
  std::shared_ptr<bool> waits_ = std::make_shared<bool>(false);
};

}  // namespace rocketlink::cluster
