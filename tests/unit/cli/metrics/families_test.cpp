#include "metrics/families.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace {

using namespace rocketlink;
using namespace rocketlink::metrics;
using ::testing::UnorderedElementsAre;

/// `table value` of each metric of a family.
std::vector<std::string> values(const std::vector<prometheus::MetricFamily>& families, const std::string& name) {
  std::vector<std::string> found;
  for (const auto& family : families) {
    if (family.name != name) continue;
    for (const auto& metric : family.metric) {
      const bool counter = family.type == prometheus::MetricType::Counter;
      const double value = counter ? metric.counter.value : metric.gauge.value;
      found.push_back(metric.label.at(0).value + " " + metric.label.at(1).value + " " +
                      std::to_string(static_cast<int>(value)));
    }
  }
  return found;
}

TEST(Families, AreOneForBothRolesAndOneMetricForEachTable) {
  engine::JobStats stats;
  engine::InputStats in;
  in.reader.retries = 3;
  stats.sources.push_back({"src", in});
  engine::OutputStats topic;
  topic.rows_taken = 9;
  topic.rows_out = 7;
  topic.sink.emplace();
  topic.sink->messages_acknowledged = 7;
  topic.sink->retries = 2;
  engine::OutputStats screen;
  screen.rows_taken = screen.rows_out = 9;
  stats.sinks = {{"dst", 0, topic}, {"dst", std::nullopt, topic}, {"screen", 0, screen}};
  const auto found = families(stats, volumes_of(stats));
  EXPECT_THAT(values(found, "rocketlink_numRetries"), UnorderedElementsAre("source src 3", "sink dst 4"));
  EXPECT_THAT(values(found, "rocketlink_numRecordsOut"), UnorderedElementsAre("sink dst 14", "sink screen 9"));
  EXPECT_THAT(values(found, "rocketlink_currentEmitEventTimeLag"), UnorderedElementsAre()) << "nothing was read yet";
}

TEST(Families, OfReadersShowTheWorstLagAndTheLeastRest) {
  engine::InputStats sum;
  sum.idle_ms = 400;
  engine::InputStats other;
  other.fetch_lag_ms = 20;
  other.emit_lag_ms = 30;
  other.idle_ms = 900;
  sum += other;
  other.fetch_lag_ms = 10;
  sum += other;
  const auto found = families({{{"src", sum}}, {}}, {{{}}, {}});
  EXPECT_THAT(values(found, "rocketlink_currentFetchEventTimeLag"), UnorderedElementsAre("source src 20"));
  EXPECT_THAT(values(found, "rocketlink_sourceIdleTime"), UnorderedElementsAre("source src 400"));
}

}  // namespace
