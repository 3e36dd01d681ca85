#include "cluster/pull.h"

#include <fmt/format.h>

#include <algorithm>

#include "cluster/responses.h"

namespace rocketlink::cluster {

namespace {

constexpr std::int64_t kSuspend = 2;
constexpr std::int64_t kSubscriptionInRequest = 4;  ///< no heartbeat needed then

}  // namespace

net::Request make_pull(const PullRequest& pull) {
  static const Subscription everything;
  const Subscription& subscription = pull.subscription ? *pull.subscription : everything;
  net::Request request;
  request.code = wire::RequestCode::kPullMessage;
  auto& ext = request.ext;
  ext.set("consumerGroup", pull.group);
  ext.set("topic", pull.queue->topic);
  ext.set("queueId", std::int64_t{pull.queue->id});
  ext.set("queueOffset", pull.offset);
  ext.set("maxMsgNums", std::int64_t{pull.max_messages});
  ext.set("sysFlag", kSubscriptionInRequest | (pull.suspend_ms > 0 ? kSuspend : 0));
  ext.set("commitOffset", std::int64_t{0});
  ext.set("suspendTimeoutMillis", pull.suspend_ms);
  ext.set("subscription", subscription.expression);
  ext.set("subVersion", std::int64_t{0});
  ext.set("expressionType", subscription.sql92 ? std::string_view("SQL92") : std::string_view("TAG"));
  ext.set("bname", pull.queue->broker);
  return request;
}

net::Request pull_one(std::string_view group, const QueueId& queue, std::int64_t offset) {
  PullRequest pull;
  pull.queue = &queue;
  pull.group = group;
  pull.offset = offset;
  return make_pull(pull);
}

Result<PullAnswer> read_pull_answer(const wire::Header& header, std::int64_t asked, std::string_view doing,
                                    std::string_view address) {
  PullAnswer answer;
  switch (static_cast<wire::ResponseCode>(header.code)) {
    case wire::ResponseCode::kSuccess:
      answer.status = PullStatus::kFound;
      break;
    case wire::ResponseCode::kPullNotFound:
      answer.status = PullStatus::kNotFound;
      break;
    case wire::ResponseCode::kPullRetryImmediately:
      answer.status = PullStatus::kAdvance;
      break;
    case wire::ResponseCode::kPullOffsetMoved:
      if (header.remark == "OFFSET_RESET") {
        answer.status = PullStatus::kReset;
      } else {
        answer.status = header.remark == "OFFSET_TOO_SMALL" ? PullStatus::kTooSmall : PullStatus::kTooBig;
      }
      break;
    default:
      return refusal(header, doing, address);
  }
  const auto next = header.ext.find_int("nextBeginOffset");
  const auto lowest = header.ext.find_int("minOffset");
  const auto highest = header.ext.find_int("maxOffset");
  if (!next || !lowest || !highest) {
    return Error(ErrorCode::kProtocol, fmt::format("{}: the answer of {} lacks its offsets", doing, address), true);
  }
  if (*next < 0 || *next > kHighestOffset) {
    return Error(ErrorCode::kProtocol, fmt::format("{}: {} says to go on at {}", doing, address, *next), true);
  }
  answer.next_offset = *next;
  answer.min_offset = std::clamp<std::int64_t>(*lowest, 0, kHighestOffset);
  answer.max_offset = std::clamp<std::int64_t>(*highest, 0, kHighestOffset);
  answer.offset_delta = header.ext.find_int("offsetDelta").value_or(0);
  answer.suggested_broker_id = header.ext.find_int("suggestWhichBrokerId").value_or(0);
  if (answer.status == PullStatus::kFound && answer.next_offset <= asked) {
    return Error(
        ErrorCode::kProtocol,
        fmt::format("{}: {} found messages at {} but goes on at {}", doing, address, asked, answer.next_offset), true);
  }
  return answer;
}

}  // namespace rocketlink::cluster
