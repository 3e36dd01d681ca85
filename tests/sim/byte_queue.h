#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace rocketlink::sim {

/// Bytes in at the end, out at the front.
class ByteQueue {
 public:
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] std::size_t size() const { return bytes_.size() - taken_; }
  void append(std::string_view bytes) { bytes_.append(bytes); }
  /// At most `most` bytes, valid until the next call.
  [[nodiscard]] std::string_view front(std::size_t most) const { return std::string_view(bytes_).substr(taken_, most); }
  void drop(std::size_t count) {
    taken_ += count;
    if (taken_ * 2 < bytes_.size()) return;
    bytes_.erase(0, taken_);
    taken_ = 0;
  }
  void clear() { drop(size()); }

 private:
  std::string bytes_;
  std::size_t taken_ = 0;
};

}  // namespace rocketlink::sim
