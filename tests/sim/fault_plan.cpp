#include "sim/fault_plan.h"

#include <chrono>

namespace rocketlink::sim {

namespace {

using namespace std::chrono_literals;

/// Between so many and so many millionths.
double often(Random& random, std::uint64_t least, std::uint64_t most) {
  return static_cast<double>(random.skewed(least, most)) / 1e6;
}

FaultPlan::Rhythm rhythm(Random& random, Nanoseconds most_often, Nanoseconds longest) {
  FaultPlan::Rhythm drawn;
  drawn.every = random.skewed(most_often, 60 * most_often);
  drawn.longest = random.skewed(longest / 1000, longest);
  return drawn;
}

}  // namespace

FaultPlan FaultPlan::draw(Random random) {
  FaultPlan plan;
  // Few seeds have nearly all kinds, few nearly none.
  const double share = static_cast<double>(random.between(1, 9)) / 10;
  for (bool& on : plan.chosen) on = random.chance(share);
  // Each kind draws from a stream of its own, so that plans change little when a kind is added.
  const auto when = [&](Mishap mishap, auto make) {
    if (!plan.has(mishap)) return;
    Random own = random.stream(name_of(mishap));
    make(own);
  };

  Random network = random.stream("network");
  plan.links.usual_latency = network.skewed(100us, 50ms);
  plan.links.least_latency = plan.links.usual_latency / 10;

  when(Mishap::kLateWake, [&](Random& own) {
    plan.delays.often_long = often(own, 100, 50'000);
    plan.delays.longest = own.skewed(1ms, 2s);
  });
  when(Mishap::kSpuriousWake, [&](Random& own) { plan.delays.often_spurious = often(own, 100, 100'000); });
  when(Mishap::kLatency, [&](Random& own) {
    plan.links.often_late = often(own, 1000, 200'000);
    plan.links.longest_latency = own.skewed(plan.links.usual_latency * 2, 10s);
  });
  when(Mishap::kBandwidth, [&](Random& own) { plan.links.bytes_per_second = own.skewed(20'000, 100'000'000); });
  when(Mishap::kSplit, [&](Random& own) { plan.links.often_split = often(own, 10'000, 1'000'000); });
  when(Mishap::kFullBuffer, [&](Random& own) {
    plan.links.send_buffer = own.skewed(1024, 256 * 1024);
    plan.links.receive_buffer = own.skewed(1024, 256 * 1024);
  });
  when(Mishap::kStall, [&](Random& own) {
    plan.links.often_stalled = often(own, 10, 10'000);
    plan.links.longest_stall = own.skewed(10ms, 60s);
    plan.stalls = rhythm(own, 5s, 60s);
  });
  when(Mishap::kHalfOpen, [&](Random& own) { plan.links.often_half_open = often(own, 10'000, 300'000); });
  when(Mishap::kReset, [&](Random& own) {
    plan.links.often_reset = often(own, 10'000, 500'000);
    plan.resets = rhythm(own, 5s, 0s);
  });
  plan.links.longest_life = network.skewed(1000, 10'000'000);
  when(Mishap::kRefused, [&](Random& own) { plan.links.often_refused = often(own, 10'000, 500'000); });
  when(Mishap::kBlackHole, [&](Random& own) { plan.links.often_black_holed = often(own, 10'000, 300'000); });
  when(Mishap::kPartition, [&](Random& own) { plan.partitions = rhythm(own, 10s, 100s); });
  when(Mishap::kSlowName, [&](Random& own) {
    plan.names.often_slow = often(own, 10'000, 500'000);
    plan.names.longest = own.skewed(100ms, 30s);
  });
  when(Mishap::kNoName, [&](Random& own) { plan.names.often_failing = often(own, 10'000, 500'000); });
  when(Mishap::kDeadAddress, [&](Random& own) { plan.names.often_dead_address = often(own, 10'000, 500'000); });
  when(Mishap::kPause, [&](Random& own) { plan.pauses = rhythm(own, 5s, 60s); });
  when(Mishap::kClockJump, [&](Random& own) { plan.clock_jumps = rhythm(own, 5s, 24h); });
  when(Mishap::kCrash, [&](Random& own) { plan.crashes = rhythm(own, 10s, 0s); });
  return plan;
}

std::string FaultPlan::text() const {
  std::string text;
  for (std::size_t i = 0; i < kMishaps; ++i) {
    if (!chosen[i]) continue;
    if (!text.empty()) text += ", ";
    text += name_of(static_cast<Mishap>(i));
  }
  return text.empty() ? "none" : text;
}

}  // namespace rocketlink::sim
