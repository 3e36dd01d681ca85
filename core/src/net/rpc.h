#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "net/receive_buffer.h"
#include "rocketlink/result.h"
#include "wire/codes.h"
#include "wire/command.h"

namespace rocketlink::net {

using Milliseconds = std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

struct Request {
  wire::RequestCode code{};
  wire::ExtFields ext;
  std::string body;
};

/// An answer of whatever response code; only transport failures are Errors.
struct Response {
  wire::Header header;
  SharedBytes body;
};

/// Called exactly once, on the I/O thread.
using Callback = std::function<void(Result<Response>)>;

/// Signs with HMAC-SHA1 (remoting protocol, section 14.1).
struct Credentials {
  std::string access_key;  ///< the account's public half; empty = do not sign
  std::string secret_key;
};

void sign(const Credentials& credentials, Request& request);

}  // namespace rocketlink::net
