#include "engine/batch_decoder.h"

#include <fmt/format.h>

namespace rocketlink::engine {

Result<bool> BatchDecoder::decode(MicroBatch& rows, const MicroBatchLimit& limit) {
  while (true) {
    if (!in_message_) {
      if (rows.bodies() >= limit.bytes) return false;  // they take time, also where they give no rows
      auto message = batch_.next();
      if (!message) {
        if (!message.error().is(ErrorCode::kData)) return std::move(message).error();
        if (auto rejected = reject_message(message.error()); !rejected) return std::move(rejected).error();
        continue;
      }
      if (*message == nullptr) {
        busy_ = false;
        return true;
      }
      message_offset_ = (*message)->queue_offset;
      bytes_in_ += (*message)->body.size();
      rows.add_body((*message)->body.size());
      last_store_ms_ = (*message)->store_timestamp_ms;
      decoder_.begin(**message, batch_.queue());
      in_message_ = true;
    }
    while (true) {
      if (rows.rows() >= limit.rows || rows.bytes() >= limit.bytes) return false;
      duck::ChunkWriter& writer = rows.writer();
      auto more = decoder_.next(writer);
      if (!more) return std::move(more).error();
      if (!*more) break;
      if (const auto column = writer.take_unfit_column()) {
        if (auto rejected = reject_row(*column); !rejected) return std::move(rejected).error();
      }
    }
    in_message_ = false;
  }
}

Status BatchDecoder::reject_message(const Error& error) {
  if (fail_on_bad_) return error;
  ++damaged_;
  if (log_each_ || problems_.due()) problems_.write(fmt::format("a damaged message is skipped: {}", error.text));
  return {};
}

Status BatchDecoder::reject_row(std::size_t column) {
  ++unfit_;
  const Column& declared = decoder_.schema().columns[column];
  const auto text = [&] {
    return fmt::format("{} offset {}: column '{}' {} has a time that microseconds since 1970 in 64 bits cannot hold",
                       to_string(batch_.queue()), message_offset_, declared.name, to_string(declared.type));
  };
  if (fail_on_bad_) return Error(ErrorCode::kData, text());
  if (log_each_ || problems_.due()) problems_.write(fmt::format("a record is skipped: {}", text()));
  return {};
}

}  // namespace rocketlink::engine
