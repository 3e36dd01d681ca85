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
      {kSystemError, "SYSTEM_ERROR", "anything that went wrong in the server; the remark says what", kRetriable},
      {kSystemBusy, "SYSTEM_BUSY", "its queue of requests is too long, or a slave was asked", kRetriable, kThrottles},
      {kRequestCodeNotSupported, "REQUEST_CODE_NOT_SUPPORTED", "a server of this kind or version has no such request",
       false, false, false,
       "a proxy serves fewer requests than a broker: name servers as 'endpoint' lead to the brokers themselves"},
      {kFlushDiskTimeout, "FLUSH_DISK_TIMEOUT", "stored, and not on disk in time (SYNC_FLUSH)"},
      {kSlaveNotAvailable, "SLAVE_NOT_AVAILABLE", "stored, and no slave is there to have it too (SYNC_MASTER)"},
      {kFlushSlaveTimeout, "FLUSH_SLAVE_TIMEOUT", "stored, and not at a slave in time (SYNC_MASTER)"},
      {kMessageIllegal, "MESSAGE_ILLEGAL", "too large, or of another type than its topic"},
      {kServiceNotAvailable, "SERVICE_NOT_AVAILABLE", "it is shutting down, or takes no writes", kRetriable, false,
       kRefreshesRoute},
      {kVersionNotSupported, "VERSION_NOT_SUPPORTED", "our version is too old for the server, or too new"},
      {kNoPermission, "NO_PERMISSION", "the account, the topic, the group or the broker forbids it"},
      {kTopicNotExist, "TOPIC_NOT_EXIST", "this server does not know the topic", kRetriable, false, kRefreshesRoute},
      {kPullNotFound, "PULL_NOT_FOUND", "nothing to read at this offset yet"},
      {kPullRetryImmediately, "PULL_RETRY_IMMEDIATELY", "nothing here passes the filter: go on at the next offset"},
      {kPullOffsetMoved, "PULL_OFFSET_MOVED", "the offset is out of range"},
      {kQueryNotFound, "QUERY_NOT_FOUND", "the group has committed no offset here"},
      {kSubscriptionParseFailed, "SUBSCRIPTION_PARSE_FAILED", "the filter does not compile"},
      {kSubscriptionNotExist, "SUBSCRIPTION_NOT_EXIST", "the broker has no subscription of this group", kRetriable},
      {kSubscriptionNotLatest, "SUBSCRIPTION_NOT_LATEST", "its subscription is older than ours", kRetriable},
      {kSubscriptionGroupNotExist, "SUBSCRIPTION_GROUP_NOT_EXIST", "the broker does not know the group", false, false,
       false,
       "create the group on every broker of the topic (mqadmin updateSubGroup), or let brokers create groups "
       "(autoCreateSubscriptionGroup=true)"},
      {kInvalidParameter, "INVALID_PARAMETER", "a field is missing or impossible, such as a queue that is not there"},
      {kFlowControl, "FLOW_CONTROL", "more calls than the service allows", kRetriable, kThrottles},
      {kNotLeaderForQueue, "NOT_LEADER_FOR_QUEUE", "another broker serves this queue of a static topic", kRetriable,
       false, kRefreshesRoute},
      {kGoAway, "GO_AWAY", "it is shutting down: use another connection", kRetriable},
  });
  return kInfos;
}

const ResponseInfo* find_response(std::int32_t code) {
  const auto infos = response_infos();
  const auto found = std::find_if(infos.begin(), infos.end(), [code](const auto& info) { return code == info.code; });
  return found == infos.end() ? nullptr : &*found;
}

}  // namespace rocketlink::wire
