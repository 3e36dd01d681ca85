#include "sink_object.h"

#include <fmt/format.h>

#include <cstring>
#include <thread>

#include "layout.h"

namespace rocketlink::jni {

namespace {

using layout::WrittenMessage;
using layout::WrittenRow;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t padded(std::size_t bytes) {
  return (bytes + 7) / 8 * 8;
}

Error damaged(std::string_view what, std::size_t at) {
  return {ErrorCode::kInternal, fmt::format("{} at byte {} of a batch for the sink are damaged", what, at)};
}

/// A layout::WrittenRow or layout::WrittenMessage. Where the array ends before it does, all of it is 0.
struct Header {
  std::string_view bytes;

  template <class T>
  [[nodiscard]] T number(std::size_t at) const {
    T value{};
    if (!bytes.empty()) std::memcpy(&value, bytes.data() + at, sizeof(value));
    return value;
  }
  [[nodiscard]] std::int32_t length(std::size_t at) const { return number<std::int32_t>(at); }
  [[nodiscard]] std::optional<std::int64_t> time(std::size_t at) const {
    const auto value = number<std::int64_t>(at);
    return value == layout::kNoTime ? std::nullopt : std::optional(value);
  }
};

/// Takes the parts of an array off its front; empty and no longer `good` where it ends too early.
struct Parts {
  std::string_view rest;
  bool good = true;

  std::string_view take(std::size_t bytes) {
    if (!good || bytes > rest.size()) {
      good = false;
      return {};
    }
    const std::string_view taken = rest.substr(0, bytes);
    rest.remove_prefix(bytes);
    return taken;
  }
  /// The same with what fills it up to a multiple of 8.
  std::string_view take_padded(std::size_t bytes) { return take(padded(bytes)).substr(0, good ? bytes : 0); }
  std::optional<std::string_view> optional_text(std::int32_t length) {
    if (length < 0) return std::nullopt;
    return take(static_cast<std::size_t>(length));
  }
};

/// For what has never worked, as in the native runner: a server that is just being started shall not end the job. Then
/// opening fails.
constexpr milliseconds kOpenPatience{10'000};
constexpr milliseconds kOpenPause{500};  ///< between tries
static_assert(kOpenPause < kOpenPatience);

/// What is left of `timeout` since `begin`.
milliseconds rest_of(milliseconds timeout, steady_clock::time_point begin) {
  return std::max(milliseconds(0), timeout - std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin));
}

}  // namespace

Result<std::unique_ptr<SinkObject>> SinkObject::open(const SinkOptions& options, const Schema& schema,
                                                     std::span<const std::int32_t> fields, std::int32_t writers) {
  std::unique_ptr<SinkObject> object(new SinkObject());
  const LogFunction log = LogBuffer::into(object->log_);
  if (!fields.empty()) {
    auto encoder = row::Encoder::create(schema, options, log);
    if (!encoder) return std::move(encoder).error();
    object->encoder_.emplace(*std::move(encoder));
    object->reader_.emplace(schema, fields);
  }
  auto client = Client::create(options.connection, log);
  if (!client) return std::move(client).error();
  (*client)->budget().set_share(1.0 / writers);
  const auto deadline = steady_clock::now() + kOpenPatience;
  auto sink = Sink::open(*client, options);
  while (!sink && sink.error().retriable && steady_clock::now() < deadline) {
    log(LogLevel::kDebug, sink.error().text);
    std::this_thread::sleep_for(kOpenPause);
    sink = Sink::open(*client, options);
  }
  if (!sink) return std::move(sink).error();
  object->sink_ = *std::move(sink);
  return object;
}

Result<std::size_t> SinkObject::write_rows(std::string_view rows, milliseconds timeout) {
  const auto begin = steady_clock::now();
  if (!encoder_) return Error(ErrorCode::kInternal, "this sink was opened for messages, not for rows");
  Parts parts{rows};
  while (!parts.rest.empty()) {
    const std::size_t at = rows.size() - parts.rest.size();
    const Header header{parts.take(WrittenRow::kSize)};
    const std::int32_t row_bytes = header.length(WrittenRow::kRowBytes);
    const std::int32_t body_bytes = header.length(WrittenRow::kBodyBytes);
    if (row_bytes < 0) return damaged("rows", at);
    reader_->start(parts.take_padded(static_cast<std::size_t>(row_bytes)));
    const std::uint64_t conflicts = encoder_->stats().delimiter_conflicts;
    OutgoingMessage message = encoder_->encode(*reader_);
    if (body_bytes >= 0) message.body = parts.take_padded(static_cast<std::size_t>(body_bytes));
    message.event_time_ms = header.time(WrittenRow::kEventTimeMs);
    if (!parts.good || !reader_->sound()) return damaged("rows", at);
    const Status written = sink_->write(message, rest_of(timeout, begin));
    if (!written && written.error().timed_out()) return at;
    if (!written) return written.error();
    delimiter_conflicts_ += encoder_->stats().delimiter_conflicts - conflicts;
  }
  return rows.size();
}

Result<std::size_t> SinkObject::write_messages(std::string_view messages, milliseconds timeout) {
  const auto begin = steady_clock::now();
  Parts parts{messages};
  while (!parts.rest.empty()) {
    const std::size_t at = messages.size() - parts.rest.size();
    const Header header{parts.take(WrittenMessage::kSize)};
    const std::int32_t body_bytes = header.length(WrittenMessage::kBodyBytes);
    const std::int32_t property_bytes = header.length(WrittenMessage::kPropertyBytes);
    if (body_bytes < 0 || property_bytes < 0) return damaged("messages", at);
    OutgoingMessage message;
    message.event_time_ms = header.time(WrittenMessage::kEventTimeMs);
    message.body = parts.take(static_cast<std::size_t>(body_bytes));
    message.keys = parts.optional_text(header.length(WrittenMessage::kKeyBytes));
    message.tags = parts.optional_text(header.length(WrittenMessage::kTagBytes));
    message.partition = parts.optional_text(header.length(WrittenMessage::kPartitionBytes));
    message.properties = parts.take(static_cast<std::size_t>(property_bytes));
    if (!parts.good) return damaged("messages", at);
    const Status written = sink_->write(message, rest_of(timeout, begin));
    if (!written && written.error().timed_out()) return at;
    if (!written) return written.error();
  }
  return messages.size();
}

Result<bool> SinkObject::flush(milliseconds timeout) {
  const Status flushed = sink_->flush(timeout);
  if (flushed) return true;
  if (flushed.error().timed_out()) return false;
  return flushed.error();
}

}  // namespace rocketlink::jni
