#include "wire/properties.h"

#include <algorithm>
#include <array>

namespace rocketlink::wire {

namespace {

// Those that only mean something between one send and its delivery, or that a field of the message stands for. A
// delivery time is among them: a message that is handed on has had its own.
constexpr auto kSystemNames = std::to_array<std::string_view>({
    "BORN_HOST",
    "BORN_TIMESTAMP",
    "BUYER_ID",
    "CHECK_IMMUNITY_TIME_IN_SECONDS",
    "CLUSTER",
    "CONSUME_START_TIME",
    "CORRECTION_FLAG",
    "DELAY",
    "DUP_INFO",
    "EXTEND_UNIQ_INFO",
    "FIRST_POP_TIME",
    "INNER_BASE",
    "INNER_NUM",
    "INSTANCE_ID",
    "KEYS",
    "MAX_OFFSET",
    "MAX_RECONSUME_TIMES",
    "MIN_OFFSET",
    "MQ2_FLAG",
    "MSG_REGION",
    "ORIGIN_GROUP",
    "ORIGIN_MESSAGE_ID",
    "PGROUP",
    "POP_CK",
    "REAL_QID",
    "REAL_TOPIC",
    "RECONSUME_TIME",
    "RETRY_TOPIC",
    "TAGS",
    "TIMER_DELAY_LEVEL",
    "TIMER_DELAY_MS",
    "TIMER_DELAY_SEC",
    "TIMER_DELIVER_MS",
    "TIMER_DEL_UNIQKEY",
    "TIMER_DEQUEUE_MS",
    "TIMER_ENQUEUE_MS",
    "TIMER_OUT_MS",
    "TIMER_ROLL_TIMES",
    "TRACE_ON",
    "TRANSACTION_CHECK_TIMES",
    "TRANSFER_FLAG",
    "TRAN_MSG",
    "TRAN_PREPARED_QUEUE_OFFSET",
    "UNIQ_KEY",
    "WAIT",
    "__STARTDELIVERTIME",
    "__transactionId__",
});
static_assert(std::is_sorted(kSystemNames.begin(), kSystemNames.end()));

}  // namespace

bool is_system_property(std::string_view name) {
  return std::binary_search(kSystemNames.begin(), kSystemNames.end(), name);
}

}  // namespace rocketlink::wire
