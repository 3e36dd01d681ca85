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

}  // namespace
}  // namespace rocketlink
