#include <cstdlib>

#include "sanitized.h"
#include "source_fixture.h"

/// Sizes at which others have given up.
namespace rocketlink::test {
namespace {

using Steady = std::chrono::steady_clock;

class UpperEndsTest : public SourceTest {
 protected:
  explicit UpperEndsTest(mock::MockSetup setup = {}) : SourceTest(std::move(setup)) {}
  static double seconds_since(Steady::time_point begin) {
    return std::chrono::duration<double>(Steady::now() - begin).count();
  }
};

class ManySplitsTest : public UpperEndsTest {
 protected:
  ManySplitsTest() : UpperEndsTest({.brokers = {"broker-a", "broker-b"}}) {}
};

TEST_F(ManySplitsTest, AHundredThousandInTheEnumerator) {
  constexpr std::int32_t kPerBroker = 50'000;
  constexpr std::int32_t kFresh = 10;
  mock.create_topic("orders", kPerBroker);
  std::vector<Split> splits;
  for (const char* broker : {"broker-a", "broker-b"}) {
    for (std::int32_t id = 0; id < kPerBroker - kFresh; ++id)
      splits.push_back({{"orders", broker, id}, 7, std::nullopt});
  }
  const std::string state = serialize_splits(splits);
  const auto made = enumerator(512);

  auto begin = Steady::now();
  ASSERT_TRUE(made->restore(state));
  const double restored = seconds_since(begin);
  begin = Steady::now();
  const auto fresh = made->discover();
  const double assigned = seconds_since(begin);
  ASSERT_TRUE(fresh);
  EXPECT_EQ(fresh->size(), 2 * kFresh);
  begin = Steady::now();
  const std::string snapshot = made->serialize();
  const double snapped = seconds_since(begin);
  std::printf(
      "100,000 splits, 512 readers: restored in %.3f s, found and assigned in %.3f s, %.1f MB snapshot in %.3f s\n",
      restored, assigned, static_cast<double>(snapshot.size()) / 1e6, snapped);
  EXPECT_GT(snapshot.size(), state.size());
  if (!kSanitized) {
    EXPECT_LT(restored, 1);
    EXPECT_LT(assigned, 1);
    EXPECT_LT(snapped, 1);
  }
}

TEST_F(ManySplitsTest, FoundForTheFirstTime) {
  const char* given = std::getenv("ROCKETLINK_FRESH_SPLITS");
  const std::int32_t each = (given != nullptr ? std::atoi(given) : 2'000) / 2;
  mock.create_topic("orders", each);
  const auto made = enumerator(512);
  const auto begin = Steady::now();
  const auto fresh = made->discover();
  const double found = seconds_since(begin);
  ASSERT_TRUE(fresh) << fresh.error().text;
  EXPECT_EQ(fresh->size(), 2 * static_cast<std::size_t>(each));
  std::printf("%d splits found for the first time, over the network, in %.2f s\n", 2 * each, found);
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
  timing.route_interval = milliseconds(20);
  mock.create_topic("orders", 8);
  const auto splits = discovered();
  std::vector<std::unique_ptr<SourceReader>> readers;
  for (const Split& split : splits) {
    readers.push_back(reader());
    readers.back()->add_splits(std::vector<Split>{split});
  }
  ASSERT_TRUE(mock.wait_for(RequestCode::kPullMessage, 8));
  const auto before = mock.count(RequestCode::kGetRouteInfoByTopic);
  std::this_thread::sleep_for(timing.route_interval * 10);
  EXPECT_LE(mock.count(RequestCode::kGetRouteInfoByTopic) - before, 11U);
  EXPECT_GE(mock.count(RequestCode::kGetRouteInfoByTopic) - before, 5U)
      << "servers change their roles without a failure";
}

}  // namespace
}  // namespace rocketlink::test
