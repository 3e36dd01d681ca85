#pragma once

#include <atomic>
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
  /// A write has failed for that reason.
  [[nodiscard]] bool reader_gone() const { return reader_gone_; }

 private:
  std::mutex mutex_;
  int descriptor_;
  std::string_view name_;
  std::atomic<bool> reader_gone_{false};
};

}  // namespace rocketlink::connectors
