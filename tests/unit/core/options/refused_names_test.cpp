#include "table.h"

namespace {

using namespace rocketlink;
using ::testing::ElementsAre;
using ::testing::StartsWith;

TEST(RefusedNames, UnknownNearAKnownName) {
  EXPECT_THAT(Table::source().with("fieldDelimeter", ",").problems(),
              ElementsAre("unknown option 'fieldDelimeter'; did you mean 'fieldDelimiter'?"));
}

TEST(RefusedNames, UnknownWrittenWithOtherSeparators) {
  EXPECT_THAT(Table::source().with("start-time-ms", "1").problems(),
              ElementsAre("unknown option 'start-time-ms'; did you mean 'startTimeMs'?"));
}

TEST(RefusedNames, UnknownNearANameOfTheOtherDirection) {
  EXPECT_THAT(Table::sink().with("consumerGrup", "g").problems(),
              ElementsAre("unknown option 'consumerGrup'; did you mean 'consumerGroup'?"));
}

TEST(RefusedNames, UnknownFarFromAll) {
  EXPECT_THAT(Table::source().with("nameServer", "csv").problems(),
              ElementsAre("unknown option 'nameServer'; docs/options.md has those of mq5"));
  EXPECT_THAT(Table::sink("mq").with("nameServerAddress", "a:1").problems(),
              ElementsAre("unknown option 'nameServerAddress'; docs/options.md has those of mq"));
  EXPECT_THAT(Table::sink().without("connector").with("nameServerAddress", "a:1").problems(),
              ::testing::Contains("unknown option 'nameServerAddress'; docs/options.md has all"));
}

TEST(RefusedNames, UnknownWithUnprintableName) {
  EXPECT_THAT(Table::both().with("a\x01\xff", "5").problems(),
              ElementsAre("unknown option 'a\\x01�'; docs/options.md has those of mq5"));
}

TEST(RefusedNames, GivenTwiceInAnyCase) {
  EXPECT_THAT(Table::source().with("Topic", "x").problems(),
              ElementsAre("option 'topic' is given again as 'Topic'; case does not count: keep one of them"));
  EXPECT_THAT(Table::source().with_another("topic", "orders").problems(),
              ElementsAre("option 'topic' is given again as 'topic'; case does not count: keep one of them"));
}

TEST(RefusedNames, MissingInEveryTable) {
  EXPECT_THAT(Table::source().without("connector").problems(),
              ElementsAre("option 'connector' is missing: it is required in every table (allowed: mq, mq5)"));
  EXPECT_THAT(Table::source().without("endpoint").problems(),
              ElementsAre("option 'endpoint' is missing: it is required in every table (allowed: host:port, several "
                          "separated by ; or , and IPv6 addresses in brackets)"));
  EXPECT_THAT(Table::source().without("topic").problems(),
              ElementsAre("option 'topic' is missing: it is required in every table (allowed: letters, digits and any "
                          "of % | - _, at most 127 characters)"));
}

TEST(RefusedNames, MissingInASourceTable) {
  EXPECT_THAT(Table::source().without("consumerGroup").problems(),
              ElementsAre("option 'consumerGroup' is missing: it is required in a source table (allowed: letters, "
                          "digits and any of % | - _, at most 120 characters)"));
}

TEST(RefusedNames, MissingInASinkTable) {
  EXPECT_THAT(Table::sink().without("producerGroup").problems(),
              ElementsAre("option 'producerGroup' is missing: it is required in a sink table (allowed: letters, digits "
                          "and any of % | - _, at most 120 characters)"));
}

TEST(RefusedNames, MissingInATableUsedBothWays) {
  EXPECT_THAT(Table::both().without("consumerGroup").without("producerGroup").problems(),
              ElementsAre("option 'consumerGroup' is missing: it is required in a source table (allowed: letters, "
                          "digits and any of % | - _, at most 120 characters)",
                          "option 'producerGroup' is missing: it is required in a sink table (allowed: letters, digits "
                          "and any of % | - _, at most 120 characters)"));
}

TEST(RefusedNames, MissingInASourceTableOfMq) {
  EXPECT_THAT(Table::source("mq").without("pullIntervalMs").problems(),
              ElementsAre("option 'pullIntervalMs' is missing: it is required in a source table of mq (allowed: whole "
                          "numbers from 1 to 86400000)"));
}

TEST(RefusedNames, NeitherGroupInAnUnusedTable) {
  EXPECT_THAT(
      Table::source()
          .used(kUnused)
          .without("consumerGroup")
          .with("retryTimes", "5")
          .with("startTimeMs", "x")
          .problems(),
      ElementsAre(
          "option 'consumerGroup' or 'producerGroup' is missing: a source table needs the first, a "
          "sink table the second",
          "option 'startTimeMs' = 'x': allowed are milliseconds since 1970-01-01 in UTC, such as 1704067200000"));
}

TEST(RefusedNames, OtherConnector) {
  EXPECT_THAT(Table::source().with("pullIntervalMs", "500").problems(),
              ElementsAre("option 'pullIntervalMs' = '500': for connector mq only; mq5 waits at the broker for new "
                          "messages (long polling); remove it"));
  EXPECT_THAT(Table::source().with("instanceID", "MQ_INST_1").problems(),
              ElementsAre("option 'instanceID' = 'MQ_INST_1': for connector mq only; a 5.x instance is told by its "
                          "endpoint; remove it"));
  EXPECT_THAT(Table::sink().with("instanceID", "MQ_INST_1").problems(),
              ElementsAre("option 'instanceID' = 'MQ_INST_1': for connector mq only; a 5.x instance is told by its "
                          "endpoint; remove it"));
}

TEST(RefusedNames, TagInASinkOfMq5) {
  EXPECT_THAT(Table::sink().with("tag", "TagA").problems(),
              ElementsAre("option 'tag' = 'TagA': not for a sink table of mq5; declare a column 'tags VARCHAR "
                          "METADATA' and write the tag into it"));
  EXPECT_THAT(Table::both().with("tag", "TagA").problems(),
              ElementsAre("option 'tag' = 'TagA': not for a sink table of mq5; declare a column 'tags VARCHAR "
                          "METADATA' and write the tag into it"));
}

// A table may be read by one statement and written by another: what the other one needs is no fault here.
TEST(RefusedNames, NoneOfTheOtherDirection) {
  const SinkOptions sink = Table::sink("mq")
                               .with("consumerGroup", "g")
                               .with("pullIntervalMs", "5")
                               .with("startTimeMs", "5")
                               .with("scan.startup.mode", "timestamp")
                               .with("scan.bounded.timestamp-millis", "5")
                               .with("scan.filter.sql92", "a > 1")
                               .with("tag", "TagA")
                               .with("lineDelimiter", ";")
                               .with("lengthCheck", "PAD")
                               .sink_options();
  EXPECT_EQ(sink.tag, "TagA");
  const SourceOptions source = Table::source()
                                   .with("producerGroup", "g")
                                   .with("mode", "partition")
                                   .with("partitionField", "no_column")
                                   .with("deliveryTimestampType", "event_time")
                                   .with("tag", "TagA||TagB")
                                   .source_options();
  EXPECT_THAT(source.tags, ElementsAre("TagA", "TagB"));
  EXPECT_FALSE(Table::source().with("producerGroup", "g").parse().sink);
}

TEST(RefusedNames, ValuesOfTheOtherDirection) {
  EXPECT_THAT(Table::sink("mq")
                  .with("consumerGroup", "a group")
                  .with("pullBatchSize", "0")
                  .with("scan.startup.mode", "earlyest")
                  .with("scan.startup.specific-offsets", "42")
                  .with("lineDelimiter", "\\q")
                  .problems(),
              ElementsAre("option 'pullBatchSize' = '0': allowed are whole numbers from 1 to 1024",
                          StartsWith("option 'scan.startup.mode' = 'earlyest': allowed are group-offsets, earliest"),
                          StartsWith("option 'lineDelimiter' = '\\q': "),
                          StartsWith("option 'consumerGroup' = 'a group': not a name that RocketMQ takes"),
                          StartsWith("option 'scan.startup.specific-offsets' = '42': ")));
  EXPECT_THAT(Table::source().with("producerGroup", "a group").with("retryTimes", "many").problems(),
              ElementsAre(StartsWith("option 'retryTimes' = 'many': allowed are whole numbers"),
                          StartsWith("option 'producerGroup' = 'a group': not a name that RocketMQ takes")));
}

TEST(RefusedNames, ConnectorUnknown) {
  EXPECT_THAT(Table::source().with("connector", "kafka").problems(),
              ElementsAre("option 'connector' = 'kafka': allowed are mq, mq5"));
  EXPECT_THAT(Table::source().with("connector", "mq6").problems(),
              ElementsAre("option 'connector' = 'mq6': allowed are mq, mq5; did you mean 'mq5'?"));
}

TEST(RefusedNames, AllAtOnce) {
  EXPECT_THAT(
      Table::source()
          .with("topik", "x")
          .without("topic")
          .with("retryTimes", "x")
          .with("pullBatchSize", "0")
          .with("accessId", "me")
          .column(metadata("topics"))
          .problems(),
      ElementsAre("unknown option 'topik'; did you mean 'topic'?",
                  "option 'retryTimes' = 'x': allowed are whole numbers from 0 to 2147483647",
                  "option 'pullBatchSize' = '0': allowed are whole numbers from 1 to 1024",
                  "option 'topic' is missing: it is required in every table (allowed: letters, digits and any of % | - "
                  "_, at most 127 characters)",
                  "option 'accessKey' is missing: accessId is given, and the two go together: give both or neither",
                  "metadata column 'topics': unknown key 'topics'; did you mean 'topic'?"));
}

}  // namespace
