#include "base/plain_text.h"

#include <gtest/gtest.h>

namespace rocketlink::base {

namespace {

TEST(PlainTextTest, OrdinaryTextStaysAsItIs) {
  EXPECT_EQ(plain("topic[orders] not exist — почему? …"), "topic[orders] not exist — почему? …");
  EXPECT_EQ(plain(""), "");
}

TEST(PlainTextTest, WhatATerminalWouldObeyIsBlank) {
  EXPECT_EQ(plain("a\x1B[2Jb\r\nc\td\x7F"), "a [2Jb  c d ");
  EXPECT_EQ(plain("a\xC2\x9B"
                  "2Jb\xC2\xA0"),
            "a 2Jb\xC2\xA0")
      << "U+009B is CSI, U+00A0 is no control";
  EXPECT_EQ(plain(std::string_view("a\0b", 3)), "a b");
}

TEST(PlainTextTest, WhatIsTooLongIsCutBetweenCharacters) {
  EXPECT_EQ(plain(std::string(kLongestPlainTextBytes, 'x')), std::string(kLongestPlainTextBytes, 'x'));
  EXPECT_EQ(plain(std::string(5 << 20, 'x')), std::string(kLongestPlainTextBytes, 'x') + "…");
  EXPECT_EQ(plain(std::string(kLongestPlainTextBytes - 1, 'x') + "éé"),
            std::string(kLongestPlainTextBytes - 1, 'x') + "…");
  EXPECT_EQ(plain(std::string(1000, '\x80')), "…") << "no character begins";
}

}  // namespace

}  // namespace rocketlink::base
