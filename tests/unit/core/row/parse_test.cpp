#include "rocketlink/row/parse.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>

namespace rocketlink::row {
namespace {

constexpr std::int64_t kBillion = 1'000'000'000;

template <class T, class Parse>
std::optional<T> value(Parse parse, std::string_view text) {
  T out{};
  if (!parse(text, out)) return std::nullopt;
  return out;
}

template <class T>
std::optional<T> integer(std::string_view text) {
  return value<T>(parse_integer<T>, text);
}

template <class T>
void integer_bounds() {
  constexpr T kLow = std::numeric_limits<T>::min();
  constexpr T kHigh = std::numeric_limits<T>::max();
  EXPECT_EQ(integer<T>(std::to_string(kLow)), kLow);
  EXPECT_EQ(integer<T>(std::to_string(kHigh)), kHigh);
  EXPECT_EQ(integer<T>("+" + std::to_string(kHigh)), kHigh);
  EXPECT_EQ(integer<T>("000" + std::to_string(kHigh)), kHigh);
  std::string above = std::to_string(kHigh);
  ++above.back();  // no bound ends with 9
  EXPECT_EQ(integer<T>(above), std::nullopt);
  std::string below = std::to_string(kLow);
  ++below.back();
  EXPECT_EQ(integer<T>(below), std::nullopt);
}

TEST(Parse, IntegersOverflowAtTheirBounds) {
  integer_bounds<std::int8_t>();
  integer_bounds<std::int16_t>();
  integer_bounds<std::int32_t>();
  integer_bounds<std::int64_t>();
}

TEST(Parse, IntegersAreASignAndDigits) {
  EXPECT_EQ(integer<std::int32_t>(" \t7\r "), 7);
  EXPECT_EQ(integer<std::int32_t>("-0"), 0);
  for (const std::string_view text : {"", " ", "+", "-", "+-1", "-+1", "--1", "1.0", "1e3", "0x1", "1 2", "1_0", "١"}) {
    EXPECT_EQ(integer<std::int32_t>(text), std::nullopt) << text;
  }
}

TEST(Parse, Booleans) {
  for (const std::string_view text : {"true", "TRUE", "tRuE", "1", " 1 "}) {
    EXPECT_EQ(value<bool>(parse_boolean, text), true) << text;
  }
  for (const std::string_view text : {"false", "FALSE", "0", "\tfalse"}) {
    EXPECT_EQ(value<bool>(parse_boolean, text), false) << text;
  }
  for (const std::string_view text : {"", "t", "yes", "on", "2", "-1", "01", "1.0", "tru e"}) {
    EXPECT_EQ(value<bool>(parse_boolean, text), std::nullopt) << text;
  }
}

TEST(Parse, Doubles) {
  const auto number = [](std::string_view text) { return value<double>(parse_double, text); };
  EXPECT_EQ(number(" +1.5e2 "), 150.0);
  EXPECT_EQ(number(".5"), 0.5);
  EXPECT_EQ(number("5."), 5.0);
  EXPECT_EQ(number("1E-3"), 0.001);
  EXPECT_EQ(number("1.7976931348623157e308"), std::numeric_limits<double>::max());
  EXPECT_EQ(number("1.8e308"), std::nullopt);
  EXPECT_EQ(number("-1e99999999999"), std::nullopt);
  EXPECT_EQ(number("4.9e-324"), std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(number("1e-400"), 0.0);
  EXPECT_TRUE(std::signbit(*number("-1e-400")));
  EXPECT_EQ(number("0e99999"), 0.0);
  EXPECT_EQ(number("-Infinity"), -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(*number("NaN")));
  for (const std::string_view text : {"", ".", "-", "e5", "1e", "1e+", "inf", "nan", "infinity", "0x1p3", "1f", "1d",
                                      "1,5", "1 5", "--1", "+-1", "1.2.3"}) {
    EXPECT_EQ(number(text), std::nullopt) << text;
  }
}

TEST(Parse, Floats) {
  const auto number = [](std::string_view text) { return value<float>(parse_float, text); };
  EXPECT_EQ(number("3.4028235e38"), std::numeric_limits<float>::max());
  EXPECT_EQ(number("3.5e38"), std::nullopt);
  EXPECT_EQ(number("1.4e-45"), std::numeric_limits<float>::denorm_min());
  EXPECT_EQ(number("1e-50"), 0.0F);
}

std::optional<Int128> decimal(std::string_view text, std::int32_t precision, std::int32_t scale) {
  Int128 out = 0;
  if (!parse_decimal(text, precision, scale, out)) return std::nullopt;
  return out;
}

TEST(Parse, DecimalsAreRoundedHalfUp) {
  EXPECT_EQ(decimal("1.005", 10, 2), Int128{101});
  EXPECT_EQ(decimal("-1.005", 10, 2), Int128{-101});
  EXPECT_EQ(decimal("1.0049999", 10, 2), Int128{100});
  EXPECT_EQ(decimal("0.5", 1, 0), Int128{1});
  EXPECT_EQ(decimal("0.05", 1, 0), Int128{0});
  EXPECT_EQ(decimal("5e-1", 1, 0), Int128{1});
  EXPECT_EQ(decimal("5e-2", 1, 0), Int128{0});
  EXPECT_EQ(decimal(" +12.3 ", 4, 2), Int128{1230});
  EXPECT_EQ(decimal("1.2E3", 4, 0), Int128{1200});
  EXPECT_EQ(decimal("0e999999999999", 1, 1), Int128{0});
  EXPECT_EQ(decimal("1e-999999999999", 1, 1), Int128{0});
}

TEST(Parse, DecimalsOfTooManyDigitsAreNone) {
  EXPECT_EQ(decimal("99.99", 4, 2), Int128{9999});
  EXPECT_EQ(decimal("99.995", 4, 2), std::nullopt);  // rounds to 100.00
  EXPECT_EQ(decimal("100", 4, 2), std::nullopt);
  EXPECT_EQ(decimal("0001", 1, 0), Int128{1});
  EXPECT_EQ(decimal("1e999999999999", 38, 0), std::nullopt);
  Int128 most = 1;
  for (int i = 0; i < 38; ++i) most *= 10;
  most -= 1;
  EXPECT_EQ(decimal(std::string(38, '9'), 38, 0), most);
  EXPECT_EQ(decimal("-0." + std::string(38, '9'), 38, 38), -most);
  EXPECT_EQ(decimal(std::string(39, '9'), 38, 0), std::nullopt);
  EXPECT_EQ(decimal(std::string(38, '9') + ".5", 38, 0), std::nullopt);
  EXPECT_EQ(decimal(std::string(50, '0') + "7", 1, 0), Int128{7});
  for (const std::string_view text : {"", ".", "-", "1e", "1.2.3", "1,2", "NaN", "Infinity", "0x1", "--1"}) {
    EXPECT_EQ(decimal(text, 10, 2), std::nullopt) << text;
  }
}

std::optional<std::int32_t> date(std::string_view text) {
  std::int32_t out = 0;
  if (!parse_date(text, out)) return std::nullopt;
  return out;
}

TEST(Parse, Dates) {
  EXPECT_EQ(date("1970-01-01"), 0);
  EXPECT_EQ(date(" 0000-02-29 "), -719469);
  EXPECT_EQ(date("9999-12-31"), 2932896);
  EXPECT_EQ(date("2000-02-29"), 11016);
  EXPECT_EQ(date("20000229"), 11016);
  EXPECT_EQ(date(" 19700102\r"), 1);
  EXPECT_EQ(date("00000229"), -719469);
  for (const std::string_view text : {"",
                                      "1900-02-29",
                                      "2024-13-01",
                                      "2024-00-01",
                                      "2024-04-31",
                                      "2024-1-1",
                                      "24-01-01",
                                      "2024/01/01",
                                      "2024-01-01 00:00",
                                      "-1",
                                      "0",
                                      "5",
                                      "240101",
                                      "2024010",
                                      "20241301",
                                      "20230229",
                                      "+20240101",
                                      "202401011",
                                      "1704067200",
                                      "1704067200000",
                                      "253402300800000",
                                      "9999999999999999999"}) {
    EXPECT_EQ(date(text), std::nullopt) << text;
  }
}

std::optional<std::int64_t> time_of_day(std::string_view text, std::int32_t precision) {
  std::int64_t out = 0;
  if (!parse_time(text, precision, out)) return std::nullopt;
  return out;
}

TEST(Parse, Times) {
  EXPECT_EQ(time_of_day("00:00", 0), 0);
  EXPECT_EQ(time_of_day("23:59:59.999999999", 9), 86400 * kBillion - 1);
  EXPECT_EQ(time_of_day("23:59:59.999999999", 3), 86400 * kBillion - 1'000'000);
  EXPECT_EQ(time_of_day("23:59:59.999999999", 0), 86399 * kBillion);
  EXPECT_EQ(time_of_day("01:02:03.4", 9), 3723 * kBillion + 400'000'000);
  EXPECT_EQ(time_of_day("010203", 9), 3723 * kBillion);
  EXPECT_EQ(time_of_day(" 235959 ", 0), 86399 * kBillion);
  for (const std::string_view text : {"",           "24:00",        "12:60",     "12:00:60", "1:00",
                                      "12:0",       "12:00:",       "12:00:00.", "12:00:0",  "12:00:00.1234567890",
                                      "12:00:00,1", "12-00",        "0",         "5",        "1200",
                                      "240000",     "126000",       "120060",    "12000",    "1200000",
                                      "120000000",  "1704067200000"}) {
    EXPECT_EQ(time_of_day(text, 3), std::nullopt) << text;
  }
}

std::optional<Timestamp> wall_clock(std::string_view text, std::int32_t precision, TimeZone zone = {}) {
  Timestamp out;
  if (!parse_timestamp(text, zone, precision, out)) return std::nullopt;
  return out;
}

TEST(Parse, Timestamps) {
  EXPECT_EQ(wall_clock("1970-01-02 00:00:00", 3), (Timestamp{86400, 0}));
  EXPECT_EQ(wall_clock("1970-01-01T00:01", 3), (Timestamp{60, 0}));
  EXPECT_EQ(wall_clock("1969-12-31 23:59:59.999999", 3), (Timestamp{-1, 999'000'000}));
  EXPECT_EQ(wall_clock("9999-12-31 23:59:59.999999999", 9), (Timestamp{253402300799, 999'999'999}));
  EXPECT_EQ(wall_clock("19700102", 3), (Timestamp{86400, 0}));
  EXPECT_EQ(wall_clock("19700102000001", 3, *TimeZone::find("Asia/Shanghai")), (Timestamp{86401, 0}));
  EXPECT_EQ(wall_clock("19700102000001234", 2), (Timestamp{86401, 230'000'000}));
  EXPECT_EQ(wall_clock("2024-01-01 00:00:00", 3, *TimeZone::find("Asia/Shanghai")), (Timestamp{1704067200, 0}));
  for (const std::string_view text : {"", "2024-01-01", "2024-01-01 ", "2024-01-01  00:00", "2024-01-01t00:00",
                                      "2024-01-01 00:00:00Z", "2024-01-01 00:00:00+08:00", "-5", "0", "5", "1234",
                                      "2024010", "20241301", "20240101240000", "20240101120000001Z"}) {
    EXPECT_EQ(wall_clock(text, 3), std::nullopt) << text;
  }
}

TEST(Parse, TheNumberOfDigitsTellsTheUnitOfAnEpoch) {
  const Timestamp second{1'704'067'201, 0};
  const Timestamp millisecond{1'704'067'201, 2'000'000};
  const Timestamp microsecond{1'704'067'201, 2'003'000};
  EXPECT_EQ(wall_clock("1704067201", 9), second);
  EXPECT_EQ(wall_clock("1704067201002", 9), millisecond);
  EXPECT_EQ(wall_clock("1704067201002003", 9), microsecond);
  EXPECT_EQ(wall_clock("1704067201002003", 3), millisecond);
  EXPECT_EQ(wall_clock("170406720", 9), (Timestamp{170'406'720, 0}));
  EXPECT_EQ(wall_clock("170406720100", 9), (Timestamp{170'406'720, 100'000'000}));
  EXPECT_EQ(wall_clock("170406720100200", 9), (Timestamp{170'406'720, 100'200'000}));
  EXPECT_EQ(wall_clock("1704067201", 9, *TimeZone::find("Asia/Shanghai")), (Timestamp{1'704'096'001, 0}));
  EXPECT_EQ(wall_clock("9999999999999999", 6), (Timestamp{9'999'999'999, 999'999'000}));
  for (const std::size_t digits : {1, 2, 3, 4, 5, 6, 7, 11, 18, 19, 20, 30}) {
    EXPECT_EQ(wall_clock(std::string(digits, '1'), 3), std::nullopt) << digits;
  }
}

std::optional<Timestamp> instant(std::string_view text, std::string_view zone_name = "UTC") {
  Timestamp out;
  TimeZone zone = *TimeZone::find(zone_name);
  if (!parse_timestamp_ltz(text, zone, 3, out)) return std::nullopt;
  return out;
}

TEST(Parse, InstantsInTheZoneUnlessTheySayTheirOwn) {
  EXPECT_EQ(instant("1970-01-01 08:00:00", "Asia/Shanghai"), (Timestamp{0, 0}));
  EXPECT_EQ(instant("1970-01-01 00:00:00Z", "Asia/Shanghai"), (Timestamp{0, 0}));
  EXPECT_EQ(instant("1970-01-01T01:00:00.5+01:00", "Asia/Shanghai"), (Timestamp{0, 500'000'000}));
  EXPECT_EQ(instant("1970-01-01 00:00-0130"), (Timestamp{5400, 0}));
  EXPECT_EQ(instant("1970-01-01 00:00+18"), (Timestamp{-64800, 0}));
  EXPECT_EQ(instant("1704067201234", "Asia/Shanghai"), (Timestamp{1'704'067'201, 234'000'000}));
  EXPECT_EQ(instant("19700101080000", "Asia/Shanghai"), (Timestamp{0, 0}));
  EXPECT_EQ(instant("2024-03-31 02:30:00", "Europe/Berlin"), (Timestamp{1711848600, 0}));  // in a gap
  EXPECT_EQ(instant("2024-10-27 02:30:00", "Europe/Berlin"), (Timestamp{1729989000, 0}));  // the first of two
  for (const std::string_view text :
       {"1970-01-01 00:00:00 Z", "1970-01-01 00:00:00z", "1970-01-01 00:00:00+19", "1970-01-01 00:00:00+1",
        "1970-01-01 00:00:00+01:60", "1970-01-01 00:00:00+18:01", "1234Z", "1704067201234Z", "19700101000000000Z",
        "19700101000000000-05", "5", "1970-01-01Z"}) {
    EXPECT_EQ(instant(text), std::nullopt) << text;
  }
}

TEST(Parse, InstantsStayWithinTheYearsThatCanBeWritten) {
  EXPECT_EQ(instant("9999-12-31 23:59:59Z"), (Timestamp{253402300799, 0}));
  EXPECT_EQ(instant("9999-12-31 23:59:59-00:01"), std::nullopt);
  EXPECT_EQ(instant("0000-01-01 00:00:00+00:01"), std::nullopt);
  EXPECT_EQ(instant("9999-12-31 23:00:00Z", "+02:00"), (Timestamp{253402297200, 0})) << "in UTC";
  EXPECT_EQ(instant("9999-12-31 23:00:00", "-02:00"), (Timestamp{253402304400, 0})) << "in the zone";
  EXPECT_EQ(instant("0000-01-01 00:00:00", "+02:00"), (Timestamp{-62167226400, 0})) << "in the zone";
}

TEST(Parse, EpochMillisBeforeTheEpoch) {
  EXPECT_EQ(timestamp_of_millis(-1, 3), (Timestamp{-1, 999'000'000}));
  EXPECT_EQ(timestamp_of_millis(-1000, 3), (Timestamp{-1, 0}));
  EXPECT_EQ(timestamp_of_millis(-1, 0), (Timestamp{-1, 0}));
  EXPECT_EQ(timestamp_of_millis(std::numeric_limits<std::int64_t>::min(), 3),
            (Timestamp{-9223372036854776, 192'000'000}));
}

}  // namespace
}  // namespace rocketlink::row
