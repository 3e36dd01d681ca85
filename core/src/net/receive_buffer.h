#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace rocketlink::net {

/// Bytes that stay alive as long as somebody holds them.
struct SharedBytes {
  SharedBytes() = default;
  SharedBytes(std::shared_ptr<const std::uint8_t[]> its_owner, std::string_view its_bytes)
      : owner(std::move(its_owner)), bytes(its_bytes) {}
  /// A part of a text, which must not change any more.
  SharedBytes(const std::shared_ptr<const std::string>& text, std::string_view part)
      : owner(text, reinterpret_cast<const std::uint8_t*>(text->data())), bytes(part) {}
  SharedBytes(const std::shared_ptr<const std::string>& text) : SharedBytes(text, *text) {}
  SharedBytes(std::string text) : SharedBytes(std::make_shared<const std::string>(std::move(text))) {}

  std::shared_ptr<const std::uint8_t[]> owner;
  std::string_view bytes;
};

/// Where a connection reads into: large blocks, shared by the frames found in them, so that a frame is never copied.
/// Only the incomplete frame at the end of a block moves to the next one.
class ReceiveBuffer {
 public:
  static constexpr std::size_t kBlockBytes = 256 * 1024;  ///< of a block, unless a frame needs a larger one
  /// Less at the end of a block is not worth a system call of its own: a new block is begun.
  static constexpr std::size_t kLeastTailBytes = 4096;
  static_assert(kLeastTailBytes < kBlockBytes);

  /// Room to read into; the frame being received needs `frame_bytes` from its beginning (0 = not known yet).
  [[nodiscard]] std::span<std::uint8_t> prepare(std::size_t frame_bytes);
  void commit(std::size_t bytes) { end_ += bytes; }
  [[nodiscard]] std::string_view readable() const {
    return {reinterpret_cast<const char*>(block_.get()) + begin_, end_ - begin_};
  }
  void consume(std::size_t bytes) { begin_ += bytes; }
  /// A part of what is readable, kept alive by the result.
  [[nodiscard]] SharedBytes share(std::size_t offset, std::size_t bytes) const {
    return {block_, readable().substr(offset, bytes)};
  }

 private:
  [[nodiscard]] bool is_mine() const;

  std::shared_ptr<std::uint8_t[]> block_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace rocketlink::net
