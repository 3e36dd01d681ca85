#pragma once

#include <string>
#include <string_view>

#include "rocketlink/result.h"

namespace rocketlink::net {

struct Address {
  std::string host;  ///< without brackets
  std::string port;
};

/// Splits `host:port` or `[v6]:port`. kInvalidArgument names the text.
[[nodiscard]] Result<Address> parse_address(std::string_view text);

}  // namespace rocketlink::net
