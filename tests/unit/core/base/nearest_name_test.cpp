#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rocketlink/options.h"

namespace {

using namespace rocketlink;

std::string nearest(std::string_view name, const std::vector<std::string_view>& known) {
  return std::string(nearest_name(name, known).value_or("-"));
}

TEST(NearestName, OneSlipOfEachKind) {
  EXPECT_EQ(nearest("topc", {"tag", "topic"}), "topic");
  EXPECT_EQ(nearest("toppic", {"tag", "topic"}), "topic");
  EXPECT_EQ(nearest("topik", {"tag", "topic"}), "topic");
  EXPECT_EQ(nearest("tpoic", {"tag", "topic"}), "topic");
}

TEST(NearestName, CaseAndSeparatorsDoNotCount) {
  EXPECT_EQ(nearest("START_TIME-ms", {"startTimeMs"}), "startTimeMs");
  EXPECT_EQ(nearest("scan startup mode", {"scan.startup.mode"}), "scan.startup.mode");
}

TEST(NearestName, TheNearestOfSeveral) {
  EXPECT_EQ(nearest("lineDelimeter", {"fieldDelimiter", "lineDelimiter"}), "lineDelimiter");
  EXPECT_EQ(nearest("mq6", {"mq", "mq5"}), "mq5");
}

TEST(NearestName, LongerNamesMayHaveMoreSlips) {
  EXPECT_EQ(nearest("tog", {"tag"}), "tag");
  EXPECT_EQ(nearest("toq", {"tag"}), "-");
  EXPECT_EQ(nearest("tuqic", {"topic"}), "topic");
  EXPECT_EQ(nearest("tuqik", {"topic"}), "-");
  EXPECT_EQ(nearest("fildDelimtr", {"fieldDelimiter"}), "-");
  EXPECT_EQ(nearest("consumaGrooop", {"consumerGroup"}), "-");
  EXPECT_EQ(nearest("cunsumarGrup", {"consumerGroup"}), "consumerGroup");
}

TEST(NearestName, NothingForNothing) {
  EXPECT_EQ(nearest("", {"a"}), "-");
  EXPECT_EQ(nearest("._-", {"a"}), "-");
  EXPECT_EQ(nearest("abc", {}), "-");
  EXPECT_EQ(nearest(std::string(100'000, 'a'), {"aaa"}), "-");
}

}  // namespace
