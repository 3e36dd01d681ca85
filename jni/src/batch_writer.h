#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "layout.h"
#include "rocketlink/message.h"

namespace rocketlink::jni {

/// Some messages of one queue on their way to Java, in one array: a layout::BatchHeader, the queue's name
/// (topic@broker:id) padded to 8, a layout::BatchMessage for each message, and the contents: rows as BinaryRowWriter
/// makes them, or one raw message each.
///
/// Where the last message goes on, the next array has its rest: further rows of that message alone.
///
/// A raw message: layout::Content, layout::RawMessage, body, properties (as on the wire), message id; padded to 8.
class BatchWriter {
 public:
  static constexpr std::int64_t kGoesOn = layout::kNone;  ///< as the next offset: the last message has further rows

  void begin();
  /// Where contents are appended to; rows begin at its end.
  [[nodiscard]] std::string& contents() { return contents_; }
  /// The message whose contents will be appended next.
  void begin_message(const MessageView& message);
  /// The same for one whose first rows went before.
  void begin_rest(const MessageView& message);
  void end_message(std::uint32_t rows) { messages_.back().rows = rows; }
  void append_raw(const MessageView& message);
  [[nodiscard]] std::size_t messages() const { return messages_.size(); }

  /// The whole array; valid until begin().
  [[nodiscard]] std::string_view finish(const QueueId& queue, std::int64_t next_offset, std::uint32_t skipped);

 private:
  struct Message {
    std::int64_t offset = 0;
    std::int64_t stored = 0;
    std::int64_t born = 0;
    std::uint32_t position = 0;  ///< in the contents, until finish() moves it
    std::uint32_t rows = 0;
  };
  std::vector<Message> messages_;
  std::string contents_;
  std::string array_;
  std::int64_t body_bytes_ = 0;
};

}  // namespace rocketlink::jni
