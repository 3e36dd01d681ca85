#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "log_buffer.h"
#include "rocketlink/options.h"
#include "rocketlink/row/encoder.h"
#include "rocketlink/sink.h"
#include "row_reader.h"

namespace rocketlink::jni {

/// One subtask's writer: a client of its own, the core's sink, and the encoder of Flink's rows. Everything but `abort`,
/// `stats` and `log` is for one thread at a time.
///
/// What is written crosses as one array, little-endian. Rows, each at a multiple of 8:
///
///     0  i32 bytes of the row    4  i32 bytes of the body, -1: that of the row itself
///     8  i64 event time (epoch ms), the least i64: none
///    16  the row (see BinaryRowReader), then the body, both padded to 8
///
/// Messages, one behind the other:
///
///     0  i32 bytes of the body   4  i32 of the keys, -1: none   8  i32 of the tag, -1: none
///    12  i32 of the partition text, -1: none                   16  i32 of further properties (as on the wire)
///    20  i64 event time as above
///    28  all of these, UTF-8 but for the body
class SinkObject {
 public:
  /// `fields`: see BinaryRowReader; empty: only messages are written. `writers`, from 1 on, share the budget of calls.
  static Result<std::unique_ptr<SinkObject>> open(const SinkOptions& options, const Schema& schema,
                                                  std::span<const std::int32_t> fields, std::int32_t writers);

  /// Gives how many bytes of the array, from its begin on, were taken within `timeout`: whole rows, at least.
  Result<std::size_t> write_rows(std::string_view rows, std::chrono::milliseconds timeout);
  Result<std::size_t> write_messages(std::string_view messages, std::chrono::milliseconds timeout);
  /// False: not all is acknowledged yet.
  Result<bool> flush(std::chrono::milliseconds timeout);

  void abort() { sink_->abort(); }
  [[nodiscard]] SinkStats stats() const { return sink_->stats(); }
  /// In rows that were taken; one that has to wait is encoded again.
  [[nodiscard]] std::uint64_t delimiter_conflicts() const { return delimiter_conflicts_; }
  [[nodiscard]] LogBuffer& log() { return *log_; }
  /// Room for an array of Java's while it is written.
  [[nodiscard]] std::string& input() { return input_; }

 private:
  SinkObject() = default;

  std::shared_ptr<LogBuffer> log_ = std::make_shared<LogBuffer>();
  std::unique_ptr<Sink> sink_;
  std::optional<row::Encoder> encoder_;
  std::optional<BinaryRowReader> reader_;
  std::uint64_t delimiter_conflicts_ = 0;
  std::string input_;
};

}  // namespace rocketlink::jni
