#include "cluster/responses.h"

#include <fmt/format.h>

#include "base/plain_text.h"

namespace rocketlink::cluster {

using wire::ResponseCode;

namespace {

bool worth_another_try(const wire::Header& answer) {
  switch (static_cast<ResponseCode>(answer.code)) {
    case ResponseCode::kSystemError:
    case ResponseCode::kSystemBusy:
    case ResponseCode::kServiceNotAvailable:
    case ResponseCode::kTopicNotExist:
    case ResponseCode::kSubscriptionNotExist:
    case ResponseCode::kSubscriptionNotLatest:
    case ResponseCode::kFlowControl:
    case ResponseCode::kNotLeaderForQueue:
    case ResponseCode::kGoAway:
      return true;
    default:
      return false;
  }
}

/// The server's own words without the advice that 5.x puts on further lines.
std::string words(std::string_view remark) {
  remark = remark.substr(0, remark.find_first_of("\r\n"));
  remark = remark.substr(0, remark.find_last_not_of(", ") + 1);
  return base::plain(remark);
}

std::string_view cure(std::int32_t code) {
  switch (static_cast<ResponseCode>(code)) {
    case ResponseCode::kRequestCodeNotSupported:
      return "a proxy serves fewer requests than a broker: name servers as 'endpoint' lead to the brokers themselves";
    case ResponseCode::kSubscriptionGroupNotExist:
      return "create the group on every broker of the topic (mqadmin updateSubGroup), or let brokers create groups "
             "(autoCreateSubscriptionGroup=true)";
    default:
      return {};
  }
}

}  // namespace

Error refusal(const wire::Header& answer, std::string_view doing, std::string_view address) {
  const std::string_view name = wire::response_name(answer.code);
  std::string text =
      fmt::format("{} failed: {} answered {} ({})", doing, address, name.empty() ? "code" : name, answer.code);
  if (const auto said = words(answer.remark); !said.empty()) text += fmt::format(": {}", said);
  if (const auto how = cure(answer.code); !how.empty()) text += fmt::format("; {}", how);
  return {answer.code, std::move(text), worth_another_try(answer)};
}

Error unanswered(Error error, std::string_view doing, std::string_view broker) {
  error.text = fmt::format("{} failed: {}", doing, error.text);
  if (error.is(ErrorCode::kDisconnected)) {
    error.text +=
        fmt::format("; the topic's route gives that address for broker '{}' (its brokerIP1, listenPort)", broker);
  }
  return error;
}

bool is_throttled(std::int32_t code) {
  return code == static_cast<std::int32_t>(ResponseCode::kSystemBusy) ||
         code == static_cast<std::int32_t>(ResponseCode::kFlowControl);
}

bool is_stale_route(const Error& error) {
  return error.is(ErrorCode::kDisconnected) || error.is(ErrorCode::kTimeout) ||
         error.code == static_cast<std::int32_t>(ResponseCode::kTopicNotExist) ||
         error.code == static_cast<std::int32_t>(ResponseCode::kNotLeaderForQueue) ||
         error.code == static_cast<std::int32_t>(ResponseCode::kServiceNotAvailable);
}

}  // namespace rocketlink::cluster
