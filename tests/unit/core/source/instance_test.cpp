#include "source_fixture.h"

namespace rocketlink::test {

namespace {

using testing::HasSubstr;
using testing::Not;

/// A topic of a 4.x instance.
class SourceInstanceTest : public SourceTest {
 protected:
  SourceInstanceTest() : SourceTest({.version = 407}) {
    options.connection.connector = Connector::kMq;
    options.connection.instance_id = "MQ_INST_1_abc";
    options.start_mode = StartMode::kTimestamp;
    options.start_timestamp_ms = 1;
    mock.create_topic("MQ_INST_1_abc%orders", 1);
    mock.append_many(on_wire, 3);
  }
  const QueueId on_wire{"MQ_INST_1_abc%orders", "broker-a", 0};
};

TEST_F(SourceInstanceTest, EveryRequestBearsItAndNothingElseDoes) {
  const auto splits = discovered();
  ASSERT_EQ(splits.size(), 1U);
  EXPECT_EQ(splits.front().queue, queue0);
  const auto reading = reader();
  reading->add_splits(splits);
  MessageBatch batch;
  while (*reading->poll(batch, milliseconds(1000)) != PollOutcome::kBatch) continue;
  EXPECT_EQ(batch.queue(), queue0);
  EXPECT_EQ((*batch.next())->topic, "orders");
  ASSERT_TRUE(reading->commit(std::vector<Position>{{queue0, 2}}, milliseconds(5000)));
  EXPECT_EQ(mock.committed("MQ_INST_1_abc%readers", on_wire), 2);
  EXPECT_EQ(reading->stats().queues.front().queue, queue0);
  for (const RequestCode code : {RequestCode::kGetRouteInfoByTopic, RequestCode::kGetMinOffset,
                                 RequestCode::kPullMessage, RequestCode::kUpdateConsumerOffset}) {
    for (const auto& request : mock.seen(code)) EXPECT_EQ(request.ext("topic"), "MQ_INST_1_abc%orders");
  }
  for (const auto& request : mock.seen(RequestCode::kPullMessage)) {
    EXPECT_EQ(request.ext("consumerGroup"), "MQ_INST_1_abc%readers");
  }
}

TEST_F(SourceInstanceTest, AFilterIsCheckedWithinIt) {
  options.sql92_filter = "a = 1";
  (void)discovered();
  const auto checks = mock.seen(RequestCode::kCheckClientConfig);
  ASSERT_EQ(checks.size(), 2U);
  EXPECT_THAT(checks.front().body, HasSubstr(R"("group":"MQ_INST_1_abc%readers")"));
  EXPECT_THAT(checks.front().body, HasSubstr(R"("topic":"MQ_INST_1_abc%orders")"));
}

TEST_F(SourceInstanceTest, ErrorsDoNotShowIt) {
  options.topic = "other";
  const auto found = enumerator()->discover();
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().text, HasSubstr("the topic: other"));
  EXPECT_THAT(found.error().text, Not(HasSubstr("MQ_INST")));
}

}  // namespace

}  // namespace rocketlink::test
