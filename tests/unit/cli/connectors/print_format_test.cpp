#include "connectors/print_format.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "../../core/row/row_fakes.h"

namespace rocketlink::connectors {
namespace {

using row::testing::metadata;
using row::testing::physical;
using row::testing::ValueReader;

// The texts are those that Java gives since 19.

TEST(PrintFormat, DoubleIsJavas) {
  const std::vector<std::pair<double, std::string>> values = {
      {0.0, "0.0"},
      {-0.0, "-0.0"},
      {1, "1.0"},
      {100, "100.0"},
      {-12.5, "-12.5"},
      {0.1, "0.1"},
      {0.1 + 0.2, "0.30000000000000004"},
      {0.001, "0.001"},
      {0.00999, "0.00999"},
      {0.000999, "9.99E-4"},
      {1e-5, "1.0E-5"},
      {9999999, "9999999.0"},
      {1e7, "1.0E7"},
      {12345678.9, "1.23456789E7"},
      {1e10, "1.0E10"},
      {1e23, "1.0E23"},
      {2e23, "2.0E23"},
      {9007199254740993.0, "9.007199254740992E15"},
      {5.684341886080802e-14, "5.684341886080802E-14"},
      {std::numeric_limits<double>::max(), "1.7976931348623157E308"},
      {std::numeric_limits<double>::min(), "2.2250738585072014E-308"},
      {std::numeric_limits<double>::denorm_min(), "4.9E-324"},
      {2e-323, "2.0E-323"},
      {std::numeric_limits<double>::infinity(), "Infinity"},
      {-std::numeric_limits<double>::infinity(), "-Infinity"},
      {std::numeric_limits<double>::quiet_NaN(), "NaN"},
  };
  for (const auto& [value, text] : values) {
    std::string out = "<";
    append_java_double(value, out);
    EXPECT_EQ(out, "<" + text);
  }
}

TEST(PrintFormat, FloatIsJavas) {
  const std::vector<std::pair<float, std::string>> values = {
      {0.0F, "0.0"},
      {-0.1F, "-0.1"},
      {3.4028235e38F, "3.4028235E38"},
      {std::numeric_limits<float>::denorm_min(), "1.4E-45"},
      {16777216.0F, "1.6777216E7"},
      {0.001F, "0.001"},
      {1e10F, "1.0E10"},
      {33554432.0F, "3.3554432E7"},
      {-std::numeric_limits<float>::infinity(), "-Infinity"},
  };
  for (const auto& [value, text] : values) {
    std::string out;
    append_java_float(value, out);
    EXPECT_EQ(out, text);
  }
}

TEST(PrintFormat, DecimalIsBigDecimals) {
  const Int128 large = static_cast<Int128>(1'000'000'000'000'000'000) * 1'000'000'000'000'000'000;
  const std::vector<std::tuple<Int128, std::int32_t, std::string>> values = {
      {12345, 2, "123.45"},
      {-5, 2, "-0.05"},
      {0, 0, "0"},
      {0, 6, "0.000000"},
      {0, 7, "0E-7"},
      {1, 6, "0.000001"},
      {1, 7, "1E-7"},
      {10, 7, "0.0000010"},
      {-123, 10, "-1.23E-8"},
      {120, 12, "1.20E-10"},
      {large, 0, "1000000000000000000000000000000000000"},
      {-large, 38, "-0.01000000000000000000000000000000000000"},
  };
  for (const auto& [unscaled, scale, text] : values) {
    std::string out;
    append_big_decimal(unscaled, scale, out);
    EXPECT_EQ(out, text);
  }
}

TEST(PrintFormat, BytesAreSigned) {
  std::string out;
  append_byte_array(std::string_view("\x01\xFE\x03\x80\x7F\x00", 6), out);
  append_byte_array("", out);
  EXPECT_EQ(out, "[1, -2, 3, -128, 127, 0][]");
}

TEST(PrintFormat, DatesHaveASignBeyondFourDigits) {
  const std::vector<std::pair<std::int64_t, std::string>> values = {
      {0, "1970-01-01"},         {-1, "1969-12-31"},      {18321, "2020-02-29"},    {2932896, "9999-12-31"},
      {2932897, "+10000-01-01"}, {-719528, "0000-01-01"}, {-719529, "-0001-12-31"},
  };
  for (const auto& [days, text] : values) {
    std::string out = "2020-01-01 ";
    append_local_date(days, out);
    EXPECT_EQ(out, "2020-01-01 " + text);
  }
}

TEST(PrintFormat, TimesLeaveOutWhatIsZero) {
  const std::vector<std::pair<std::int64_t, std::string>> values = {
      {0, "00:00"},
      {12 * 3'600'000'000'000 + 60'000'000'000, "12:01"},
      {1'000'000'000, "00:00:01"},
      {500'000'000, "00:00:00.500"},
      {60'000'500'000, "00:01:00.000500"},
      {86'399'999'999'999, "23:59:59.999999999"},
  };
  for (const auto& [nanos, text] : values) {
    std::string out;
    append_local_time(nanos, out);
    EXPECT_EQ(out, text);
    out.clear();
    append_local_date_time({nanos / 1'000'000'000, static_cast<std::int32_t>(nanos % 1'000'000'000)}, out);
    EXPECT_EQ(out, "1970-01-01T" + text);
  }
}

TEST(PrintFormat, InstantsKeepTheirSeconds) {
  const std::vector<std::pair<Timestamp, std::string>> values = {
      {{0, 0}, "1970-01-01T00:00:00Z"},
      {{1577836800, 0}, "2020-01-01T00:00:00Z"},
      {{-1, 120'000'000}, "1969-12-31T23:59:59.120Z"},
      {{1, 1}, "1970-01-01T00:00:01.000000001Z"},
      {{253402300800, 1'000}, "+10000-01-01T00:00:00.000001Z"},
  };
  for (const auto& [instant, text] : values) {
    std::string out;
    append_instant(instant, out);
    EXPECT_EQ(out, text);
  }
}

TEST(PrintFormat, RowsAreThoseOfFlink) {
  Schema schema;
  schema.columns = {
      physical("a", TypeKind::kBoolean),      physical("b", TypeKind::kTinyInt),
      physical("c", TypeKind::kSmallInt),     physical("d", TypeKind::kInteger),
      physical("e", TypeKind::kBigInt),       physical("f", TypeKind::kFloat),
      physical("g", TypeKind::kDouble),       physical("h", TypeKind::kDecimal, 10, 2),
      physical("i", TypeKind::kChar, 2),      physical("j", TypeKind::kVarchar),
      physical("k", TypeKind::kBinary, 1),    physical("l", TypeKind::kVarbinary),
      physical("m", TypeKind::kDate),         physical("n", TypeKind::kTime, 3),
      physical("o", TypeKind::kTimestamp, 3), physical("p", TypeKind::kTimestampLtz, 3),
      physical("q", TypeKind::kVarchar),
  };
  ValueReader reader({true, std::int8_t{-1}, std::int16_t{2}, std::int32_t{3}, std::int64_t{-4}, 1.5F, 1e10,
                      Int128{250}, "ab", "x, y", "\x01", "\xFF", std::int32_t{1}, std::int64_t{1'000'000'000},
                      Timestamp{0, 0}, Timestamp{0, 0}, std::monostate{}});
  std::string out = "id> ";
  append_row(reader, schema, out);
  EXPECT_EQ(out,
            "id> +I[true, -1, 2, 3, -4, 1.5, 1.0E10, 2.50, ab, x, y, [1], [-1], 1970-01-02, 00:00:01, "
            "1970-01-01T00:00, 1970-01-01T00:00:00Z, null]");
}

TEST(PrintFormat, VirtualColumnsAreNotWritten) {
  Schema schema;
  schema.columns = {metadata("m", "topic", TypeKind::kVarchar), physical("a", TypeKind::kInteger),
                    metadata("k", "keys", TypeKind::kVarchar)};
  schema.columns[0].is_virtual = true;
  ValueReader reader({"t", std::int32_t{1}, "k"});
  std::string out;
  append_row(reader, schema, out);
  EXPECT_EQ(out, "+I[1, k]");
}

}  // namespace
}  // namespace rocketlink::connectors
