#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "rocketlink/result.h"

/// Messages on their way to a broker (docs/protocol.md, Batch body; docs/protocol.md, Properties;
/// docs/protocol.md, Message ids).
namespace rocketlink::wire {

/// More is refused: a broker keeps 32,767 and adds some of its own.
inline constexpr std::size_t kMaxPropertiesBytes = 32767 - 300;
static_assert(kMaxPropertiesBytes <= std::numeric_limits<std::int16_t>::max(), "a member says their length in 16 bits");

/// Appends `name 0x01 value 0x02`; kInvalidArgument when either holds 0x01 or 0x02, or the name is empty. Empty values
/// are left out.
[[nodiscard]] Status append_property(std::string& properties, std::string_view name, std::string_view value);

/// Appends one member of a batch body: sizes, zero CRC and magic, flag, body, properties.
[[nodiscard]] Status append_batch_member(std::string& batch, std::string_view body, std::string_view properties,
                                         std::int32_t flag = 0);
/// Bytes that append_batch_member would add.
[[nodiscard]] std::size_t batch_member_bytes(std::size_t body_bytes, std::size_t properties_bytes);

/// Compresses with zlib (what every reader knows). kInternal if zlib fails.
[[nodiscard]] Result<std::string> compress_zlib(std::string_view body, int level = 5);

/// Makes UNIQ_KEYs: 32 upper-case hex digits, told apart from other makers' keys by process and a random constant,
/// and from each other by time and count. Where more than 65,536 are made per millisecond, or the clock steps back, the
/// time in them runs ahead. Not thread-safe: one per sink.
class UniqueKeyMaker {
 public:
  /// `process` is the runtime's identity; `random` tells it from other makers in the same process.
  UniqueKeyMaker(std::string_view process, std::uint32_t random);
  /// Appends the next key; `now_ms` is the wall clock.
  void append(std::string& out, std::int64_t now_ms);
  [[nodiscard]] std::string next(std::int64_t now_ms);

 private:
  /// As many as the counter in a key tells apart; beyond them the keys' clock runs ahead.
  static constexpr std::uint32_t kKeysPerMs = 65'536;

  std::string prefix_;  ///< 10 bytes as hex
  std::int64_t month_start_ms_ = 0;
  std::int64_t next_month_ms_ = 0;
  std::int64_t last_ms_ = 0;
  std::uint32_t made_in_ms_ = 0;
  std::uint16_t counter_ = 0;
};

/// Java's String.hashCode over the UTF-16 units of UTF-8 text.
[[nodiscard]] std::int32_t java_hash(std::string_view utf8);

}  // namespace rocketlink::wire
