#include <fmt/format.h>

#include <algorithm>

#include "options/names.h"
#include "options/values.h"
#include "rocketlink/row/parse.h"

namespace rocketlink::options {
namespace {

Error refuse(std::string text) {
  return {ErrorCode::kInvalidArgument, std::move(text)};
}

// Pieces between any of `separators`, trimmed, the empty ones left out.
std::vector<std::string_view> pieces(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(separators), text.size());
    const std::string_view piece = row::trim_blanks(text.substr(0, end));
    if (!piece.empty()) out.push_back(piece);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

void drop_scheme(std::string_view& endpoint) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equal_without_case(endpoint.substr(0, scheme.size()), scheme)) continue;
    endpoint.remove_prefix(scheme.size());
    if (endpoint.ends_with('/')) endpoint.remove_suffix(1);
    return;
  }
}

bool all_of(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           others.find(c) != std::string_view::npos;
  });
}

Result<std::string> parse_endpoint(const std::string_view given) {
  std::string_view text = given;
  const auto wrong = [&](std::string_view why) { return refuse(fmt::format("'{}' {}", shown(given), why)); };
  if (text.find('@') != std::string_view::npos) return refuse("holds a user; give accessId and accessKey instead");
  drop_scheme(text);
  if (text.find("://") != std::string_view::npos) return wrong("has a scheme other than http:// and https://");
  if (text.find('/') != std::string_view::npos) {
    return wrong("has a path; give host:port alone");
  }
  if (text.find_first_of(" \t\r\n") != std::string_view::npos) {
    return wrong("holds a blank; several are separated by ; or ,");
  }
  const auto bracket = text.find(']');
  const auto colon = text.rfind(':');
  const bool v6 = text.starts_with('[');
  if (!v6 && text.find(':') != colon) return wrong("has several colons; put an IPv6 address in brackets: [::1]:9876");
  if (colon == std::string_view::npos || (v6 && bracket != std::string_view::npos && colon < bracket)) {
    return wrong("has no port, such as :9876 of a name server or :8080 of a proxy");
  }
  const std::string_view host = text.substr(0, colon);
  const bool host_is_sound =
      v6 ? host.size() > 2 && host.ends_with(']') && all_of(host.substr(1, host.size() - 2), ":.%")
         : !host.empty() && all_of(host, "._-");
  if (!host_is_sound) return wrong("has no host name or address before the port");
  std::int32_t port = 0;
  if (!all_of(text.substr(colon + 1), "") || !row::parse_integer(text.substr(colon + 1), port) || port < 1 ||
      port > 65535) {
    return wrong("has a port that is no number from 1 to 65535");
  }
  return fmt::format("{}:{}", host, port);
}

}  // namespace

Result<std::vector<std::string>> parse_endpoints(std::string_view text) {
  std::vector<std::string> endpoints;
  std::string problems;
  for (const std::string_view piece : pieces(text, ";,")) {
    auto endpoint = parse_endpoint(piece);
    if (!endpoint) {
      problems += (problems.empty() ? "" : "; ") + endpoint.error().text;
    } else if (std::find(endpoints.begin(), endpoints.end(), *endpoint) == endpoints.end()) {
      endpoints.push_back(*std::move(endpoint));
    }
  }
  if (!problems.empty()) return refuse(problems);
  if (endpoints.empty()) return refuse("holds no endpoint");
  return endpoints;
}

std::string instance_of_endpoint(std::string_view endpoint) {
  constexpr std::string_view kBegin = "MQ_INST_";
  const std::string_view label = endpoint.substr(0, endpoint.find('.'));
  if (label.size() == endpoint.size() || !label.starts_with(kBegin)) return {};
  const std::string_view rest = label.substr(kBegin.size());  // two words, where _ is of a word as well
  const auto between = rest.find('_', 1);
  if (between == std::string_view::npos || between + 1 == rest.size() || !all_of(rest, "_")) return {};
  return std::string(label);
}

bool is_instance_id(std::string_view text) {
  constexpr std::size_t kMostInstanceCharacters = 64;  // a longer one is refused
  return !text.empty() && text.size() <= kMostInstanceCharacters && all_of(text, "_-");
}

bool is_host_name(std::string_view text) {
  return !text.empty() && all_of(text, "._-");
}

Result<std::vector<std::string>> parse_tags(std::string_view text) {
  if (row::trim_blanks(text) == "*") return std::vector<std::string>();
  std::vector<std::string> tags;
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = std::min(rest.find("||"), rest.size());
    const std::string_view tag = row::trim_blanks(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 2, rest.size()));
    if (tag.empty()) continue;
    if (tag == "*") return refuse("* stands for all tags and goes with no other");
    if (tag.find('|') != std::string_view::npos)
      return refuse("holds a single |; write || between tags (messages whose tag has one in it cannot be chosen)");
    tags.emplace_back(tag);
  }
  if (tags.empty()) return refuse("holds no tag");
  return tags;
}

Result<SpecificOffsets> parse_specific_offsets(std::string_view text) {
  SpecificOffsets offsets;
  for (const std::string_view piece : pieces(text, ";")) {
    const auto wrong = [&](std::string_view why) { return refuse(fmt::format("'{}' {}", shown(piece), why)); };
    const auto colon = piece.rfind(':');
    const auto comma = piece.substr(0, colon).rfind(',');
    if (colon == std::string_view::npos || comma == std::string_view::npos) return wrong("is not broker,queue:offset");
    const std::string_view broker = row::trim_blanks(piece.substr(0, comma));
    std::int32_t queue = 0;
    std::int64_t offset = 0;
    if (broker.empty()) return wrong("has no broker name");
    if (!row::parse_integer(piece.substr(comma + 1, colon - comma - 1), queue) || queue < 0) {
      return wrong("has a queue that is no whole number from 0 on");
    }
    if (!row::parse_integer(piece.substr(colon + 1), offset) || offset < 0) {
      return wrong("has an offset that is no whole number from 0 on");
    }
    if (!offsets.emplace(std::pair(std::string(broker), queue), offset).second) return wrong("names a queue again");
  }
  if (offsets.empty()) return refuse("holds no offset");
  return offsets;
}

}  // namespace rocketlink::options
