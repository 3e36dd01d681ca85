#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "batch_writer.h"
#include "log_buffer.h"
#include "rocketlink/row/decoder.h"
#include "rocketlink/source.h"
#include "row_writer.h"

namespace rocketlink::jni {

/// One subtask's reader: a client of its own, the core's reader, and the decoder into Flink's rows. `poll`, `reader`'s
/// calls but wake_up, commit_soon and stats: one thread at a time. Where a message goes on, `poll` does not touch the
/// reader, so another thread may call it meanwhile.
class SourceReaderObject {
 public:
  /// `projection` nothing: messages are handed over raw. `readers`, from 1 on, share the budget of calls.
  static Result<std::unique_ptr<SourceReaderObject>> open(const SourceOptions& options, const Schema& schema,
                                                          std::optional<std::vector<std::int32_t>> projection,
                                                          std::int32_t readers);

  /// The next messages as BatchWriter says, at most about `most_bytes` of them and one row; empty when none came in
  /// time or wake_up was called. A message whose rows are more than that goes on in the next call, which then gives its
  /// rest alone, at once.
  Result<std::string_view> poll(std::chrono::milliseconds timeout, std::size_t most_bytes);

  [[nodiscard]] SourceReader& reader() { return *reader_; }
  [[nodiscard]] LogBuffer& log() { return *log_; }

 private:
  SourceReaderObject() = default;
  Status fill(std::size_t most_bytes);
  Status add(std::size_t most_bytes);
  Status add_rows(std::size_t most_bytes);

  std::shared_ptr<LogBuffer> log_ = std::make_shared<LogBuffer>();
  std::unique_ptr<SourceReader> reader_;
  std::optional<row::Decoder> decoder_;
  std::optional<row::ProblemLog> problems_;
  bool fail_on_damaged_ = false;
  bool log_each_ = false;
  BatchWriter writer_;
  std::optional<BinaryRowWriter> rows_;
  MessageBatch batch_;
  const MessageView* message_ = nullptr;  ///< of the batch, the last one taken
  bool busy_ = false;                     ///< the batch has more
  bool in_message_ = false;               ///< and `message_` has more rows
  std::int64_t next_offset_ = 0;          ///< behind the messages in the writer
  std::uint64_t damaged_ = 0;             ///< messages
  std::uint64_t skipped_told_ = 0;
};

}  // namespace rocketlink::jni
