#pragma once

#include <string>
#include <string_view>

#include "options/given.h"
#include "rocketlink/options.h"

/// Options stand above row: charsets, zones, delimiters and columns are checked by row's public headers. Row knows the
/// typed structures of options.h only.
///
/// What the registry cannot say of one option alone: how options go together, and with the table's columns. Each
/// function adds what is wrong to the problems of `given`, and gives what it could read. Both directions of a table are
/// read, however it is used, so that all values are checked.
namespace rocketlink::options {

[[nodiscard]] ConnectionOptions read_connection(Given& given);

[[nodiscard]] FormatOptions read_format(Given& given, const Schema& schema, bool reads);

[[nodiscard]] SourceOptions read_source(Given& given, const Place& place, const ConnectionOptions& connection);

/// Column checks that need no option are made elsewhere.
[[nodiscard]] SinkOptions read_sink(Given& given, const Place& place, const Schema& schema,
                                    const ConnectionOptions& connection);

inline constexpr std::size_t kMostTopicCharacters = 127;  ///< as brokers have it; a longer name is refused
inline constexpr std::size_t kMostGroupCharacters = 120;  ///< the same of groups

/// A topic or group of `instance` (may be empty); empty when it is not given or not sound.
[[nodiscard]] std::string read_resource_name(Given& given, std::string_view option, std::size_t most,
                                             std::string_view instance);

}  // namespace rocketlink::options
