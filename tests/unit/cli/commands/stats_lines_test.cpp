#include "commands/stats_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rocketlink::commands {

namespace {

using testing::ElementsAre;

engine::OutputStats topic(std::uint64_t taken, std::uint64_t acknowledged, std::uint64_t failed) {
  SinkStats sink;
  sink.messages_acknowledged = acknowledged;
  sink.messages_failed = failed;
  return {.rows_taken = taken, .rows_out = acknowledged, .delimiter_conflicts = 0, .sink = sink};
}

engine::OutputStats screen(std::uint64_t rows) {
  return {.rows_taken = rows, .rows_out = rows, .delimiter_conflicts = 0, .sink = std::nullopt};
}

TEST(StatsLines, OutIsWhatIsAcknowledged) {
  engine::JobStats stats;
  stats.sources.push_back({"src", {}});
  stats.sources[0].in.rows = 12;
  stats.sinks = {{"dst", 0, topic(10, 4, 1)}, {"screen", 0, screen(7)}, {"dst", std::nullopt, topic(2, 2, 0)}};
  EXPECT_THAT(stats_lines(stats),
              ElementsAre("source table src: 12 rows in, 0 records skipped, 11 rows out (5 more not "
                          "acknowledged), 0 retries, calls to brokers: 0 to read, 0 to write",
                          "without a source table: 2 rows out, 0 retries, 0 calls to brokers"));
}

TEST(StatsLines, InsertsThatWriteNothingHaveNoLine) {
  engine::JobStats stats;
  stats.sinks = {{"dst", std::nullopt, topic(0, 0, 0)}};
  EXPECT_THAT(stats_lines(stats), ElementsAre());
}

}  // namespace

}  // namespace rocketlink::commands
