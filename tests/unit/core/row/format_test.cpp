#include "rocketlink/row/format.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>

#include "rocketlink/row/parse.h"

namespace rocketlink::row {
namespace {

template <class Append, class... Args>
std::string text(Append append, Args... args) {
  std::string out = "<";
  append(args..., out);
  return out;
}

TEST(Format, Doubles) {
  EXPECT_EQ(text(append_double, 0.0), "<0");
  EXPECT_EQ(text(append_double, -0.0), "<-0");
  EXPECT_EQ(text(append_double, 100000.0), "<100000");
  EXPECT_EQ(text(append_double, 1.5), "<1.5");
  EXPECT_EQ(text(append_double, 0.1), "<0.1");
  EXPECT_EQ(text(append_double, 1e-5), "<0.00001");
  EXPECT_EQ(text(append_double, 9.9e-6), "<9.9e-06");
  EXPECT_EQ(text(append_double, 1e16), "<10000000000000000");
  EXPECT_EQ(text(append_double, 1e17), "<1e+17");
  EXPECT_EQ(text(append_double, std::numeric_limits<double>::max()), "<1.7976931348623157e+308");
  EXPECT_EQ(text(append_double, std::numeric_limits<double>::denorm_min()), "<5e-324");
  EXPECT_EQ(text(append_double, std::nan("")), "<NaN");
  EXPECT_EQ(text(append_double, -std::numeric_limits<double>::infinity()), "<-Infinity");
  EXPECT_EQ(text(append_float, 0.1F), "<0.1");
  EXPECT_EQ(text(append_float, 16777216.0F), "<16777216");
}

TEST(Format, FloatingPointReadsBack) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 200'000; ++i) {
    const auto bits = random();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    float narrow = 0;
    std::memcpy(&narrow, &bits, sizeof narrow);
    if (std::isnan(value) || std::isnan(narrow)) continue;
    std::string out;
    append_double(value, out);
    double back = 1;
    ASSERT_TRUE(parse_double(out, back)) << out;
    ASSERT_EQ(back, value) << out;
    out.clear();
    append_float(narrow, out);
    float narrow_back = 1;
    ASSERT_TRUE(parse_float(out, narrow_back)) << out;
    ASSERT_EQ(narrow_back, narrow) << out;
  }
}

TEST(Format, Decimals) {
  EXPECT_EQ(text(append_decimal, Int128{0}, 0), "<0");
  EXPECT_EQ(text(append_decimal, Int128{0}, 2), "<0.00");
  EXPECT_EQ(text(append_decimal, Int128{-5}, 2), "<-0.05");
  EXPECT_EQ(text(append_decimal, Int128{1234}, 2), "<12.34");
  EXPECT_EQ(text(append_decimal, Int128{12}, 0), "<12");
  Int128 most = 1;
  for (int i = 0; i < 38; ++i) most *= 10;
  most -= 1;
  EXPECT_EQ(text(append_decimal, most, 0), "<" + std::string(38, '9'));
  EXPECT_EQ(text(append_decimal, -most, 38), "<-0." + std::string(38, '9'));
}

TEST(Format, Dates) {
  EXPECT_EQ(text(append_date, 0), "<1970-01-01");
  EXPECT_EQ(text(append_date, -1), "<1969-12-31");
  EXPECT_EQ(text(append_date, -719528), "<0000-01-01");
  EXPECT_EQ(text(append_date, 2932896), "<9999-12-31");
  EXPECT_EQ(text(append_date, 11016), "<2000-02-29");
  for (std::int32_t day = -719528; day <= 2932896; day += 7) {
    std::string out;
    append_date(day, out);
    std::int32_t back = 0;
    ASSERT_TRUE(parse_date(out, back)) << out;
    ASSERT_EQ(back, day) << out;
  }
}

TEST(Format, Times) {
  EXPECT_EQ(text(append_time, std::int64_t{0}, 0), "<00:00:00");
  EXPECT_EQ(text(append_time, std::int64_t{86'399'999'999'999}, 0), "<23:59:59");
  EXPECT_EQ(text(append_time, std::int64_t{86'399'999'999'999}, 3), "<23:59:59.999");
  EXPECT_EQ(text(append_time, std::int64_t{1}, 9), "<00:00:00.000000001");
  EXPECT_EQ(text(append_timestamp, Timestamp{-1, 1}, 9), "<1969-12-31 23:59:59.000000001");
  EXPECT_EQ(text(append_timestamp, Timestamp{86400, 0}, 0), "<1970-01-02 00:00:00");
  EXPECT_EQ(text(append_timestamp, Timestamp{-86400, 0}, 0), "<1969-12-31 00:00:00");
}

TEST(Format, InstantsAtTheEndsOfTimeReadBack) {
  for (const std::string_view name : {"UTC", "Asia/Shanghai", "America/New_York", "+18:00", "-18:00"}) {
    TimeZone zone = *TimeZone::find(name);
    for (const std::int64_t seconds : {253402300799, 253402300799 - 7 * 3600, -62167219200, -62167219200 + 7 * 3600}) {
      const Timestamp written{seconds, 999'000'000};
      std::string out;
      append_timestamp_ltz(written, 3, zone, out);
      Timestamp back;
      ASSERT_TRUE(parse_timestamp_ltz(out, zone, 3, back)) << out << " in " << name;
      EXPECT_EQ(back, written) << out << " in " << name;
    }
  }
  TimeZone shanghai = *TimeZone::find("Asia/Shanghai");
  std::string out;
  append_timestamp_ltz({253402300799, 0}, 0, shanghai, out);
  EXPECT_EQ(out, "9999-12-31 23:59:59Z");
}

}  // namespace
}  // namespace rocketlink::row
