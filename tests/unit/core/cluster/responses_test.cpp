#include "cluster/responses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rocketlink::cluster {

namespace {

using testing::HasSubstr;

wire::Header answer(std::int32_t code, std::string remark) {
  wire::Header header;
  header.code = code;
  header.remark = std::move(remark);
  return header;
}

TEST(ResponsesTest, AGroupThatDoesNotExistIsToldWithItsCure) {
  const Error error =
      refusal(answer(26, "subscription group [g] does not exist, \nSee https://example.org"), "pulling", "10.0.0.1:1");
  EXPECT_EQ(error.text,
            "pulling failed: 10.0.0.1:1 answered SUBSCRIPTION_GROUP_NOT_EXIST (26): subscription group [g] does not "
            "exist; create the group on every broker of the topic (mqadmin updateSubGroup), or let brokers create "
            "groups (autoCreateSubscriptionGroup=true)");
}

TEST(ResponsesTest, ABrokerThatTakesNoPullsIsToldWithItsCure) {
  const Error error = refusal(answer(24, "the consumer's group info not exist"), "pulling", "10.0.0.1:1");
  EXPECT_TRUE(error.retriable);
  EXPECT_THAT(error.text, HasSubstr("rejectPullConsumerEnable=true refuses all who pull, so set it to false"));
}

TEST(ResponsesTest, ABrokerInPlaceOfANameServerIsNamed) {
  const Error error = refusal(answer(3, " request type 105 not supported"), "asking for the route", "10.0.0.1:1");
  EXPECT_THAT(error.text, HasSubstr("a broker tells no routes"));
  EXPECT_THAT(error.text, HasSubstr("name servers as 'endpoint'"));
}

TEST(ResponsesTest, AQueueThatIsNotThereHasOneCodeOnAllVersions) {
  const Error old = refusal(answer(1, "request queueId[5] is illegal, TopicConfig [topicName=t] Producer: 127.0.0.1"),
                            "sending", "b");
  EXPECT_EQ(old.code, 29);
  EXPECT_TRUE(is_stale_route(old));
  EXPECT_THAT(old.text, HasSubstr("b answered SYSTEM_ERROR (1): request queueId[5] is illegal"));
  EXPECT_TRUE(is_stale_route(refusal(answer(29, "queueId[5] is illegal"), "sending", "b")));
  EXPECT_EQ(refusal(answer(1, "the topic name is illegal"), "sending", "b").code, 1);
}

TEST(ResponsesTest, WhatServersSayIsCutAndHarmless) {
  const Error error = refusal(answer(1, "\x1B[31mred" + std::string(5 << 20, 'x')), "pulling", "10.0.0.1:1");
  EXPECT_THAT(error.text, HasSubstr("(1):  [31mredxxx"));
  EXPECT_LT(error.text.size(), 500U);
}

}  // namespace

}  // namespace rocketlink::cluster
