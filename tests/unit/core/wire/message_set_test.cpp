#include "wire/message_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lz4frame.h>
#include <malloc.h>
#include <zlib.h>
#include <zstd.h>

#include "mock/stored_message.h"
#include "sanitized.h"
#include "wire/outgoing.h"

namespace rocketlink::wire {
namespace {

using mock::batch_member;
using mock::encode;
using mock::properties_of;
using mock::StoredMessage;
using ::testing::HasSubstr;

constexpr std::int32_t kZlibOld = 0x001;
constexpr std::int32_t kLz4 = 0x101;
constexpr std::int32_t kZstd = 0x201;
constexpr std::int32_t kZlib = 0x301;
constexpr std::int32_t kInnerBatch = 0xC0;

std::string zlib(std::string_view body) {
  return *compress_zlib(body);
}

std::string lz4(std::string_view body) {
  std::string out(LZ4F_compressFrameBound(body.size(), nullptr), '\0');
  out.resize(LZ4F_compressFrame(out.data(), out.size(), body.data(), body.size(), nullptr));
  return out;
}

std::string zstd(std::string_view body) {
  std::string out(ZSTD_compressBound(body.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), body.data(), body.size(), 3));
  return out;
}

std::string compressed(std::int32_t flags, std::string_view body) {
  if (flags == kLz4) return lz4(body);
  return flags == kZstd ? zstd(body) : zlib(body);
}

/// A copy of what a decoder gave, since views end.
struct Seen {
  std::int64_t offset = 0;
  std::string body;
  std::string error;

  bool operator==(const Seen&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  return out << seen.offset << ": " << seen.body.substr(0, 40) << seen.error;
}

/// Everything a set gives, errors too; ends at the end, or at an error behind which nothing follows.
std::vector<Seen> all_of(std::string_view bytes, MessageSetContext context = {}) {
  MessageSetDecoder decoder;
  decoder.reset(bytes, context);
  std::vector<Seen> seen;
  for (int i = 0; i < 100'000; ++i) {
    const auto message = decoder.next();
    if (!message) {
      const bool data = message.error().is(ErrorCode::kData);
      seen.push_back({data ? decoder.last_offset() : -1, "", message.error().text});
      continue;
    }
    if (*message == nullptr) return seen;
    seen.push_back({(*message)->queue_offset, std::string((*message)->body), ""});
  }
  ADD_FAILURE() << "no end";
  return seen;
}

StoredMessage at(std::int64_t offset, std::string body = "body") {
  StoredMessage message;
  message.queue_offset = offset;
  message.body = std::move(body);
  return message;
}

TEST(MessageSet, AnEmptySetEndsAtOnce) {
  EXPECT_TRUE(all_of("").empty());
}

TEST(MessageSet, EveryFieldOfAMessage) {
  StoredMessage stored = at(12'345'678'901, "hello");
  stored.topic = "größe";
  stored.queue_id = 3;
  stored.commit_log_offset = 0x0102030405060708;
  stored.flag = -9;
  stored.sys_flag = 0x8;
  stored.born_timestamp_ms = 1;
  stored.store_timestamp_ms = 2;
  stored.reconsume_times = 4;
  stored.properties = properties_of({{"TAGS", "a"}, {"KEYS", "k1 k2"}, {"UNIQ_KEY", "u"}, {"mine", "x\x01y"}});
  const std::string bytes = encode(stored);
  MessageSetDecoder decoder;
  decoder.reset(bytes, {});
  const auto next = decoder.next();
  ASSERT_TRUE(next) << next.error().text;
  const MessageView* message = *next;
  ASSERT_NE(message, nullptr);
  EXPECT_EQ(message->topic, "größe");
  EXPECT_EQ(message->body, "hello");
  EXPECT_EQ(message->queue_id, 3);
  EXPECT_EQ(message->queue_offset, 12'345'678'901);
  EXPECT_EQ(message->commit_log_offset, 0x0102030405060708);
  EXPECT_EQ(message->flag, -9);
  EXPECT_EQ(message->sys_flag, 0x8);
  EXPECT_EQ(message->born_timestamp_ms, 1);
  EXPECT_EQ(message->store_timestamp_ms, 2);
  EXPECT_EQ(message->reconsume_times, 4);
  EXPECT_EQ(message->tags, "a");
  EXPECT_EQ(message->keys, "k1 k2");
  EXPECT_EQ(message->unique_key, "u");
  EXPECT_EQ(message->property("mine"), "x\x01y");
  EXPECT_EQ(message->property("min"), std::nullopt);
  EXPECT_EQ(message->property("mines"), std::nullopt);
  EXPECT_EQ(message->message_id(), "u");
  EXPECT_GE(message->body.data(), bytes.data()) << "a plain body is not copied";
  EXPECT_LT(message->body.data(), bytes.data() + bytes.size());
  EXPECT_EQ(*decoder.next(), nullptr);
  EXPECT_EQ(*decoder.next(), nullptr) << "the end stays the end";
}

TEST(MessageSet, OffsetMessageIdOfBothAddressSizes) {
  StoredMessage stored = at(0);
  stored.commit_log_offset = 0x123ABC;
  std::string bytes = encode(stored);
  MessageSetDecoder decoder;
  decoder.reset(bytes, {});
  EXPECT_EQ((**decoder.next()).message_id(), "7F00000100002A9F0000000000123ABC");
  stored.sys_flag = 0x20;
  stored.store_ip = std::string("\x20\x01", 2) + std::string(13, '\0') + "\x01";
  bytes = encode(stored);
  decoder.reset(bytes, {});
  EXPECT_EQ((**decoder.next()).message_id(), "2001000000000000000000000000000100002A9F0000000000123ABC");
}

TEST(MessageSet, BothMagicsAndAllAddressSizes) {
  for (const bool v2 : {false, true}) {
    for (const std::int32_t hosts : {0, 0x10, 0x20, 0x30}) {
      StoredMessage stored = at(1, "addressed");
      stored.v2 = v2;
      if (v2) stored.topic = std::string(300, 't');
      stored.sys_flag = hosts;
      if ((hosts & 0x10) != 0) stored.born_ip = std::string(16, '\x11');
      if ((hosts & 0x20) != 0) stored.store_ip = std::string(16, '\x22');
      stored.properties = properties_of({{"TAGS", "t"}});
      const std::string bytes = encode(stored) + encode(at(2));
      MessageSetDecoder decoder;
      decoder.reset(bytes, {});
      const auto message = decoder.next();
      ASSERT_TRUE(message) << message.error().text;
      EXPECT_EQ((*message)->body, "addressed");
      EXPECT_EQ((*message)->topic, stored.topic);
      EXPECT_EQ((*message)->tags, "t");
      EXPECT_EQ((*message)->store_timestamp_ms, stored.store_timestamp_ms);
      EXPECT_EQ((*message)->store_host.size(), (hosts & 0x20) != 0 ? 20U : 8U);
      EXPECT_EQ((**decoder.next()).queue_offset, 2);
    }
  }
}

TEST(MessageSet, EmptyBodyTopicAndProperties) {
  StoredMessage stored = at(5, "");
  stored.topic = "";
  const auto seen = all_of(encode(stored));
  EXPECT_EQ(encode(stored).size(), 91U);
  EXPECT_EQ(seen, (std::vector<Seen>{{5, "", ""}}));
}

TEST(MessageSet, BytesBehindThePropertiesAreSkippedByTheSize) {
  std::string padded = encode(at(0, "first"));
  padded += "pad";
  padded[3] = static_cast<char>(padded.size());
  EXPECT_EQ(all_of(padded + encode(at(1, "second"))), (std::vector<Seen>{{0, "first", ""}, {1, "second", ""}}));
}

TEST(MessageSet, OffsetDeltaAndQueueIdOfStaticTopics) {
  MessageSetContext context;
  context.offset_delta = 10'000;
  context.queue_id = 77;
  StoredMessage stored = at(4);
  stored.queue_id = 1;
  const std::string bytes = encode(stored);
  MessageSetDecoder decoder;
  decoder.reset(bytes, context);
  const MessageView* message = *decoder.next();
  EXPECT_EQ(message->queue_offset, 10'004);
  EXPECT_EQ(message->queue_id, 77);
}

TEST(MessageSet, OffsetsThatOverflowWithTheirDeltaDoNoHarm) {
  MessageSetContext context;
  context.offset_delta = 2;
  EXPECT_EQ(all_of(encode(at(INT64_MAX)), context).front().offset, INT64_MIN + 1);
}

TEST(MessageSet, PlainMessagesBelowTheAskedOffsetAreGivenOut) {
  MessageSetContext context;
  context.from_offset = 10;
  EXPECT_EQ(all_of(encode(at(9)), context).size(), 1U);
}

TEST(MessageSet, EveryTruncationIsDamage) {
  StoredMessage stored = at(7, "some body");
  stored.properties = properties_of({{"TAGS", "t"}});
  const std::string first = encode(at(6, "first"));
  const std::string second = encode(stored);
  for (std::size_t size = 1; size < second.size(); ++size) {
    const auto seen = all_of(first + second.substr(0, size));
    ASSERT_EQ(seen.size(), 2U) << size;
    EXPECT_EQ(seen[0].body, "first");
    EXPECT_THAT(seen[1].error, HasSubstr("damaged message set at byte " + std::to_string(first.size()))) << size;
  }
}

/// Where the lengths of a message with IPv4 hosts stand.
struct LengthField {
  std::size_t at;
  std::size_t bytes;
};

TEST(MessageSet, EveryDamagedLengthIsDamageOfTheSet) {
  StoredMessage stored = at(7, "some body");
  stored.properties = properties_of({{"TAGS", "t"}});
  const std::string good = encode(stored);
  const std::size_t body_at = 84;
  const std::size_t topic_at = body_at + 4 + stored.body.size();
  const std::size_t properties_at = topic_at + 1 + stored.topic.size();
  const std::vector<LengthField> fields{{0, 4}, {body_at, 4}, {topic_at, 1}, {properties_at, 2}};
  for (const LengthField& field : fields) {
    for (const std::uint64_t value : {0xFFFFFFFFFFFFFFFFULL, 0x8000000080008080ULL, 0x7FFFFFFF7FFF7F7FULL}) {
      std::string damaged = good;
      for (std::size_t i = 0; i < field.bytes; ++i)
        damaged[field.at + i] = static_cast<char>(value >> (8 * (field.bytes - 1 - i)) & 0xFF);
      const auto seen = all_of(damaged + good);
      ASSERT_EQ(seen.size(), 1U) << field.at << " " << value;
      EXPECT_THAT(seen[0].error, HasSubstr("damaged message set at byte 0"));
    }
  }
  for (const int size : {0, 1, 4, 90, 91, 100}) {
    std::string damaged = good;
    damaged[2] = 0;
    damaged[3] = static_cast<char>(size);
    const auto seen = all_of(damaged + good);
    ASSERT_EQ(seen.size(), 1U) << size;
    EXPECT_FALSE(seen[0].error.empty()) << size;
  }
}

TEST(MessageSet, V2TopicLengthsAreChecked) {
  StoredMessage stored = at(7, "b");
  stored.v2 = true;
  const std::string good = encode(stored);
  for (const char high : {'\x7F', '\xFF', '\x01'}) {
    std::string damaged = good;
    damaged[84 + 4 + 1] = high;
    EXPECT_FALSE(all_of(damaged).front().error.empty());
  }
}

TEST(MessageSet, SixteenByteHostsInASmallMessageAreDamage) {
  std::string bytes = encode(at(0, ""));
  bytes[39] = 0x30;
  const auto seen = all_of(bytes);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_THAT(seen[0].error, HasSubstr("damaged message set"));
}

TEST(MessageSet, AnUnknownMagicIsDamageOfTheSet) {
  std::string bytes = encode(at(0));
  bytes[4] = '\xCB';
  EXPECT_THAT(all_of(bytes).front().error, HasSubstr("unknown magic 0xcba320a7"));
}

TEST(MessageSet, AWrongCrcIsOneMessagesDamage) {
  std::string bad = encode(at(41, "changed"));
  bad[88] ^= 1;
  const auto seen = all_of(encode(at(40)) + bad + encode(at(42)));
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[0].offset, 40);
  EXPECT_EQ(seen[1].offset, 41);
  EXPECT_THAT(seen[1].error, HasSubstr("offset 41 of queue 0 of topic 'orders' is damaged: its body has the CRC"));
  EXPECT_EQ(seen[2], (Seen{42, "body", ""}));
}

TEST(MessageSet, TheCrcOfAnEmptyBodyIsNotLookedAt) {
  std::string bytes = encode(at(0, ""));
  bytes[9] = 1;
  EXPECT_EQ(all_of(bytes), (std::vector<Seen>{{0, "", ""}}));
}

TEST(Properties, EdgeCases) {
  MessageView message;
  const std::string bytes(
      "\x02"
      "\x01x\x02"
      "noname\x02"
      "empty\x01\x02"
      "TAGS\x01old\x02"
      "a\x01"
      "1\x02"
      "a\x01"
      "2\x02"
      "a\x01\x02"
      "TAGS\x01new\x02"
      "last\x01open");
  message.properties = bytes;
  EXPECT_EQ(message.property(""), std::nullopt);
  EXPECT_EQ(message.property("noname"), std::nullopt);
  EXPECT_EQ(message.property("empty"), std::nullopt);
  EXPECT_EQ(message.property("a"), "2") << "the last one that is not empty";
  EXPECT_EQ(message.property("TAGS"), "new");
  EXPECT_EQ(message.property("last"), "open") << "4.9 leaves the last separator out";
  StoredMessage stored = at(0);
  stored.properties = bytes;
  const std::string encoded = encode(stored);
  MessageSetDecoder decoder;
  decoder.reset(encoded, {});
  const MessageView* decoded = *decoder.next();
  EXPECT_EQ(decoded->tags, "new");
  EXPECT_EQ(decoded->keys, std::nullopt);
  EXPECT_EQ(decoded->unique_key, std::nullopt);
}

TEST(Properties, OfOneMessageDoNotReachTheNext) {
  StoredMessage first = at(0);
  first.properties = properties_of({{"TAGS", "t"}, {"KEYS", "k"}, {"UNIQ_KEY", "u"}});
  const std::string bytes = encode(first) + encode(at(1));
  MessageSetDecoder decoder;
  decoder.reset(bytes, {});
  ASSERT_EQ((**decoder.next()).keys, "k");
  const MessageView* second = *decoder.next();
  EXPECT_EQ(second->tags, std::nullopt);
  EXPECT_EQ(second->keys, std::nullopt);
  EXPECT_EQ(second->unique_key, std::nullopt);
}

class CompressedBody : public ::testing::TestWithParam<std::int32_t> {
 protected:
  [[nodiscard]] StoredMessage message(std::int64_t offset, std::string stored_body) const {
    StoredMessage stored = at(offset, std::move(stored_body));
    stored.sys_flag = GetParam();
    return stored;
  }
  [[nodiscard]] std::string pack(std::string_view body) const { return compressed(GetParam(), body); }
};

INSTANTIATE_TEST_SUITE_P(AllKinds, CompressedBody, ::testing::Values(kZlibOld, kLz4, kZstd, kZlib));

TEST_P(CompressedBody, ComesOutAsItWentIn) {
  std::string noise;
  for (std::uint32_t i = 0, x = 1; i < 300'000; ++i, x = x * 1664525 + 1013904223) noise += static_cast<char>(x >> 24);
  const std::vector<std::string> bodies{"x", "", std::string(5'000'000, 'a'), noise, std::string(1023, 'b')};
  std::string bytes;
  for (std::size_t i = 0; i < bodies.size(); ++i)
    bytes += encode(message(static_cast<std::int64_t>(i), pack(bodies[i])));
  const auto seen = all_of(bytes);
  ASSERT_EQ(seen.size(), bodies.size());
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    EXPECT_EQ(seen[i].error, "");
    EXPECT_TRUE(seen[i].body == bodies[i]) << i;
  }
}

/// Of the heap, in all threads.
std::size_t bytes_in_use() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

/// Walks a set; gives the most memory that was taken at a message, beside what the decompressing library keeps.
std::size_t most_taken(std::string_view bytes, std::int64_t messages) {
  MessageSetDecoder decoder;
  decoder.reset(bytes, {});
  (void)decoder.next();
  decoder.reset(bytes, {});
  const std::size_t before = bytes_in_use();
  std::size_t most = 0;
  std::int64_t seen = 0;
  for (auto next = decoder.next(); next && *next != nullptr; next = decoder.next()) {
    ++seen;
    most = std::max(most, std::max(bytes_in_use(), before) - before);
  }
  EXPECT_EQ(seen, messages);
  EXPECT_LT(bytes_in_use(), before + (1U << 20)) << "nothing is kept at the end";
  return most;
}

TEST_P(CompressedBody, IsTheOnlyOneThatIsHeld) {
  if (test::kSanitized) GTEST_SKIP() << "a sanitizer's allocator does not tell what is in use";
  const std::string stored = pack(std::string(2 << 20, 'a'));
  std::string bytes;
  for (int i = 0; i < 64; ++i) bytes += encode(message(i, stored));
  EXPECT_LT(most_taken(bytes, 64), 3U << 20);
}

TEST_P(CompressedBody, ThatGrowsBeyondTheCapIsRefused) {
  MessageSetContext context;
  context.max_body_bytes = 1'000'000;
  const std::string bomb = pack(std::string(50'000'000, '\0'));
  const std::string fits = pack(std::string(1'000'000, '\0'));
  const std::string too_big = pack(std::string(1'000'001, '\0'));
  const auto seen = all_of(encode(message(1, bomb)) + encode(message(2, fits)) + encode(message(3, too_big)), context);
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_THAT(seen[0].error, HasSubstr("larger than 1000000 bytes when decompressed"));
  EXPECT_EQ(seen[0].offset, 1);
  EXPECT_EQ(seen[1].body.size(), 1'000'000U);
  EXPECT_THAT(seen[2].error, HasSubstr("larger than 1000000 bytes"));
}

TEST_P(CompressedBody, CutAnywhereIsDamageOfThatMessageAlone) {
  const std::string whole = pack("a body of some length, a body of some length");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto seen = all_of(encode(message(1, whole.substr(0, size))) + encode(at(2)));
    ASSERT_EQ(seen.size(), 2U) << size;
    EXPECT_THAT(seen[0].error, HasSubstr("its compressed body is damaged")) << size;
    EXPECT_EQ(seen[1].offset, 2);
  }
}

TEST_P(CompressedBody, AGoodOneBehindADamagedOneIsRead) {
  const std::string whole = pack(std::string(10'000, 'z'));
  const auto seen = all_of(encode(message(1, "no stream at all")) + encode(message(2, whole.substr(0, 12))) +
                           encode(message(3, whole)));
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_NE(seen[0].error, "");
  EXPECT_NE(seen[1].error, "");
  EXPECT_EQ(seen[2].body.size(), 10'000U);
}

TEST(Compression, FramesThatFollowEachOtherAreOneBody) {
  StoredMessage message = at(0, lz4("one ") + lz4("two"));
  message.sys_flag = kLz4;
  EXPECT_EQ(all_of(encode(message)).front().body, "one two");
  message.body = zstd("one ") + zstd("two");
  message.sys_flag = kZstd;
  EXPECT_EQ(all_of(encode(message)).front().body, "one two");
}

TEST(Compression, AZstdHeaderThatClaimsAllMemoryCostsNone) {
  // Magic, single-segment descriptor with 8 bytes of content size, 2^60 bytes.
  StoredMessage message = at(0, std::string("\x28\xB5\x2F\xFD\xE0\0\0\0\0\0\0\0\x10\x01\0\0", 16));
  message.sys_flag = kZstd;
  EXPECT_THAT(all_of(encode(message)).front().error, HasSubstr("damaged"));
}

TEST(Compression, AnUnknownKindIsNamed) {
  for (const std::int32_t flags : {0x401, 0x501, 0x601, 0x701}) {
    StoredMessage message = at(0);
    message.sys_flag = flags;
    EXPECT_THAT(all_of(encode(message)).front().error, HasSubstr("unknown compression in sysFlag 0x")) << flags;
  }
}

TEST(Compression, KindBitsWithoutTheCompressedBitMeanNothing) {
  StoredMessage message = at(0, "plain");
  message.sys_flag = 0x700;
  EXPECT_EQ(all_of(encode(message)), (std::vector<Seen>{{0, "plain", ""}}));
}

std::string three_members() {
  return batch_member("one", properties_of({{"TAGS", "a"}}), 1) + batch_member("", {}, 2) +
         batch_member("three", properties_of({{"TAGS", "c"}, {"UNIQ_KEY", "u3"}}), 3);
}

StoredMessage inner_batch(std::int64_t offset, std::string body, std::int32_t more_flags = 0) {
  StoredMessage message = at(offset, std::move(body));
  message.sys_flag = kInnerBatch | more_flags;
  message.properties = properties_of({{"INNER_NUM", "3"}, {"UNIQ_KEY", "outer"}});
  return message;
}

TEST(InnerBatch, MembersTakeTheirOwnAndTheOutersFields) {
  StoredMessage outer = inner_batch(100, three_members());
  outer.queue_id = 4;
  outer.commit_log_offset = 999;
  const std::string bytes = encode(outer) + encode(at(103));
  MessageSetDecoder decoder;
  decoder.reset(bytes, {});
  const MessageView* member = *decoder.next();
  EXPECT_EQ(member->queue_offset, 100);
  EXPECT_EQ(member->body, "one");
  EXPECT_EQ(member->tags, "a");
  EXPECT_EQ(member->unique_key, std::nullopt);
  EXPECT_EQ(member->flag, 1);
  EXPECT_EQ(member->queue_id, 4);
  EXPECT_EQ(member->topic, "orders");
  EXPECT_EQ(member->commit_log_offset, 999);
  EXPECT_EQ(member->store_timestamp_ms, outer.store_timestamp_ms);
  EXPECT_EQ(member->sys_flag, kInnerBatch);
  member = *decoder.next();
  EXPECT_EQ(member->queue_offset, 101);
  EXPECT_EQ(member->body, "");
  EXPECT_EQ(member->tags, std::nullopt);
  member = *decoder.next();
  EXPECT_EQ(member->queue_offset, 102);
  EXPECT_EQ(member->unique_key, "u3");
  EXPECT_EQ(member->flag, 3);
  EXPECT_EQ((**decoder.next()).queue_offset, 103);
  EXPECT_EQ(*decoder.next(), nullptr);
}

TEST(InnerBatch, MembersBelowTheAskedOffsetAreDropped) {
  MessageSetContext context;
  context.from_offset = 102;
  EXPECT_EQ(all_of(encode(inner_batch(100, three_members())), context), (std::vector<Seen>{{102, "three", ""}}));
  context.from_offset = 103;
  EXPECT_EQ(all_of(encode(inner_batch(100, three_members())) + encode(at(103)), context),
            (std::vector<Seen>{{103, "body", ""}}));
  context.from_offset = 1'102;
  context.offset_delta = 1'000;
  EXPECT_EQ(all_of(encode(inner_batch(100, three_members())), context), (std::vector<Seen>{{1'102, "three", ""}}));
}

TEST(InnerBatch, CompressedAsAWholeOrMemberByMember) {
  for (const std::int32_t flags : {kZlibOld, kLz4, kZstd, kZlib}) {
    const std::vector<Seen> expected{{100, "one", ""}, {101, "", ""}, {102, "three", ""}};
    EXPECT_EQ(all_of(encode(inner_batch(100, compressed(flags, three_members()), flags))), expected) << flags;
    const std::string one_by_one = batch_member(compressed(flags, "one")) + batch_member(compressed(flags, "")) +
                                   batch_member(compressed(flags, "three"));
    EXPECT_EQ(all_of(encode(inner_batch(100, one_by_one, flags))), expected) << flags;
  }
}

TEST(InnerBatch, ADamagedMemberEndsItsBatchAlone) {
  const std::string good = three_members();
  for (std::size_t size = 1; size < good.size(); ++size) {
    const auto seen = all_of(encode(inner_batch(100, good.substr(0, size))) + encode(at(103)));
    ASSERT_GE(seen.size(), 2U) << size;
    EXPECT_EQ(seen.back(), (Seen{103, "body", ""})) << size;
    const bool whole_members =
        size == batch_member("one", properties_of({{"TAGS", "a"}})).size() ||
        size == good.size() - batch_member("three", properties_of({{"TAGS", "c"}, {"UNIQ_KEY", "u3"}})).size();
    EXPECT_EQ(seen[seen.size() - 2].error.empty(), whole_members) << size;
    if (!whole_members) {
      EXPECT_THAT(seen[seen.size() - 2].error, HasSubstr("the rest of its inner batch"));
    }
  }
}

TEST(InnerBatch, MemberLengthsAreChecked) {
  const std::string good = three_members();
  for (const std::size_t field : {std::size_t{0}, std::size_t{16}, std::size_t{23}}) {
    for (const char high : {'\x7F', '\xFF', '\x01'}) {
      std::string damaged = good;
      damaged[field] = high;
      const auto seen = all_of(encode(inner_batch(100, damaged)) + encode(at(103)));
      ASSERT_EQ(seen.size(), 2U) << field;
      EXPECT_EQ(seen[0].offset, 100);
      EXPECT_NE(seen[0].error, "");
      EXPECT_EQ(seen[1].offset, 103);
    }
  }
}

TEST(InnerBatch, AtTheLastOffsetThereIsDoesNoHarm) {
  EXPECT_EQ(all_of(encode(inner_batch(INT64_MAX, three_members()))).front().offset, INT64_MAX);
}

TEST(InnerBatch, OneOfTheTwoFlagsAloneIsAPlainMessage) {
  for (const std::int32_t flag : {0x40, 0x80}) {
    StoredMessage message = at(1, three_members());
    message.sys_flag = flag;
    EXPECT_EQ(all_of(encode(message)).size(), 1U) << flag;
  }
}

TEST(InnerBatch, HoldsOneMembersBodyAtATime) {
  if (test::kSanitized) GTEST_SKIP() << "a sanitizer's allocator does not tell what is in use";
  const std::string stored = zstd(std::string(2 << 20, 'a'));
  std::string members;
  for (int i = 0; i < 64; ++i) members += batch_member(stored, "");
  EXPECT_LT(most_taken(encode(inner_batch(0, members, kZstd)), 64), 3U << 20);
  std::string plain;
  for (int i = 0; i < 64; ++i) plain += batch_member(std::string(32 << 10, 'a'), "");
  std::string wholes;
  for (int i = 0; i < 4; ++i) wholes += encode(inner_batch(i * 64, zstd(plain), kZstd));
  EXPECT_LT(most_taken(wholes, 256), 5U << 20) << "nor two batches that are compressed as a whole";
}

TEST(InnerBatch, WithoutMembersGivesNothing) {
  EXPECT_TRUE(all_of(encode(inner_batch(1, ""))).empty());
}

TEST(MessageSetDecoder, IsUsedAgain) {
  MessageSetDecoder decoder;
  const std::string batch = encode(inner_batch(100, three_members()));
  decoder.reset(batch, {});
  ASSERT_TRUE(decoder.next());
  const std::string other = encode(at(7, "other"));
  decoder.reset(other, {});
  EXPECT_EQ((**decoder.next()).body, "other") << "nothing of the earlier set is left";
  EXPECT_EQ(*decoder.next(), nullptr);
}

}  // namespace
}  // namespace rocketlink::wire
