#include "source_fixture.h"

namespace rocketlink::test {

namespace {

using testing::ElementsAre;

class ReaderTest : public SourceTest {};

TEST_F(ReaderTest, ReadsAllOfAQueueInOrder) {
  mock.create_topic("orders", 1);
  mock.append_many(queue0, 1000);
  const auto reading = started_reader();
  EXPECT_EQ(take(*reading, 1000), bodies(0, 1000));
}

}  // namespace

}  // namespace rocketlink::test
