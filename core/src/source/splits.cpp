#include <fmt/format.h>

#include <cstring>

#include "rocketlink/source.h"

namespace rocketlink {

namespace {

constexpr std::uint8_t kVersion = 1;

// Version 1: count u32; per split: topic, broker (u16 length and bytes), queue id i32, offset i64, has-stop u8,
// stop i64 when it has one. Big-endian.
template <class T>
void put(std::string& out, T value) {
  for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> shift));
  }
}

void put_text(std::string& out, std::string_view text) {
  put(out, static_cast<std::uint16_t>(text.size()));
  out.append(text);
}

/// Takes values off the front; `good` turns false, for ever, at the first one that is not wholly there.
struct Reader {
  std::string_view rest;
  bool good = true;

  template <class T>
  T get() {
    if (rest.size() < sizeof(T)) {
      good = false;
      return T{};
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) value = value << 8 | static_cast<std::uint8_t>(rest[i]);
    rest.remove_prefix(sizeof(T));
    return static_cast<T>(value);
  }
  std::string get_text() {
    const auto size = get<std::uint16_t>();
    if (rest.size() < size) {
      good = false;
      return {};
    }
    std::string text(rest.substr(0, size));
    rest.remove_prefix(size);
    return text;
  }
};

}  // namespace

std::string serialize_splits(std::span<const Split> splits) {
  std::string out;
  put(out, kVersion);
  put(out, static_cast<std::uint32_t>(splits.size()));
  for (const Split& split : splits) {
    put_text(out, split.queue.topic);
    put_text(out, split.queue.broker);
    put(out, split.queue.id);
    put(out, split.offset);
    put(out, static_cast<std::uint8_t>(split.stop.has_value()));
    if (split.stop) put(out, *split.stop);
  }
  return out;
}

Result<std::vector<Split>> deserialize_splits(std::string_view bytes) {
  Reader reader{bytes};
  const auto version = reader.get<std::uint8_t>();
  if (reader.good && version != kVersion) {
    return Error(ErrorCode::kData,
                 fmt::format("the stored positions have version {}, this program reads up to version {}: use the "
                             "release that wrote them, or a newer one",
                             version, kVersion));
  }
  const auto count = reader.get<std::uint32_t>();
  std::vector<Split> splits;
  for (std::uint32_t i = 0; i < count && reader.good; ++i) {
    Split split;
    split.queue.topic = reader.get_text();
    split.queue.broker = reader.get_text();
    split.queue.id = reader.get<std::int32_t>();
    split.offset = reader.get<std::int64_t>();
    if (reader.get<std::uint8_t>() != 0) split.stop = reader.get<std::int64_t>();
    if (reader.good) splits.push_back(std::move(split));
  }
  if (!reader.good || !reader.rest.empty()) {
    return Error(ErrorCode::kData, fmt::format("the stored positions are damaged ({} bytes, {} of {} splits readable)",
                                               bytes.size(), splits.size(), count));
  }
  return splits;
}

}  // namespace rocketlink
