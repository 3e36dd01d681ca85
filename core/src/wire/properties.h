#pragma once

#include <cstring>
#include <optional>
#include <string_view>

/// Properties as they stand in stored messages: `name 0x01 value 0x02` repeated, the last 0x02 optional
/// (docs/protocol.md, Properties).
namespace rocketlink::wire {

inline constexpr char kNameEnd = '\x01';
inline constexpr char kPairEnd = '\x02';
inline constexpr std::string_view kMessageGroup = "__SHARDINGKEY";  ///< whose messages stay in order

/// Calls `take` with each `name 0x01 value`; text without a 0x01 is passed as well and matches no name.
template <class Take>
inline void for_each_property(std::string_view properties, Take&& take) {
  const char* at = properties.data();
  const char* const end = at + properties.size();
  while (at < end) {
    const auto* stop = static_cast<const char*>(std::memchr(at, kPairEnd, static_cast<std::size_t>(end - at)));
    if (stop == nullptr) stop = end;
    take(std::string_view(at, static_cast<std::size_t>(stop - at)));
    at = stop + 1;
  }
}

/// The value of `pair` if that is its name and the value is not empty.
[[nodiscard]] inline std::optional<std::string_view> value_if_named(std::string_view pair, std::string_view name) {
  if (pair.size() < name.size() + 2 || name.empty() || pair[name.size()] != kNameEnd || !pair.starts_with(name)) {
    return std::nullopt;
  }
  return pair.substr(name.size() + 1);
}

/// Whether a property of that name belongs to clients and brokers, KEYS and TAGS included, and not to the application.
[[nodiscard]] bool is_system_property(std::string_view name);

}  // namespace rocketlink::wire
