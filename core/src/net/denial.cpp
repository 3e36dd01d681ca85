#include "net/denial.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/plain_text.h"

namespace rocketlink::net {

namespace {

constexpr std::string_view kAclFailure = "org.apache.rocketmq.acl.common.AclException:";

/// Brokers before 5.3, and proxies of all versions, put it under the catch-all code.
bool says_denied(std::string_view remark) {
  constexpr std::array<std::string_view, 2> kKeys = {"check signature failed", "username cannot be null"};
  constexpr std::array<std::string_view, 3> kUsers = {" is not found", " is disabled", " has no permission to access "};
  const auto in_remark = [&](std::string_view words) { return remark.find(words) != std::string_view::npos; };
  return remark.starts_with(kAclFailure) || std::any_of(kKeys.begin(), kKeys.end(), in_remark) ||
         (remark.starts_with("User:") && std::any_of(kUsers.begin(), kUsers.end(), in_remark));
}

/// What a refusal speaks of that no account changes, and what helps; empty when it speaks of an account.
std::string_view closed_for_all(std::string_view remark) {
  if (remark.starts_with("Sending message to topic[") && remark.find(" is forbidden") != std::string_view::npos) {
    return "that topic is one of RocketMQ's own, into which brokers alone write: choose another name for the option "
           "'topic'";
  }
  if (remark.find(" is forbidden") != std::string_view::npos ||
      remark.starts_with("subscription group no permission")) {
    return "that is a setting of the broker (brokerPermission), the topic (perm) or the group (consumeEnable), not of "
           "an account";
  }
  return {};
}

/// The server's own words, without the place in its code.
std::string words(std::string_view remark) {
  if (remark.starts_with(kAclFailure)) remark.remove_prefix(kAclFailure.size());
  remark = remark.substr(0, remark.find_first_of("\r\n"));
  remark = remark.substr(0, remark.find(", org.apache."));
  remark.remove_prefix(std::min(remark.find_first_not_of(' '), remark.size()));
  return base::plain(remark);
}

}  // namespace

std::optional<Error> denial(const wire::Header& answer, wire::RequestCode asked, std::string_view account,
                            std::string_view address) {
  const bool by_code = answer.code == wire::ResponseCode::kNoPermission;
  const bool by_remark = answer.code == wire::ResponseCode::kSystemError && says_denied(answer.remark);
  if (!by_code && !by_remark) return std::nullopt;
  constexpr auto kCode = static_cast<std::int32_t>(wire::ResponseCode::kNoPermission);
  if (const std::string_view closed = closed_for_all(answer.remark); by_code && !closed.empty()) {
    return Error(
        kCode,
        fmt::format("{} does not permit {}: {}; {}", address, wire::request_name(asked), words(answer.remark), closed),
        false);
  }
  const std::string whom = account.empty() ? "without an account" : fmt::format("to account '{}'", account);
  const std::string_view mend = account.empty()
                                    ? "give accessId and accessKey if the server asks for them, and check what the "
                                      "topic permits"
                                    : "check accessId and accessKey, and what the account and the topic permit";
  return Error(kCode,
               fmt::format("{} does not permit {} {}: {}; {}", address, wire::request_name(asked), whom,
                           words(answer.remark), mend),
               false);
}

bool is_denial(const Error& error) {
  return error.code == wire::ResponseCode::kNoPermission;
}

}  // namespace rocketlink::net
