#include "cluster/responses.h"

#include <fmt/format.h>

#include "base/plain_text.h"

namespace rocketlink::cluster {

namespace {

/// The server's own words without the advice that 5.x puts on further lines.
std::string words(std::string_view remark) {
  remark = remark.substr(0, remark.find_first_of("\r\n"));
  remark = remark.substr(0, remark.find_last_not_of(", ") + 1);
  return base::plain(remark);
}

/// Brokers before 5.3.2 say so under the catch-all code.
bool says_no_such_queue(const wire::Header& answer) {
  return answer.code == wire::ResponseCode::kSystemError && answer.remark.find("queueId[") != std::string::npos &&
         answer.remark.find("is illegal") != std::string::npos;
}

}  // namespace

Error refusal(const wire::Header& answer, std::string_view doing, std::string_view address) {
  const wire::ResponseInfo* const said = wire::find_response(answer.code);
  const std::int32_t code =
      says_no_such_queue(answer) ? static_cast<std::int32_t>(wire::ResponseCode::kInvalidParameter) : answer.code;
  const wire::ResponseInfo* const info = wire::find_response(code);
  std::string text =
      fmt::format("{} failed: {} answered {} ({})", doing, address, said ? said->name : "code", answer.code);
  if (const auto own = words(answer.remark); !own.empty()) text += fmt::format(": {}", own);
  if (info != nullptr && !info->cure.empty()) text += fmt::format("; {}", info->cure);
  return {code, std::move(text), info != nullptr && info->retriable};
}

Error unanswered(Error error, std::string_view doing, std::string_view broker) {
  error.text = fmt::format("{} failed: {}", doing, error.text);
  if (error.is(ErrorCode::kDisconnected)) {
    error.text +=
        fmt::format("; the topic's route gives that address for broker '{}' (its brokerIP1, listenPort)", broker);
  }
  return error;
}

bool is_unanswered(const Error& error) {
  return error.is(ErrorCode::kDisconnected) || error.is(ErrorCode::kTimeout);
}

bool is_throttled(std::int32_t code) {
  const wire::ResponseInfo* const info = wire::find_response(code);
  return info != nullptr && info->throttles;
}

bool is_stale_route(const Error& error) {
  if (is_unanswered(error)) return true;
  const wire::ResponseInfo* const info = wire::find_response(error.code);
  return info != nullptr && info->refreshes_route;
}

}  // namespace rocketlink::cluster
