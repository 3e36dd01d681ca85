#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sink/batch.h"

/// The types that topics of 5.x have for their messages (attribute message.type). A proxy reads a message's type from
/// the properties in the request's header and refuses what its topic does not take; brokers take everything
/// (docs/protocol.md, Message types).
namespace rocketlink::sink {

/// What a request's header shows of its messages' type.
enum class ShownType : std::uint8_t {
  kUnchecked,  ///< nobody looks: a single message shows its properties, a batch none
  kNormal,     ///< no message group, though the messages have one
  kFifo,       ///< a message group
};

/// A proxy's refusal of a message for its type, in the proxy's own names of types.
struct TypeRefusal {
  std::string expected;
  std::string actual;
};
/// Nothing when the remark says something else.
[[nodiscard]] std::optional<TypeRefusal> type_refusal(std::string_view remark);

/// What the header must show for the topic to take the batch; nothing when nothing helps.
[[nodiscard]] std::optional<ShownType> shown_for(const TypeRefusal& refusal, const Batch& batch);

/// What can be done about it, for a person.
[[nodiscard]] std::string cure_of(const TypeRefusal& refusal, std::string_view topic);

}  // namespace rocketlink::sink
