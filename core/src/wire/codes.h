#pragma once

#include <cstdint>
#include <string_view>

namespace rocketlink::wire {

/// Request codes this client sends or may be sent (docs/protocol.md, Requests).
enum class RequestCode : std::int32_t {
  kPullMessage = 11,
  kQueryConsumerOffset = 14,
  kUpdateConsumerOffset = 15,
  kUpdateAndCreateTopic = 17,
  kGetBrokerConfig = 26,
  kGetBrokerRuntimeInfo = 28,
  kSearchOffsetByTimestamp = 29,
  kGetMaxOffset = 30,
  kGetMinOffset = 31,
  kHeartBeat = 34,
  kNotifyConsumerIdsChanged = 40,
  kGetAllConsumerOffset = 43,
  kCheckClientConfig = 46,
  kGetRouteInfoByTopic = 105,
  kSendMessageV2 = 310,
  kSendBatchMessage = 320,
  kGetBrokerMemberGroup = 901,
};

/// Response codes (docs/protocol.md, Response codes).
enum class ResponseCode : std::int32_t {
  kSuccess = 0,
  kSystemError = 1,
  kSystemBusy = 2,
  kRequestCodeNotSupported = 3,
  kFlushDiskTimeout = 10,
  kSlaveNotAvailable = 11,
  kFlushSlaveTimeout = 12,
  kMessageIllegal = 13,
  kServiceNotAvailable = 14,
  kVersionNotSupported = 15,
  kNoPermission = 16,
  kTopicNotExist = 17,
  kPullNotFound = 19,
  kPullRetryImmediately = 20,
  kPullOffsetMoved = 21,
  kQueryNotFound = 22,
  kSubscriptionParseFailed = 23,
  kSubscriptionNotExist = 24,
  kSubscriptionNotLatest = 25,
  kSubscriptionGroupNotExist = 26,
  kInvalidParameter = 29,
  kFlowControl = 215,
  kNotLeaderForQueue = 501,
  kGoAway = 1500,
};

/// The protocol's own name of a request code.
[[nodiscard]] std::string_view request_name(RequestCode code);

/// The protocol's own name of a response code, or "code N" is the caller's business when empty.
[[nodiscard]] std::string_view response_name(std::int32_t code);

}  // namespace rocketlink::wire
