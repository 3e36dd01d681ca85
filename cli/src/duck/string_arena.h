#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace rocketlink::duck {

/// Memory for the text of some chunks: given out piece by piece, taken back all at once, blocks kept for the next time.
class StringArena {
 public:
  static constexpr std::size_t kBlockBytes = 256 * 1024;  ///< of a block, unless a text needs a larger one
  static constexpr std::size_t kKeptBlocks = 16;          ///< for the next time; more are freed

  /// A copy of `text` that stays until clear().
  char* copy(std::string_view text) {
    if (text.size() > left_) grow(text.size());
    char* const place = next_;
    std::memcpy(place, text.data(), text.size());
    next_ += text.size();
    left_ -= text.size();
    used_ += text.size();
    return place;
  }

  void clear() {
    large_.clear();
    if (blocks_.size() > kKeptBlocks) blocks_.resize(kKeptBlocks);
    block_ = 0;
    next_ = nullptr;
    left_ = 0;
    used_ = 0;
  }

  /// Bytes given out since clear().
  [[nodiscard]] std::size_t used() const { return used_; }

 private:
  using Block = std::unique_ptr<char[]>;

  void grow(std::size_t size) {
    if (size > kBlockBytes) {
      large_.push_back(std::make_unique_for_overwrite<char[]>(size));
      next_ = large_.back().get();
      left_ = size;
      return;
    }
    if (block_ == blocks_.size()) blocks_.push_back(std::make_unique_for_overwrite<char[]>(kBlockBytes));
    next_ = blocks_[block_++].get();
    left_ = kBlockBytes;
  }

  std::vector<Block> blocks_;
  std::vector<Block> large_;
  std::size_t block_ = 0;  ///< blocks in use
  char* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t used_ = 0;
};

}  // namespace rocketlink::duck
