#include "rocketlink/types.h"

#include <gtest/gtest.h>

namespace rocketlink {
namespace {

TEST(DataTypeText, IsWrittenAsFlinkWritesIt) {
  EXPECT_EQ(to_string(DataType{}), "VARCHAR");
  EXPECT_EQ(to_string(DataType{TypeKind::kVarchar, 20, 0, true}), "VARCHAR(20)");
  EXPECT_EQ(to_string(DataType{TypeKind::kVarbinary, kUnboundedLength, 0, true}), "VARBINARY");
  EXPECT_EQ(to_string(DataType{TypeKind::kBinary, 3, 0, true}), "BINARY(3)");
  EXPECT_EQ(to_string(DataType{TypeKind::kChar, 3, 0, true}), "CHAR(3)");
  EXPECT_EQ(to_string(DataType{TypeKind::kDecimal, 10, 2, true}), "DECIMAL(10, 2)");
  EXPECT_EQ(to_string(DataType{TypeKind::kTime, 0, 0, true}), "TIME(0)");
  EXPECT_EQ(to_string(DataType{TypeKind::kTimestamp, 3, 0, false}), "TIMESTAMP(3) NOT NULL");
  EXPECT_EQ(to_string(DataType{TypeKind::kTimestampLtz, 6, 0, true}), "TIMESTAMP_LTZ(6)");
  EXPECT_EQ(to_string(DataType{TypeKind::kInteger, 0, 0, true}), "INT");
}

TEST(DataTypeText, EveryKindHasItsOwnName) {
  std::string seen;
  for (int kind = 0; kind <= static_cast<int>(TypeKind::kTimestampLtz); ++kind) {
    const std::string name = "[" + to_string(DataType{static_cast<TypeKind>(kind), 1, 0, true}) + "]";
    EXPECT_EQ(seen.find(name), std::string::npos) << name;
    EXPECT_EQ(name.find("UNKNOWN"), std::string::npos) << kind;
    seen += name;
  }
}

TEST(ParseType, ReadsWhatIsWritten) {
  for (int kind = 0; kind <= static_cast<int>(TypeKind::kTimestampLtz); ++kind) {
    for (const bool nullable : {true, false}) {
      const DataType type{static_cast<TypeKind>(kind), 7, 0, nullable};
      const auto read = parse_type(to_string(type));
      ASSERT_TRUE(read) << to_string(type) << ": " << read.error().text;
      EXPECT_EQ(to_string(*read), to_string(type));
    }
  }
  EXPECT_EQ(to_string(*parse_type("DECIMAL(38, 38) NOT NULL")), "DECIMAL(38, 38) NOT NULL");
}

TEST(ParseType, KnowsOtherSpellings) {
  EXPECT_EQ(to_string(*parse_type("string")), "VARCHAR");
  EXPECT_EQ(to_string(*parse_type("VARCHAR(2147483647)")), "VARCHAR");
  EXPECT_EQ(to_string(*parse_type("CHARACTER(7)")), "CHAR(7)");
  EXPECT_EQ(to_string(*parse_type("character varying(9)")), "VARCHAR(9)");
  EXPECT_EQ(to_string(*parse_type("BINARY VARYING")), "VARBINARY");
  EXPECT_EQ(to_string(*parse_type("numeric")), "DECIMAL(10, 0)");
  EXPECT_EQ(to_string(*parse_type("DOUBLE PRECISION")), "DOUBLE");
  EXPECT_EQ(to_string(*parse_type("TIMESTAMP(3) WITH LOCAL TIME ZONE NOT NULL")), "TIMESTAMP_LTZ(3) NOT NULL");
  EXPECT_EQ(to_string(*parse_type("TIMESTAMP WITHOUT TIME ZONE")), "TIMESTAMP(6)");
}

TEST(ParseType, RefusesTheRest) {
  for (const char* text : {"", "ARRAY<INT>", "ROW<a INT>", "INT UNSIGNED", "INT(3)", "STRING(3)",
                           "TIMESTAMP(3) WITH TIME ZONE", "INT NOT"}) {
    const auto read = parse_type(text);
    ASSERT_FALSE(read) << text;
    EXPECT_TRUE(read.error().is(ErrorCode::kUnsupported)) << text;
  }
  for (const char* text : {"DECIMAL(39)", "DECIMAL(3, 4)", "VARCHAR(0)", "TIME(10)", "CHAR(3", "CHAR(x)"}) {
    const auto read = parse_type(text);
    ASSERT_FALSE(read) << text;
    EXPECT_TRUE(read.error().is(ErrorCode::kInvalidArgument)) << text;
  }
}

}  // namespace
}  // namespace rocketlink
