#include "net/denial.h"

#include <gtest/gtest.h>

namespace rocketlink::net {

namespace {

wire::Header answer(std::int32_t code, std::string remark) {
  wire::Header header;
  header.code = code;
  header.remark = std::move(remark);
  return header;
}

constexpr auto kPull = wire::RequestCode::kPullMessage;

TEST(DenialTest, NamesServerRequestAccountAndTheServersWords) {
  const auto denied = denial(answer(16, "check signature failed."), kPull, "reader", "10.0.0.1:10911");
  ASSERT_TRUE(denied);
  EXPECT_EQ(denied->text,
            "10.0.0.1:10911 does not permit PULL_MESSAGE to account 'reader': check signature failed.; check accessId "
            "and accessKey, and what the account and the topic permit");
  EXPECT_FALSE(denied->retriable);
  EXPECT_TRUE(is_denial(*denied));
}

TEST(DenialTest, TheCatchAllCodeOf4xIsOneByItsRemark) {
  const auto denied =
      denial(answer(1,
                    "org.apache.rocketmq.acl.common.AclException: No acl config for ghost, "
                    "org.apache.rocketmq.acl.plain.PlainPermissionManager.validate(PlainPermissionManager"
                    ".java:655)\nFor more information"),
             kPull, "ghost", "10.0.0.1:10911");
  ASSERT_TRUE(denied);
  EXPECT_TRUE(denied->text.starts_with(
      "10.0.0.1:10911 does not permit PULL_MESSAGE to account 'ghost': No acl config for ghost; check accessId"))
      << denied->text;
  EXPECT_TRUE(is_denial(*denied)) << "one code on every server version";
}

TEST(DenialTest, AProxyHasTheCatchAllCodeToo) {
  for (const char* const remark :
       {"check signature failed.", "username cannot be null.", "User:reader is not found.", "User:reader is disabled.",
        "User:reader has no permission to access Topic:orders from 10.0.0.2, no matched policies."}) {
    EXPECT_TRUE(denial(answer(1, remark), kPull, "reader", "s")) << remark;
  }
}

TEST(DenialTest, WithoutAnAccountItSaysSo) {
  const auto denied = denial(answer(16, "username cannot be null."), kPull, "", "10.0.0.1:10911");
  ASSERT_TRUE(denied);
  EXPECT_EQ(denied->text,
            "10.0.0.1:10911 does not permit PULL_MESSAGE without an account: username cannot be null.; give accessId "
            "and accessKey if the server asks for them, and check what the topic permits");
}

TEST(DenialTest, WhatIsClosedForEverybodyIsNoMatterOfAccounts) {
  for (const char* const remark :
       {"the broker[broker-a] pulling message is forbidden", "the topic[orders] pulling message is forbidden",
        "the topic[orders] sending message is forbidden", "subscription group no permission, readers"}) {
    for (const char* const account : {"", "reader"}) {
      const auto denied = denial(answer(16, remark), kPull, account, "10.0.0.1:10911");
      ASSERT_TRUE(denied);
      EXPECT_EQ(denied->text, std::string("10.0.0.1:10911 does not permit PULL_MESSAGE: ") + remark +
                                  "; that is a setting of the broker (brokerPermission), the topic (perm) or the group "
                                  "(consumeEnable), not of an account");
      EXPECT_TRUE(is_denial(*denied));
    }
  }
}

TEST(DenialTest, ATopicOfRocketMqItselfIsCalledThat) {
  const auto denied = denial(answer(16, "Sending message to topic[SCHEDULE_TOPIC_XXXX] is forbidden."),
                             wire::RequestCode::kSendMessageV2, "", "10.0.0.1:10911");
  ASSERT_TRUE(denied);
  EXPECT_EQ(denied->text,
            "10.0.0.1:10911 does not permit SEND_MESSAGE_V2: Sending message to topic[SCHEDULE_TOPIC_XXXX] is "
            "forbidden.; that topic is one of RocketMQ's own, into which brokers alone write: choose another name for "
            "the option 'topic'");
  EXPECT_FALSE(denied->retriable);
}

TEST(DenialTest, TheServersWordsAreCutAndHarmless) {
  const auto denied = denial(answer(16, "\x1B[31mno" + std::string(5 << 20, 'x')), kPull, "reader", "s");
  ASSERT_TRUE(denied);
  EXPECT_EQ(denied->text.find('\x1B'), std::string::npos);
  EXPECT_LT(denied->text.size(), 600U);
}

TEST(DenialTest, OtherAnswersAreNone) {
  EXPECT_FALSE(denial(answer(0, ""), kPull, "reader", "s"));
  EXPECT_FALSE(denial(answer(1, "java.lang.NullPointerException"), kPull, "reader", "s"));
  EXPECT_FALSE(denial(answer(17, "topic not exist"), kPull, "reader", "s"));
}

}  // namespace

}  // namespace rocketlink::net
