#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rocketlink/message.h"

namespace rocketlink::jni {

/// Some messages of one queue on their way to Java, in one array. Little-endian:
///
///     0  u32 messages            4  u32 bytes of the queue's name
///     8  i64 next offset, -1: the last message goes on    16  i64 bytes of the bodies
///    24  u32 records skipped    28  u32 where the contents begin
///    32  the queue's name (topic@broker:id), padded to 8
///        per message 32 bytes: i64 queue offset, i64 stored and i64 born (epoch ms), u32 where its contents begin, u32
///        how many they are the contents: rows (see BinaryRowWriter) or one raw message each
///
/// Where the last message goes on, the next array has its rest: further rows of that message alone.
///
/// A raw message: u64 length, then that many bytes, padded to 8: u32 bytes of body, of properties, of the message id;
/// i32 flag, system flag, reconsume times; body, properties (as on the wire), message id.
class BatchWriter {
 public:
  static constexpr std::int64_t kGoesOn = -1;  ///< as the next offset: the last message has further rows

  void begin();
  /// Where contents are appended to; rows begin at its end.
  [[nodiscard]] std::string& contents() { return contents_; }
  /// The message whose contents will be appended next.
  void begin_message(const MessageView& message);
  /// The same for one whose first rows went before.
  void begin_rest(const MessageView& message);
  void end_message(std::uint32_t count) { messages_.back().count = count; }
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
    std::uint32_t count = 0;
  };
  std::vector<Message> messages_;
  std::string contents_;
  std::string array_;
  std::int64_t body_bytes_ = 0;
};

}  // namespace rocketlink::jni
