#include "net/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rocketlink::net {

namespace {

TEST(AddressTest, SplitsHostAndPort) {
  const auto name = parse_address("broker.example:10911");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->host, "broker.example");
  EXPECT_EQ(name->port, "10911");
  const auto v6 = parse_address("[::1]:9876");
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->host, "::1");
}

TEST(AddressTest, RefusesWhatIsNoneAndNamesIt) {
  for (const char* text : {"", "host", "host:", ":9876", "host:0", "host:65536", "host:12x", "::1:9876", "[]:1"}) {
    const auto parsed = parse_address(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_TRUE(parsed.error().is(ErrorCode::kInvalidArgument));
    EXPECT_THAT(parsed.error().text, testing::HasSubstr(std::string("'") + text + "'"));
  }
}

}  // namespace

}  // namespace rocketlink::net
