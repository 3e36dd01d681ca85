#include "commands/clusters.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace rocketlink::commands {

namespace {

/// An address of IPv4 in any spelling that the resolver takes, one of IPv6, else a name.
std::string one_spelling(std::string host) {
  std::transform(host.begin(), host.end(), host.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.ends_with('.')) host.pop_back();
  std::array<char, INET6_ADDRSTRLEN> text{};
  in6_addr v6{};
  in_addr v4{};
  if (inet_pton(AF_INET6, host.c_str(), &v6) == 1) {
    host = inet_ntop(AF_INET6, &v6, text.data(), text.size());
    constexpr std::string_view kMappedV4 = "::ffff:";
    if (host.starts_with(kMappedV4) && host.find('.') != std::string::npos) host.erase(0, kMappedV4.size());
  } else if (inet_aton(host.c_str(), &v4) == 1) {
    host = inet_ntop(AF_INET, &v4, text.data(), text.size());
  }
  return host == "127.0.0.1" || host == "::1" ? "localhost" : host;
}

}  // namespace

std::set<std::string> servers_of(const ConnectionOptions& options) {
  std::set<std::string> servers;
  for (const std::string& endpoint : options.endpoints) {
    const std::size_t colon = endpoint.rfind(':');
    servers.insert(one_spelling(endpoint.substr(0, colon)) + endpoint.substr(colon));
  }
  return servers;
}

bool share_one(const std::set<std::string>& some, const std::set<std::string>& others) {
  return std::any_of(some.begin(), some.end(), [&](const std::string& server) { return others.contains(server); });
}

}  // namespace rocketlink::commands
