#include "wire/outgoing.h"

#include <fmt/format.h>
#include <zlib.h>

#include <cstring>
#include <ctime>
#include <limits>

#include "wire/bytes.h"
#include "wire/command.h"
#include "wire/properties.h"

namespace rocketlink::wire {

namespace {

constexpr std::size_t kPackedFixed = 4 + 4 + 4 + 4 + 4 + 2;
constexpr char32_t kReplacement = 0xFFFD;

/// Milliseconds of the first of a month, 00:00 local time; `months` counts from the month of `now_ms`.
std::int64_t month_start(std::int64_t now_ms, int months) {
  const auto seconds = static_cast<std::time_t>(now_ms / 1000);
  std::tm local{};
  localtime_r(&seconds, &local);
  std::tm first{};
  first.tm_year = local.tm_year;
  first.tm_mon = local.tm_mon + months;
  first.tm_mday = 1;
  first.tm_isdst = -1;
  return static_cast<std::int64_t>(std::mktime(&first)) * 1000;
}

/// Takes one code point off the front; a byte that begins no valid sequence counts as U+FFFD, as in Java.
char32_t take_code_point(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  std::size_t length = 1;
  char32_t point = first;
  char32_t least = 0;
  if (first >= 0xF0 && first <= 0xF4) {
    length = 4;
    point = first & 0x07U;
    least = 0x10000;
  } else if (first >= 0xE0 && first < 0xF0) {
    length = 3;
    point = first & 0x0FU;
    least = 0x800;
  } else if (first >= 0xC2 && first < 0xE0) {
    length = 2;
    point = first & 0x1FU;
    least = 0x80;
  } else if (first >= 0x80) {
    point = kReplacement;
  }
  if (length > text.size()) {
    text.remove_prefix(1);
    return kReplacement;
  }
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80) {
      text.remove_prefix(1);
      return kReplacement;
    }
    point = point << 6 | (next & 0x3FU);
  }
  if (point < least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
    text.remove_prefix(1);
    return kReplacement;
  }
  text.remove_prefix(length);
  return point;
}

}  // namespace

Status append_property(std::string& properties, std::string_view name, std::string_view value) {
  constexpr std::string_view kSeparators("\x01\x02", 2);
  if (name.empty()) return Error(ErrorCode::kInvalidArgument, "a message property without a name");
  if (name.find_first_of(kSeparators) != std::string_view::npos ||
      value.find_first_of(kSeparators) != std::string_view::npos) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("message property '{}' holds the character U+0001 or U+0002, which RocketMQ uses between "
                             "properties; remove it from the text",
                             name));
  }
  if (value.empty()) return {};
  properties += name;
  properties += kNameEnd;
  properties += value;
  properties += kPairEnd;
  return {};
}

std::size_t batch_member_bytes(std::size_t body_bytes, std::size_t properties_bytes) {
  return kPackedFixed + body_bytes + properties_bytes;
}

Status append_batch_member(std::string& batch, std::string_view body, std::string_view properties, std::int32_t flag) {
  if (properties.size() > static_cast<std::size_t>(std::numeric_limits<std::int16_t>::max()))
    return Error(ErrorCode::kTooLarge, fmt::format("a message's properties take {} bytes; RocketMQ allows {}",
                                                   properties.size(), std::numeric_limits<std::int16_t>::max()));
  if (body.size() > kMaxFrameBytes)
    return Error(ErrorCode::kTooLarge,
                 fmt::format("a message body of {} bytes is over the limit of {}", body.size(), kMaxFrameBytes));
  append(batch, static_cast<std::uint32_t>(batch_member_bytes(body.size(), properties.size())));
  append(batch, std::uint32_t{0});
  append(batch, std::uint32_t{0});
  append(batch, flag);
  append(batch, static_cast<std::uint32_t>(body.size()));
  batch += body;
  append(batch, static_cast<std::int16_t>(properties.size()));
  batch += properties;
  return {};
}

Result<std::string> compress_zlib(std::string_view body, int level) {
  uLongf size = compressBound(static_cast<uLong>(body.size()));
  std::string out(size, '\0');
  const int code = compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(body.data()),
                             static_cast<uLong>(body.size()), level);
  if (code != Z_OK) return Error(ErrorCode::kInternal, fmt::format("zlib failed with code {}", code));
  out.resize(size);
  return out;
}

UniqueKeyMaker::UniqueKeyMaker(std::string_view process, std::uint32_t random) {
  std::string bytes(process);
  wire::append(bytes, random);
  append_hex(prefix_, bytes);
}

void UniqueKeyMaker::append(std::string& out, std::int64_t now_ms) {
  // The keys' own clock never steps back, and runs ahead when more than 65,536 keys are made in a millisecond.
  if (now_ms > last_ms_) {
    last_ms_ = now_ms;
    made_in_ms_ = 0;
  } else if (made_in_ms_ == kKeysPerMs) {
    ++last_ms_;
    made_in_ms_ = 0;
  }
  ++made_in_ms_;
  if (last_ms_ >= next_month_ms_) {
    month_start_ms_ = month_start(last_ms_, 0);
    next_month_ms_ = month_start(last_ms_, 1);
  }
  char bytes[6];
  const auto since = to_big_endian(static_cast<std::uint32_t>(last_ms_ - month_start_ms_));
  const auto count = to_big_endian(counter_++);
  std::memcpy(bytes, &since, 4);
  std::memcpy(bytes + 4, &count, 2);
  out += prefix_;
  append_hex(out, std::string_view(bytes, sizeof bytes));
}

std::string UniqueKeyMaker::next(std::int64_t now_ms) {
  std::string key;
  key.reserve(32);
  append(key, now_ms);
  return key;
}

std::int32_t java_hash(std::string_view utf8) {
  std::uint32_t hash = 0;
  while (!utf8.empty()) {
    const char32_t point = take_code_point(utf8);
    if (point < 0x10000) {
      hash = 31 * hash + point;
    } else {
      hash = 31 * hash + (0xD800 + ((point - 0x10000) >> 10));
      hash = 31 * hash + (0xDC00 + ((point - 0x10000) & 0x3FF));
    }
  }
  return static_cast<std::int32_t>(hash);
}

}  // namespace rocketlink::wire
