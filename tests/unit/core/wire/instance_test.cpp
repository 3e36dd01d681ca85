#include "wire/instance.h"

#include <gtest/gtest.h>

namespace rocketlink::wire {

namespace {

const std::string kInstance = "MQ_INST_1_abc";

TEST(InstanceTest, NamesBearTheInstanceOnTheWire) {
  EXPECT_EQ(in_instance(kInstance, "orders"), "MQ_INST_1_abc%orders");
  EXPECT_EQ(in_instance("", "orders"), "orders");
  EXPECT_EQ(in_instance(kInstance, ""), "");
}

TEST(InstanceTest, NamesThatBearItAlreadyStayAsTheyAre) {
  EXPECT_EQ(in_instance(kInstance, "MQ_INST_1_abc%orders"), "MQ_INST_1_abc%orders");
  EXPECT_EQ(in_instance(kInstance, "MQ_INST_1_abcd%orders"), "MQ_INST_1_abc%MQ_INST_1_abcd%orders");
  EXPECT_EQ(in_instance(kInstance, "MQ_INST_1_abc"), "MQ_INST_1_abc%MQ_INST_1_abc");
}

TEST(InstanceTest, DerivedTopicsBearItBeforeTheGroup) {
  EXPECT_EQ(in_instance(kInstance, "%RETRY%readers"), "%RETRY%MQ_INST_1_abc%readers");
  EXPECT_EQ(in_instance(kInstance, "%DLQ%readers"), "%DLQ%MQ_INST_1_abc%readers");
  EXPECT_EQ(in_instance(kInstance, "%RETRY%MQ_INST_1_abc%readers"), "%RETRY%MQ_INST_1_abc%readers");
}

TEST(InstanceTest, TheSystemsNamesBelongToNoInstance) {
  for (const char* const name : {"TBW102", "SCHEDULE_TOPIC_XXXX", "RMQ_SYS_TRACE_TOPIC", "rmq_sys_wheel_timer",
                                 "CID_RMQ_SYS_TRANS", "OFFSET_MOVED_EVENT", "BenchmarkTest"}) {
    EXPECT_EQ(in_instance(kInstance, name), name);
  }
}

TEST(InstanceTest, WhatServersSayIsFreedOfIt) {
  EXPECT_EQ(without_instance(kInstance, "topic[MQ_INST_1_abc%orders] of group MQ_INST_1_abc%readers"),
            "topic[orders] of group readers");
  EXPECT_EQ(without_instance("", "a%b"), "a%b");
}

}  // namespace

}  // namespace rocketlink::wire
