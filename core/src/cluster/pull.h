#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "net/rpc.h"
#include "rocketlink/message.h"
#include "rocketlink/result.h"

/// The PULL_MESSAGE request and what its answers mean (docs/protocol.md, Pulling).
namespace rocketlink::cluster {

/// Answers with offsets beyond are damaged: real queues are far below.
inline constexpr std::int64_t kHighestOffset = std::int64_t{1} << 62;

/// Tells the broker which messages are wanted.
struct Subscription {
  std::string expression = "*";  ///< `a || b` of tags, or an SQL92 condition
  bool sql92 = false;
};

struct PullRequest {
  const QueueId* queue = nullptr;
  std::string_view group;
  std::int64_t offset = 0;
  std::int32_t max_messages = 1;
  std::int64_t suspend_ms = 0;  ///< 0: answer at once
  const Subscription* subscription = nullptr;
};

[[nodiscard]] net::Request make_pull(const PullRequest& pull);
/// Of one message, whatever it is, answered at once.
[[nodiscard]] net::Request pull_one(std::string_view group, const QueueId& queue, std::int64_t offset);

enum class PullStatus : std::uint8_t {
  kFound,
  kNotFound,  ///< nothing there yet
  kAdvance,   ///< nothing that matches up to `next_offset`
  kTooSmall,  ///< the offset is below the queue's first message: deleted
  kTooBig,    ///< the offset is beyond the end: too early, or the log was cut
  kReset,     ///< an operator reset the group's offset; said once
};

struct PullAnswer {
  PullStatus status = PullStatus::kNotFound;
  std::int64_t next_offset = 0;
  std::int64_t min_offset = 0;
  std::int64_t max_offset = 0;
  std::int64_t offset_delta = 0;
  std::int64_t suggested_broker_id = 0;
};

/// Reads an answer to a pull at `asked`; refusals become Errors. `doing` and `address` are for their text.
[[nodiscard]] Result<PullAnswer> read_pull_answer(const wire::Header& header, std::int64_t asked,
                                                  std::string_view doing, std::string_view address);

}  // namespace rocketlink::cluster
