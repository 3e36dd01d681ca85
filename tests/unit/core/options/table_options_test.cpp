#include "table.h"

namespace {

using namespace rocketlink;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

// ---- accepted: each option's forms, and what holds without it ----

TEST(SourceTable, Defaults) {
  const SourceOptions options = Table::source().source_options();
  EXPECT_EQ(options.connection.connector, Connector::kMq5);
  EXPECT_THAT(options.connection.endpoints, ElementsAre("127.0.0.1:9876"));
  EXPECT_EQ(options.connection.access_id, "");
  EXPECT_EQ(options.connection.access_key, "");
  EXPECT_EQ(options.topic, "orders");
  EXPECT_EQ(options.consumer_group, "readers");
  EXPECT_THAT(options.tags, IsEmpty());
  EXPECT_EQ(options.sql92_filter, "");
  EXPECT_EQ(options.pull_interval_ms, std::nullopt);
  EXPECT_EQ(options.pull_batch_size, 64);
  EXPECT_EQ(options.start_mode, StartMode::kGroupOffsets);
  EXPECT_EQ(options.start_fallback, StartMode::kEarliest);
  EXPECT_EQ(options.bounded_mode, BoundedMode::kUnbounded);
  EXPECT_EQ(options.discovery_interval_ms, 300'000);
  EXPECT_EQ(options.out_of_range, OutOfRangePolicy::kFail);
  EXPECT_EQ(options.parallelism, std::nullopt);
  EXPECT_EQ(options.format.encoding, "UTF-8");
  EXPECT_EQ(options.format.time_zone, "UTC");
  EXPECT_EQ(options.format.field_delimiter, "\x01");
  EXPECT_EQ(options.format.line_delimiter, "\n");
  EXPECT_EQ(options.format.quote_character, std::nullopt);
  EXPECT_EQ(options.format.length_check, LengthCheck::kNone);
  EXPECT_FALSE(options.format.column_error_debug);
}

TEST(SinkTable, Defaults) {
  const SinkOptions options = Table::sink().sink_options();
  EXPECT_EQ(options.connection.connector, Connector::kMq5);
  EXPECT_THAT(options.connection.endpoints, ElementsAre("127.0.0.1:9876"));
  EXPECT_EQ(options.topic, "orders");
  EXPECT_EQ(options.producer_group, "writers");
  EXPECT_EQ(options.tag, "");
  EXPECT_EQ(options.retry_times, 10);
  EXPECT_EQ(options.sleep_time_ms, 5000);
  EXPECT_EQ(options.partition_field, "");
  EXPECT_EQ(options.guarantee, DeliveryGuarantee::kAtLeastOnce);
  EXPECT_EQ(options.delivery.mode, DeliveryMode::kNone);
  EXPECT_EQ(options.batch_max_messages, 512);
  EXPECT_EQ(options.batch_max_bytes, 1024 * 1024);
  EXPECT_EQ(options.batch_linger_ms, 5);
  EXPECT_EQ(options.parallelism, std::nullopt);
  EXPECT_EQ(options.format.field_delimiter, "\x01");
}

TEST(SinkTable, DeliveryTimes) {
  const DeliveryOptions fixed = Table::sink()
                                    .with("deliveryTimestampMode", "fixed")
                                    .with("deliveryTimestampValue", "1700000000000")
                                    .with("delivery.encoding", "delay-level")
                                    .sink_options()
                                    .delivery;
  EXPECT_EQ(fixed.mode, DeliveryMode::kFixed);
  EXPECT_EQ(fixed.value_ms, 1'700'000'000'000);
  EXPECT_EQ(fixed.encoding, DeliveryEncoding::kDelayLevel);
  const DeliveryOptions relative = Table::sink()
                                       .with("deliveryTimestampMode", "relative")
                                       .with("deliveryTimestampType", "event_time")
                                       .with("deliveryTimestampValue", "5000")
                                       .sink_options()
                                       .delivery;
  EXPECT_EQ(relative.mode, DeliveryMode::kRelative);
  EXPECT_EQ(relative.type, DeliveryType::kEventTime);
  EXPECT_EQ(relative.value_ms, 5000);
  EXPECT_EQ(relative.encoding, DeliveryEncoding::kAuto);
  const DeliveryOptions field = Table::sink()
                                    .column(physical("due", TypeKind::kBigInt))
                                    .with("deliveryTimestampMode", "field")
                                    .with("deliveryTimestampField", "due")
                                    .with("deliveryTimestampValue", "5")  // without effect
                                    .sink_options()
                                    .delivery;
  EXPECT_EQ(field.mode, DeliveryMode::kField);
  EXPECT_EQ(field.field, "due");
}

TEST(Table, CallBudget) {
  EXPECT_EQ(Table::source().source_options().connection.max_api_calls_per_second, 0);
  const TableOptions both = Table::both().with("max-api-calls-per-second", "0.5").parse();
  EXPECT_EQ(both.source->connection.max_api_calls_per_second, 0.5);
  EXPECT_EQ(both.sink->connection.max_api_calls_per_second, 0.5);
}

TEST(Table, NamesAreMatchedWithoutRegardToCase) {
  const auto options =
      Table::source().without("endpoint").with("endPoint", "a:1").with("PULLBATCHSIZE", "7").source_options();
  EXPECT_THAT(options.connection.endpoints, ElementsAre("a:1"));
  EXPECT_EQ(options.pull_batch_size, 7);
}

TEST(Table, ConnectorInAnyCase) {
  EXPECT_EQ(Table::source("MQ5").source_options().connection.connector, Connector::kMq5);
  EXPECT_EQ(Table::sink("mq").sink_options().connection.connector, Connector::kMq);
}

TEST(Table, EndpointsInAllForms) {
  const auto endpoints = [](std::string_view text) {
    return Table::source("mq").with("endpoint", text).source_options().connection.endpoints;
  };
  EXPECT_THAT(endpoints("a:1;b:2"), ElementsAre("a:1", "b:2"));
  EXPECT_THAT(endpoints(" a:1 , b:2 ;"), ElementsAre("a:1", "b:2"));
  EXPECT_THAT(endpoints("a:1;a:1"), ElementsAre("a:1"));
  EXPECT_THAT(endpoints("[::1]:9876;[fe80::1%eth0]:80"), ElementsAre("[::1]:9876", "[fe80::1%eth0]:80"));
  EXPECT_THAT(endpoints("http://MQ_INST_123_Bb.cn-hangzhou.mq.example.com:8080"),
              ElementsAre("MQ_INST_123_Bb.cn-hangzhou.mq.example.com:8080"));
  EXPECT_THAT(endpoints("HTTPS://a:1/;http://b:65535"), ElementsAre("a:1", "b:65535"));
}

TEST(Table, KeyPair) {
  const auto options = Table::source().with("accessId", "me").with("accessKey", "hush").source_options();
  EXPECT_EQ(options.connection.access_id, "me");
  EXPECT_EQ(options.connection.access_key, "hush");
}

TEST(Table, LayoutOfText) {
  const FormatOptions format = Table::source()
                                   .with("encoding", "gbk")
                                   .with("timeZone", "Asia/Shanghai")
                                   .with("fieldDelimiter", R"(\t||\u4e2d)")
                                   .with("lineDelimiter", R"(\r\n\x01)")
                                   .with("quoteCharacter", "\"")
                                   .with("lengthCheck", "pad")
                                   .with("columnErrorDebug", "TRUE")
                                   .source_options()
                                   .format;
  EXPECT_EQ(format.encoding, "gbk");
  EXPECT_EQ(format.time_zone, "Asia/Shanghai");
  EXPECT_EQ(format.field_delimiter, "\t||中");
  EXPECT_EQ(format.line_delimiter, "\r\n\x01");
  EXPECT_EQ(format.quote_character, '"');
  EXPECT_EQ(format.length_check, LengthCheck::kPad);
  EXPECT_TRUE(format.column_error_debug);
}

TEST(SourceTable, EveryLengthCheck) {
  const auto check = [](std::string_view text) {
    return Table::source().with("lengthCheck", text).source_options().format.length_check;
  };
  EXPECT_EQ(check("NONE"), LengthCheck::kNone);
  EXPECT_EQ(check("Skip"), LengthCheck::kSkip);
  EXPECT_EQ(check("EXCEPTION"), LengthCheck::kException);
  EXPECT_EQ(check("PAD"), LengthCheck::kPad);
}

TEST(SourceTable, Tags) {
  const auto tags = [](std::string_view text) { return Table::source().with("tag", text).source_options().tags; };
  EXPECT_THAT(tags("TagA"), ElementsAre("TagA"));
  EXPECT_THAT(tags("TagA||TagB"), ElementsAre("TagA", "TagB"));
  EXPECT_THAT(tags(" TagA || TagB ||"), ElementsAre("TagA", "TagB"));
  EXPECT_THAT(tags(" * "), IsEmpty());
}

TEST(SourceTable, PullOptions) {
  EXPECT_EQ(Table::source("mq").with("pullIntervalMs", " 1000 ").source_options().pull_interval_ms, 1000);
  EXPECT_EQ(Table::source().with("pullBatchSize", "1").source_options().pull_batch_size, 1);
  EXPECT_EQ(Table::source().with("pullBatchSize", "+1024").source_options().pull_batch_size, 1024);
}

TEST(SourceTable, StartTimeAndOffsetOfTheVendor) {
  auto options = Table::source().with("startTimeMs", "1700000000000").source_options();
  EXPECT_EQ(options.start_mode, StartMode::kTimestamp);
  EXPECT_EQ(options.start_timestamp_ms, 1'700'000'000'000);
  options = Table::source().with("startMessageOffset", "9223372036854775807").source_options();
  EXPECT_EQ(options.start_mode, StartMode::kOffset);
  EXPECT_EQ(options.start_offset, 9'223'372'036'854'775'807);
}

TEST(SourceTable, StartMessageOffsetWinsOverStartTimeMs) {
  const auto options = Table::source().with("startMessageOffset", "5").with("startTimeMs", "7").source_options();
  EXPECT_EQ(options.start_mode, StartMode::kOffset);
  EXPECT_EQ(options.start_offset, 5);
}

TEST(SourceTable, StartModes) {
  const auto mode = [](std::string_view text) {
    return Table::source().with("scan.startup.mode", text).source_options().start_mode;
  };
  EXPECT_EQ(mode("group-offsets"), StartMode::kGroupOffsets);
  EXPECT_EQ(mode("EARLIEST"), StartMode::kEarliest);
  EXPECT_EQ(mode("latest"), StartMode::kLatest);
}

TEST(SourceTable, StartModeTimestamp) {
  const auto options = Table::source()
                           .with("scan.startup.mode", "timestamp")
                           .with("scan.startup.timestamp-millis", "42")
                           .source_options();
  EXPECT_EQ(options.start_mode, StartMode::kTimestamp);
  EXPECT_EQ(options.start_timestamp_ms, 42);
}

TEST(SourceTable, StartModeSpecificOffsets) {
  const auto options = Table::source()
                           .with("scan.startup.mode", "specific-offsets")
                           .with("scan.startup.specific-offsets", "broker-a,0:42; broker-b , 1 : 7 ;")
                           .source_options();
  EXPECT_EQ(options.start_mode, StartMode::kSpecificOffsets);
  EXPECT_THAT(options.specific_offsets, ElementsAre(Pair(Pair("broker-a", 0), 42), Pair(Pair("broker-b", 1), 7)));
}

TEST(SourceTable, StartFallback) {
  const auto fallback = [](std::string_view text) {
    return Table::source().with("scan.startup.fallback", text).source_options().start_fallback;
  };
  EXPECT_EQ(fallback("earliest"), StartMode::kEarliest);
  EXPECT_EQ(fallback("latest"), StartMode::kLatest);
}

TEST(SourceTable, BoundedModes) {
  const auto mode = [](std::string_view text) {
    return Table::source().with("scan.bounded.mode", text).source_options().bounded_mode;
  };
  EXPECT_EQ(mode("unbounded"), BoundedMode::kUnbounded);
  EXPECT_EQ(mode("latest"), BoundedMode::kLatest);
  const auto options = Table::source()
                           .with("scan.bounded.mode", "timestamp")
                           .with("scan.bounded.timestamp-millis", "43")
                           .source_options();
  EXPECT_EQ(options.bounded_mode, BoundedMode::kTimestamp);
  EXPECT_EQ(options.bounded_timestamp_ms, 43);
}

TEST(SourceTable, DiscoveryIntervalInAllForms) {
  const auto interval = [](std::string_view text) {
    return Table::source().with("scan.partition-discovery.interval", text).source_options().discovery_interval_ms;
  };
  EXPECT_EQ(interval("0"), 0);
  EXPECT_EQ(interval("300000"), 300'000);
  EXPECT_EQ(interval("5 min"), 300'000);
  EXPECT_EQ(interval("300000ms"), 300'000);
  EXPECT_EQ(interval(" 10 S "), 10'000);
  EXPECT_EQ(interval("2 hours"), 7'200'000);
  EXPECT_EQ(interval("1d"), 86'400'000);
  EXPECT_EQ(interval("3 milliseconds"), 3);
}

TEST(SourceTable, OutOfRangePolicies) {
  const auto policy = [](std::string_view text) {
    return Table::source().with("scan.offset-out-of-range", text).source_options().out_of_range;
  };
  EXPECT_EQ(policy("fail"), OutOfRangePolicy::kFail);
  EXPECT_EQ(policy("earliest"), OutOfRangePolicy::kEarliest);
  EXPECT_EQ(policy("latest"), OutOfRangePolicy::kLatest);
}

TEST(SourceTable, FilterAndParallelism) {
  EXPECT_EQ(Table::source().with("scan.filter.sql92", "a > 5").source_options().sql92_filter, "a > 5");
  EXPECT_EQ(Table::source().with("scan.parallelism", "4").source_options().parallelism, 4);
}

TEST(SourceTable, WatermarkOptionsOfFlinkAreTaken) {
  Table table = Table::source();
  for (const OptionSpec& spec : option_specs()) {
    if (spec.name.starts_with("scan.watermark.")) table.with(spec.name, "as Flink takes it");
  }
  EXPECT_THAT(table.with("scan.watermark.alignment.group", "orders").problems(), IsEmpty());
}

TEST(SinkTable, SendOptions) {
  const auto options = Table::sink()
                           .with("retryTimes", "0")
                           .with("sleepTimeMs", "20")
                           .with("sink.delivery-guarantee", "none")
                           .with("sink.batch.max-messages", "1")
                           .with("sink.batch.max-bytes", "4 mb")
                           .with("sink.batch.linger", "1 s")
                           .with("sink.parallelism", "3")
                           .sink_options();
  EXPECT_EQ(options.retry_times, 0);
  EXPECT_EQ(options.sleep_time_ms, 20);
  EXPECT_EQ(options.guarantee, DeliveryGuarantee::kNone);
  EXPECT_EQ(options.batch_max_messages, 1);
  EXPECT_EQ(options.batch_max_bytes, 4 * 1024 * 1024);
  EXPECT_EQ(options.batch_linger_ms, 1000);
  EXPECT_EQ(options.parallelism, 3);
}

TEST(SinkTable, BatchBytesInAllForms) {
  const auto bytes = [](std::string_view text) {
    return Table::sink().with("sink.batch.max-bytes", text).sink_options().batch_max_bytes;
  };
  EXPECT_EQ(bytes("65536"), 65536);
  EXPECT_EQ(bytes("64kb"), 65536);
  EXPECT_EQ(bytes("64 KibiBytes"), 65536);
  EXPECT_EQ(bytes("1m"), 1 << 20);
  EXPECT_EQ(bytes("12 bytes"), 12);
}

TEST(SinkTable, TagOfMqAsGiven) {
  EXPECT_EQ(Table::sink("mq").with("tag", "TagA||TagB").sink_options().tag, "TagA||TagB");
}

TEST(SinkTable, PartitionField) {
  EXPECT_EQ(Table::sink().with("partitionField", "name").sink_options().partition_field, "name");
  EXPECT_EQ(Table::sink().with("mode", "Partition").with("partitionField", "id").sink_options().partition_field, "id");
  EXPECT_EQ(Table::sink().column(metadata("keys")).with("partitionField", "keys").sink_options().partition_field,
            "keys");
}

TEST(Table, WhatIsOffMayBeSaid) {
  EXPECT_THAT(Table::source().with("tls.enabled", "false").with("max-api-calls-per-second", "0.0").problems(),
              IsEmpty());
}

// ---- which way a table is used ----

TEST(Table, UsedBothWays) {
  const TableOptions options = Table::both().with("startTimeMs", "1").with("retryTimes", "2").parse();
  EXPECT_THAT(options.problems, IsEmpty());
  ASSERT_TRUE(options.source && options.sink);
  EXPECT_EQ(options.source->start_timestamp_ms, 1);
  EXPECT_EQ(options.sink->retry_times, 2);
}

TEST(Table, UnusedIsTakenForWhatItsGroupsSay) {
  TableOptions options = Table::source().used(kUnused).parse();
  EXPECT_THAT(options.problems, IsEmpty());
  EXPECT_TRUE(options.source && !options.sink);
  options = Table::sink().used(kUnused).parse();
  EXPECT_THAT(options.problems, IsEmpty());
  EXPECT_TRUE(!options.source && options.sink);
  options = Table::both().used(kUnused).parse();
  EXPECT_THAT(options.problems, IsEmpty());
  EXPECT_TRUE(options.source && options.sink);
}

TEST(TableOptions, InstanceByOptionElseByEndpoint) {
  const auto instance = [](const Table& table) { return table.source_options().connection.instance_id; };
  EXPECT_EQ(instance(Table::source("mq")), "");
  EXPECT_EQ(instance(Table::source("mq").with("instanceID", "MQ_INST_1_abc")), "MQ_INST_1_abc");
  const std::string_view endpoint = "http://MQ_INST_1_abc.cn-x.example.com:80";
  EXPECT_EQ(instance(Table::source("mq").with("endpoint", endpoint)), "MQ_INST_1_abc");
  EXPECT_EQ(instance(Table::source("mq").with("endpoint", endpoint).with("instanceID", "other")), "other");
  EXPECT_EQ(instance(Table::source("mq").with("endpoint", "MQ_INST_1_abc.x.com:80;MQ_INST_1_abc.y.com:80")),
            "MQ_INST_1_abc");
  for (const std::string_view none : {"mq_inst_1_abc.x.com:80", "MQ_INST_1abc.x.com:80", "MQ_INST_1_abc:80",
                                      "x.MQ_INST_1_abc.com:80", "MQ_INST_1_a-b.x.com:80", "MQ_INST__a.x.com:80"}) {
    EXPECT_EQ(instance(Table::source("mq").with("endpoint", none)), "") << none;
  }
  EXPECT_EQ(Table::sink("mq").with("instanceID", "I").sink_options().connection.instance_id, "I");
}

TEST(TableOptions, Tls) {
  EXPECT_EQ(Table::source().source_options().connection.tls, TlsOptions());
  const TlsOptions tls = Table::sink()
                             .with("tls.enabled", "TRUE")
                             .with("tls.truststore", "ca.pem")
                             .with("tls.keystore", "me.pem")
                             .with("tls.keystore-key", "me.key")
                             .with("tls.keystore-password", "hush")
                             .with("tls.verify-hostname", "false")
                             .with("tls.server-name", "mq.example.com")
                             .sink_options()
                             .connection.tls;
  const TlsOptions expected{true, "ca.pem", "me.pem", "me.key", "hush", "mq.example.com", false};
  EXPECT_EQ(tls, expected);
}

}  // namespace
