#include "sink/window.h"

namespace rocketlink::sink {

namespace {

/// `open` were acknowledged in `waited`; so many are in the time that it is to take.
template <typename Count>
[[nodiscard]] double in_time(Count open, std::chrono::nanoseconds waited) {
  using Seconds = std::chrono::duration<double>;
  return static_cast<double>(open) * (Seconds(kAcknowledgedWithin) / Seconds(std::max(waited, kShortestWait)));
}

template <typename Count>
void grow(Count& limit, Count acknowledged, Count most, double right) {
  if (static_cast<double>(limit) < right) limit = std::min(most, limit + acknowledged);
}

template <typename Count>
void shrink(Count& limit, Count least, double right) {
  if (static_cast<double>(limit) > right) limit = std::max(std::min(limit, least), static_cast<Count>(right));
}

}  // namespace

void SendWindow::learn(Load acknowledged, Load ahead, std::chrono::nanoseconds waited) {
  const double bytes = in_time(ahead.bytes + acknowledged.bytes, waited);
  const double messages = in_time(ahead.messages + acknowledged.messages, waited);
  if (waited > 2 * kAcknowledgedWithin) {
    shrink(limit_.bytes, kLeastWindowBytes, bytes);
    shrink(limit_.messages, kLeastWindowMessages, messages);
  } else if (lacked_) {
    // Up to twice as much at each turn of a full window.
    grow(limit_.bytes, acknowledged.bytes, most_.bytes, bytes);
    grow(limit_.messages, acknowledged.messages, most_.messages, messages);
    if (open_.bytes < limit_.bytes / 2 && open_.messages < limit_.messages / 2) lacked_ = false;
  }
}

}  // namespace rocketlink::sink
