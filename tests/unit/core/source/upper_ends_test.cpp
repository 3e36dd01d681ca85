#include <ctime>

#include "source_fixture.h"

/// Sizes at which others have given up.
namespace rocketlink::test {
namespace {

class UpperEndsTest : public SourceTest {
 protected:
  explicit UpperEndsTest(mock::MockSetup setup = {}) : SourceTest(std::move(setup)) {}
};

class ManySplitsTest : public UpperEndsTest {
 protected:
  ManySplitsTest() : UpperEndsTest({.brokers = {"broker-a", "broker-b"}}) {}

  static constexpr std::int32_t kFresh = 10;  ///< of each broker

  /// Processor time for restoring all but the fresh ones, finding those, and a snapshot.
  [[nodiscard]] std::clock_t work(std::int32_t splits) {
    const std::int32_t each = splits / 2;
    mock.create_topic("orders", each);
    std::vector<Split> known;
    for (const char* broker : {"broker-a", "broker-b"}) {
      for (std::int32_t id = 0; id < each - kFresh; ++id) known.push_back({{"orders", broker, id}, 7, std::nullopt});
    }
    const std::string state = serialize_splits(known);
    const auto made = enumerator(512);
    const std::clock_t begin = std::clock();
    EXPECT_TRUE(made->restore(state));
    const auto fresh = made->discover();
    const std::string snapshot = made->serialize();
    const std::clock_t end = std::clock();
    EXPECT_TRUE(fresh);
    EXPECT_EQ(fresh->size(), 2 * kFresh);
    EXPECT_GT(snapshot.size(), state.size());
    return end - begin;
  }
};

TEST_F(ManySplitsTest, AHundredThousandInTheEnumerator) {
  const std::clock_t tenth = work(10'000);
  EXPECT_LT(work(100'000), 50 * tenth) << "ten times as many take a hundred times as long where each looks at all";
}

TEST_F(ManySplitsTest, FoundForTheFirstTime) {
  constexpr std::int32_t kEach = 1000;
  mock.create_topic("orders", kEach);
  const auto made = enumerator(512);
  const SteadyTime begin = now();
  const auto fresh = made->discover();
  ASSERT_TRUE(fresh) << fresh.error().text;
  EXPECT_EQ(fresh->size(), 2 * kEach);
  EXPECT_LT(now() - begin, milliseconds(500)) << "one after the other their 8,000 questions take ten times as long";
}

TEST_F(UpperEndsTest, AQueueBeyondTheFirstTrillionOffsets) {
  constexpr std::int64_t kFirst = std::int64_t{1} << 40;
  mock.create_topic("orders", 1);
  mock.skip_offsets(queue0, kFirst);
  mock.expire_before(queue0, kFirst);
  mock.append_many(queue0, 100);
  options.start_mode = StartMode::kEarliest;
  options.bounded_mode = BoundedMode::kLatest;
  const auto splits = discovered();
  ASSERT_EQ(splits.size(), 1);
  EXPECT_EQ(splits[0].offset, kFirst);
  EXPECT_EQ(splits[0].stop, kFirst + 100);
  const auto again = deserialize_splits(serialize_splits(splits));
  ASSERT_TRUE(again);
  auto made = reader();
  made->add_splits(*again);
  made->no_more_splits();
  EXPECT_EQ(read_to_end(*made), bodies(kFirst, kFirst + 100));
  ASSERT_TRUE(made->commit(std::vector<Position>{{queue0, kFirst + 100}}, milliseconds(5000)));
  EXPECT_EQ(mock.committed("readers", queue0), kFirst + 100);
  EXPECT_EQ(made->stats().queues.at(0).position, kFirst + 100);
}

TEST_F(UpperEndsTest, ReadersOfAClientAskForTheRouteOnceAnInterval) {
  mock.create_topic("orders", 8);
  const auto splits = discovered();
  std::vector<std::unique_ptr<SourceReader>> readers;
  for (const Split& split : splits) {
    readers.push_back(reader());
    readers.back()->add_splits(std::vector<Split>{split});
  }
  ASSERT_TRUE(mock.wait_for(RequestCode::kPullMessage, 8));
  const auto before = mock.count(RequestCode::kGetRouteInfoByTopic);
  sleep_for(timing.route_interval * 10);
  EXPECT_LE(mock.count(RequestCode::kGetRouteInfoByTopic) - before, 11U);
  EXPECT_GE(mock.count(RequestCode::kGetRouteInfoByTopic) - before, 9U)
      << "servers change their roles without a failure";
}

}  // namespace
}  // namespace rocketlink::test
