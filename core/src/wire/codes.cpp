#include "wire/codes.h"

#include <algorithm>
#include <array>

namespace rocketlink::wire {

std::string_view request_name(RequestCode code) {
  switch (code) {
    case RequestCode::kPullMessage:
      return "PULL_MESSAGE";
    case RequestCode::kQueryConsumerOffset:
      return "QUERY_CONSUMER_OFFSET";
    case RequestCode::kUpdateConsumerOffset:
      return "UPDATE_CONSUMER_OFFSET";
    case RequestCode::kUpdateAndCreateTopic:
      return "UPDATE_AND_CREATE_TOPIC";
    case RequestCode::kGetBrokerConfig:
      return "GET_BROKER_CONFIG";
    case RequestCode::kGetBrokerRuntimeInfo:
      return "GET_BROKER_RUNTIME_INFO";
    case RequestCode::kSearchOffsetByTimestamp:
      return "SEARCH_OFFSET_BY_TIMESTAMP";
    case RequestCode::kGetMaxOffset:
      return "GET_MAX_OFFSET";
    case RequestCode::kGetMinOffset:
      return "GET_MIN_OFFSET";
    case RequestCode::kHeartBeat:
      return "HEART_BEAT";
    case RequestCode::kNotifyConsumerIdsChanged:
      return "NOTIFY_CONSUMER_IDS_CHANGED";
    case RequestCode::kGetAllConsumerOffset:
      return "GET_ALL_CONSUMER_OFFSET";
    case RequestCode::kCheckClientConfig:
      return "CHECK_CLIENT_CONFIG";
    case RequestCode::kGetRouteInfoByTopic:
      return "GET_ROUTEINFO_BY_TOPIC";
    case RequestCode::kSendMessageV2:
      return "SEND_MESSAGE_V2";
    case RequestCode::kSendBatchMessage:
      return "SEND_BATCH_MESSAGE";
    case RequestCode::kGetTopicConfig:
      return "GET_TOPIC_CONFIG";
    case RequestCode::kGetBrokerMemberGroup:
      return "GET_BROKER_MEMBER_GROUP";
  }
  return "a request";
}

std::span<const ResponseInfo> response_infos() {
  using enum ResponseCode;
  constexpr bool kRetriable = true;
  constexpr bool kThrottles = true;
  constexpr bool kRefreshesRoute = true;
  static constexpr auto kInfos = std::to_array<ResponseInfo>({
      {kSuccess, "SUCCESS", "done"},
      {kSystemError, "SYSTEM_ERROR",
       "anything: bad arguments on 4.9, Java exceptions, no permission before 5.3, \"busy\" before 5.x", kRetriable},
      {kSystemBusy, "SYSTEM_BUSY", "flow control, a slave that serves no reads, cold reads", kRetriable, kThrottles},
      {kRequestCodeNotSupported, "REQUEST_CODE_NOT_SUPPORTED", "a server of this kind or version has no such request",
       false, false, false,
       "a broker tells no routes, and a proxy serves fewer requests than a broker: name servers as 'endpoint' lead to "
       "the brokers themselves"},
      {kFlushDiskTimeout, "FLUSH_DISK_TIMEOUT", "a send: stored, not flushed in time"},
      {kSlaveNotAvailable, "SLAVE_NOT_AVAILABLE", "a send: stored, no slave"},
      {kFlushSlaveTimeout, "FLUSH_SLAVE_TIMEOUT", "a send: stored, the slave was late"},
      {kMessageIllegal, "MESSAGE_ILLEGAL", "too large, bad properties or delay, wrong type at a proxy"},
      {kServiceNotAvailable, "SERVICE_NOT_AVAILABLE", "disk full, shutting down, not writable", kRetriable, false,
       kRefreshesRoute},
      {kVersionNotSupported, "VERSION_NOT_SUPPORTED", "proxy: no broker's name"},
      {kNoPermission, "NO_PERMISSION", "of the account, or of broker, topic or group"},
      {kTopicNotExist, "TOPIC_NOT_EXIST", "name server: no route; broker: unknown topic", kRetriable, false,
       kRefreshesRoute},
      {kPullNotFound, "PULL_NOT_FOUND", "nothing to read at this offset yet"},
      {kPullRetryImmediately, "PULL_RETRY_IMMEDIATELY", "nothing here passes the filter: go on at the next offset"},
      {kPullOffsetMoved, "PULL_OFFSET_MOVED", "the offset is out of range"},
      {kQueryNotFound, "QUERY_NOT_FOUND", "no committed offset"},
      {kSubscriptionParseFailed, "SUBSCRIPTION_PARSE_FAILED", "the filter does not compile"},
      {kSubscriptionNotExist, "SUBSCRIPTION_NOT_EXIST", "a pull without its subscription", kRetriable, false, false,
       "if it never ends: a broker with rejectPullConsumerEnable=true refuses all who pull, so set it to false"},
      {kSubscriptionNotLatest, "SUBSCRIPTION_NOT_LATEST", "the same at a proxy", kRetriable},
      {kSubscriptionGroupNotExist, "SUBSCRIPTION_GROUP_NOT_EXIST", "the group is unknown to this broker", false, false,
       false,
       "create the group on every broker of the topic (mqadmin updateSubGroup), or let brokers create groups "
       "(autoCreateSubscriptionGroup=true)"},
      {kInvalidParameter, "INVALID_PARAMETER", "no such queue (5.3.2 and later; 1 before)", kRetriable, false,
       kRefreshesRoute},
      {kFlowControl, "FLOW_CONTROL", "flow control", kRetriable, kThrottles},
      {kNotLeaderForQueue, "NOT_LEADER_FOR_QUEUE", "a static topic's queue is elsewhere", kRetriable, false,
       kRefreshesRoute},
      {kGoAway, "GO_AWAY", "the server is shutting down (5.2 and later)", kRetriable},
  });
  return kInfos;
}

const ResponseInfo* find_response(std::int32_t code) {
  const auto infos = response_infos();
  const auto found = std::find_if(infos.begin(), infos.end(), [code](const auto& info) { return code == info.code; });
  return found == infos.end() ? nullptr : &*found;
}

}  // namespace rocketlink::wire
