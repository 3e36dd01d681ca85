#include "sim/simulate/plan.h"

#include <gtest/gtest.h>

namespace rocketlink::sim {
namespace {

TEST(Plans, WhatIsNoFaultHappensInWorldsWithoutOneToo) {
  Plan most;
  int calm = 0;
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    const Plan plan = make_plan(Random(seed));
    if (!plan.without_trouble()) continue;
    ++calm;
    most.bursts += plan.bursts;
    most.stops += plan.stops;
    most.hand_backs += plan.hand_backs;
    most.rests += plan.rests;
    most.consumer_slowness += plan.consumer_slowness;
    EXPECT_FALSE(plan.gives_up) << "seed " << seed << ": nothing fails there";
  }
  EXPECT_GT(calm, 200);
  for (const double often : {most.bursts, most.stops, most.hand_backs, most.rests, most.consumer_slowness})
    EXPECT_GT(often, 0);
}

}  // namespace
}  // namespace rocketlink::sim
