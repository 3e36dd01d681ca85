#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <limits>

#include "options/values.h"
#include "rocketlink/options.h"
#include "rocketlink/row/charset.h"

namespace rocketlink {
namespace {

using Type = OptionType;
using Names = std::string_view;

constexpr std::int64_t kMaxInt = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kMaxLong = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kMiB = 1'048'576;

constexpr Names kInstanceName = "letters, digits and any of _ -, at most 64 characters";
constexpr Names kTopicName = "letters, digits and any of % | - _, at most 127 characters";
constexpr Names kGroupName = "letters, digits and any of % | - _, at most 120 characters";
constexpr Names kDelimiter = R"(one or more characters; \n, \r, \t, \0, \\, \uXXXX, \xXX and \ooo are escapes)";

// Where these words are those of an enum in options.h, they are in its order.
constexpr std::array<Names, 2> kConnectors = {"mq", "mq5"};
constexpr std::array<Names, 4> kLengthChecks = {"NONE", "SKIP", "EXCEPTION", "PAD"};
constexpr std::array<Names, 5> kStartModes = {"group-offsets", "earliest", "latest", "timestamp", "specific-offsets"};
constexpr std::array<Names, 2> kFallbacks = {"earliest", "latest"};
constexpr std::array<Names, 3> kBoundedModes = {"unbounded", "latest", "timestamp"};
constexpr std::array<Names, 3> kOutOfRange = {"fail", "earliest", "latest"};
constexpr std::array<Names, 1> kSinkModes = {"partition"};
constexpr std::array<Names, 2> kGuarantees = {"at-least-once", "none"};
constexpr std::array<Names, 3> kDeliveryModes = {"fixed", "relative", "field"};
constexpr std::array<Names, 2> kDeliveryTypes = {"processing_time", "event_time"};
constexpr std::array<Names, 4> kDeliveryEncodings = {"auto", "timer", "start-deliver-time", "delay-level"};

constexpr std::string_view kEpochMs = "milliseconds since 1970-01-01 in UTC, such as 1704067200000";

// clang-format off
constexpr OptionSpec kSpecs[] = {
    {.name = "connector", .type = Type::kEnum, .mandatory = true, .required = "in every table", .values = kConnectors,
     .description = "`mq` for RocketMQ 4.x, `mq5` for RocketMQ 5.x (at a name server or at the proxy's remoting port)."},
    {.name = "endpoint", .mandatory = true, .required = "in every table",
     .allowed = "host:port, several separated by ; or , and IPv6 addresses in brackets",
     .description = "Where the name servers or proxies are. An `http://` or `https://` prefix without a path is dropped. With `mq`, "
                    "a host name that begins with an instance's id, `MQ_INST_…`, stands for `instanceID` as well."},
    {.name = "topic", .mandatory = true, .required = "in every table", .allowed = kTopicName, .description = "The topic that is read or written."},
    {.name = "accessId", .secret = true, .required = "with accessKey",
     .description = "Half of the key pair (4.x), or the user name of the instance (5.x). Requests are signed when both "
                    "halves are given."},
    {.name = "accessKey", .secret = true, .required = "with accessId",
     .description = "The other half of the key pair, or the password of the instance."},
    {.name = "instanceID", .mq5 = false, .default_value = "by the endpoint", .allowed = kInstanceName,
     .elsewhere = "a 5.x instance is told by its endpoint; remove it",
     .description = "The namespace of a 4.x instance. On the wire it is put before topic and group, `INSTANCE%topic`; rows, "
                    "metrics and errors show them without it."},
    {.name = "encoding", .default_value = "UTF-8",
     .allowed = row::Charset::kAllowed,
     .description = "Charset of the CSV text. Bytes that are not valid in it are read as U+FFFD; characters that it lacks "
                    "are written as `?`."},
    {.name = "format", .allowed = "a format that Flink finds on its class path, such as json, avro, debezium-json",
     .description = "On Flink only: that format reads or makes the message bodies in place of the connector's CSV and binary. "
                    "Its own options follow with its name in front, such as `json.ignore-parse-errors`."},
    {.name = "timeZone", .default_value = "UTC",
     .allowed = "IANA names such as 'Asia/Shanghai' and offsets such as '+08:00'",
     .description = "Zone in which TIMESTAMP values, metadata and CSV text, are read and written."},
    {.name = "fieldDelimiter", .default_value = R"(\u0001)", .allowed = kDelimiter,
     .description = "Separates the fields of a record. A literal string, not a set of characters."},
    {.name = "quoteCharacter", .allowed = "one printable ASCII character that is in neither delimiter",
     .description = "Quoting by RFC 4180, on reading and on writing: a field in quotes may hold delimiters, a quote in it is "
                    "doubled. Without the option a quote is plain text."},
    {.name = "tag",
     .allowed = "in a source table: one tag, several as 'TagA||TagB', or * for all; in a sink table: the tag of every message",
     .description = "Source: which messages are read. The broker filters by a hash, so the tag is checked again here. Sink of "
                    "`mq`: the tag of every message; a sink of `mq5` writes it with a column `tags VARCHAR METADATA`, which "
                    "`mq` knows too."},
    {.name = "max-api-calls-per-second", .type = Type::kDouble, .default_value = "0 (no limit)", .max = 1'000'000,
     .description = "One budget of calls to the brokers for the whole job, shared by all tables of the cluster and spread "
                    "over its readers and writers; where tables of a cluster differ, the smallest holds. Commits, at "
                    "most one a queue in each commit interval, go before reads, and have every other call where both "
                    "wait; if that is too little for them, a warning says so. ApsaraMQ 4.x "
                    "Standard throttles an instance at 5,000 calls a second."},
    {.name = "tls.enabled", .type = Type::kBoolean, .default_value = "false",
     .description = "Speak TLS, 1.2 or newer, with name servers, proxies and brokers."},
    {.name = "tls.truststore", .default_value = "the system's certificates", .allowed = "a file of PEM certificates",
     .description = "Certificates of the CAs that are trusted. Needs `tls.enabled`."},
    {.name = "tls.keystore", .allowed = "a file of PEM certificates, the client's own first, and its private key",
     .description = "The client's certificate, for servers that ask for one. Needs `tls.enabled`."},
    {.name = "tls.keystore-key", .default_value = "in tls.keystore", .allowed = "a file of a PEM private key",
     .description = "The private key of the certificate in `tls.keystore`, which it needs."},
    {.name = "tls.keystore-password", .secret = true,
     .description = "Opens the private key when that is encrypted. Needs `tls.keystore`."},
    {.name = "tls.verify-hostname", .type = Type::kBoolean, .default_value = "true",
     .description = "Whether a server's certificate must be for the host of its address, or for `tls.server-name`. Needs "
                    "`tls.enabled`."},
    {.name = "tls.server-name", .default_value = "the host of each address", .allowed = "a host name",
     .description = "The name that all servers' certificates must be for, and that is told to them (SNI): brokers register "
                    "themselves by addresses that their certificates may lack. Needs `tls.enabled`."},

    {.name = "consumerGroup", .sink = false, .mandatory = true, .required = "in a source table", .allowed = kGroupName,
     .description = "The group whose committed offsets say how far it has read."},
    {.name = "pullIntervalMs", .mq5 = false, .sink = false, .type = Type::kInt, .mandatory = true, .required = "in a source table of mq",
     .min = 1, .max = kDayMs,
     .elsewhere = "mq5 waits at the broker for new messages (long polling); remove it",
     .description = "Milliseconds to wait before asking again when there was nothing to read."},
    {.name = "pullBatchSize", .sink = false, .type = Type::kInt, .default_value = "64", .min = 1, .max = 1024,
     .description = "Most messages asked for in one pull. The broker may give fewer."},
    {.name = "startTimeMs", .sink = false, .type = Type::kLong, .max = kMaxLong, .allowed = kEpochMs,
     .description = "Begin at the first message that was stored at or after this epoch millisecond."},
    {.name = "startMessageOffset", .sink = false, .type = Type::kLong, .max = kMaxLong,
     .description = "Begin at this offset in every queue. Wins over `startTimeMs`."},
    {.name = "scan.startup.mode", .sink = false, .type = Type::kEnum, .default_value = "group-offsets", .values = kStartModes,
     .description = "Where reading begins when the engine has no state. Not together with `startTimeMs` or "
                    "`startMessageOffset`."},
    {.name = "scan.startup.fallback", .sink = false, .type = Type::kEnum, .default_value = "earliest", .values = kFallbacks,
     .description = "Where a group begins that has no committed offsets in the topic. One that has some reads queues without one, "
                    "which were added since, from their first message."},
    {.name = "scan.startup.timestamp-millis", .sink = false, .type = Type::kLong,
     .required = "with scan.startup.mode = timestamp", .max = kMaxLong, .allowed = kEpochMs,
     .description = "Epoch millisecond for `scan.startup.mode` = `timestamp`, with the meaning of `startTimeMs`."},
    {.name = "scan.startup.specific-offsets", .sink = false, .required = "with scan.startup.mode = specific-offsets",
     .allowed = "broker,queue:offset, several separated by ; such as 'broker-a,0:42;broker-b,1:7'",
     .description = "Offsets for `scan.startup.mode` = `specific-offsets`; queues not named begin as with `group-offsets`."},
    {.name = "scan.bounded.mode", .sink = false, .type = Type::kEnum, .default_value = "unbounded", .values = kBoundedModes,
     .description = "Where reading ends: never, at what was the end when the job began, or at a time."},
    {.name = "scan.bounded.timestamp-millis", .sink = false, .type = Type::kLong,
     .required = "with scan.bounded.mode = timestamp", .max = kMaxLong, .allowed = kEpochMs,
     .description = "Epoch millisecond for `scan.bounded.mode` = `timestamp`: the first message stored at or after it, and all "
                    "behind that one, are not read."},
    {.name = "scan.partition-discovery.interval", .sink = false, .type = Type::kDuration, .default_value = "5 min (0: off)",
     .max = kDayMs, .description = "How often to look for new queues. They are read from their first message."},
    {.name = "scan.offset-out-of-range", .sink = false, .type = Type::kEnum, .default_value = "fail", .values = kOutOfRange,
     .description = "What to do when messages were deleted before they were read, or a queue ends before the place where reading "
                    "is, or where its group is, as that of a topic that was made anew; or a queue of a bounded read is gone."},
    {.name = "scan.heartbeat", .sink = false, .type = Type::kBoolean, .default_value = "false",
     .description = "Tell brokers that the group is read, for `mqadmin consumerProgress -g` and the like. Never where push "
                    "consumers use the group: they would leave queues to this reader and not read them."},
    {.name = "scan.filter.sql92", .sink = false, .allowed = "an SQL92 expression over message properties",
     .description = "A filter that the broker applies; it is checked with the broker before the first pull. Not at a proxy, "
                    "which checks none and would let everything through. Not together with `tag`."},
    {.name = "scan.watermark.emit.strategy", .sink = false, .default_value = "on-periodic", .allowed = "on-periodic, on-event",
     .description = "Flink's: when it emits watermarks. Without effect in the native runner, as is `WATERMARK FOR`."},
    {.name = "scan.watermark.alignment.group", .sink = false, .allowed = "a name",
     .description = "Flink's: sources with this name wait for one another, so that none runs ahead of the others in event time. "
                    "Without effect in the native runner."},
    {.name = "scan.watermark.alignment.max-drift", .sink = false, .required = "with scan.watermark.alignment.group",
     .allowed = "a duration of Flink's",
     .description = "Flink's: how far a source may be ahead. Without effect in the native runner."},
    {.name = "scan.watermark.alignment.update-interval", .sink = false, .default_value = "1 s", .allowed = "a duration of Flink's",
     .description = "Flink's: how often the sources of a group tell how far they are. Without effect in the native runner."},
    {.name = "scan.watermark.idle-timeout", .sink = false, .default_value = "none", .allowed = "a duration of Flink's",
     .description = "Flink's: a queue that is empty for so long holds the watermark no longer back. Without effect in the native "
                    "runner."},
    {.name = "scan.parallelism", .sink = false, .type = Type::kInt, .default_value = "the engine's", .min = 1, .max = 32768,
     .description = "How many readers share the queues."},
    {.name = "lineDelimiter", .sink = false, .default_value = R"(\n)", .allowed = kDelimiter,
     .description = "Separates the records of a message; a sink writes one into each. A literal string, not a set of characters."},
    {.name = "lengthCheck", .sink = false, .type = Type::kEnum, .default_value = "NONE", .values = kLengthChecks,
     .description = "What to do with a record that has more or fewer fields than the table: `NONE` takes the first ones and "
                    "skips short records, `SKIP` skips both, `EXCEPTION` fails the job, `PAD` fills short records with NULL."},
    {.name = "columnErrorDebug", .sink = false, .type = Type::kBoolean, .default_value = "false",
     .description = "Log every record that is skipped, with its place, column and text, instead of one a minute."},

    {.name = "producerGroup", .source = false, .mandatory = true, .required = "in a sink table", .allowed = kGroupName,
     .description = "The group in whose name messages are sent."},
    {.name = "retryTimes", .source = false, .type = Type::kInt, .default_value = "10", .max = kMaxInt,
     .description = "How often a failed send is tried again before the job fails."},
    {.name = "sleepTimeMs", .source = false, .type = Type::kLong, .default_value = "5000", .max = kDayMs,
     .description = "Milliseconds between two tries; up to 5 s more, growing and by chance, while a broker throttles, and no "
                    "less than its connection rests (0.1 to 3 s) while it cannot be reached."},
    {.name = "mode", .source = false, .type = Type::kEnum, .values = kSinkModes,
     .description = "`partition` makes `partitionField` required."},
    {.name = "partitionField", .source = false, .required = "with mode = partition", .allowed = "a column that is written",
     .description = "Rows with the same value in this column go to the same queue, and keep their order, while the topic "
                    "keeps its queues; the value is the message group that topics of type FIFO want."},
    {.name = "sink.delivery-guarantee", .source = false, .type = Type::kEnum, .default_value = "at-least-once",
     .values = kGuarantees, .description = "`none`: a checkpoint does not wait for what is still being sent."},
    {.name = "sink.batch.max-messages", .source = false, .type = Type::kInt, .default_value = "512", .min = 1, .max = 65536,
     .description = "Most messages that go to the broker in one call."},
    {.name = "sink.batch.max-bytes", .source = false, .type = Type::kMemory, .default_value = "1 mb", .min = 1, .max = 16 * kMiB,
     .description = "Most bytes of messages that go to the broker in one call. The broker refuses what is above its "
                    "`maxMessageSize`, which is 4 MiB unless configured."},
    {.name = "sink.batch.linger", .source = false, .type = Type::kDuration, .default_value = "5 ms", .max = 60'000,
     .description = "How long a message may wait for others to go with it."},
    {.name = "sink.parallelism", .source = false, .type = Type::kInt, .default_value = "the engine's", .min = 1, .max = 32768,
     .description = "How many writers share the rows."},
    {.name = "deliveryTimestampMode", .source = false, .type = Type::kEnum, .values = kDeliveryModes,
     .description = "When a message becomes visible: at one time for all (`fixed`), some time after the row (`relative`), or at "
                    "the time in a column (`field`). A time that has passed, and NULL, mean at once."},
    {.name = "deliveryTimestampType", .source = false, .type = Type::kEnum, .default_value = "processing_time",
     .values = kDeliveryTypes, .description = "What `relative` counts from: the moment of writing, or the row's event time."},
    {.name = "deliveryTimestampValue", .source = false, .type = Type::kLong,
     .required = "with deliveryTimestampMode = fixed or relative", .max = kMaxLong,
     .description = "Epoch millisecond (`fixed`), or milliseconds (`relative`). Without effect with `field`."},
    {.name = "deliveryTimestampField", .source = false, .required = "with deliveryTimestampMode = field",
     .allowed = "a BIGINT column of epoch milliseconds", .description = "The column that holds the time. It stays part of the message."},
    {.name = "delivery.encoding", .source = false, .type = Type::kEnum, .default_value = "auto", .values = kDeliveryEncodings,
     .description = "How the time is told to the broker: `timer` as RocketMQ 5.x knows it (`auto` of `mq5`), "
                    "`start-deliver-time` as ApsaraMQ 4.x does (`auto` of `mq`), `delay-level` for Apache RocketMQ 4.x: the first "
                    "level that is not earlier. A broker that would not keep to it is refused before the first row."},
};
// clang-format on

std::string range(const OptionSpec& spec, std::string_view what) {
  return fmt::format("{} from {} to {}", what, spec.min, spec.max);
}

}  // namespace

std::span<const OptionSpec> option_specs() {
  return kSpecs;
}

std::string allowed_values(const OptionSpec& spec) {
  switch (spec.type) {
    case OptionType::kString:
      return std::string(spec.allowed);
    case OptionType::kInt:
    case OptionType::kLong:
      return spec.allowed.empty() ? range(spec, "whole numbers") : std::string(spec.allowed);
    case OptionType::kDouble:
      return range(spec, "numbers");
    case OptionType::kBoolean:
      return "true, false";
    case OptionType::kEnum:
      return fmt::format("{}", fmt::join(spec.values, ", "));
    case OptionType::kDuration:
      return fmt::format("durations such as '{}' (units d, h, min, s, ms) from {} to {}", options::kDurationExample,
                         options::duration_text(spec.min), options::duration_text(spec.max));
    case OptionType::kMemory:
      return fmt::format("sizes such as '{}' (units gb, mb, kb, b) from {} to {}", options::kMemoryExample,
                         options::memory_text(spec.min), options::memory_text(spec.max));
  }
  return {};
}

}  // namespace rocketlink
