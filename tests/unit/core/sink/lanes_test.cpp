#include "sink/lanes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rocketlink::sink {
namespace {

using testing::ElementsAre;

const SteadyTime kNow{std::chrono::hours(1)};
constexpr std::size_t kMany = 100;  ///< delayed messages
const SteadyTime kLater = kNow + std::chrono::seconds(5);

Target target(const std::string& broker, std::int32_t id, bool reachable = true) {
  return {{"t", broker, id}, broker, reachable ? std::optional(broker + ":1") : std::nullopt};
}

std::string name(const std::shared_ptr<Lane>& lane) {
  return lane ? lane->target.queue.broker + std::to_string(lane->target.queue.id) : "none";
}

/// Takes free lanes, each of which is busy from then on.
std::vector<std::string> take(Lanes& lanes, int count, const std::string& avoid = "", SteadyTime now = kNow) {
  std::vector<std::string> taken;
  for (int i = 0; i < count; ++i) {
    const auto lane = lanes.next_free(avoid, now);
    taken.push_back(name(lane));
    if (lane) lane->busy = true;
  }
  return taken;
}

TEST(Lanes, InTurnSkippingBusyOnes) {
  Lanes lanes({target("a", 0), target("a", 1), target("b", 0)});
  EXPECT_THAT(take(lanes, 4), ElementsAre("a0", "a1", "b0", "none"));
  lanes.current()[1]->busy = false;
  lanes.current()[0]->busy = false;
  EXPECT_THAT(take(lanes, 3), ElementsAre("a0", "a1", "none"));
  for (const auto& lane : lanes.current()) lane->busy = false;
  EXPECT_THAT(take(lanes, 1), ElementsAre("b0"));
}

TEST(Lanes, RestingLaneOrBrokerIsNotUsedUntilItsTime) {
  Lanes lanes({target("a", 0), target("b", 0), target("b", 1)});
  EXPECT_EQ(lanes.first_rested(kNow), std::nullopt);
  lanes.current()[1]->broker->rests_until = kLater;
  EXPECT_THAT(take(lanes, 2), ElementsAre("a0", "none"));
  EXPECT_EQ(lanes.first_rested(kNow), kLater);
  lanes.current()[0]->busy = false;
  lanes.current()[0]->rests_until = kNow + std::chrono::seconds(1);
  EXPECT_EQ(lanes.first_rested(kNow), kNow + std::chrono::seconds(1));
  EXPECT_THAT(take(lanes, 4, "", kLater), ElementsAre("b0", "b1", "a0", "none"));
}

TEST(Lanes, AnotherBrokerIfThereIsOneThatWorks) {
  Lanes lanes({target("a", 0), target("a", 1), target("b", 0)});
  EXPECT_THAT(take(lanes, 1, "a"), ElementsAre("b0"));
  EXPECT_THAT(take(lanes, 1, "a"), ElementsAre("none"));  // b will be free soon
  lanes.current()[2]->broker->rests_until = kLater;
  EXPECT_THAT(take(lanes, 1, "a"), ElementsAre("a0"));  // b does not work at the moment
}

TEST(Lanes, QueuesWithoutAMasterAreLeftOutUnlessThereIsNoOther) {
  Lanes lanes({target("a", 0, false), target("b", 0)});
  EXPECT_THAT(take(lanes, 2), ElementsAre("b0", "none"));
  Lanes away({target("a", 0, false), target("b", 0, false)});
  EXPECT_THAT(take(away, 1), ElementsAre("a0"));
}

TEST(Lanes, ASilentBrokerIsLeftOutUnlessThereIsNoOther) {
  Lanes lanes({target("a", 0), target("b", 0), target("c", 0, false)});
  lanes.set_silent("a", true);
  EXPECT_THAT(take(lanes, 2), ElementsAre("b0", "none"));
  EXPECT_EQ(name(lanes.next_open("b", kNow, kMany)), "b0");
  lanes.set_silent("b", true);
  EXPECT_THAT(take(lanes, 1), ElementsAre("a0")) << "c is not even reachable";
  lanes.current()[0]->busy = false;
  lanes.set_silent("b", false);
  lanes.set_targets({target("a", 0), target("b", 0)});
  EXPECT_THAT(take(lanes, 1), ElementsAre("none")) << "a is still silent, and b is busy";
  lanes.set_silent("a", false);
  EXPECT_THAT(take(lanes, 1), ElementsAre("a0"));
}

TEST(Lanes, ReturnedBrokerIsUsedAgain) {
  Lanes lanes({target("a", 0, false), target("b", 0)});
  lanes.set_targets({target("a", 0), target("b", 0)});
  EXPECT_THAT(take(lanes, 3), ElementsAre("a0", "b0", "none"));
}

TEST(Lanes, LaneOfAQueueThatIsGoneStaysUntilItIsEmpty) {
  Lanes lanes({target("a", 0), target("a", 1), target("a", 2)});
  const auto first = lanes.all()[0];
  lanes.all()[1]->bound.emplace_back();
  lanes.all()[2]->busy = true;
  lanes.set_targets({target("a", 0)});
  EXPECT_THAT(lanes.current(), ElementsAre(first));
  EXPECT_EQ(lanes.all().size(), 3);
  lanes.all()[0]->bound.clear();
  lanes.all()[1]->busy = false;
  lanes.set_targets({target("a", 0)});
  EXPECT_THAT(lanes.all(), ElementsAre(first));
}

}  // namespace
}  // namespace rocketlink::sink
