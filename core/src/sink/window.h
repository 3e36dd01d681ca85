#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "rocketlink/runtime.h"

namespace rocketlink::sink {

/// Messages, by what they take.
struct Load {
  std::size_t bytes = 0;
  std::uint64_t messages = 0;
};

inline constexpr std::size_t kWindowBytes = 32 * 1024 * 1024;  ///< of messages without an answer, at most
inline constexpr std::uint64_t kWindowMessages = 128 * 1024;   ///< the same
inline constexpr std::size_t kLeastWindowBytes = 64 * 1024;    ///< however slow brokers are, and to begin with
inline constexpr std::uint64_t kLeastWindowMessages = 64;      ///< the same
/// A message is to be acknowledged so long after it was written, so that a flush, and with it a commit, a checkpoint or
/// an end, takes no longer, whatever the brokers' pace; the window is made smaller when one takes twice as long.
inline constexpr std::chrono::nanoseconds kAcknowledgedWithin = std::chrono::seconds(2);
inline constexpr std::chrono::nanoseconds kShortestWait = std::chrono::milliseconds(1);  ///< shorter ones count as this
static_assert(kLeastWindowBytes <= kWindowBytes && kLeastWindowMessages <= kWindowMessages);

/// How much may be written and not yet acknowledged: what brokers take in `kAcknowledgedWithin`, within bounds. Not
/// thread-safe.
class SendWindow {
 public:
  explicit SendWindow(Load most)
      : most_(most), limit_{std::min(most.bytes, kLeastWindowBytes), std::min(most.messages, kLeastWindowMessages)} {}

  /// One message always passes.
  [[nodiscard]] bool has_room(std::size_t bytes) const {
    return open_.messages == 0 || (open_.messages < limit_.messages && open_.bytes + bytes <= limit_.bytes);
  }
  /// Somebody found no room.
  void lack() { lacked_ = true; }
  void add(std::size_t bytes) {
    open_.bytes += bytes;
    ++open_.messages;
  }
  void release(Load load) {
    open_.bytes -= load.bytes;
    open_.messages -= load.messages;
  }
  /// Without an answer.
  [[nodiscard]] Load open() const { return open_; }
  [[nodiscard]] Load limit() const { return limit_; }

  /// Messages were acknowledged at their first try, `waited` after the first of them was written, when `ahead` was
  /// open.
  void learn(Load acknowledged, Load ahead, std::chrono::nanoseconds waited);

 private:
  const Load most_;
  Load limit_;
  Load open_;
  bool lacked_ = false;  ///< room, since less than half of it was in use
};

}  // namespace rocketlink::sink
