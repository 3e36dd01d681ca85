#include "rocketlink/row/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/core/row/row_fakes.h"

namespace rocketlink::row {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::metadata;
using testing::physical;

Schema of(std::vector<Column> columns) {
  return Schema{std::move(columns)};
}

std::vector<std::string> problems_of(TypeKind kind, std::int32_t precision, std::int32_t scale = 0) {
  return source_schema_problems(of({physical("c", kind, precision, scale)}));
}

TEST(Schema, PrecisionsAndScalesAtTheirBounds) {
  EXPECT_THAT(problems_of(TypeKind::kDecimal, 1, 0), IsEmpty());
  EXPECT_THAT(problems_of(TypeKind::kDecimal, 38, 38), IsEmpty());
  EXPECT_THAT(problems_of(TypeKind::kDecimal, 0, 0),
              ElementsAre("column 'c': the precision of DECIMAL is 0, allowed are 1 to 38"));
  EXPECT_THAT(problems_of(TypeKind::kDecimal, 39, 0),
              ElementsAre("column 'c': the precision of DECIMAL is 39, allowed are 1 to 38"));
  EXPECT_THAT(problems_of(TypeKind::kDecimal, 5, 6),
              ElementsAre("column 'c': the scale of DECIMAL is 6, allowed are 0 to 5"));
  for (const TypeKind kind : {TypeKind::kTime, TypeKind::kTimestamp, TypeKind::kTimestampLtz}) {
    EXPECT_THAT(problems_of(kind, 0), IsEmpty());
    EXPECT_THAT(problems_of(kind, 9), IsEmpty());
    EXPECT_THAT(problems_of(kind, 10), ElementsAre("column 'c': the precision of a time is 10, allowed are 0 to 9"));
  }
  for (const TypeKind kind : {TypeKind::kChar, TypeKind::kVarchar, TypeKind::kBinary, TypeKind::kVarbinary}) {
    EXPECT_THAT(problems_of(kind, 1), IsEmpty());
    EXPECT_THAT(problems_of(kind, 0), ElementsAre("column 'c': the length is 0, allowed are 1 to 2147483647"));
  }
}

TEST(Schema, ATableNeedsAColumn) {
  EXPECT_THAT(source_schema_problems(of({})), ElementsAre("the table has no columns; it needs at least one"));
  EXPECT_THAT(sink_schema_problems(of({}), {}), ElementsAre("the table has no columns; it needs at least one"));
}

TEST(Schema, EveryMetadataKeyHasItsType) {
  EXPECT_THAT(source_schema_problems(
                  of({metadata("a", "topic", TypeKind::kVarchar), metadata("b", "queue-id", TypeKind::kInteger),
                      metadata("c", "queue-offset", TypeKind::kBigInt), metadata("d", "msg-id", TypeKind::kVarchar),
                      metadata("e", "store-timestamp", TypeKind::kTimestamp, 3),
                      metadata("f", "born-timestamp", TypeKind::kTimestampLtz, 3),
                      metadata("g", "keys", TypeKind::kVarchar), metadata("h", "tags", TypeKind::kVarchar)})),
              IsEmpty());
  EXPECT_THAT(
      source_schema_problems(
          of({metadata("a", "topic", TypeKind::kBigInt), metadata("b", "queue-id", TypeKind::kBigInt),
              metadata("c", "queue-offset", TypeKind::kInteger), metadata("e", "store-timestamp", TypeKind::kBigInt)})),
      ElementsAre(
          "metadata column 'a' (key 'topic') is BIGINT; it must be VARCHAR",
          "metadata column 'b' (key 'queue-id') is BIGINT; it must be INT",
          "metadata column 'c' (key 'queue-offset') is INT; it must be BIGINT",
          "metadata column 'e' (key 'store-timestamp') is BIGINT; it must be TIMESTAMP(3) or TIMESTAMP_LTZ(3)"));
}

TEST(Schema, ASinkWritesKeysAndTagsOnce) {
  Column reading = metadata("t3", "tags", TypeKind::kVarchar);
  reading.is_virtual = true;
  EXPECT_THAT(
      sink_schema_problems(
          of({metadata("k", "keys", TypeKind::kVarchar), metadata("t", "tags", TypeKind::kVarchar), reading}), {}),
      IsEmpty());
  EXPECT_THAT(
      sink_schema_problems(
          of({metadata("t1", "tags", TypeKind::kVarchar), metadata("t2", "tags", TypeKind::kVarchar), reading}), {}),
      ElementsAre("the metadata columns t1, t2 all write the message's 'tags'; keep one of them, or declare the "
                  "others VIRTUAL"));
}

TEST(Schema, PartitionFieldIsAWrittenColumn) {
  Column reading = metadata("o", "queue-offset", TypeKind::kBigInt);
  reading.is_virtual = true;
  const Schema schema = of({physical("a", TypeKind::kDouble), metadata("k", "keys", TypeKind::kVarchar), reading});
  EXPECT_THAT(sink_schema_problems(schema, "a"), IsEmpty());
  EXPECT_THAT(sink_schema_problems(schema, "k"), IsEmpty());
  EXPECT_THAT(sink_schema_problems(schema, "A"), ElementsAre("partitionField 'A' is no column of the table"));
  EXPECT_THAT(sink_schema_problems(schema, "o"),
              ElementsAre("partitionField 'o' is a VIRTUAL column, which a sink does not write"));
}

}  // namespace
}  // namespace rocketlink::row
