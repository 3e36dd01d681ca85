#pragma once

#include <string_view>

#include "net/rpc.h"
#include "rocketlink/result.h"

/// What a broker's refusal means to a client. What is worth another try stands in the table of codes
/// (docs/protocol.md, Response codes).
namespace rocketlink::cluster {

/// The Error for an answer that is no success, with the answer's code; a queue that is not there is kInvalidParameter
/// on every server version. `doing` says what was asked, as in "pulling orders@broker-a:3".
[[nodiscard]] Error refusal(const wire::Header& answer, std::string_view doing, std::string_view address);

/// The same where there was no answer: an address that leads nowhere is not one that the user has written.
[[nodiscard]] Error unanswered(Error error, std::string_view doing, std::string_view broker);

/// Whether a call came to nothing on its way, or had no answer in its time.
[[nodiscard]] bool is_unanswered(const Error& error);

/// Whether the service asks its clients to slow down (codes 2 and 215).
[[nodiscard]] bool is_throttled(std::int32_t code);
/// Whether the route that led to this address should be asked for again (17, 501, 14, 16 on sends is the caller's
/// business).
[[nodiscard]] bool is_stale_route(const Error& error);

}  // namespace rocketlink::cluster
