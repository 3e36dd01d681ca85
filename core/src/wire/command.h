#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rocketlink/result.h"

/// Remoting frames and their headers (docs/protocol.md, Frames). Pure functions over bytes.
namespace rocketlink::wire {

inline constexpr std::size_t kMaxExtFields = 1024;  ///< a header with more is refused; servers send some twenty
/// A larger frame, 4 + its length, is refused both ways.
inline constexpr std::size_t kMaxFrameBytes = 16u * 1024 * 1024;
inline constexpr std::int16_t kClientVersion = 513;  ///< V5_5_0: standard route JSON, all 5.x answers
inline constexpr std::uint8_t kLanguageCpp = 1;
inline constexpr std::int32_t kFlagResponse = 1;
inline constexpr std::int32_t kFlagOneWay = 2;

/// The custom header: few entries, kept in order of insertion. Later entries of the same name win in `find`.
class ExtFields {
 public:
  void set(std::string_view name, std::string_view value);
  void set(std::string_view name, std::int64_t value);
  /// Not of a literal, which would become `true`.
  void set(std::string_view name, std::same_as<bool> auto value) {
    set(name, value ? std::string_view("true") : std::string_view("false"));
  }
  /// Another value for every entry of that name.
  void replace(std::string_view name, std::string_view value);
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  /// A decimal int64, or nothing when absent or not a number.
  [[nodiscard]] std::optional<std::int64_t> find_int(std::string_view name) const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& entries() const { return entries_; }
  void clear() { entries_.clear(); }

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

/// A decoded header of either encoding, or one to be encoded.
struct Header {
  std::int32_t code = 0;
  std::int32_t version = 0;
  std::int32_t opaque = 0;
  std::int32_t flag = 0;
  std::string remark;
  ExtFields ext;

  [[nodiscard]] bool is_response() const { return (flag & kFlagResponse) != 0; }
  [[nodiscard]] bool is_one_way() const { return (flag & kFlagOneWay) != 0; }
};

/// Where the parts of a frame are, once its 8 leading bytes are known.
struct FrameLayout {
  std::size_t total = 0;            ///< bytes of the whole frame, the length word included
  std::size_t header_bytes = 0;     ///< the header begins at byte 8
  std::uint8_t serialize_type = 0;  ///< 0 JSON, 1 binary
  [[nodiscard]] std::size_t body_offset() const { return 8 + header_bytes; }
  [[nodiscard]] std::size_t body_bytes() const { return total - body_offset(); }
};

/// Reads the first 8 bytes of a frame. kProtocol when a length is negative, over kMaxFrameBytes, the header is longer
/// than the frame, or the serialize type is unknown.
[[nodiscard]] Result<FrameLayout> parse_frame_layout(std::span<const std::uint8_t, 8> first);

/// Decodes header bytes of the given serialize type. kProtocol on anything that does not parse.
[[nodiscard]] Result<Header> decode_header(std::uint8_t serialize_type, std::string_view bytes);

/// Appends a whole frame except its body to `out` (the length word counts `body_bytes`), header in the binary encoding.
/// Codes beyond int16 are encoded as JSON. kTooLarge when the frame would exceed kMaxFrameBytes.
[[nodiscard]] Status encode_frame_head(const Header& header, std::size_t body_bytes, std::string& out);

/// The same in the JSON encoding (used by the mock broker and by tests; answers of real 5.x brokers look like this).
[[nodiscard]] Status encode_frame_head_json(const Header& header, std::size_t body_bytes, std::string& out);

}  // namespace rocketlink::wire
