#pragma once

#include <cstdint>
#include <optional>

#include "engine/micro_batch.h"
#include "rocketlink/log.h"
#include "rocketlink/options.h"
#include "rocketlink/result.h"
#include "rocketlink/row/decoder.h"
#include "rocketlink/source.h"

namespace rocketlink::engine {

/// How much a micro-batch may hold: rows, bytes of text, and as many bytes of the bodies they are from.
struct MicroBatchLimit {
  std::size_t rows = 4096;              ///< then its queries run
  std::size_t bytes = 4 * 1024 * 1024;  ///< the same; one row always passes
};

/// Decodes fetched batches into a micro-batch, with a pause wherever that is full. For one thread.
class BatchDecoder {
 public:
  BatchDecoder(row::Decoder decoder, const FormatOptions& format, LogFunction log)
      : decoder_(std::move(decoder)),
        fail_on_bad_(format.length_check == LengthCheck::kException),
        log_each_(format.column_error_debug),
        problems_(std::move(log)) {}

  /// To be filled by the reader while not `busy`; then `start`.
  [[nodiscard]] MessageBatch& batch() { return batch_; }
  void start() { busy_ = true; }
  /// A batch is not decoded to its end yet.
  [[nodiscard]] bool busy() const { return busy_; }

  /// Goes on with the batch. True: it is decoded to its end; false: `rows` is full first.
  Result<bool> decode(MicroBatch& rows, const MicroBatchLimit& limit);

  [[nodiscard]] std::uint64_t rows_in() const { return decoder_.stats().records_in - unfit_; }
  /// Of message bodies.
  [[nodiscard]] std::uint64_t bytes_in() const { return bytes_in_; }
  /// When the last message that was begun was stored, as epoch ms; nothing: there was none.
  [[nodiscard]] std::optional<std::int64_t> last_store_ms() const { return last_store_ms_; }
  /// Damaged messages count as one record.
  [[nodiscard]] std::uint64_t records_skipped() const { return decoder_.stats().records_in_errors + unfit_ + damaged_; }

 private:
  Status reject_message(const Error& error);
  Status reject_row(std::size_t column);

  row::Decoder decoder_;
  bool fail_on_bad_;
  bool log_each_;
  row::ProblemLog problems_;
  MessageBatch batch_;
  bool busy_ = false;
  bool in_message_ = false;
  std::int64_t message_offset_ = 0;
  std::uint64_t bytes_in_ = 0;
  std::optional<std::int64_t> last_store_ms_;
  std::uint64_t unfit_ = 0;
  std::uint64_t damaged_ = 0;
};

}  // namespace rocketlink::engine
