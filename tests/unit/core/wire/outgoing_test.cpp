#include "wire/outgoing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <unordered_set>

#include "unit/core/wire/hex.h"
#include "wire/inflate.h"
#include "wire/message_set.h"

namespace rocketlink::wire {
namespace {

using ::testing::HasSubstr;

TEST(BatchMember, VectorOfTheProtocol) {
  std::string properties;
  ASSERT_TRUE(append_property(properties, "TAGS", "a"));
  ASSERT_TRUE(append_property(properties, "UNIQ_KEY", "u"));
  std::string batch;
  ASSERT_TRUE(append_batch_member(batch, "hi", properties, 5));
  EXPECT_EQ(batch, from_hex("0000002a 00000000 00000000 00000005 00000002 6869 0012 "
                            "54414753016102554e49515f4b4559017502"));
  EXPECT_EQ(batch.size(), batch_member_bytes(2, properties.size()));
}

TEST(BatchMember, LimitsOfItsLengths) {
  std::string batch = "x";
  EXPECT_TRUE(append_batch_member(batch, "", std::string(32767, 'p')));
  const std::size_t before = batch.size();
  const auto properties = append_batch_member(batch, "", std::string(32768, 'p'));
  ASSERT_FALSE(properties);
  EXPECT_TRUE(properties.error().is(ErrorCode::kTooLarge));
  EXPECT_THAT(properties.error().text, HasSubstr("32768"));
  const auto body = append_batch_member(batch, std::string(16 * 1024 * 1024 + 1, 'b'), "");
  ASSERT_FALSE(body);
  EXPECT_TRUE(body.error().is(ErrorCode::kTooLarge));
  EXPECT_EQ(batch.size(), before) << "a refused member leaves nothing behind";
}

TEST(Property, SeparatorsAndMissingNamesAreRefused) {
  std::string properties = "before";
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
           {"", "v"}, {"a\x01", "v"}, {"a\x02", "v"}, {"a", "v\x01"}, {"a", "\x02"}}) {
    const auto status = append_property(properties, name, value);
    ASSERT_FALSE(status) << name;
    EXPECT_TRUE(status.error().is(ErrorCode::kInvalidArgument));
  }
  EXPECT_EQ(properties, "before");
}

TEST(Property, EmptyValuesAreLeftOut) {
  std::string properties;
  EXPECT_TRUE(append_property(properties, "a", ""));
  EXPECT_EQ(properties, "");
}

TEST(CompressZlib, IsReadBack) {
  Inflater inflater;
  for (const std::string& body : {std::string(), std::string("x"), std::string(100'000, 'y')}) {
    const auto packed = compress_zlib(body);
    ASSERT_TRUE(packed);
    const auto back = inflater.inflate(Compression::kZlib, *packed, 1 << 20);
    ASSERT_TRUE(back) << back.error().text;
    EXPECT_EQ(*back, body);
  }
  EXPECT_LT(compress_zlib(std::string(100'000, 'y'))->size(), 1'000U);
}

constexpr std::string_view kProcess = "\n\1\2\3\x12\x34";
constexpr std::int64_t kNow = 1'795'996'800'000;  ///< 2026-11-30 00:00:00 UTC

TEST(UniqueKey, IsThirtyTwoHexDigits) {
  UniqueKeyMaker maker(kProcess, 1);
  const std::string key = maker.next(kNow);
  EXPECT_EQ(key.size(), 32U);
  EXPECT_EQ(key.find_first_not_of("0123456789ABCDEF"), std::string::npos) << key;
  std::string appended = "x";
  maker.append(appended, kNow);
  EXPECT_EQ(appended.size(), 33U);
}

TEST(UniqueKey, NoTwoAreEqualInATightLoop) {
  UniqueKeyMaker maker(kProcess, 1);
  std::unordered_set<std::string> seen;
  for (int i = 0; i < 70'000; ++i) ASSERT_TRUE(seen.insert(maker.next(kNow + i / 1000)).second) << i;
}

TEST(UniqueKey, NoTwoAreEqualWhenTheCounterGoesRoundMoreOftenThanTheClock) {
  UniqueKeyMaker maker(kProcess, 1);
  std::unordered_set<std::string> seen;
  for (int i = 0; i < 200'000; ++i) ASSERT_TRUE(seen.insert(maker.next(kNow)).second) << i;
  for (int i = 0; i < 70'000; ++i) ASSERT_TRUE(seen.insert(maker.next(kNow - 5)).second) << "the clock went back";
}

TEST(UniqueKey, MakersOfOneProcessDiffer) {
  UniqueKeyMaker one(kProcess, 1);
  UniqueKeyMaker other(kProcess, 2);
  EXPECT_NE(one.next(kNow).substr(0, 20), other.next(kNow).substr(0, 20));
}

TEST(UniqueKey, HoldsTheTimeSinceTheMonthBegan) {
  UniqueKeyMaker maker(kProcess, 1);
  const std::string key = maker.next(kNow);
  const std::time_t now = kNow / 1000;
  std::tm local{};
  localtime_r(&now, &local);
  const std::int64_t expected = (((local.tm_mday - 1) * 24LL + local.tm_hour) * 60 + local.tm_min) * 60 + local.tm_sec;
  const std::int64_t seconds = std::stoll(key.substr(20, 8), nullptr, 16) / 1000;
  // A change between summer and winter time within this month moves it by an hour.
  EXPECT_LE(std::abs(seconds - expected), 3'601);
}

TEST(JavaHash, AsJavaCountsIt) {
  EXPECT_EQ(java_hash(""), 0);
  EXPECT_EQ(java_hash("a"), 97);
  EXPECT_EQ(java_hash("TagA"), 2598919);
  EXPECT_EQ(java_hash("Aa"), java_hash("BB"));
  EXPECT_EQ(java_hash("hello, world"), -640608884);
  EXPECT_EQ(java_hash("ä"), 0xE4);
  EXPECT_EQ(java_hash("中文"), 31 * 0x4E2D + 0x6587);
}

TEST(JavaHash, SurrogatePairsAreTwoUnits) {
  EXPECT_EQ(java_hash("\xF0\x9F\x98\x80"), 31 * 0xD83D + 0xDE00);
  EXPECT_EQ(java_hash("\xF4\x8F\xBF\xBF"), 31 * 0xDBFF + 0xDFFF);
}

TEST(JavaHash, DamagedTextCountsAsReplacementCharacters) {
  for (const char* text :
       {"\xFF", "\x80", "\xC3", "\xE4\xB8", "\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE0\x80\x80"}) {
    std::uint32_t expected = 0;
    for (const char* c = text; *c != '\0'; ++c) expected = expected * 31 + 0xFFFD;
    EXPECT_EQ(java_hash(text), static_cast<std::int32_t>(expected)) << text;
  }
  EXPECT_EQ(java_hash("\xC3"
                      "a"),
            31 * 0xFFFD + 'a');
}

}  // namespace
}  // namespace rocketlink::wire
