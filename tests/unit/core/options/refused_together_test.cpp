#include "table.h"

namespace {

using namespace rocketlink;
using ::testing::ElementsAre;

TEST(RefusedTogether, OneKeyOfAPair) {
  EXPECT_THAT(
      Table::source().with("accessId", "me").problems(),
      ElementsAre("option 'accessKey' is missing: accessId is given, and the two go together: give both or neither"));
  EXPECT_THAT(
      Table::source().with("accessKey", "hush").problems(),
      ElementsAre("option 'accessId' is missing: accessKey is given, and the two go together: give both or neither"));
}

TEST(RefusedTogether, KeyEmpty) {
  EXPECT_THAT(Table::source().with("accessId", "me").with("accessKey", "").problems(),
              ElementsAre("option 'accessKey' = '******': must not be empty"));
}

TEST(RefusedTogether, StartOptionOfTheVendorWithAMode) {
  EXPECT_THAT(Table::source().with("startTimeMs", "1").with("scan.startup.mode", "latest").problems(),
              ElementsAre("option 'startTimeMs' = '1': not together with scan.startup.mode; keep one of them"));
  EXPECT_THAT(Table::source().with("startMessageOffset", "1").with("scan.startup.mode", "group-offsets").problems(),
              ElementsAre("option 'startMessageOffset' = '1': not together with scan.startup.mode; keep one of them"));
}

TEST(RefusedTogether, StartModeWithoutItsValue) {
  EXPECT_THAT(
      Table::source().with("scan.startup.mode", "timestamp").problems(),
      ElementsAre("option 'scan.startup.timestamp-millis' is missing: 'scan.startup.mode' = 'timestamp' needs it"));
  EXPECT_THAT(
      Table::source().with("scan.startup.mode", "specific-offsets").problems(),
      ElementsAre(
          "option 'scan.startup.specific-offsets' is missing: 'scan.startup.mode' = 'specific-offsets' needs it"));
}

TEST(RefusedTogether, StartValueWithoutItsMode) {
  EXPECT_THAT(Table::source().with("scan.startup.timestamp-millis", "1").problems(),
              ElementsAre("option 'scan.startup.timestamp-millis' = '1': needs 'scan.startup.mode' = 'timestamp'"));
  EXPECT_THAT(
      Table::source().with("scan.startup.specific-offsets", "a,1:1").problems(),
      ElementsAre("option 'scan.startup.specific-offsets' = 'a,1:1': needs 'scan.startup.mode' = 'specific-offsets'"));
}

TEST(RefusedTogether, BoundedModeWithoutItsValue) {
  EXPECT_THAT(
      Table::source().with("scan.bounded.mode", "timestamp").problems(),
      ElementsAre("option 'scan.bounded.timestamp-millis' is missing: 'scan.bounded.mode' = 'timestamp' needs it"));
}

TEST(RefusedTogether, BoundedValueWithoutItsMode) {
  EXPECT_THAT(Table::source().with("scan.bounded.timestamp-millis", "5").with("scan.bounded.mode", "latest").problems(),
              ElementsAre("option 'scan.bounded.timestamp-millis' = '5': needs 'scan.bounded.mode' = 'timestamp'"));
}

TEST(RefusedTogether, FilterWithTag) {
  EXPECT_THAT(
      Table::source().with("tag", "TagA").with("scan.filter.sql92", "a > 1").problems(),
      ElementsAre(
          "option 'scan.filter.sql92' = 'a > 1': not together with tag; write it into the filter: TAGS = 'TagA'"));
}

TEST(RefusedTogether, TagWithTagsColumn) {
  EXPECT_THAT(
      Table::sink("mq").with("tag", "TagA").column(metadata("tags")).problems(),
      ElementsAre(
          "option 'tag' = 'TagA': not together with a metadata column 'tags', which sets it; keep one of them"));
}

TEST(RefusedTogether, SeveralTagsInATableThatIsWrittenToo) {
  EXPECT_THAT(Table::both("mq").with("tag", "TagA||TagB").problems(),
              ElementsAre("option 'tag' = 'TagA||TagB': must be a single tag, since the table is written to"));
  EXPECT_THAT(Table::both("mq").with("tag", "*").problems(),
              ElementsAre("option 'tag' = '*': must be a single tag, since the table is written to"));
}

TEST(RefusedTogether, LineDelimiterInTheFieldDelimiter) {
  EXPECT_THAT(Table::source().with("fieldDelimiter", ";").with("lineDelimiter", ";").problems(),
              ElementsAre("option 'lineDelimiter' = ';': the lineDelimiter stands in the fieldDelimiter, so that no "
                          "record could have two fields"));
  EXPECT_THAT(
      Table::source().with("fieldDelimiter", "|\\n").problems(),
      ElementsAre("option 'fieldDelimiter' = '|\\n': the lineDelimiter stands in the fieldDelimiter, so that no record "
                  "could have two fields"));
  EXPECT_THAT(Table::sink().with("fieldDelimiter", "\\n").problems(), ::testing::IsEmpty());
}

TEST(RefusedTogether, QuoteInADelimiter) {
  EXPECT_THAT(Table::source().with("quoteCharacter", ",").with("fieldDelimiter", ",").problems(),
              ElementsAre("option 'quoteCharacter' = ',': stands in the fieldDelimiter too; they must differ"));
  EXPECT_THAT(Table::source().with("quoteCharacter", "|").with("lineDelimiter", "||").problems(),
              ElementsAre("option 'quoteCharacter' = '|': stands in the lineDelimiter too; they must differ"));
}

TEST(RefusedTogether, ModePartitionWithoutField) {
  EXPECT_THAT(Table::sink().with("mode", "partition").problems(),
              ElementsAre("option 'partitionField' is missing: 'mode' = 'partition' needs it"));
}

TEST(RefusedTogether, PartitionFieldIsNoColumn) {
  EXPECT_THAT(Table::sink().with("partitionField", "nane").problems(),
              ElementsAre("option 'partitionField' = 'nane': no column of the table; did you mean 'name'?"));
  EXPECT_THAT(Table::sink().with("partitionField", "customer").problems(),
              ElementsAre("option 'partitionField' = 'customer': no column of the table, which has id, name"));
}

TEST(RefusedTogether, PartitionFieldIsNotWritten) {
  EXPECT_THAT(Table::sink().with("partitionField", "topic").column(metadata("topic", true)).problems(),
              ElementsAre("option 'partitionField' = 'topic': is a VIRTUAL column, which is not written"));
}

TEST(RefusedTogether, MetadataColumns) {
  EXPECT_THAT(Table::source().column(metadata("topics")).problems(),
              ElementsAre("metadata column 'topics': unknown key 'topics'; did you mean 'topic'?"));
  EXPECT_THAT(Table::source().column(metadata("shop")).problems(),
              ElementsAre("metadata column 'shop': unknown key 'shop'; a source knows topic, queue-id, queue-offset, "
                          "msg-id, store-timestamp, born-timestamp, keys, tags"));
  EXPECT_THAT(Table::sink().column(metadata("topic")).problems(),
              ElementsAre("metadata column 'topic': a sink cannot write 'topic'; it writes keys and tags; declare the "
                          "column VIRTUAL to read it only"));
  EXPECT_THAT(Table::sink().column(metadata("tag")).problems(),
              ElementsAre("metadata column 'tag': a sink cannot write 'tag'; it writes keys and tags; declare the "
                          "column VIRTUAL to read it only"));
}

TEST(RefusedTogether, DeliveryTimeWithoutItsMode) {
  EXPECT_THAT(Table::sink().with("deliveryTimestampValue", "1").problems(),
              ElementsAre("option 'deliveryTimestampValue' = '1': needs deliveryTimestampMode"));
  EXPECT_THAT(Table::sink().with("deliveryTimestampField", "id").problems(),
              ElementsAre("option 'deliveryTimestampField' = 'id': needs deliveryTimestampMode"));
  EXPECT_THAT(Table::sink().with("deliveryTimestampType", "event_time").problems(),
              ElementsAre("option 'deliveryTimestampType' = 'event_time': needs deliveryTimestampMode"));
  EXPECT_THAT(Table::sink().with("delivery.encoding", "timer").problems(),
              ElementsAre("option 'delivery.encoding' = 'timer': needs deliveryTimestampMode"));
}

TEST(RefusedTogether, DeliveryTimeWithoutItsValue) {
  EXPECT_THAT(
      Table::sink().with("deliveryTimestampMode", "fixed").problems(),
      ElementsAre(
          "option 'deliveryTimestampValue' is missing: 'deliveryTimestampMode' = 'fixed' or 'relative' needs it"));
  EXPECT_THAT(
      Table::sink().with("deliveryTimestampMode", "relative").problems(),
      ElementsAre(
          "option 'deliveryTimestampValue' is missing: 'deliveryTimestampMode' = 'fixed' or 'relative' needs it"));
  EXPECT_THAT(Table::sink().with("deliveryTimestampMode", "field").problems(),
              ElementsAre("option 'deliveryTimestampField' is missing: 'deliveryTimestampMode' = 'field' needs it"));
}

TEST(RefusedTogether, DeliveryFieldWithAnotherMode) {
  EXPECT_THAT(Table::sink()
                  .with("deliveryTimestampMode", "fixed")
                  .with("deliveryTimestampValue", "1")
                  .with("deliveryTimestampField", "id")
                  .problems(),
              ElementsAre("option 'deliveryTimestampField' = 'id': needs 'deliveryTimestampMode' = 'field'"));
}

TEST(RefusedTogether, DeliveryFieldOfAnotherType) {
  EXPECT_THAT(Table::sink().with("deliveryTimestampMode", "field").with("deliveryTimestampField", "id").problems(),
              ElementsAre("option 'deliveryTimestampField' = 'id': is a column of type VARCHAR; it must be BIGINT"));
  EXPECT_THAT(Table::sink().with("deliveryTimestampMode", "field").with("deliveryTimestampField", "ids").problems(),
              ElementsAre("option 'deliveryTimestampField' = 'ids': no column of the table; did you mean 'id'?"));
}

TEST(RefusedTogether, EventTimeWithoutSomethingRelativeToIt) {
  EXPECT_THAT(Table::sink()
                  .with("deliveryTimestampMode", "fixed")
                  .with("deliveryTimestampValue", "1")
                  .with("deliveryTimestampType", "event_time")
                  .problems(),
              ElementsAre("option 'deliveryTimestampType' = 'event_time': needs 'deliveryTimestampMode' = 'relative'"));
}

TEST(RefusedTogether, TlsDetailsWithoutTls) {
  EXPECT_THAT(Table::source().with("tls.truststore", "ca.pem").problems(),
              ElementsAre("option 'tls.truststore' = 'ca.pem': needs 'tls.enabled' = 'true'"));
  EXPECT_THAT(Table::source().with("tls.keystore", "me.pem").problems(),
              ElementsAre("option 'tls.keystore' = 'me.pem': needs 'tls.enabled' = 'true'"));
  EXPECT_THAT(Table::source().with("tls.verify-hostname", "false").problems(),
              ElementsAre("option 'tls.verify-hostname' = 'false': needs 'tls.enabled' = 'true'"));
  EXPECT_THAT(Table::source().with("tls.keystore-password", "hush").problems(),
              ElementsAre("option 'tls.keystore-password' = '******': needs 'tls.enabled' = 'true'",
                          "option 'tls.keystore-password' = '******': needs 'tls.keystore'"));
  EXPECT_THAT(Table::source().with("tls.enabled", "true").with("tls.keystore-key", "me.key").problems(),
              ElementsAre("option 'tls.keystore-key' = 'me.key': needs 'tls.keystore'"));
  EXPECT_THAT(
      Table::source().with("tls.enabled", "true").with("tls.server-name", "mq.example.com:443").problems(),
      ElementsAre("option 'tls.server-name' = 'mq.example.com:443': not a host name; give no port and no scheme "
                  "(allowed: a host name)"));
}

TEST(RefusedTogether, InstancesThatDoNotFit) {
  EXPECT_THAT(
      Table::source("mq").with("instanceID", "MQ%INST").problems(),
      ElementsAre("option 'instanceID' = 'MQ%INST': not an instance's id (allowed: letters, digits and any of _ "
                  "-, at most 64 characters)"));
  EXPECT_THAT(Table::source("mq").with("endpoint", "MQ_INST_1_a.x.com:80;MQ_INST_1_b.x.com:80").problems(),
              ElementsAre("option 'endpoint' = 'MQ_INST_1_a.x.com:80;MQ_INST_1_b.x.com:80': names two instances, "
                          "'MQ_INST_1_a' and 'MQ_INST_1_b'; give the endpoints of one"));
  EXPECT_THAT(Table::source().with("endpoint", "http://MQ_INST_1_a.x.com:80").problems(),
              ElementsAre("option 'endpoint' = 'http://MQ_INST_1_a.x.com:80': names 'MQ_INST_1_a', an instance of 4.x; "
                          "set 'connector' = 'mq'"));
  EXPECT_THAT(Table::source("mq").with("instanceID", "MQ_INST_1").with("topic", std::string(120, 't')).problems(),
              ElementsAre(::testing::HasSubstr(
                  "is too long with the instance's id 'MQ_INST_1' before it: 130 characters, 127 are allowed")));
}

}  // namespace
