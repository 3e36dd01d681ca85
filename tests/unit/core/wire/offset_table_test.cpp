#include "wire/offset_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rocketlink::wire {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(OffsetTableTest, TellsTheQueuesOfOneTopicAndGroup) {
  const std::string_view table =
      R"({"offsetTable":{"%RETRY%g@g":{0:5},"orders@g":{0:0, 3:17 ,12:-1},"orders@gg":{7:1},"my-orders@g":{8:1}}})";
  EXPECT_THAT(queues_with_offset(table, "orders", "g"), ElementsAre(0, 3, 12));
  EXPECT_THAT(queues_with_offset(table, "orders", "gg"), ElementsAre(7));
  EXPECT_THAT(queues_with_offset(table, "%RETRY%g", "g"), ElementsAre(0));
  EXPECT_THAT(queues_with_offset(table, "orders", "none"), IsEmpty());
}

TEST(OffsetTableTest, KeysMayStandQuotedAndOnLinesOfTheirOwn) {
  const std::string_view table = "{\"offsetTable\" : {\n \"orders@g\" : {\n  \"1\" : 4,\n  \"2\" : 0\n }\n}}";
  EXPECT_THAT(queues_with_offset(table, "orders", "g"), ElementsAre(1, 2));
}

TEST(OffsetTableTest, DamageIsNoOffset) {
  for (const std::string_view table : {"", "null", R"({"offsetTable":{"orders@g")", R"({"offsetTable":{"orders@g":)",
                                       R"("orders@g":{}})", R"("orders@g":{,,"":x}})"})
    EXPECT_THAT(queues_with_offset(table, "orders", "g"), IsEmpty()) << table;
  EXPECT_THAT(queues_with_offset(R"("orders@g":{4:)", "orders", "g"), ElementsAre(4));
}

}  // namespace

}  // namespace rocketlink::wire
