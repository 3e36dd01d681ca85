#include "net/receive_buffer.h"

#include <algorithm>
#include <cstring>

namespace rocketlink::net {

std::span<std::uint8_t> ReceiveBuffer::prepare(std::size_t frame_bytes) {
  const std::size_t held = end_ - begin_;
  // Over again where nobody needs it: an idle connection touches the beginning of its block only. A larger one is not
  // kept that way.
  if (held == 0 && capacity_ == kBlockBytes && is_mine()) begin_ = end_ = 0;
  const std::size_t wanted = std::max<std::size_t>(frame_bytes, held + 1);
  if (!block_ || begin_ + wanted > capacity_ || (frame_bytes == 0 && capacity_ - end_ < kLeastTailBytes)) {
    const std::size_t capacity = std::max(wanted, kBlockBytes);
    auto block = std::make_shared_for_overwrite<std::uint8_t[]>(capacity);
    if (held > 0) std::memcpy(block.get(), block_.get() + begin_, held);
    block_ = std::move(block);
    capacity_ = capacity;
    begin_ = 0;
    end_ = held;
  }
  return {block_.get() + end_, capacity_ - end_};
}

bool ReceiveBuffer::is_mine() const {
  // The second look counts one more, which orders what others read before they let go; the first alone does not.
  return block_.use_count() == 1 && std::shared_ptr<std::uint8_t[]>(block_).use_count() == 2;
}

}  // namespace rocketlink::net
