#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "rocketlink/message.h"
#include "rocketlink/result.h"
#include "wire/inflate.h"

/// Stored messages as pull answers carry them (docs/protocol.md, Stored messages).
namespace rocketlink::wire {

/// A compressed body that grows beyond it is an error of its message.
inline constexpr std::size_t kMaxBodyBytes = 64u * 1024 * 1024;

/// What the answer around a message set says about it.
struct MessageSetContext {
  std::int64_t offset_delta = 0;  ///< static topics: added to every queue offset
  std::int64_t from_offset = 0;   ///< members of inner batches below this offset are dropped
  std::int32_t queue_id = -1;     ///< static topics: the logical queue that was asked; -1 = as stored
  std::size_t max_body_bytes = kMaxBodyBytes;
};

/// Walks the messages of one pull body. Checks every length before use, verifies the body CRC, decompresses (zlib, LZ4
/// frame, zstd), unrolls inner batches. Views point into `bytes` or into the one decompressed body that this decoder
/// holds at a time, so that a set of small bodies that grow large takes no more memory than the largest of them.
class MessageSetDecoder {
 public:
  void reset(std::string_view bytes, MessageSetContext context);

  /// The next message, nullptr at the end. The MessageView is overwritten by the next call or reset, which also end
  /// what its views point at. A damaged message (compression, CRC, inner batch, but sound lengths) is an Error of kData
  /// whose text names offset and cause, and the next call goes on behind it; damaged lengths are an Error of kProtocol,
  /// and nothing follows.
  [[nodiscard]] Result<const MessageView*> next();
  /// Queue offset of the entry that the last kData error was about.
  [[nodiscard]] std::int64_t last_offset() const { return last_offset_; }

 private:
  /// Where a stored message's parts lie, as its own lengths say.
  struct Entry;

  /// Cuts the next entry off `rest_` into `message_`; the body is still as stored.
  [[nodiscard]] Status take_entry(Entry& entry);
  [[nodiscard]] Status check_body(const Entry& entry);
  /// The body of `message_`, which then is a view of `into`.
  [[nodiscard]] Status inflate_body(std::string& into);
  /// The next member of the inner batch into `message_`; false when there is none left.
  [[nodiscard]] Result<bool> take_member();
  void read_properties();
  [[nodiscard]] Error damaged_entry(std::string_view cause);
  [[nodiscard]] Error damaged_set(std::string_view cause);

  std::string_view rest_;
  MessageSetContext context_;
  MessageView message_;
  std::string_view inner_;         ///< members of an inner batch still to be given out
  std::int64_t inner_offset_ = 0;  ///< of the next member
  bool inflate_members_ = false;
  std::int64_t last_offset_ = -1;
  std::size_t total_ = 0;  ///< bytes given to reset
  Inflater inflater_;
  std::string inflated_;        ///< the body given out last, when it was compressed
  std::string inflated_inner_;  ///< the inner batch being given out, when it was compressed as a whole
};

}  // namespace rocketlink::wire
