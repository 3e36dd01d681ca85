#pragma once

#include <mutex>
#include <string_view>

#include "rocketlink/result.h"

namespace rocketlink::connectors {

/// An open file descriptor that several outputs write whole lines to. Thread-safe.
class StreamWriter {
 public:
  /// `name` is for messages.
  StreamWriter(int descriptor, std::string_view name) : descriptor_(descriptor), name_(name) {}

  /// kClosed when the reader of a pipe is gone; kIo when anything else is wrong.
  Status write(std::string_view text);

 private:
  std::mutex mutex_;
  int descriptor_;
  std::string_view name_;
};

}  // namespace rocketlink::connectors
