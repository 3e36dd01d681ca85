#include "source_reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace rocketlink::jni {

Result<std::unique_ptr<SourceReaderObject>> SourceReaderObject::open(
    const SourceOptions& options, const Schema& schema, std::optional<std::vector<std::int32_t>> projection,
    std::int32_t readers) {
  std::unique_ptr<SourceReaderObject> object(new SourceReaderObject());
  const LogFunction log = LogBuffer::into(object->log_);
  auto client = Client::create(options.connection, log);
  if (!client) return std::move(client).error();
  (*client)->budget().set_share(1.0 / readers);
  auto reader = SourceReader::create(*client, options);
  if (!reader) return std::move(reader).error();
  object->reader_ = *std::move(reader);
  // So that poll tells when all splits of now are read; more may come all the same.
  object->reader_->no_more_splits();
  object->problems_.emplace(log);
  object->fail_on_damaged_ = options.format.length_check == LengthCheck::kException;
  object->log_each_ = options.format.column_error_debug;
  if (projection) {
    auto decoder = row::Decoder::create(schema, options.format, log);
    if (!decoder) return std::move(decoder).error();
    object->decoder_.emplace(*std::move(decoder));
    object->rows_.emplace(schema, *projection, object->writer_.contents());
  }
  return object;
}

Result<std::string_view> SourceReaderObject::poll(std::chrono::milliseconds timeout, std::size_t most_bytes) {
  if (!busy_) {
    const auto outcome = reader_->poll(batch_, timeout);
    if (!outcome) return outcome.error();
    if (*outcome != PollOutcome::kBatch) return std::string_view();
    busy_ = true;
  }
  if (auto filled = fill(most_bytes); !filled) return std::move(filled).error();
  const std::uint64_t skipped = damaged_ + (decoder_ ? decoder_->stats().records_in_errors : 0);
  const auto more = static_cast<std::uint32_t>(skipped - skipped_told_);
  skipped_told_ = skipped;
  return writer_.finish(batch_.queue(), next_offset_, more);
}

Status SourceReaderObject::fill(std::size_t most_bytes) {
  writer_.begin();
  if (in_message_) {
    writer_.begin_rest(*message_);
    return add_rows(most_bytes);
  }
  std::size_t bodies = 0;  // they take time, also where they give no rows
  while (!in_message_ && std::max(writer_.contents().size(), bodies) < most_bytes) {
    auto message = batch_.next();
    if (!message) {
      if (!message.error().is(ErrorCode::kData) || fail_on_damaged_) return std::move(message).error();
      ++damaged_;
      if (log_each_ || problems_->due()) {
        problems_->write(fmt::format("a damaged message is skipped: {}", message.error().text));
      }
      continue;
    }
    message_ = *message;
    if (message_ == nullptr) {
      busy_ = false;
      next_offset_ = batch_.next_offset();
      return {};
    }
    bodies += message_->body.size();
    if (auto added = add(most_bytes); !added) return added;
  }
  return {};
}

Status SourceReaderObject::add(std::size_t most_bytes) {
  writer_.begin_message(*message_);
  if (rows_) {
    decoder_->begin(*message_, batch_.queue());
    in_message_ = true;
    return add_rows(most_bytes);
  }
  writer_.append_raw(*message_);
  writer_.end_message(1);
  next_offset_ = message_->queue_offset + 1;
  return {};
}

Status SourceReaderObject::add_rows(std::size_t most_bytes) {
  rows_->start();
  const std::uint64_t before = rows_->rows();
  next_offset_ = BatchWriter::kGoesOn;
  while (writer_.contents().size() < most_bytes) {
    auto more = decoder_->next(*rows_);
    if (!more) return std::move(more).error();
    if (*more) continue;
    in_message_ = false;
    next_offset_ = message_->queue_offset + 1;
    break;
  }
  rows_->finish();
  writer_.end_message(static_cast<std::uint32_t>(rows_->rows() - before));
  return {};
}

}  // namespace rocketlink::jni
