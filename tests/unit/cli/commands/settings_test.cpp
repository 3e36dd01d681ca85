#include "commands/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rocketlink::commands {

namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

TEST(Settings, ReadsTimesAsFlinkWritesThem) {
  EXPECT_EQ(parse_duration("250"), milliseconds(250));
  EXPECT_EQ(parse_duration("250 ms"), milliseconds(250));
  EXPECT_EQ(parse_duration(" 10s "), milliseconds(10'000));
  EXPECT_EQ(parse_duration("3 MIN"), milliseconds(180'000));
  EXPECT_EQ(parse_duration("2 hours"), milliseconds(7'200'000));
  EXPECT_EQ(parse_duration("1 d"), milliseconds(86'400'000));
  for (const char* wrong : {"", "s", "-1 s", "1 parsec", "1.5 s", "99999999999999999999 s", "9999999999999 d"}) {
    EXPECT_EQ(parse_duration(wrong), std::nullopt) << wrong;
  }
}

TEST(Settings, AreSetAndReset) {
  Settings settings;
  EXPECT_TRUE(*set(settings, "execution.checkpointing.interval", "3 s"));
  EXPECT_TRUE(*set(settings, "table.local-time-zone", "Asia/Shanghai"));
  EXPECT_TRUE(*set(settings, "table.exec.sink.not-null-enforcer", "drop"));
  EXPECT_TRUE(*set(settings, "parallelism.default", "4"));
  EXPECT_TRUE(*set(settings, "execution.runtime-mode", "STREAMING"));
  EXPECT_TRUE(*set(settings, "pipeline.name", "my job"));
  EXPECT_EQ(settings.commit_interval, milliseconds(3000));
  EXPECT_EQ(settings.local_time_zone, "Asia/Shanghai");
  EXPECT_TRUE(settings.drop_nulls);
  EXPECT_EQ(settings.parallelism, 4);

  reset(settings, "parallelism.default");
  EXPECT_EQ(settings.parallelism, 1);
  EXPECT_TRUE(settings.drop_nulls);
  reset(settings, "");
  EXPECT_EQ(settings.commit_interval, milliseconds(1000));
  EXPECT_EQ(settings.local_time_zone, "UTC");
  EXPECT_FALSE(settings.drop_nulls);
}

TEST(Settings, RefuseWhatCannotBeUsed) {
  Settings settings;
  EXPECT_FALSE(*set(settings, "no.such", "1"));
  const auto refused = [&](std::string_view name, std::string_view value) {
    const auto outcome = set(settings, name, value);
    EXPECT_FALSE(outcome) << name;
    return outcome ? "" : outcome.error().text;
  };
  EXPECT_EQ(refused("execution.checkpointing.interval", "0"),
            "setting 'execution.checkpointing.interval' = '0' must be a time from 1 ms on, such as '1 s' or '500 ms'");
  EXPECT_THAT(refused("table.local-time-zone", "Mars/Base"), HasSubstr("a zone such as 'UTC'"));
  EXPECT_THAT(refused("table.exec.sink.not-null-enforcer", "maybe"), HasSubstr("'ERROR' or 'DROP'"));
  EXPECT_THAT(refused("parallelism.default", "0"), HasSubstr("from 1 to 1024"));
  EXPECT_THAT(refused("execution.runtime-mode", "batch"), HasSubstr("--bounded"));
}

}  // namespace

}  // namespace rocketlink::commands
