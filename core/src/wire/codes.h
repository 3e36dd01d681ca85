#pragma once

#include <cstdint>
#include <span>
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
  kGetTopicConfig = 351,
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

/// Codes travel as numbers, and others than these may come.
[[nodiscard]] constexpr bool operator==(std::int32_t number, ResponseCode code) {
  return number == static_cast<std::int32_t>(code);
}

/// The protocol's own name of a request code.
[[nodiscard]] std::string_view request_name(RequestCode code);

/// What a response code says, and what a client does about it wherever it comes.
struct ResponseInfo {
  ResponseCode code;
  std::string_view name;         ///< the protocol's own
  std::string_view meaning;      ///< for a developer
  bool retriable = false;        ///< the same request may succeed later
  bool throttles = false;        ///< the service asks its clients to slow down
  bool refreshes_route = false;  ///< the route that led to the server may be out of date
  std::string_view cure = {};    ///< for a user; empty where the server's own words say enough
};

/// All that we know, by code.
[[nodiscard]] std::span<const ResponseInfo> response_infos();
/// Null where we do not know the code.
[[nodiscard]] const ResponseInfo* find_response(std::int32_t code);

}  // namespace rocketlink::wire
