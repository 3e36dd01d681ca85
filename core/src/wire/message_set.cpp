#include "wire/message_set.h"

#include <fmt/format.h>
#include <zlib.h>

#include <utility>

#include "wire/bytes.h"
#include "wire/command.h"
#include "wire/properties.h"

namespace rocketlink::wire {

namespace {

static_assert(kMaxBodyBytes > kMaxFrameBytes, "a body that was sent plain may be sent compressed");

constexpr std::uint32_t kMagicV1 = 0xDAA320A7;
constexpr std::uint32_t kMagicV2 = 0xDAA320AB;  ///< two bytes of topic length
constexpr std::int32_t kCompressed = 0x1;
constexpr std::int32_t kBornHostV6 = 0x10;
constexpr std::int32_t kStoreHostV6 = 0x20;
constexpr std::int32_t kInnerBatch = 0x40 | 0x80;
constexpr std::int32_t kCompressionMask = 0x700;

// Offsets of the fields before the first host, whose size varies.
constexpr std::size_t kAtMagic = 4;
constexpr std::size_t kAtCrc = 8;
constexpr std::size_t kAtQueueId = 12;
constexpr std::size_t kAtFlag = 16;
constexpr std::size_t kAtQueueOffset = 20;
constexpr std::size_t kAtCommitLogOffset = 28;
constexpr std::size_t kAtSysFlag = 36;
constexpr std::size_t kAtBornTimestamp = 40;
constexpr std::size_t kAtBornHost = 48;
constexpr std::size_t kBehindHosts = 4 + 8;  ///< reconsumeTimes, preparedTransactionOffset
constexpr std::size_t kSmallest = 91;        ///< both hosts IPv4, nothing in it

constexpr std::size_t kMemberFixed = 4 + 4 + 4 + 4 + 4 + 2;  ///< of an inner batch: all but body and properties

constexpr std::size_t host_bytes(std::int32_t sys_flag, std::int32_t v6_flag) {
  return (sys_flag & v6_flag) != 0 ? 20 : 8;
}

/// Offsets come from the peer: whatever they are, adding to them is defined.
std::int64_t wrapping_sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

std::uint32_t body_crc(std::string_view body) {
  return static_cast<std::uint32_t>(
             crc32_z(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<z_size_t>(body.size()))) &
         0x7FFFFFFFU;
}

/// Frees its memory, which an assignment would keep.
void give_up(std::string& text) {
  std::string().swap(text);
}

/// Tells members that were compressed one by one from a batch compressed as a whole: no compressed stream begins with
/// four bytes that are a sound member size.
bool begins_with_member(std::string_view body) {
  if (body.size() < kMemberFixed) return false;
  const auto size = load<std::uint32_t>(body.data());
  return size >= kMemberFixed && size <= body.size();
}

}  // namespace

struct MessageSetDecoder::Entry {
  std::uint32_t crc = 0;
};

void MessageSetDecoder::reset(std::string_view bytes, MessageSetContext context) {
  rest_ = bytes;
  total_ = bytes.size();
  context_ = context;
  inner_ = {};
  last_offset_ = -1;
  give_up(inflated_);
  give_up(inflated_inner_);
}

Error MessageSetDecoder::damaged_entry(std::string_view cause) {
  last_offset_ = message_.queue_offset;
  return {ErrorCode::kData, fmt::format("message at offset {} of queue {} of topic '{}' is damaged: {}",
                                        message_.queue_offset, message_.queue_id, message_.topic, cause)};
}

Error MessageSetDecoder::damaged_set(std::string_view cause) {
  Error error(ErrorCode::kProtocol,
              fmt::format("damaged message set at byte {} of {}: {}", total_ - rest_.size(), total_, cause));
  rest_ = {};
  inner_ = {};
  return error;
}

Result<const MessageView*> MessageSetDecoder::next() {
  for (;;) {
    give_up(inflated_);  // before the next one is made: there is never room for two
    if (!inner_.empty()) {
      auto taken = take_member();
      if (!taken) return std::move(taken).error();
      if (*taken) return &message_;
      continue;
    }
    give_up(inflated_inner_);
    if (rest_.empty()) return nullptr;
    Entry entry;
    if (auto status = take_entry(entry); !status) return std::move(status).error();
    if (auto status = check_body(entry); !status) return std::move(status).error();
    const bool compressed = (message_.sys_flag & kCompressed) != 0;
    if ((message_.sys_flag & kInnerBatch) == kInnerBatch) {
      inflate_members_ = compressed && begins_with_member(message_.body);
      if (compressed && !inflate_members_) {
        if (auto status = inflate_body(inflated_inner_); !status) return std::move(status).error();
      }
      inner_ = message_.body;
      inner_offset_ = message_.queue_offset;
      continue;
    }
    if (compressed) {
      if (auto status = inflate_body(inflated_); !status) return std::move(status).error();
    }
    read_properties();
    return &message_;
  }
}

Status MessageSetDecoder::take_entry(Entry& entry) {
  const char* const at = rest_.data();
  if (rest_.size() < kSmallest) return damaged_set(fmt::format("{} bytes are left, too few", rest_.size()));
  const auto size = static_cast<std::size_t>(load<std::uint32_t>(at));
  if (size < kSmallest || size > rest_.size())
    return damaged_set(fmt::format("a message of {} bytes where {} are left", size, rest_.size()));
  const auto magic = load<std::uint32_t>(at + kAtMagic);
  if (magic != kMagicV1 && magic != kMagicV2) return damaged_set(fmt::format("unknown magic {:#010x}", magic));
  entry.crc = load<std::uint32_t>(at + kAtCrc);
  message_.queue_id = context_.queue_id >= 0 ? context_.queue_id : load<std::int32_t>(at + kAtQueueId);
  message_.flag = load<std::int32_t>(at + kAtFlag);
  message_.queue_offset = wrapping_sum(load<std::int64_t>(at + kAtQueueOffset), context_.offset_delta);
  message_.commit_log_offset = load<std::int64_t>(at + kAtCommitLogOffset);
  message_.sys_flag = load<std::int32_t>(at + kAtSysFlag);
  message_.born_timestamp_ms = load<std::int64_t>(at + kAtBornTimestamp);
  const std::size_t store_time = kAtBornHost + host_bytes(message_.sys_flag, kBornHostV6);
  const std::size_t store_host_bytes = host_bytes(message_.sys_flag, kStoreHostV6);
  const std::size_t behind_hosts = store_time + 8 + store_host_bytes;
  if (behind_hosts + kBehindHosts > size) return damaged_set("it ends within its fixed fields");
  message_.store_timestamp_ms = load<std::int64_t>(at + store_time);
  message_.store_host = rest_.substr(store_time + 8, store_host_bytes);
  message_.reconsume_times = load<std::int32_t>(at + behind_hosts);

  ByteReader reader(rest_.substr(behind_hosts + kBehindHosts, size - behind_hosts - kBehindHosts));
  std::int32_t body_bytes = 0;
  if (!reader.take(body_bytes) || !reader.take_bytes(body_bytes, message_.body))
    return damaged_set(fmt::format("a body of {} bytes in a message of {}", body_bytes, size));
  std::int64_t topic_bytes = 0;
  bool sound = false;
  if (magic == kMagicV1) {
    std::uint8_t short_length = 0;
    sound = reader.take(short_length);
    topic_bytes = short_length;
  } else {
    std::int16_t length = 0;
    sound = reader.take(length);
    topic_bytes = length;
  }
  if (!sound || !reader.take_bytes(topic_bytes, message_.topic))
    return damaged_set(fmt::format("a topic of {} bytes in a message of {}", topic_bytes, size));
  std::int16_t properties_bytes = 0;
  if (!reader.take(properties_bytes) || !reader.take_bytes(properties_bytes, message_.properties))
    return damaged_set(fmt::format("properties of {} bytes in a message of {}", properties_bytes, size));
  rest_.remove_prefix(size);
  return {};
}

Status MessageSetDecoder::check_body(const Entry& entry) {
  if (message_.body.empty()) return {};
  if (const std::uint32_t crc = body_crc(message_.body); crc != entry.crc)
    return damaged_entry(fmt::format("its body has the CRC {:#010x}, not {:#010x}", crc, entry.crc));
  return {};
}

Status MessageSetDecoder::inflate_body(std::string& into) {
  Compression compression = Compression::kZlib;
  switch (message_.sys_flag & kCompressionMask) {
    case 0x000:  // clients before 4.9.4
    case 0x300:
      break;
    case 0x100:
      compression = Compression::kLz4;
      break;
    case 0x200:
      compression = Compression::kZstd;
      break;
    default:
      return damaged_entry(fmt::format("unknown compression in sysFlag {:#x}", message_.sys_flag));
  }
  auto inflated = inflater_.inflate(compression, message_.body, context_.max_body_bytes);
  if (!inflated) return damaged_entry(inflated.error().text);
  into = *std::move(inflated);
  message_.body = into;
  return {};
}

Result<bool> MessageSetDecoder::take_member() {
  const std::int64_t offset = inner_offset_;
  inner_offset_ = wrapping_sum(offset, 1);
  message_.queue_offset = offset;
  const std::string_view rest = inner_;
  const auto give_up = [&](std::string_view cause) {
    inner_ = {};
    return damaged_entry(fmt::format("{}; the rest of its inner batch cannot be read", cause));
  };
  if (rest.size() < kMemberFixed) return give_up("a member of an inner batch is too short");
  const auto size = static_cast<std::size_t>(load<std::uint32_t>(rest.data()));
  if (size < kMemberFixed || size > rest.size())
    return give_up(fmt::format("a member of {} bytes where {} are left", size, rest.size()));
  ByteReader reader(rest.substr(12, size - 12));  // behind size, magic and CRC, which members do not use
  std::int32_t body_bytes = 0;
  std::int16_t properties_bytes = 0;
  if (!reader.take(message_.flag) || !reader.take(body_bytes) || !reader.take_bytes(body_bytes, message_.body) ||
      !reader.take(properties_bytes) || !reader.take_bytes(properties_bytes, message_.properties)) {
    return give_up("a member's lengths do not fit");
  }
  inner_.remove_prefix(size);
  if (offset < context_.from_offset) return false;
  if (inflate_members_) {
    if (auto status = inflate_body(inflated_); !status) return std::move(status).error();
  }
  read_properties();
  return true;
}

void MessageSetDecoder::read_properties() {
  message_.keys.reset();
  message_.tags.reset();
  message_.unique_key.reset();
  for_each_property(message_.properties, [this](std::string_view pair) {
    if (const auto tags = value_if_named(pair, "TAGS")) {
      message_.tags = tags;
    } else if (const auto keys = value_if_named(pair, "KEYS")) {
      message_.keys = keys;
    } else if (const auto unique_key = value_if_named(pair, "UNIQ_KEY")) {
      message_.unique_key = unique_key;
    }
  });
}

}  // namespace rocketlink::wire
