#include "table.h"

namespace {

using namespace rocketlink;
using ::testing::ElementsAre;

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
  EXPECT_THAT(
      Table::source().with("nameServer", "csv").problems(),
      ElementsAre(
          "unknown option 'nameServer'; a source table of mq5 knows connector, endpoint, topic, accessId, accessKey, "
          "encoding, format, timeZone, fieldDelimiter, quoteCharacter, tag, max-api-calls-per-second, tls.enabled, "
          "tls.truststore, tls.keystore, tls.keystore-key, tls.keystore-password, tls.verify-hostname, "
          "tls.server-name, consumerGroup, pullBatchSize, "
          "startTimeMs, startMessageOffset, scan.startup.mode, scan.startup.fallback, scan.startup.timestamp-millis, "
          "scan.startup.specific-offsets, scan.bounded.mode, scan.bounded.timestamp-millis, "
          "scan.partition-discovery.interval, scan.offset-out-of-range, scan.filter.sql92, "
          "scan.watermark.emit.strategy, "
          "scan.watermark.alignment.group, scan.watermark.alignment.max-drift, "
          "scan.watermark.alignment.update-interval, scan.watermark.idle-timeout, scan.parallelism, "
          "lineDelimiter, lengthCheck, columnErrorDebug"));
  EXPECT_THAT(
      Table::sink("mq").with("nameServerAddress", "a:1").problems(),
      ElementsAre(
          "unknown option 'nameServerAddress'; a sink table of mq knows connector, endpoint, topic, accessId, "
          "accessKey, instanceID, encoding, format, timeZone, fieldDelimiter, quoteCharacter, tag, "
          "max-api-calls-per-second, "
          "tls.enabled, tls.truststore, tls.keystore, tls.keystore-key, tls.keystore-password, tls.verify-hostname, "
          "tls.server-name, producerGroup, "
          "retryTimes, sleepTimeMs, mode, partitionField, sink.delivery-guarantee, sink.batch.max-messages, "
          "sink.batch.max-bytes, sink.batch.linger, sink.parallelism, deliveryTimestampMode, deliveryTimestampType, "
          "deliveryTimestampValue, deliveryTimestampField, delivery.encoding"));
}

TEST(RefusedNames, UnknownWithUnprintableName) {
  EXPECT_THAT(
      Table::both().with("a\x01\xff", "5").problems(),
      ElementsAre(
          "unknown option 'a\\x01�'; a table of mq5 knows connector, endpoint, topic, accessId, accessKey, "
          "encoding, format, timeZone, fieldDelimiter, quoteCharacter, tag, max-api-calls-per-second, tls.enabled, "
          "tls.truststore, tls.keystore, tls.keystore-key, tls.keystore-password, tls.verify-hostname, "
          "tls.server-name, consumerGroup, "
          "pullBatchSize, startTimeMs, startMessageOffset, scan.startup.mode, scan.startup.fallback, "
          "scan.startup.timestamp-millis, scan.startup.specific-offsets, scan.bounded.mode, "
          "scan.bounded.timestamp-millis, scan.partition-discovery.interval, scan.offset-out-of-range, "
          "scan.filter.sql92, scan.watermark.emit.strategy, "
          "scan.watermark.alignment.group, scan.watermark.alignment.max-drift, "
          "scan.watermark.alignment.update-interval, scan.watermark.idle-timeout, scan.parallelism, lineDelimiter, "
          "lengthCheck, columnErrorDebug, producerGroup, "
          "retryTimes, sleepTimeMs, mode, partitionField, sink.delivery-guarantee, sink.batch.max-messages, "
          "sink.batch.max-bytes, sink.batch.linger, sink.parallelism, deliveryTimestampMode, "
          "deliveryTimestampType, deliveryTimestampValue, deliveryTimestampField, delivery.encoding"));
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
  EXPECT_THAT(Table::source()
                  .used(kUnused)
                  .without("consumerGroup")
                  .with("retryTimes", "5")
                  .with("startTimeMs", "x")
                  .problems(),
              ElementsAre("option 'consumerGroup' or 'producerGroup' is missing: a source table needs the first, a "
                          "sink table the second",
                          "option 'startTimeMs' = 'x': allowed are whole numbers from 0 to 9223372036854775807"));
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

TEST(RefusedNames, SourceOptionsInASinkTable) {
  EXPECT_THAT(
      Table::sink("mq")
          .with("consumerGroup", "g")
          .with("pullIntervalMs", "5")
          .with("pullBatchSize", "5")
          .with("startTimeMs", "5")
          .with("startMessageOffset", "5")
          .with("scan.startup.mode", "latest")
          .with("scan.startup.fallback", "latest")
          .with("scan.startup.timestamp-millis", "5")
          .with("scan.startup.specific-offsets", "a,1:1")
          .with("scan.bounded.mode", "latest")
          .with("scan.bounded.timestamp-millis", "5")
          .with("scan.partition-discovery.interval", "5 s")
          .with("scan.offset-out-of-range", "fail")
          .with("scan.filter.sql92", "a > 1")
          .with("scan.parallelism", "5")
          .with("lineDelimiter", ";")
          .with("lengthCheck", "PAD")
          .with("columnErrorDebug", "true")
          .problems(),
      ElementsAre(
          "option 'consumerGroup' = 'g': for source tables only, and this is a sink table; a sink table has "
          "producerGroup instead",
          "option 'pullIntervalMs' = '5': for source tables only, and this is a sink table; remove it",
          "option 'pullBatchSize' = '5': for source tables only, and this is a sink table; remove it",
          "option 'startTimeMs' = '5': for source tables only, and this is a sink table; remove it",
          "option 'startMessageOffset' = '5': for source tables only, and this is a sink table; remove it",
          "option 'scan.startup.mode' = 'latest': for source tables only, and this is a sink table; remove it",
          "option 'scan.startup.fallback' = 'latest': for source tables only, and this is a sink table; remove it",
          "option 'scan.startup.timestamp-millis' = '5': for source tables only, and this is a sink table; remove it",
          "option 'scan.startup.specific-offsets' = 'a,1:1': for source tables only, and this is a sink table; remove "
          "it",
          "option 'scan.bounded.mode' = 'latest': for source tables only, and this is a sink table; remove it",
          "option 'scan.bounded.timestamp-millis' = '5': for source tables only, and this is a sink table; remove it",
          "option 'scan.partition-discovery.interval' = '5 s': for source tables only, and this is a sink table; "
          "remove it",
          "option 'scan.offset-out-of-range' = 'fail': for source tables only, and this is a sink table; remove it",
          "option 'scan.filter.sql92' = 'a > 1': for source tables only, and this is a sink table; remove it",
          "option 'scan.parallelism' = '5': for source tables only, and this is a sink table; remove it",
          "option 'lineDelimiter' = ';': for source tables only, and this is a sink table; a sink writes one record "
          "into each message",
          "option 'lengthCheck' = 'PAD': for source tables only, and this is a sink table; remove it",
          "option 'columnErrorDebug' = 'true': for source tables only, and this is a sink table; remove it"));
}

TEST(RefusedNames, SinkOptionsInASourceTable) {
  EXPECT_THAT(
      Table::source()
          .with("producerGroup", "g")
          .with("retryTimes", "5")
          .with("sleepTimeMs", "5")
          .with("mode", "partition")
          .with("partitionField", "id")
          .with("sink.delivery-guarantee", "none")
          .with("sink.batch.max-messages", "5")
          .with("sink.batch.max-bytes", "5")
          .with("sink.batch.linger", "5")
          .with("sink.parallelism", "5")
          .with("deliveryTimestampMode", "fixed")
          .with("deliveryTimestampType", "event_time")
          .with("deliveryTimestampValue", "5")
          .with("deliveryTimestampField", "id")
          .with("delivery.encoding", "auto")
          .problems(),
      ElementsAre(
          "option 'producerGroup' = 'g': for sink tables only, and this is a source table; a source table has "
          "consumerGroup instead",
          "option 'retryTimes' = '5': for sink tables only, and this is a source table; remove it",
          "option 'sleepTimeMs' = '5': for sink tables only, and this is a source table; remove it",
          "option 'mode' = 'partition': for sink tables only, and this is a source table; remove it",
          "option 'partitionField' = 'id': for sink tables only, and this is a source table; remove it",
          "option 'sink.delivery-guarantee' = 'none': for sink tables only, and this is a source table; remove it",
          "option 'sink.batch.max-messages' = '5': for sink tables only, and this is a source table; remove it",
          "option 'sink.batch.max-bytes' = '5': for sink tables only, and this is a source table; remove it",
          "option 'sink.batch.linger' = '5': for sink tables only, and this is a source table; remove it",
          "option 'sink.parallelism' = '5': for sink tables only, and this is a source table; remove it",
          "option 'deliveryTimestampMode' = 'fixed': for sink tables only, and this is a source table; remove it",
          "option 'deliveryTimestampType' = 'event_time': for sink tables only, and this is a source table; remove it",
          "option 'deliveryTimestampValue' = '5': for sink tables only, and this is a source table; remove it",
          "option 'deliveryTimestampField' = 'id': for sink tables only, and this is a source table; remove it",
          "option 'delivery.encoding' = 'auto': for sink tables only, and this is a source table; remove it"));
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
          .with("retryTimes", "3")
          .with("pullBatchSize", "0")
          .with("accessId", "me")
          .column(metadata("topics"))
          .problems(),
      ElementsAre("unknown option 'topik'; did you mean 'topic'?",
                  "option 'retryTimes' = '3': for sink tables only, and this is a source table; remove it",
                  "option 'pullBatchSize' = '0': allowed are whole numbers from 1 to 1024",
                  "option 'topic' is missing: it is required in every table (allowed: letters, digits and any of % | - "
                  "_, at most 127 characters)",
                  "option 'accessKey' is missing: accessId is given, and the two go together: give both or neither",
                  "metadata column 'topics': unknown key 'topics'; did you mean 'topic'?"));
}

}  // namespace
