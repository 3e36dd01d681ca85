// Frames: the two leading words, then headers of both encodings, which must come back the same when written again.
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include "wire/command.h"

namespace {

using namespace rocketlink;
using namespace rocketlink::wire;

void require(bool condition) {
  if (!condition) std::abort();
}

bool same(const Header& a, const Header& b) {
  return a.code == b.code && a.version == b.version && a.opaque == b.opaque && a.flag == b.flag && a.remark == b.remark;
}

void write_and_read_again(const Header& header) {
  std::string out;
  if (!encode_frame_head(header, 0, out)) return;
  const auto layout =
      parse_frame_layout(std::span<const std::uint8_t, 8>(reinterpret_cast<const std::uint8_t*>(out.data()), 8));
  require(layout.ok() && layout->total == out.size());
  const auto again = decode_header(layout->serialize_type, std::string_view(out).substr(8, layout->header_bytes));
  if (!again) return;  // text that is no UTF-8 cannot go as JSON
  require(layout->serialize_type == 0 || same(header, *again));
  for (const auto& [name, value] : header.ext.entries()) (void)header.ext.find_int(name);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (size < 8) return 0;
  const auto layout = parse_frame_layout(std::span<const std::uint8_t, 8>(data, 8));
  if (layout) {
    require(layout->body_offset() <= layout->total && layout->total <= kMaxFrameBytes);
    if (layout->body_offset() <= size) {
      const auto header = decode_header(layout->serialize_type, bytes.substr(8, layout->header_bytes));
      if (header) write_and_read_again(*header);
    }
  }
  for (const std::uint8_t type : {0, 1}) {
    const auto header = decode_header(type, bytes);
    if (header) write_and_read_again(*header);
  }
  return 0;
}
