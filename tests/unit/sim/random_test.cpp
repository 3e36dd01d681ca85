#include "sim/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace rocketlink::sim {
namespace {

using testing::ElementsAre;
using testing::Ne;

TEST(Random, IsTheSameByEveryCompiler) {
  Random random(42);
  EXPECT_THAT((std::array{random.next(), random.next(), random.next()}),
              ElementsAre(6667968346354703667U, 16249806489848801414U, 11489548399102462488U));
  Random named = Random(42).stream("delays");
  EXPECT_EQ(named.next(), 3524907850623807794U);
}

TEST(Random, StreamsDoNotHangOnWhatWasDrawn) {
  Random drawn(1);
  drawn.next();
  Random fresh(1);
  EXPECT_EQ(drawn.stream("a").next(), fresh.stream("a").next());
  EXPECT_THAT(fresh.stream("a").next(), Ne(fresh.stream("b").next()));
  EXPECT_THAT(fresh.stream(1).next(), Ne(fresh.stream(2).next()));
}

TEST(Random, StaysWithinBounds) {
  Random random(7);
  std::array<int, 3> seen{};
  for (int i = 0; i < 3000; ++i) ++seen.at(static_cast<std::size_t>(random.between(-1, 1) + 1));
  for (const int count : seen) EXPECT_GT(count, 900);
  EXPECT_EQ(random.between(5, 5), 5);
  EXPECT_EQ(random.below(0), 0U);
}

TEST(Random, SkewedNumbersHaveEveryOrderOfMagnitude) {
  Random random(7);
  std::array<int, 4> decades{};
  for (int i = 0; i < 4000; ++i) {
    const std::uint64_t drawn = random.skewed(1, 10'000);
    ASSERT_GE(drawn, 1U);
    ASSERT_LE(drawn, 10'000U);
    ++decades.at(drawn < 10 ? 0 : drawn < 100 ? 1 : drawn < 1000 ? 2 : 3);
  }
  for (const int count : decades) EXPECT_GT(count, 700);
  EXPECT_EQ(random.skewed(3, 3), 3U);
}

TEST(Random, AChanceComesAsOftenAsItSays) {
  Random random(7);
  int often = 0;
  for (int i = 0; i < 10'000; ++i) often += random.chance(0.1) ? 1 : 0;
  EXPECT_NEAR(often, 1000, 120);
  EXPECT_FALSE(random.chance(0));
  EXPECT_TRUE(random.chance(1));
}

}  // namespace
}  // namespace rocketlink::sim
