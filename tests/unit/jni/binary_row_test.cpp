#include <gtest/gtest.h>

#include <array>
#include <cstring>

#include "row_reader.h"
#include "row_writer.h"

namespace rocketlink::jni {
namespace {

Column column(const std::string& name, TypeKind kind, std::int32_t precision = 0, std::int32_t scale = 0) {
  Column made;
  made.name = name;
  made.type = {kind, precision, scale, true};
  return made;
}

/// One row of the writer's output, its length in front of it taken off.
std::string_view row_of(const std::string& out) {
  std::uint64_t length = 0;
  std::memcpy(&length, out.data(), sizeof(length));
  EXPECT_EQ(length, out.size() - sizeof(length));
  return std::string_view(out).substr(sizeof(length));
}

const Schema kAllTypes{
    {column("a", TypeKind::kBoolean), column("b", TypeKind::kTinyInt), column("c", TypeKind::kSmallInt),
     column("d", TypeKind::kInteger), column("e", TypeKind::kBigInt), column("f", TypeKind::kFloat),
     column("g", TypeKind::kDouble), column("h", TypeKind::kDecimal, 18, 2), column("i", TypeKind::kDecimal, 38, 4),
     column("j", TypeKind::kVarchar, 100), column("k", TypeKind::kVarbinary, 100), column("l", TypeKind::kDate),
     column("m", TypeKind::kTime, 3), column("n", TypeKind::kTimestamp, 3), column("o", TypeKind::kTimestamp, 9),
     column("p", TypeKind::kTimestampLtz, 6)}};
constexpr std::array<std::int32_t, 16> kInOrder{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

TEST(BinaryRow, ReadsWhatIsWritten) {
  const std::string long_text(1000, 'x');
  Int128 large = 1;
  for (int i = 0; i < 37; ++i) large *= 10;
  for (const Int128 decimal : {large, -large, Int128{0}, Int128{-1}, Int128{127}, Int128{128}, Int128{-129}}) {
    std::string out;
    BinaryRowWriter writer(kAllTypes, kInOrder, out);
    writer.start();
    writer.begin_row();
    writer.set_boolean(0, true);
    writer.set_int8(1, -8);
    writer.set_int16(2, -16000);
    writer.set_int32(3, -2'000'000'000);
    writer.set_int64(4, -9'000'000'000'000'000'000);
    writer.set_float(5, -1.5F);
    writer.set_double(6, 1e300);
    writer.set_decimal(7, -12345);
    writer.set_decimal(8, decimal);
    writer.set_string(9, "1234567");
    writer.set_bytes(10, long_text);
    writer.set_date(11, -1);
    writer.set_time(12, 86'399'999'000'000);
    writer.set_timestamp(13, {-1, 999'000'000});
    writer.set_timestamp(14, {-2, 123'456'789});
    writer.set_timestamp_ltz(15, {253'402'300'799, 999'999'000});
    writer.end_row();

    BinaryRowReader reader(kAllTypes, kInOrder);
    reader.start(row_of(out));
    EXPECT_FALSE(reader.is_null(0));
    EXPECT_EQ(reader.get_boolean(0), true);
    EXPECT_EQ(reader.get_int8(1), -8);
    EXPECT_EQ(reader.get_int16(2), -16000);
    EXPECT_EQ(reader.get_int32(3), -2'000'000'000);
    EXPECT_EQ(reader.get_int64(4), -9'000'000'000'000'000'000);
    EXPECT_EQ(reader.get_float(5), -1.5F);
    EXPECT_EQ(reader.get_double(6), 1e300);
    EXPECT_TRUE(reader.get_decimal(7) == -12345);
    EXPECT_TRUE(reader.get_decimal(8) == decimal);
    EXPECT_EQ(reader.get_string(9), "1234567");
    EXPECT_EQ(reader.get_bytes(10), long_text);
    EXPECT_EQ(reader.get_date(11), -1);
    EXPECT_EQ(reader.get_time(12), 86'399'999'000'000);
    EXPECT_EQ(reader.get_timestamp(13), (Timestamp{-1, 999'000'000}));
    EXPECT_EQ(reader.get_timestamp(14), (Timestamp{-2, 123'456'789}));
    EXPECT_EQ(reader.get_timestamp_ltz(15), (Timestamp{253'402'300'799, 999'999'000}));
    EXPECT_TRUE(reader.sound());
  }
}

TEST(BinaryRow, NullsAndColumnsWithoutAField) {
  std::string out;
  BinaryRowWriter writer(kAllTypes, kInOrder, out);
  writer.start();
  writer.begin_row();
  for (std::size_t i = 0; i < kInOrder.size(); ++i) writer.set_null(i);
  writer.end_row();
  BinaryRowReader reader(kAllTypes, kInOrder);
  reader.start(row_of(out));
  for (std::size_t i = 0; i < kInOrder.size(); ++i) EXPECT_TRUE(reader.is_null(i)) << i;

  const Schema two{{column("none", TypeKind::kInteger), column("text", TypeKind::kVarchar, 10)}};
  std::string other;
  const std::array<std::int32_t, 1> second{1};
  BinaryRowWriter single(two, second, other);
  single.start();
  single.begin_row();
  single.set_string(1, "");
  single.end_row();
  const std::array<std::int32_t, 2> fields{-1, 0};
  BinaryRowReader partial(two, fields);
  partial.start(row_of(other));
  EXPECT_TRUE(partial.is_null(0));
  EXPECT_FALSE(partial.is_null(1));
  EXPECT_EQ(partial.get_string(1), "");
}

TEST(BinaryRow, ARowThatPointsOutOfItselfIsNotSound) {
  const Schema schema{{column("text", TypeKind::kVarchar, 100)}};
  const std::array<std::int32_t, 1> fields{0};
  std::string out;
  BinaryRowWriter writer(schema, fields, out);
  writer.start();
  writer.begin_row();
  writer.set_string(0, "longer than what is kept in place");
  writer.end_row();
  const std::string_view whole = row_of(out);
  BinaryRowReader reader(schema, fields);
  reader.start(whole.substr(0, whole.size() - 8));
  EXPECT_FALSE(reader.is_null(0));
  EXPECT_EQ(reader.get_string(0), "");
  EXPECT_FALSE(reader.sound());
  reader.start(whole.substr(0, 8));
  EXPECT_FALSE(reader.sound());
  EXPECT_TRUE(reader.is_null(0));
  reader.start(whole);
  EXPECT_EQ(reader.get_string(0), "longer than what is kept in place");
  EXPECT_TRUE(reader.sound());
}

}  // namespace
}  // namespace rocketlink::jni
