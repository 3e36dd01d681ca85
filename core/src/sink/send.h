#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/rpc.h"
#include "rocketlink/message.h"
#include "sink/batch.h"
#include "sink/message_type.h"

/// The requests that carry a batch, and what their answers mean (docs/protocol.md, Sending; docs/protocol.md, Response
/// codes).
namespace rocketlink::sink {

[[nodiscard]] net::Request make_send(const Batch& batch, const QueueId& queue, std::string_view group,
                                     ShownType shown = ShownType::kUnchecked);

enum class Verdict : std::uint8_t {
  kStored,
  kDegraded,   ///< stored, but flush or replica late
  kTooLarge,   ///< refused for its size: halves may pass, a single message never will
  kTryAgain,   ///< may work later, or elsewhere
  kThrottled,  ///< the same, and the broker asks to slow down
  kWrongType,  ///< the topic takes messages of another type
  kMissing,    ///< the broker does not have the queue, or the topic: the name servers have to be asked
  kRefused,    ///< never
};

struct Outcome {
  Verdict verdict = Verdict::kStored;
  Error error = {};                      ///< unless stored
  std::optional<TypeRefusal> type = {};  ///< of kWrongType
};

/// `address`: whose answer it is.
[[nodiscard]] Outcome outcome_of(const Result<net::Response>& answer, const Batch& batch, const QueueId& queue,
                                 std::string_view address);

/// Whether the trouble is likely the whole broker's, not the batch's.
[[nodiscard]] bool concerns_broker(const Outcome& outcome);

}  // namespace rocketlink::sink
