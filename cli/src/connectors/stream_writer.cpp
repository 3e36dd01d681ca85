#include "connectors/stream_writer.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace rocketlink::connectors {

Status StreamWriter::write(std::string_view text) {
  const std::lock_guard lock(mutex_);
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor_, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {  // somebody made the terminal non-blocking
      pollfd waiting{descriptor_, POLLOUT, 0};
      (void)::poll(&waiting, 1, -1);
    } else if (errno == EPIPE) {
      reader_gone_ = true;
      return Error(ErrorCode::kClosed, fmt::format("nobody reads {} any more", name_));
    } else if (errno != EINTR) {
      return Error(ErrorCode::kIo,
                   fmt::format("cannot write to {}: {}", name_, std::generic_category().message(errno)));
    }
  }
  return {};
}

}  // namespace rocketlink::connectors
