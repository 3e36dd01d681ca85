#pragma once

#include <optional>
#include <string_view>

#include "rocketlink/result.h"
#include "wire/codes.h"
#include "wire/command.h"

/// What a server does not permit: wrong, missing or rotated keys, and rights that an account or a topic lacks
/// (docs/protocol.md, Access control).
namespace rocketlink::net {

/// The Error when an answer to `asked` is such a refusal, else nothing. It names the account (empty: none is given),
/// has the code kNoPermission on every server version, and is not retriable.
[[nodiscard]] std::optional<Error> denial(const wire::Header& answer, wire::RequestCode asked, std::string_view account,
                                          std::string_view address);

/// Whether an Error is one of those.
[[nodiscard]] bool is_denial(const Error& error);

/// How often a denial is tried again by what has worked before: keys that are being changed reach one broker after the
/// other.
inline constexpr int kDenialTries = 3;

}  // namespace rocketlink::net
