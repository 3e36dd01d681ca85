#include "table.h"

namespace {

using namespace rocketlink;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RefusedValues, FormatsOfFlinkAndTheirOptions) {
  EXPECT_THAT(Table::source().with("format", "json").with("json.ignore-parse-errors", "true").problems(),
              ElementsAre("option 'format' = 'json': formats are for SQL tables on Flink (run with --flink); leave it "
                          "out for CSV and binary bodies; docs/formats.md says how JSON is read without"));
  EXPECT_THAT(Table::source().with("json.ignore-parse-errors", "true").problems(),
              ElementsAre(::testing::StartsWith("unknown option 'json.ignore-parse-errors'")));
}

TEST(RefusedValues, EndpointEmpty) {
  EXPECT_THAT(Table::source().with("endpoint", "").problems(),
              ElementsAre("option 'endpoint' = '': must not be empty (allowed: host:port, several separated by ; or , "
                          "and IPv6 addresses in brackets)"));
  EXPECT_THAT(Table::source().with("endpoint", " ; ").problems(),
              ElementsAre("option 'endpoint' = ' ; ': holds no endpoint (allowed: host:port, several separated by ; or "
                          ", and IPv6 addresses in brackets)"));
}

TEST(RefusedValues, EndpointWithoutPort) {
  EXPECT_THAT(Table::source().with("endpoint", "host").problems(),
              ElementsAre("option 'endpoint' = 'host': 'host' has no port, such as :9876 of a name server or :8080 of "
                          "a proxy (allowed: host:port, several separated by ; or , and IPv6 addresses in brackets)"));
  EXPECT_THAT(
      Table::source().with("endpoint", "[::1]").problems(),
      ElementsAre("option 'endpoint' = '[::1]': '[::1]' has no port, such as :9876 of a name server or :8080 of a "
                  "proxy (allowed: host:port, several separated by ; or , and IPv6 addresses in brackets)"));
  EXPECT_THAT(
      Table::source().with("endpoint", "<yourEndpoint>").problems(),
      ElementsAre(
          "option 'endpoint' = '<yourEndpoint>': '<yourEndpoint>' has no port, such as :9876 of a name server or :8080 "
          "of a proxy (allowed: host:port, several separated by ; or , and IPv6 addresses in brackets)"));
}

TEST(RefusedValues, EndpointWithBadPort) {
  EXPECT_THAT(Table::source().with("endpoint", "a:0").problems(),
              ElementsAre("option 'endpoint' = 'a:0': 'a:0' has a port that is no number from 1 to 65535 (allowed: "
                          "host:port, several separated by ; or , and IPv6 addresses in brackets)"));
  EXPECT_THAT(Table::source().with("endpoint", "a:65536").problems(),
              ElementsAre("option 'endpoint' = 'a:65536': 'a:65536' has a port that is no number from 1 to 65535 "
                          "(allowed: host:port, several separated by ; or , and IPv6 addresses in brackets)"));
  EXPECT_THAT(Table::source().with("endpoint", "a:http").problems(),
              ElementsAre("option 'endpoint' = 'a:http': 'a:http' has a port that is no number from 1 to 65535 "
                          "(allowed: host:port, several separated by ; or , and IPv6 addresses in brackets)"));
  EXPECT_THAT(Table::source().with("endpoint", "a:+1").problems(),
              ElementsAre("option 'endpoint' = 'a:+1': 'a:+1' has a port that is no number from 1 to 65535 (allowed: "
                          "host:port, several separated by ; or , and IPv6 addresses in brackets)"));
}

TEST(RefusedValues, EndpointWithPath) {
  EXPECT_THAT(Table::source().with("endpoint", "http://a:80/nsaddr").problems(),
              ElementsAre("option 'endpoint' = 'http://a:80/nsaddr': 'http://a:80/nsaddr' has a path; give host:port "
                          "alone (allowed: host:port, several separated by ; or , and IPv6 addresses in brackets)"));
}

TEST(RefusedValues, EndpointWithOtherScheme) {
  EXPECT_THAT(Table::source().with("endpoint", "ftp://a:80").problems(),
              ElementsAre("option 'endpoint' = 'ftp://a:80': 'ftp://a:80' has a scheme other than http:// and https:// "
                          "(allowed: host:port, several separated by ; or , and IPv6 addresses in brackets)"));
}

TEST(RefusedValues, EndpointWithoutHost) {
  EXPECT_THAT(Table::source().with("endpoint", ":9876").problems(),
              ElementsAre("option 'endpoint' = ':9876': ':9876' has no host name or address before the port (allowed: "
                          "host:port, several separated by ; or , and IPv6 addresses in brackets)"));
  EXPECT_THAT(Table::source().with("endpoint", "[]:9876").problems(),
              ElementsAre("option 'endpoint' = '[]:9876': '[]:9876' has no host name or address before the port "
                          "(allowed: host:port, several separated by ; or , and IPv6 addresses in brackets)"));
  EXPECT_THAT(Table::source().with("endpoint", "a b:1").problems(),
              ElementsAre("option 'endpoint' = 'a b:1': 'a b:1' holds a blank; several are separated by ; or , "
                          "(allowed: host:port, several separated by ; or , and IPv6 addresses in brackets)"));
}

TEST(RefusedValues, EndpointIpv6WithoutBrackets) {
  EXPECT_THAT(
      Table::source().with("endpoint", "::1:9876").problems(),
      ElementsAre("option 'endpoint' = '::1:9876': '::1:9876' has several colons; put an IPv6 address in brackets: "
                  "[::1]:9876 (allowed: host:port, several separated by ; or , and IPv6 addresses in brackets)"));
}

TEST(RefusedValues, EndpointSeveralBad) {
  EXPECT_THAT(Table::source().with("endpoint", "a:1;b;c:0").problems(),
              ElementsAre("option 'endpoint' = 'a:1;b;c:0': 'b' has no port, such as :9876 of a name server or :8080 "
                          "of a proxy; 'c:0' has a port that is no number from 1 to 65535 (allowed: host:port, several "
                          "separated by ; or , and IPv6 addresses in brackets)"));
}

TEST(RefusedValues, Topic) {
  EXPECT_THAT(Table::source().with("topic", "").problems(),
              ElementsAre("option 'topic' = '': must not be empty (allowed: letters, digits and any of % | - _, at "
                          "most 127 characters)"));
  EXPECT_THAT(Table::source().with("topic", "<yourTopicName>").problems(),
              ElementsAre("option 'topic' = '<yourTopicName>': not a name that RocketMQ takes (allowed: letters, "
                          "digits and any of % | - _, at most 127 characters)"));
  EXPECT_THAT(
      Table::source().with("topic", std::string(128, 'a')).problems(),
      ElementsAre(
          "option 'topic' = "
          "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…': "
          "not a name that RocketMQ takes (allowed: letters, digits and any of % | - _, at most 127 characters)"));
}

TEST(RefusedValues, Groups) {
  EXPECT_THAT(Table::source().with("consumerGroup", "a/b").problems(),
              ElementsAre("option 'consumerGroup' = 'a/b': not a name that RocketMQ takes (allowed: letters, digits "
                          "and any of % | - _, at most 120 characters)"));
  EXPECT_THAT(
      Table::sink().with("producerGroup", std::string(256, 'a')).problems(),
      ElementsAre(
          "option 'producerGroup' = "
          "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…': "
          "not a name that RocketMQ takes (allowed: letters, digits and any of % | - _, at most 120 characters)"));
}

TEST(RefusedValues, GroupsOfTheMostCharactersAreTakenAndOfOneMoreRefused) {
  const std::string longest(120, 'g');
  for (const auto& [table, option] :
       {std::pair(Table::source(), "consumerGroup"), std::pair(Table::sink(), "producerGroup")}) {
    EXPECT_THAT(Table(table).with(option, longest).problems(), IsEmpty());
    EXPECT_THAT(Table(table).with(option, longest + "g").problems(),
                ElementsAre(::testing::HasSubstr("at most 120 characters")));
  }
}

TEST(RefusedValues, Encoding) {
  EXPECT_THAT(
      Table::source().with("encoding", "UTF-9").problems(),
      ElementsAre("option 'encoding' = 'UTF-9': unknown charset (allowed: charsets of the system's iconv "
                  "(see 'iconv --list'; on RHEL most are in the package glibc-gconv-extra), such as UTF-8, GBK, "
                  "GB18030, UTF-16LE, ISO-8859-1)"));
}

TEST(RefusedValues, TimeZone) {
  EXPECT_THAT(Table::source().with("timeZone", "Asia/Shangai").problems(),
              ElementsAre("option 'timeZone' = 'Asia/Shangai': unknown time zone (allowed: IANA names such as "
                          "'Asia/Shanghai' and offsets such as '+08:00')"));
}

TEST(RefusedValues, DelimiterEscapes) {
  const auto escaped = [](const std::string& letter) {
    return Table::source().with("fieldDelimiter", "\\" + letter).problems();
  };
  EXPECT_THAT(escaped("\u00FC"), ElementsAre(testing::HasSubstr("unknown escape \\\u00FC; ")));
  EXPECT_THAT(escaped("\xFFq"), ElementsAre(testing::HasSubstr("unknown escape \\\uFFFD; "))) << "no UTF-8";
  EXPECT_THAT(Table::source().with("fieldDelimiter", "\\q").problems(),
              ElementsAre("option 'fieldDelimiter' = '\\q': unknown escape \\q; allowed are \\n, \\r, \\t, \\0, \\\\, "
                          "\\uXXXX, \\xXX and \\ooo; write \\\\ for a backslash"));
  EXPECT_THAT(Table::source().with("fieldDelimiter", "\\").problems(),
              ElementsAre("option 'fieldDelimiter' = '\\': a lone \\ at the end; allowed are \\n, \\r, \\t, \\0, \\\\, "
                          "\\uXXXX, \\xXX and \\ooo; write \\\\ for a backslash"));
  EXPECT_THAT(Table::source().with("fieldDelimiter", "\\u12").problems(),
              ElementsAre("option 'fieldDelimiter' = '\\u12': \\u wants four hex digits, and the halves of a surrogate "
                          "pair go together"));
  EXPECT_THAT(Table::source().with("fieldDelimiter", "\\xg0").problems(),
              ElementsAre("option 'fieldDelimiter' = '\\xg0': \\x wants two hex digits"));
  for (const std::string octal : {"\\01", "\\1", "\\018", "\\400", "\\777", "\\08", "\\9"}) {
    EXPECT_THAT(Table::source().with("fieldDelimiter", octal).problems(),
                ElementsAre("option 'fieldDelimiter' = '" + octal +
                            "': \\ before a digit wants three octal digits, \\000 to \\377"));
  }
  EXPECT_THAT(Table::source().with("fieldDelimiter", "\\ud800").problems(),
              ElementsAre("option 'fieldDelimiter' = '\\ud800': \\u wants four hex digits, and the halves of a "
                          "surrogate pair go together"));
}

TEST(RefusedValues, DelimiterEmpty) {
  EXPECT_THAT(Table::source().with("fieldDelimiter", "").problems(),
              ElementsAre("option 'fieldDelimiter' = '': must not be empty (allowed: one or more characters; \\n, \\r, "
                          "\\t, \\0, \\\\, \\uXXXX, \\xXX and \\ooo are escapes)"));
  EXPECT_THAT(Table::source().with("lineDelimiter", "").problems(),
              ElementsAre("option 'lineDelimiter' = '': must not be empty (allowed: one or more characters; \\n, \\r, "
                          "\\t, \\0, \\\\, \\uXXXX, \\xXX and \\ooo are escapes)"));
}

TEST(RefusedValues, QuoteCharacter) {
  EXPECT_THAT(Table::source().with("quoteCharacter", "").problems(),
              ElementsAre("option 'quoteCharacter' = '': must not be empty (allowed: one printable ASCII character "
                          "that is in neither delimiter)"));
  EXPECT_THAT(Table::source().with("quoteCharacter", "ab").problems(),
              ElementsAre("option 'quoteCharacter' = 'ab': must be a single character (allowed: one printable ASCII "
                          "character that is in neither delimiter)"));
  EXPECT_THAT(Table::source().with("quoteCharacter", "中").problems(),
              ElementsAre("option 'quoteCharacter' = '中': must be a single character (allowed: one printable ASCII "
                          "character that is in neither delimiter)"));
  EXPECT_THAT(Table::source().with("quoteCharacter", "\n").problems(),
              ElementsAre("option 'quoteCharacter' = '\\x0a': must be a single character (allowed: one printable ASCII "
                          "character that is in neither delimiter)"));
}

TEST(RefusedValues, Tags) {
  EXPECT_THAT(Table::source().with("tag", "").problems(),
              ElementsAre("option 'tag' = '': must not be empty (allowed: in a source table: one tag, several as "
                          "'TagA||TagB', or * for all; in a sink table: the tag of every message)"));
  EXPECT_THAT(Table::source().with("tag", "||").problems(),
              ElementsAre("option 'tag' = '||': holds no tag (allowed: in a source table: one tag, several as "
                          "'TagA||TagB', or * for all; in a sink table: the tag of every message)"));
  EXPECT_THAT(
      Table::source().with("tag", "TagA|TagB").problems(),
      ElementsAre("option 'tag' = 'TagA|TagB': holds a single |; write || between tags (messages whose tag has one in "
                  "it cannot be chosen) (allowed: in a source "
                  "table: one tag, several as 'TagA||TagB', or * for all; in a sink table: the tag of every message)"));
  EXPECT_THAT(
      Table::source().with("tag", "TagA||*").problems(),
      ElementsAre("option 'tag' = 'TagA||*': * stands for all tags and goes with no other (allowed: in a source table: "
                  "one tag, several as 'TagA||TagB', or * for all; in a sink table: the tag of every message)"));
}

TEST(RefusedValues, TagOfASink) {
  EXPECT_THAT(Table::sink("mq").with("tag", "A\x01").problems(),
              ElementsAre("option 'tag' = 'A\\x01': must not hold control characters"));
}

TEST(RefusedValues, PullIntervalMs) {
  EXPECT_THAT(Table::source("mq").with("pullIntervalMs", "0").problems(),
              ElementsAre("option 'pullIntervalMs' = '0': allowed are whole numbers from 1 to 86400000"));
  EXPECT_THAT(Table::source("mq").with("pullIntervalMs", "1.5").problems(),
              ElementsAre("option 'pullIntervalMs' = '1.5': allowed are whole numbers from 1 to 86400000"));
  EXPECT_THAT(Table::source("mq").with("pullIntervalMs", "86400001").problems(),
              ElementsAre("option 'pullIntervalMs' = '86400001': allowed are whole numbers from 1 to 86400000"));
}

TEST(RefusedValues, PullBatchSize) {
  EXPECT_THAT(Table::source().with("pullBatchSize", "0").problems(),
              ElementsAre("option 'pullBatchSize' = '0': allowed are whole numbers from 1 to 1024"));
  EXPECT_THAT(Table::source().with("pullBatchSize", "1025").problems(),
              ElementsAre("option 'pullBatchSize' = '1025': allowed are whole numbers from 1 to 1024"));
  EXPECT_THAT(Table::source().with("pullBatchSize", "many").problems(),
              ElementsAre("option 'pullBatchSize' = 'many': allowed are whole numbers from 1 to 1024"));
}

TEST(RefusedValues, StartTimeMs) {
  EXPECT_THAT(
      Table::source().with("startTimeMs", "-1").problems(),
      ElementsAre(
          "option 'startTimeMs' = '-1': allowed are milliseconds since 1970-01-01 in UTC, such as 1704067200000"));
  EXPECT_THAT(Table::source().with("startTimeMs", "2024-01-01").problems(),
              ElementsAre("option 'startTimeMs' = '2024-01-01': allowed are milliseconds since 1970-01-01 in UTC, such "
                          "as 1704067200000"));
}

TEST(RefusedValues, StartMessageOffset) {
  EXPECT_THAT(
      Table::source().with("startMessageOffset", "-1").problems(),
      ElementsAre("option 'startMessageOffset' = '-1': allowed are whole numbers from 0 to 9223372036854775807"));
  EXPECT_THAT(Table::source().with("startMessageOffset", "9223372036854775808").problems(),
              ElementsAre("option 'startMessageOffset' = '9223372036854775808': allowed are whole numbers from 0 to "
                          "9223372036854775807"));
}

TEST(RefusedValues, StartMode) {
  EXPECT_THAT(Table::source().with("scan.startup.mode", "earlist").problems(),
              ElementsAre("option 'scan.startup.mode' = 'earlist': allowed are group-offsets, earliest, latest, "
                          "timestamp, specific-offsets; did you mean 'earliest'?"));
  EXPECT_THAT(Table::source().with("scan.startup.mode", "begin").problems(),
              ElementsAre("option 'scan.startup.mode' = 'begin': allowed are group-offsets, earliest, latest, "
                          "timestamp, specific-offsets"));
}

TEST(RefusedValues, StartFallback) {
  EXPECT_THAT(Table::source().with("scan.startup.fallback", "timestamp").problems(),
              ElementsAre("option 'scan.startup.fallback' = 'timestamp': allowed are earliest, latest"));
}

TEST(RefusedValues, StartTimestamp) {
  EXPECT_THAT(
      Table::source().with("scan.startup.mode", "timestamp").with("scan.startup.timestamp-millis", "soon").problems(),
      ElementsAre("option 'scan.startup.timestamp-millis' = 'soon': allowed are milliseconds since 1970-01-01 in UTC, "
                  "such as 1704067200000"));
}

TEST(RefusedValues, SpecificOffsets) {
  EXPECT_THAT(Table::source()
                  .with("scan.startup.mode", "specific-offsets")
                  .with("scan.startup.specific-offsets", "a")
                  .problems(),
              ElementsAre("option 'scan.startup.specific-offsets' = 'a': 'a' is not broker,queue:offset (allowed: "
                          "broker,queue:offset, several separated by ; such as 'broker-a,0:42;broker-b,1:7')"));
  EXPECT_THAT(Table::source()
                  .with("scan.startup.mode", "specific-offsets")
                  .with("scan.startup.specific-offsets", "a:1")
                  .problems(),
              ElementsAre("option 'scan.startup.specific-offsets' = 'a:1': 'a:1' is not broker,queue:offset (allowed: "
                          "broker,queue:offset, several separated by ; such as 'broker-a,0:42;broker-b,1:7')"));
  EXPECT_THAT(
      Table::source()
          .with("scan.startup.mode", "specific-offsets")
          .with("scan.startup.specific-offsets", "a,1:x")
          .problems(),
      ElementsAre(
          "option 'scan.startup.specific-offsets' = 'a,1:x': 'a,1:x' has an offset that is no whole number from 0 on "
          "(allowed: broker,queue:offset, several separated by ; such as 'broker-a,0:42;broker-b,1:7')"));
  EXPECT_THAT(
      Table::source()
          .with("scan.startup.mode", "specific-offsets")
          .with("scan.startup.specific-offsets", "a,-1:1")
          .problems(),
      ElementsAre(
          "option 'scan.startup.specific-offsets' = 'a,-1:1': 'a,-1:1' has a queue that is no whole number from 0 on "
          "(allowed: broker,queue:offset, several separated by ; such as 'broker-a,0:42;broker-b,1:7')"));
  EXPECT_THAT(Table::source()
                  .with("scan.startup.mode", "specific-offsets")
                  .with("scan.startup.specific-offsets", "a,2147483648:1")
                  .problems(),
              ElementsAre("option 'scan.startup.specific-offsets' = 'a,2147483648:1': 'a,2147483648:1' has a queue "
                          "that is no whole number from 0 on (allowed: broker,queue:offset, several separated by ; "
                          "such as 'broker-a,0:42;broker-b,1:7')"));
  EXPECT_THAT(
      Table::source()
          .with("scan.startup.mode", "specific-offsets")
          .with("scan.startup.specific-offsets", "a,1:-1")
          .problems(),
      ElementsAre(
          "option 'scan.startup.specific-offsets' = 'a,1:-1': 'a,1:-1' has an offset that is no whole number from 0 on "
          "(allowed: broker,queue:offset, several separated by ; such as 'broker-a,0:42;broker-b,1:7')"));
  EXPECT_THAT(Table::source()
                  .with("scan.startup.mode", "specific-offsets")
                  .with("scan.startup.specific-offsets", ";")
                  .problems(),
              ElementsAre("option 'scan.startup.specific-offsets' = ';': holds no offset (allowed: "
                          "broker,queue:offset, several separated by ; such as 'broker-a,0:42;broker-b,1:7')"));
  EXPECT_THAT(Table::source()
                  .with("scan.startup.mode", "specific-offsets")
                  .with("scan.startup.specific-offsets", ",1:1")
                  .problems(),
              ElementsAre("option 'scan.startup.specific-offsets' = ',1:1': ',1:1' has no broker name (allowed: "
                          "broker,queue:offset, several separated by ; such as 'broker-a,0:42;broker-b,1:7')"));
  EXPECT_THAT(
      Table::source()
          .with("scan.startup.mode", "specific-offsets")
          .with("scan.startup.specific-offsets", "a,0:1;a,0:2")
          .problems(),
      ElementsAre("option 'scan.startup.specific-offsets' = 'a,0:1;a,0:2': 'a,0:2' names a queue again (allowed: "
                  "broker,queue:offset, several separated by ; such as 'broker-a,0:42;broker-b,1:7')"));
}

TEST(RefusedValues, BoundedMode) {
  EXPECT_THAT(Table::source().with("scan.bounded.mode", "unbound").problems(),
              ElementsAre("option 'scan.bounded.mode' = 'unbound': allowed are unbounded, latest, timestamp; did you "
                          "mean 'unbounded'?"));
}

TEST(RefusedValues, BoundedTimestamp) {
  EXPECT_THAT(
      Table::source().with("scan.bounded.mode", "timestamp").with("scan.bounded.timestamp-millis", "-5").problems(),
      ElementsAre("option 'scan.bounded.timestamp-millis' = '-5': allowed are milliseconds since 1970-01-01 in UTC, "
                  "such as 1704067200000"));
}

TEST(RefusedValues, DiscoveryInterval) {
  EXPECT_THAT(Table::source().with("scan.partition-discovery.interval", "").problems(),
              ElementsAre("option 'scan.partition-discovery.interval' = '': allowed are durations such as '5 min' "
                          "(units d, h, min, s, ms) from 0 ms to 1 d"));
  EXPECT_THAT(Table::source().with("scan.partition-discovery.interval", "5 minutos").problems(),
              ElementsAre("option 'scan.partition-discovery.interval' = '5 minutos': allowed are durations such as '5 "
                          "min' (units d, h, min, s, ms) from 0 ms to 1 d"));
  EXPECT_THAT(Table::source().with("scan.partition-discovery.interval", "min").problems(),
              ElementsAre("option 'scan.partition-discovery.interval' = 'min': allowed are durations such as '5 min' "
                          "(units d, h, min, s, ms) from 0 ms to 1 d"));
  EXPECT_THAT(Table::source().with("scan.partition-discovery.interval", "2 d").problems(),
              ElementsAre("option 'scan.partition-discovery.interval' = '2 d': allowed are durations such as '5 min' "
                          "(units d, h, min, s, ms) from 0 ms to 1 d"));
  EXPECT_THAT(Table::source().with("scan.partition-discovery.interval", "-1 s").problems(),
              ElementsAre("option 'scan.partition-discovery.interval' = '-1 s': allowed are durations such as '5 min' "
                          "(units d, h, min, s, ms) from 0 ms to 1 d"));
  EXPECT_THAT(Table::source().with("scan.partition-discovery.interval", "99999999999999999 d").problems(),
              ElementsAre("option 'scan.partition-discovery.interval' = '99999999999999999 d': allowed are durations "
                          "such as '5 min' (units d, h, min, s, ms) from 0 ms to 1 d"));
}

TEST(RefusedValues, OutOfRangePolicy) {
  EXPECT_THAT(Table::source().with("scan.offset-out-of-range", "error").problems(),
              ElementsAre("option 'scan.offset-out-of-range' = 'error': allowed are fail, earliest, latest"));
}

TEST(RefusedValues, Filter) {
  EXPECT_THAT(
      Table::source().with("scan.filter.sql92", "").problems(),
      ElementsAre(
          "option 'scan.filter.sql92' = '': must not be empty (allowed: an SQL92 expression over message properties)"));
}

TEST(RefusedValues, Parallelism) {
  EXPECT_THAT(Table::source().with("scan.parallelism", "0").problems(),
              ElementsAre("option 'scan.parallelism' = '0': allowed are whole numbers from 1 to 32768"));
  EXPECT_THAT(Table::sink().with("sink.parallelism", "32769").problems(),
              ElementsAre("option 'sink.parallelism' = '32769': allowed are whole numbers from 1 to 32768"));
}

TEST(RefusedValues, LengthCheck) {
  EXPECT_THAT(
      Table::source().with("lengthCheck", "SKP").problems(),
      ElementsAre("option 'lengthCheck' = 'SKP': allowed are NONE, SKIP, EXCEPTION, PAD; did you mean 'SKIP'?"));
}

TEST(RefusedValues, ColumnErrorDebug) {
  EXPECT_THAT(Table::source().with("columnErrorDebug", "yes").problems(),
              ElementsAre("option 'columnErrorDebug' = 'yes': allowed are true, false"));
}

TEST(RefusedValues, RetryTimes) {
  EXPECT_THAT(Table::sink().with("retryTimes", "-1").problems(),
              ElementsAre("option 'retryTimes' = '-1': allowed are whole numbers from 0 to 2147483647"));
  EXPECT_THAT(Table::sink().with("retryTimes", "2147483648").problems(),
              ElementsAre("option 'retryTimes' = '2147483648': allowed are whole numbers from 0 to 2147483647"));
}

TEST(RefusedValues, SleepTimeMs) {
  EXPECT_THAT(Table::sink().with("sleepTimeMs", "5 s").problems(),
              ElementsAre("option 'sleepTimeMs' = '5 s': allowed are whole numbers from 0 to 86400000"));
}

TEST(RefusedValues, Mode) {
  EXPECT_THAT(Table::sink().with("mode", "hash").problems(),
              ElementsAre("option 'mode' = 'hash': allowed is partition"));
}

TEST(RefusedValues, DeliveryGuarantee) {
  EXPECT_THAT(Table::sink().with("sink.delivery-guarantee", "exactly-once").problems(),
              ElementsAre("option 'sink.delivery-guarantee' = 'exactly-once': allowed are at-least-once, none"));
}

TEST(RefusedValues, Batch) {
  EXPECT_THAT(Table::sink().with("sink.batch.max-messages", "0").problems(),
              ElementsAre("option 'sink.batch.max-messages' = '0': allowed are whole numbers from 1 to 65536"));
  EXPECT_THAT(Table::sink().with("sink.batch.max-bytes", "17 mb").problems(),
              ElementsAre("option 'sink.batch.max-bytes' = '17 mb': allowed are sizes such as '1 mb' (units gb, mb, "
                          "kb, b) from 1 b to 16 mb"));
  EXPECT_THAT(Table::sink().with("sink.batch.max-bytes", "1 pb").problems(),
              ElementsAre("option 'sink.batch.max-bytes' = '1 pb': allowed are sizes such as '1 mb' (units gb, mb, kb, "
                          "b) from 1 b to 16 mb"));
  EXPECT_THAT(Table::sink().with("sink.batch.linger", "61 s").problems(),
              ElementsAre("option 'sink.batch.linger' = '61 s': allowed are durations such as '5 min' (units d, h, "
                          "min, s, ms) from 0 ms to 1 min"));
}

TEST(RefusedValues, DeliveryTime) {
  EXPECT_THAT(Table::sink().with("deliveryTimestampMode", "later").problems(),
              ElementsAre("option 'deliveryTimestampMode' = 'later': allowed are fixed, relative, field"));
  EXPECT_THAT(
      Table::sink()
          .with("deliveryTimestampMode", "fixed")
          .with("deliveryTimestampValue", "noon")
          .with("deliveryTimestampType", "event")
          .with("delivery.encoding", "level")
          .problems(),
      ElementsAre("option 'deliveryTimestampValue' = 'noon': allowed are whole numbers from 0 to 9223372036854775807",
                  "option 'deliveryTimestampType' = 'event': allowed are processing_time, event_time",
                  "option 'delivery.encoding' = 'level': allowed are auto, timer, start-deliver-time, delay-level"));
}

TEST(RefusedValues, CallBudget) {
  EXPECT_THAT(Table::source().with("max-api-calls-per-second", "-1").problems(),
              ElementsAre("option 'max-api-calls-per-second' = '-1': allowed are numbers from 0 to 1000000"));
  EXPECT_THAT(Table::source().with("max-api-calls-per-second", "nan").problems(),
              ElementsAre("option 'max-api-calls-per-second' = 'nan': allowed are numbers from 0 to 1000000"));
  EXPECT_THAT(Table::source().with("max-api-calls-per-second", "1e7").problems(),
              ElementsAre("option 'max-api-calls-per-second' = '1e7': allowed are numbers from 0 to 1000000"));
}

TEST(RefusedValues, Tls) {
  EXPECT_THAT(Table::source().with("tls.enabled", "on").problems(),
              ElementsAre("option 'tls.enabled' = 'on': allowed are true, false"));
}

TEST(RefusedValues, TimesInSeconds) {
  const auto with = [](const std::string& option, const std::string& value) {
    Table table = Table::source().with(option, value);
    if (option.starts_with("scan.")) table = table.with(option.substr(0, option.rfind('.')) + ".mode", "timestamp");
    return table.problems();
  };
  for (const std::string option : {"startTimeMs", "scan.startup.timestamp-millis", "scan.bounded.timestamp-millis"}) {
    for (const std::string value : {"100000000", "1764547200", "99999999999"}) {
      EXPECT_THAT(with(option, value),
                  ElementsAre("option '" + option + "' = '" + value +
                              "': is in seconds, it seems; write milliseconds, such as " + value + "000"));
    }
    for (const std::string value : {"0", "99999999", "100000000000", "1764547200000"})
      EXPECT_THAT(with(option, value), IsEmpty()) << option << " " << value;
  }
}

}  // namespace
