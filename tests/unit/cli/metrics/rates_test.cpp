#include "metrics/rates.h"

#include <gtest/gtest.h>

namespace {

using namespace rocketlink::metrics;
using std::chrono::seconds;

Volumes read(double records) {
  return {{{records, 10 * records}}, {}};
}

TEST(Rates, AreZeroBeforeThereIsASample) {
  const Volumes rates = Rates().per_second(Rates::Time(), read(5));
  ASSERT_EQ(rates.sources.size(), 1U);
  EXPECT_EQ(rates.sources[0].records, 0);
}

TEST(Rates, AreAveragesSinceTheBeginningThenOverAMinute) {
  Rates rates;
  const Rates::Time begin{};
  for (int second = 0; second <= 120; second += 5) {
    // 2 a second in the first minute, 6 in the second.
    rates.add(begin + seconds(second), read(second <= 60 ? 2 * second : 120 + 6 * (second - 60)));
    if (second == 30) {
      EXPECT_DOUBLE_EQ(rates.per_second(begin + seconds(30), read(60)).sources[0].records, 2);
    }
  }
  const Volumes now = rates.per_second(begin + seconds(120), read(480));
  EXPECT_DOUBLE_EQ(now.sources[0].records, 6);
  EXPECT_DOUBLE_EQ(now.sources[0].bytes, 60);
}

}  // namespace
