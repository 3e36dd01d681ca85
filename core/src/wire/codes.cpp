#include "wire/codes.h"

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

std::string_view response_name(std::int32_t code) {
  switch (static_cast<ResponseCode>(code)) {
    case ResponseCode::kSuccess:
      return "SUCCESS";
    case ResponseCode::kSystemError:
      return "SYSTEM_ERROR";
    case ResponseCode::kSystemBusy:
      return "SYSTEM_BUSY";
    case ResponseCode::kRequestCodeNotSupported:
      return "REQUEST_CODE_NOT_SUPPORTED";
    case ResponseCode::kFlushDiskTimeout:
      return "FLUSH_DISK_TIMEOUT";
    case ResponseCode::kSlaveNotAvailable:
      return "SLAVE_NOT_AVAILABLE";
    case ResponseCode::kFlushSlaveTimeout:
      return "FLUSH_SLAVE_TIMEOUT";
    case ResponseCode::kMessageIllegal:
      return "MESSAGE_ILLEGAL";
    case ResponseCode::kServiceNotAvailable:
      return "SERVICE_NOT_AVAILABLE";
    case ResponseCode::kVersionNotSupported:
      return "VERSION_NOT_SUPPORTED";
    case ResponseCode::kNoPermission:
      return "NO_PERMISSION";
    case ResponseCode::kTopicNotExist:
      return "TOPIC_NOT_EXIST";
    case ResponseCode::kPullNotFound:
      return "PULL_NOT_FOUND";
    case ResponseCode::kPullRetryImmediately:
      return "PULL_RETRY_IMMEDIATELY";
    case ResponseCode::kPullOffsetMoved:
      return "PULL_OFFSET_MOVED";
    case ResponseCode::kQueryNotFound:
      return "QUERY_NOT_FOUND";
    case ResponseCode::kSubscriptionParseFailed:
      return "SUBSCRIPTION_PARSE_FAILED";
    case ResponseCode::kSubscriptionNotExist:
      return "SUBSCRIPTION_NOT_EXIST";
    case ResponseCode::kSubscriptionNotLatest:
      return "SUBSCRIPTION_NOT_LATEST";
    case ResponseCode::kSubscriptionGroupNotExist:
      return "SUBSCRIPTION_GROUP_NOT_EXIST";
    case ResponseCode::kInvalidParameter:
      return "INVALID_PARAMETER";
    case ResponseCode::kFlowControl:
      return "FLOW_CONTROL";
    case ResponseCode::kNotLeaderForQueue:
      return "NOT_LEADER_FOR_QUEUE";
    case ResponseCode::kGoAway:
      return "GO_AWAY";
  }
  return {};
}

}  // namespace rocketlink::wire
