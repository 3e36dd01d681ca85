#include "connectors/stream_writer.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <system_error>

namespace rocketlink::connectors {

namespace {

constexpr std::chrono::milliseconds kLook{50};  ///< after it a writer that waits looks whether to give up

bool is_file(int descriptor) {
  struct stat status {};
  return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

StreamWriter::StreamWriter(int descriptor, std::string_view name)
    : descriptor_(descriptor), name_(name), may_block_(descriptor >= 0 && !is_file(descriptor)) {}

Status StreamWriter::write(std::string_view text) {
  const std::lock_guard lock(mutex_);
  while (!text.empty()) {
    if (may_block_ && !wait_for_room()) {
      return Error(ErrorCode::kTimeout, fmt::format("{} is full and nobody reads it", name_));
    }
    // So much goes into a pipe that has room without waiting for more.
    const ssize_t written =
        ::write(descriptor_, text.data(), may_block_ ? std::min<std::size_t>(text.size(), PIPE_BUF) : text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      reader_gone_ = true;
      return Error(ErrorCode::kClosed, fmt::format("nobody reads {} any more", name_));
    } else if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) {
      return Error(ErrorCode::kIo,
                   fmt::format("cannot write to {}: {}", name_, std::generic_category().message(errno)));
    }
  }
  return {};
}

void StreamWriter::give_up_after(std::chrono::milliseconds time) {
  Steady::rep none = Steady::time_point::max().time_since_epoch().count();
  give_up_at_.compare_exchange_strong(none, (Steady::now() + time).time_since_epoch().count());
}

/// False when it is time to give up. True: there is room, or an error that writing tells.
bool StreamWriter::wait_for_room() const {
  while (true) {
    pollfd waiting{descriptor_, POLLOUT, 0};
    const bool over = Steady::now().time_since_epoch().count() >= give_up_at_;
    const int ready = ::poll(&waiting, 1, over ? 0 : static_cast<int>(kLook.count()));
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;
    if (over) return false;
  }
}

}  // namespace rocketlink::connectors
