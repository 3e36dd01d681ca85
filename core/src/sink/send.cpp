#include "sink/send.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cluster/responses.h"
#include "sink/targets.h"
#include "wire/outgoing.h"
#include "wire/properties.h"

namespace rocketlink::sink {

using wire::ResponseCode;

namespace {

/// Brokers before 5.x say some of their "busy" under the catch-all code.
bool says_busy(std::string_view remark) {
  constexpr std::array<std::string_view, 5> kMarks = {"[REJECTREQUEST]", "[OVERLOAD]", "[TIMEOUT_CLEAN_QUEUE]",
                                                      "[PCBUSY_CLEAN_QUEUE]", "[PC_SYNCHRONIZED]"};
  return std::any_of(kMarks.begin(), kMarks.end(), [&](std::string_view mark) { return remark.starts_with(mark); });
}

bool says_too_large(const wire::Header& answer) {
  const std::string_view remark = answer.remark;
  if (answer.code == ResponseCode::kSystemError) return remark.find("size exceeded") != std::string_view::npos;
  return remark.find("length") != std::string_view::npos || remark.find("size") != std::string_view::npos;
}

std::string doing(const Batch& batch, const QueueId& queue) {
  return fmt::format("sending {} message(s) to {}", batch.messages, to_string(queue));
}

Error too_large(const Batch& batch, const QueueId& queue, const Error& refusal) {
  return {
      ErrorCode::kTooLarge,
      fmt::format("a message with a body of {} bytes is over the limit of the broker of {} (maxMessageSize, 4194304 "
                  "bytes unless configured): {}; write smaller rows, or raise maxMessageSize at the broker",
                  batch.body_bytes, to_string(queue), refusal.text)};
}

}  // namespace

net::Request make_send(const Batch& batch, const QueueId& queue, std::string_view group, ShownType shown) {
  const auto message_group = shown == ShownType::kUnchecked ? std::nullopt : sink::message_group(batch);
  // Singly a message may be as large as maxMessageSize, in a batch a little less; but 5.x takes no empty body singly,
  // and what a message shows singly it hides in a batch. What is delayed has a body: nothing in a batch is delayed.
  const bool hides = shown == ShownType::kNormal && message_group && !batch.delayed;
  const bool single = batch.messages == 1 && batch.body_bytes > 0 && !hides;
  net::Request request;
  request.code = single ? wire::RequestCode::kSendMessageV2 : wire::RequestCode::kSendBatchMessage;
  // docs/protocol.md, Fields of SEND_MESSAGE_V2
  request.ext.set("a", group);
  request.ext.set("b", queue.topic);
  request.ext.set("c", kTemplateTopic);
  request.ext.set("d", std::int64_t{kAutoCreatedQueues});
  request.ext.set("e", std::int64_t{queue.id});
  request.ext.set("f", std::int64_t{0});
  request.ext.set("g", batch.born_ms);
  request.ext.set("h", std::int64_t{0});
  request.ext.set("j", std::int64_t{0});
  request.ext.set("k", false);
  request.ext.set("m", !single);
  request.ext.set("n", queue.broker);
  if (single) {
    const SingleMessage message = single_message(batch);
    request.ext.set("i", message.properties);
    request.body = {batch.bytes, message.body};
  } else {
    if (shown == ShownType::kFifo && message_group) {
      std::string properties;
      (void)wire::append_property(properties, wire::kMessageGroup, *message_group);
      request.ext.set("i", properties);
    }
    request.body = net::SharedBytes(batch.bytes);
  }
  return request;
}

Outcome outcome_of(const Result<net::Response>& answer, const Batch& batch, const QueueId& queue,
                   std::string_view address) {
  if (!answer) {
    Error error = cluster::unanswered(answer.error(), doing(batch, queue), queue.broker);
    if (error.is(ErrorCode::kTooLarge)) return {Verdict::kTooLarge, std::move(error)};
    return {error.retriable ? Verdict::kTryAgain : Verdict::kRefused, std::move(error)};
  }
  const wire::Header& header = answer->header;
  if (header.code == ResponseCode::kSuccess) return {};
  Error error = cluster::refusal(header, doing(batch, queue), address);
  switch (static_cast<ResponseCode>(error.code)) {
    case ResponseCode::kFlushDiskTimeout:
    case ResponseCode::kSlaveNotAvailable:
    case ResponseCode::kFlushSlaveTimeout:
      return {Verdict::kDegraded, std::move(error)};
    case ResponseCode::kTopicNotExist:
    case ResponseCode::kInvalidParameter:  // the topic got fewer queues, or was created anew with fewer
      return {Verdict::kMissing, std::move(error)};
    case ResponseCode::kSystemError:
      if (batch.delayed && header.remark.find("timer message is not enabled") != std::string::npos)
        return {Verdict::kRefused, std::move(error)};
      if (says_busy(header.remark)) return {Verdict::kThrottled, std::move(error)};
      [[fallthrough]];
    case ResponseCode::kMessageIllegal:
      if (auto type = type_refusal(header.remark)) {
        error.text += fmt::format("; {}", cure_of(*type, queue.topic));
        return {Verdict::kWrongType, std::move(error), std::move(type)};
      }
      if (batch.messages > 1 && header.code == ResponseCode::kMessageIllegal)
        return {Verdict::kTooLarge, std::move(error)};
      if (says_too_large(header)) return {Verdict::kTooLarge, too_large(batch, queue, error)};
      break;
    default:
      break;
  }
  if (cluster::is_throttled(header.code)) return {Verdict::kThrottled, std::move(error)};
  return {error.retriable ? Verdict::kTryAgain : Verdict::kRefused, std::move(error)};
}

bool concerns_broker(const Outcome& outcome) {
  if (outcome.verdict != Verdict::kTryAgain) return outcome.verdict == Verdict::kThrottled;
  return cluster::is_stale_route(outcome.error) || outcome.error.code == ResponseCode::kGoAway;
}

}  // namespace rocketlink::sink
