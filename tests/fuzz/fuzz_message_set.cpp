// Message sets: whatever the bytes, every view lies within them or within the decoder's buffers, and the walk ends.
// With CRCs mended, so that decompression and inner batches are reached.
#include <zlib.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "wire/bytes.h"
#include "wire/message_set.h"

namespace {

using namespace rocketlink;
using namespace rocketlink::wire;

volatile std::uint32_t sink = 0;

/// Reads every byte, so that a view out of bounds is seen.
void touch(std::string_view bytes) {
  std::uint32_t sum = 0;
  for (const char c : bytes) sum += static_cast<unsigned char>(c);
  sink = sink + sum;
}

void walk(std::string_view bytes, const MessageSetContext& context) {
  MessageSetDecoder decoder;
  decoder.reset(bytes, context);
  for (std::size_t calls = 0;; ++calls) {
    if (calls > bytes.size() + 2) std::abort();  // a call takes at least one byte
    const auto message = decoder.next();
    if (!message) {
      if (message.error().is(ErrorCode::kData)) continue;
      const auto behind = decoder.next();
      if (!behind || *behind != nullptr) std::abort();
      return;
    }
    if (*message == nullptr) return;
    const MessageView& view = **message;
    touch(view.topic);
    touch(view.body);
    touch(view.properties);
    touch(view.message_id());
    if (view.keys) touch(*view.keys);
    if (view.tags && view.property("TAGS") != view.tags) std::abort();
    if (view.body.size() > context.max_body_bytes && view.body.size() > bytes.size()) std::abort();
  }
}

/// Gives every message with sound lengths the right CRC.
std::string with_crcs(std::string_view bytes) {
  std::string out(bytes);
  std::size_t at = 0;
  while (out.size() - at >= 91) {
    const auto size = load<std::uint32_t>(out.data() + at);
    if (size < 91 || size > out.size() - at) break;
    const auto flags = load<std::uint32_t>(out.data() + at + 36);
    const std::size_t body_at = 84 + ((flags & 0x10U) != 0 ? 12U : 0U) + ((flags & 0x20U) != 0 ? 12U : 0U);
    if (body_at + 4 <= size) {
      const auto body = load<std::uint32_t>(out.data() + at + body_at);
      if (body <= size - body_at - 4) {
        const auto crc = to_big_endian(static_cast<std::uint32_t>(
            crc32(0, reinterpret_cast<const Bytef*>(out.data() + at + body_at + 4), body) & 0x7FFFFFFFU));
        std::memcpy(out.data() + at + 8, &crc, 4);
      }
    }
    at += size;
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  MessageSetContext context;
  context.max_body_bytes = 64 * 1024;
  context.from_offset = size > 0 ? data[0] : 0;
  // Copies of exact size, so that reading behind the end is seen.
  walk(std::string(bytes), context);
  walk(with_crcs(bytes), context);
  return 0;
}
