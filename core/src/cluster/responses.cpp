#include "cluster/responses.h"

#include <fmt/format.h>

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

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find_first_of("\r\n"));
}

}  // namespace

Error refusal(const wire::Header& answer, std::string_view doing, std::string_view address) {
  const std::string_view name = wire::response_name(answer.code);
  std::string text =
      fmt::format("{} failed: {} answered {} ({})", doing, address, name.empty() ? "code" : name, answer.code);
  if (const auto remark = first_line(answer.remark); !remark.empty()) text += fmt::format(": {}", remark);
  if (answer.code == static_cast<std::int32_t>(ResponseCode::kRequestCodeNotSupported)) {
    text += "; a proxy serves fewer requests than a broker: name servers as 'endpoint' lead to the brokers themselves";
  }
  return {answer.code, std::move(text), worth_another_try(answer)};
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
