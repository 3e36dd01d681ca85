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
/// What is written crosses as one array. A row, each at a multiple of 8: a layout::WrittenRow, the row (see
/// BinaryRowReader), then the body, both padded to 8. A message: a layout::WrittenMessage, then body, keys, tag,
/// sharding key and properties as long as it says, UTF-8 but for the body.
class SinkObject {
 public:
  /// `fields`: see BinaryRowReader; empty: only messages are written. `writers`, from 1 on, share the budget of calls.
  static Result<std::unique_ptr<SinkObject>> open(const SinkOptions& options, const Schema& schema,
                                                  std::span<const std::int32_t> fields, std::int32_t writers);
  /// For messages, to a sink that is open.
  explicit SinkObject(std::unique_ptr<Sink> sink) : sink_(std::move(sink)) {}

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
