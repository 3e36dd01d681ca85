#include "rocketlink/row/time_zone.h"

#include <gtest/gtest.h>

namespace rocketlink::row {
namespace {

TimeZone zone(std::string_view name) {
  auto found = TimeZone::find(name);
  EXPECT_TRUE(found) << name;
  return found ? *found : TimeZone();
}

// Expected values are java.time's: LocalDateTime.atZone and Instant.atZone.

TEST(TimeZone, FixedOffsets) {
  EXPECT_EQ(zone("Z").to_local(0), 0);
  EXPECT_EQ(zone("UTC").to_local(0), 0);
  EXPECT_EQ(zone("+08:00").to_local(0), 28800);
  EXPECT_EQ(zone("GMT+8").to_local(0), 28800);
  EXPECT_EQ(zone("UTC-03:30").to_local(0), -12600);
  EXPECT_EQ(zone("-1800").to_utc(0), 64800);
}

TEST(TimeZone, UnknownNames) {
  for (const std::string_view name : {"", "Mars/Olympus", "+19:00", "+08:60", "GMT+", "UTC+8:0", "../etc/passwd"}) {
    EXPECT_FALSE(TimeZone::find(name)) << name;
  }
}

TEST(TimeZone, WallClockInAGapMovesForward) {
  TimeZone berlin = zone("Europe/Berlin");
  // 2024-03-31: 02:00 becomes 03:00 at 01:00 UTC, 1711846800.
  EXPECT_EQ(berlin.to_utc(1711846800 + 3600 - 1), 1711846800 - 1);        // 01:59:59
  EXPECT_EQ(berlin.to_utc(1711846800 + 3600), 1711846800);                // 02:00, there is none
  EXPECT_EQ(berlin.to_utc(1711846800 + 3600 + 1800), 1711846800 + 1800);  // 02:30 is 03:30
  EXPECT_EQ(berlin.to_utc(1711846800 + 7200), 1711846800);                // 03:00
  EXPECT_EQ(berlin.to_local(1711846800 - 1), 1711846800 + 3600 - 1);
  EXPECT_EQ(berlin.to_local(1711846800), 1711846800 + 7200);
}

TEST(TimeZone, OfTwoInstantsTheEarlier) {
  TimeZone berlin = zone("Europe/Berlin");
  // 2024-10-27: 03:00 becomes 02:00 at 01:00 UTC, 1729990800.
  EXPECT_EQ(berlin.to_utc(1729990800 + 3600), 1729990800 - 3600);   // 02:00, the first one
  EXPECT_EQ(berlin.to_utc(1729990800 + 7200 - 1), 1729990800 - 1);  // 02:59:59, the first one
  EXPECT_EQ(berlin.to_utc(1729990800 + 7200), 1729990800 + 3600);   // 03:00
  EXPECT_EQ(berlin.to_local(1729990800), 1729990800 + 3600);
}

TEST(TimeZone, ADayThatWasLeftOut) {
  TimeZone apia = zone("Pacific/Apia");                      // no 2011-12-30
  EXPECT_EQ(apia.to_local(1325239199), 1325239199 - 36000);  // 2011-12-29 23:59:59
  EXPECT_EQ(apia.to_local(1325239200), 1325239200 + 50400);  // 2011-12-31 00:00:00
  EXPECT_EQ(apia.to_utc(1325246400), 1325246400 + 36000);    // 2011-12-30 12:00 is a day later
}

TEST(TimeZone, RulesGoOnBehindTheListedYears) {
  TimeZone berlin = zone("Europe/Berlin");
  EXPECT_EQ(berlin.to_local(4086849600) - 4086849600, 7200);  // 2099-07-04
  EXPECT_EQ(berlin.to_local(4102444800) - 4102444800, 3600);  // 2100-01-01
  TimeZone sydney = zone("Australia/Sydney");
  EXPECT_EQ(sydney.to_local(4102444800) - 4102444800, 39600);
  EXPECT_EQ(sydney.to_local(4086849600) - 4086849600, 36000);
}

TEST(TimeZone, ManyInstantsAndBack) {
  for (const std::string_view name :
       {"Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Africa/Casablanca"}) {
    TimeZone there = zone(name);
    TimeZone back = zone(name);
    for (std::int64_t at = -2'000'000'000; at < 4'000'000'000; at += 1'234'567) {
      const std::int64_t again = back.to_utc(there.to_local(at));
      // Within an hour that comes twice, the earlier one; its wall clock is the same.
      ASSERT_TRUE(again == at || (again < at && back.to_local(again) == there.to_local(at))) << name << " " << at;
    }
  }
}

}  // namespace
}  // namespace rocketlink::row
