#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "rocketlink/options.h"
#include "rocketlink/result.h"

/// From the text of an option to its value. Blanks around numbers, booleans and words of a list are no part of them.
namespace rocketlink::options {

/// kInt, kLong, kDuration (ms) and kMemory (bytes) are a number, kEnum is the place in OptionSpec::values.
using Value = std::variant<std::string, std::int64_t, double, bool, std::size_t>;

inline constexpr std::string_view kDurationExample = "5 min";
inline constexpr std::string_view kMemoryExample = "1 mb";

/// The value by the option's type, within its range; the error's text says what is allowed, not what was given.
[[nodiscard]] Result<Value> parse_value(const OptionSpec& spec, std::string_view text);

/// `text` for a message: control characters and malformed UTF-8 made visible, cut at about 100 bytes.
[[nodiscard]] std::string shown(std::string_view text);

/// The shortest text that reads back to the same number: `1 d`, `60 s`, `0 ms`.
[[nodiscard]] std::string duration_text(std::int64_t millis);
/// The same of bytes: `16 mb`, `1 byte`.
[[nodiscard]] std::string memory_text(std::int64_t bytes);

/// `host:port` of each endpoint, IPv6 in brackets. The error's text says what is wrong with which one.
[[nodiscard]] Result<std::vector<std::string>> parse_endpoints(std::string_view text);

/// The id of the 4.x instance that a parsed endpoint's host name begins with, `MQ_INST_1_abc.…`; empty when it does
/// not.
[[nodiscard]] std::string instance_of_endpoint(std::string_view endpoint);
[[nodiscard]] bool is_instance_id(std::string_view text);
/// A name, not an address with a port.
[[nodiscard]] bool is_host_name(std::string_view text);

/// Tags of a subscription; empty for all.
[[nodiscard]] Result<std::vector<std::string>> parse_tags(std::string_view text);

using SpecificOffsets = std::map<std::pair<std::string, std::int32_t>, std::int64_t>;
/// `broker-a,0:42;broker-b,1:7`.
[[nodiscard]] Result<SpecificOffsets> parse_specific_offsets(std::string_view text);

/// A topic or group as RocketMQ takes it.
[[nodiscard]] bool is_resource_name(std::string_view text, std::size_t most);

}  // namespace rocketlink::options
