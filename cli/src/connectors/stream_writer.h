#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string_view>

#include "rocketlink/result.h"

namespace rocketlink::connectors {

/// An open file descriptor that rows, the log and what the program says are written to, whole lines each. A pipe that
/// is full is waited for, but not for ever once the run shall end. Thread-safe; throws nothing.
class StreamWriter {
 public:
  /// `name` is for messages.
  StreamWriter(int descriptor, std::string_view name);

  /// kClosed when the reader of a pipe is gone; kTimeout when nobody has read in the time that give_up_after leaves;
  /// kIo when anything else is wrong.
  Status write(std::string_view text);
  /// From now on all writes together wait for at most `time`; those that need not wait still go out. The first call
  /// counts.
  void give_up_after(std::chrono::milliseconds time);
  /// A write has failed for that reason.
  [[nodiscard]] bool reader_gone() const { return reader_gone_; }

 private:
  using Steady = std::chrono::steady_clock;

  [[nodiscard]] bool wait_for_room() const;

  std::mutex mutex_;
  int descriptor_;
  std::string_view name_;
  bool may_block_;
  std::atomic<bool> reader_gone_{false};
  std::atomic<Steady::rep> give_up_at_{Steady::time_point::max().time_since_epoch().count()};
};

/// The process's own streams.
struct Streams {
  StreamWriter out;
  StreamWriter err;
};

}  // namespace rocketlink::connectors
