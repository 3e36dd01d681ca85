#include "net/address.h"

#include <fmt/format.h>

#include <charconv>

namespace rocketlink::net {

Result<Address> parse_address(std::string_view text) {
  const Error bad(ErrorCode::kInvalidArgument, fmt::format("'{}' is no address: expected host:port", text));
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return bad;
  }
  unsigned number = 0;
  const auto [end, code] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (host.empty() || code != std::errc{} || end != port.data() + port.size() || number == 0 || number > 65535)
    return bad;
  return Address{std::string(host), std::string(port)};
}

}  // namespace rocketlink::net
