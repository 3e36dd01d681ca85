#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "net/receive_buffer.h"
#include "rocketlink/result.h"
#include "rocketlink/runtime.h"
#include "wire/codes.h"
#include "wire/command.h"

namespace rocketlink::net {

using Milliseconds = std::chrono::milliseconds;
/// How patient connections are.
struct Timing {
  Milliseconds connect{3000};  ///< for the addresses of a name together; then connecting has failed
  /// A connection that is silent so long and lets a request time out, and answers nothing that was sent later, is given
  /// up.
  Milliseconds silence{3000};
  Milliseconds first_backoff{100};     ///< after a connection failed or was lost, then doubling
  Milliseconds longest_backoff{3000};  ///< so a server that is back is found within it
};
static_assert(Timing{}.first_backoff < Timing{}.longest_backoff);

struct Request {
  wire::RequestCode code{};
  wire::ExtFields ext;
  SharedBytes body;
};

/// An answer of whatever response code, save what the server does not permit (denial.h): that is an Error, as failures
/// of the transport are.
struct Response {
  wire::Header header;
  SharedBytes body;
};

/// Called exactly once, on the I/O thread.
using Callback = std::function<void(Result<Response>)>;

}  // namespace rocketlink::net
