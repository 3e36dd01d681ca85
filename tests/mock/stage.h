#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "mock/mock_setup.h"
#include "mock/random.h"
#include "mock/schedule.h"

namespace rocketlink::mock {

/// A step of a server's work: what is pushed runs at the step's pace, in order unless the pace says otherwise. With
/// nothing to wait for it runs within `push`. Loop thread only; lives as long as its schedule.
class Stage {
 public:
  Stage(Runtime& runtime, Schedule& schedule, Random& random)
      : runtime_(runtime), schedule_(schedule), random_(random) {}

  /// A number to withdraw it by.
  std::uint64_t push(std::function<void()> action);
  /// What waits behind another item goes; false: it is the next one, has run, or is not known.
  bool withdraw(std::uint64_t number);
  void set_pace(Pace pace);
  /// A frozen stage stands still whatever its pace.
  void freeze(bool frozen);
  /// Runs all that waits, at once.
  void drain();
  void clear() { waiting_.clear(); }
  [[nodiscard]] std::size_t size() const { return waiting_.size(); }

 private:
  void run_due();
  void run_first();

  Runtime& runtime_;
  Schedule& schedule_;
  Random& random_;
  Pace pace_;
  bool frozen_ = false;
  std::uint64_t next_ = 1;
  std::map<std::pair<SteadyTime, std::uint64_t>, std::function<void()>> waiting_;
};

}  // namespace rocketlink::mock
