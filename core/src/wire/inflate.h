#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "rocketlink/result.h"

namespace rocketlink::wire {

/// How a body is compressed: bits 0x700 of a message's sysFlag (docs/protocol.md, System flags).
enum class Compression : std::uint8_t { kZlib, kLz4, kZstd };

/// Decompresses bodies one after the other; the libraries' working memory is made once, at first need.
class Inflater {
 public:
  Inflater();
  ~Inflater();
  Inflater(Inflater&&) noexcept;
  Inflater& operator=(Inflater&&) noexcept;

  /// The whole of `bytes`. Memory grows with what really comes out, never by what a header claims, and never beyond
  /// `max_bytes`. kData names the cause when the stream is damaged, ends early or would grow larger.
  [[nodiscard]] Result<std::string> inflate(Compression compression, std::string_view bytes, std::size_t max_bytes);

 private:
  struct Streams;
  std::unique_ptr<Streams> streams_;
};

}  // namespace rocketlink::wire
