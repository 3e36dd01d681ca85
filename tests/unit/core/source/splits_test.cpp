#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rocketlink/source.h"

namespace rocketlink::test {

namespace {

using testing::HasSubstr;

/// What version 1 wrote for `kSplits`, byte by byte: it must stay readable for ever.
constexpr char kVersion1Bytes[] =
    "\x01"
    "\x00\x00\x00\x02"
    "\x00\x06"
    "orders"
    "\x00\x08"
    "broker-a"
    "\x00\x00\x00\x03"
    "\x00\x00\x00\x00\x00\x01\x00\x02"
    "\x00"
    "\x00\x09"
    "%RETRY%|\xC3"
    "\x00\x01"
    "b"
    "\x7F\xFF\xFF\xFF"
    "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
    "\x01"
    "\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF";
const std::string kVersion1(kVersion1Bytes, sizeof kVersion1Bytes - 1);

std::vector<Split> splits() {
  return {{{"orders", "broker-a", 3}, 65538, std::nullopt},
          {{"%RETRY%|\xC3", "b", 2147483647}, -1, 9223372036854775807}};
}

TEST(SplitsTest, Version1IsWrittenAsItAlwaysWas) {
  EXPECT_EQ(serialize_splits(splits()), kVersion1);
}

TEST(SplitsTest, Version1IsRead) {
  const auto read = deserialize_splits(kVersion1);
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(*read, splits());
}

TEST(SplitsTest, NoSplitsAreAState) {
  const auto read = deserialize_splits(serialize_splits({}));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->empty());
}

TEST(SplitsTest, EveryTruncationIsRefused) {
  for (std::size_t size = 0; size < kVersion1.size(); ++size) {
    const auto read = deserialize_splits(std::string_view(kVersion1).substr(0, size));
    ASSERT_FALSE(read) << size;
    EXPECT_TRUE(read.error().is(ErrorCode::kData));
    EXPECT_THAT(read.error().text, HasSubstr("damaged"));
  }
}

TEST(SplitsTest, BytesBehindTheEndAreRefused) {
  EXPECT_FALSE(deserialize_splits(kVersion1 + "x"));
}

TEST(SplitsTest, ACountThatIsNotThereIsRefusedWithoutMakingRoomForIt) {
  EXPECT_FALSE(deserialize_splits(std::string("\x01\xFF\xFF\xFF\xFF", 5)));
}

TEST(SplitsTest, ANewerVersionIsNamed) {
  std::string newer = kVersion1;
  newer[0] = 2;
  const auto read = deserialize_splits(newer);
  ASSERT_FALSE(read);
  EXPECT_TRUE(read.error().is(ErrorCode::kData));
  EXPECT_THAT(read.error().text, HasSubstr("version 2"));
  EXPECT_THAT(read.error().text, HasSubstr("up to version 1"));
}

}  // namespace

}  // namespace rocketlink::test
