#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

/// What crosses between Java and C++ in arrays, field by field: the only list of it. C++ takes positions from here;
/// Java from NativeLayout.java, which tests/unit/jni/layout_doc_test.cpp writes and checks, as it does jni/README.md.
/// So a new field is a name and a row here.
namespace rocketlink::jni::layout {

/// Where a number of an array has nothing to say, and no other word for it.
constexpr std::int64_t kNone = -1;
/// There is no event time.
constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();
/// What TableColumn::kVirtual says of a virtual column.
constexpr std::string_view kVirtualText = "virtual";

/// Of one element of an array; those from kI32 on stand in a byte[], little-endian.
enum class Type { kArray, kString, kLong, kI32, kU32, kI64, kU64 };

/// How much of its array a field takes.
constexpr std::size_t width(Type type) {
  return type < Type::kI32 ? 1 : type < Type::kI64 ? 4 : 8;
}

struct Field {
  std::string_view name;  ///< the enumerator's
  std::size_t at;
  Type type;
  std::string_view unit;  ///< or what values there are; empty: the meaning says it all
  std::string_view meaning;
};

#define ROCKETLINK_FIELD(name, type, unit, meaning) \
  { #name, name, Type::type, unit, meaning }

struct OptionEntry {
  enum : std::size_t { kName, kValue, kSize };
  static constexpr Field kFields[] = {
      ROCKETLINK_FIELD(kName, kString, "", "the option's, as written in WITH"),
      ROCKETLINK_FIELD(kValue, kString, "", "secrets still as placeholders"),
  };
};

struct TableColumn {
  enum : std::size_t { kName, kType, kMetadataKey, kVirtual, kComment, kSize };
  static constexpr Field kFields[] = {
      ROCKETLINK_FIELD(kName, kString, "", "the column's"),
      ROCKETLINK_FIELD(kType, kString, "", "as Flink SQL writes it"),
      ROCKETLINK_FIELD(kMetadataKey, kString, "", "empty: a physical column"),
      ROCKETLINK_FIELD(kVirtual, kString, "", "\"virtual\" or empty"),
      ROCKETLINK_FIELD(kComment, kString, "", "may be empty"),
  };
};

struct SplitName {
  enum : std::size_t { kTopic, kBroker, kSize };
  static constexpr Field kFields[] = {
      ROCKETLINK_FIELD(kTopic, kString, "", "the queue's"),
      ROCKETLINK_FIELD(kBroker, kString, "", "the name of the queue's"),
  };
};

struct SplitNumber {
  enum : std::size_t { kQueueId, kOffset, kStop, kSize };
  static constexpr Field kFields[] = {
      ROCKETLINK_FIELD(kQueueId, kLong, "", "the queue's number on its broker"),
      ROCKETLINK_FIELD(kOffset, kLong, "offset", "of the next message to be read"),
      ROCKETLINK_FIELD(kStop, kLong, "offset", "where reading ends, exclusive; -1: never"),
  };
};

struct Discovery {
  enum : std::size_t { kNames, kNumbers, kSize };
  static constexpr Field kFields[] = {
      ROCKETLINK_FIELD(kNames, kArray, "", "String[]: a SplitName for each queue"),
      ROCKETLINK_FIELD(kNumbers, kArray, "", "long[]: a SplitNumber for each, in the same order"),
  };
};

struct ScanBound {
  enum : std::size_t { kFirstOffset, kStopOffset, kFirstTimeMs, kStopTimeMs, kSize };
  static constexpr Field kFields[] = {
      ROCKETLINK_FIELD(kFirstOffset, kLong, "offset", "-1: none"),
      ROCKETLINK_FIELD(kStopOffset, kLong, "offset", "exclusive; -1: none"),
      ROCKETLINK_FIELD(kFirstTimeMs, kLong, "epoch ms", "by when messages were stored; -1: none"),
      ROCKETLINK_FIELD(kStopTimeMs, kLong, "epoch ms", "exclusive; -1: none"),
  };
};

struct SourceSetting {
  enum : std::size_t {
    kDiscoveryIntervalMs,
    kBounded,
    kParallelism,
    kFailsOnBadRecords,
    kLogsEachBadRecord,
    kReadsAllMessages,
    kSize
  };
  static constexpr Field kFields[] = {
      ROCKETLINK_FIELD(kDiscoveryIntervalMs, kLong, "ms", "0: queues are looked for at the start only"),
      ROCKETLINK_FIELD(kBounded, kLong, "0 or 1", "whether reading ends"),
      ROCKETLINK_FIELD(kParallelism, kLong, "readers", "0: the job's"),
      ROCKETLINK_FIELD(kFailsOnBadRecords, kLong, "0 or 1",
                       "whether a record that cannot be read fails the job; else it is skipped"),
      ROCKETLINK_FIELD(kLogsEachBadRecord, kLong, "0 or 1", "whether the log names each one; else one a minute"),
      ROCKETLINK_FIELD(kReadsAllMessages, kLong, "0 or 1", "whether no option says which messages to read"),
  };
};

struct SinkSetting {
  enum : std::size_t { kParallelism, kAtLeastOnce, kSize };
  static constexpr Field kFields[] = {
      ROCKETLINK_FIELD(kParallelism, kLong, "writers", "0: the job's"),
      ROCKETLINK_FIELD(kAtLeastOnce, kLong, "0 or 1", "whether a checkpoint waits for acknowledgements"),
  };
};

struct ReaderNumber {
  enum : std::size_t { kApiCalls, kRetries, kThrottled, kBytesBuffered, kSize };
  static constexpr Field kFields[] = {
      ROCKETLINK_FIELD(kApiCalls, kLong, "calls", "to brokers"),
      ROCKETLINK_FIELD(kRetries, kLong, "calls", "that failed and were tried again"),
      ROCKETLINK_FIELD(kThrottled, kLong, "calls", "that a broker refused because it was busy or throttles"),
      ROCKETLINK_FIELD(kBytesBuffered, kLong, "bytes", "fetched and not handed out"),
  };
};

struct QueueNumber {
  enum : std::size_t { kPosition, kEnd, kCommitted, kSize };
  static constexpr Field kFields[] = {
      ROCKETLINK_FIELD(kPosition, kLong, "offset", "of the next message to be handed out; -1: the queue is not read"),
      ROCKETLINK_FIELD(kEnd, kLong, "offset",
                       "behind the queue's last message, as of the last answer; -1: it is not read"),
      ROCKETLINK_FIELD(kCommitted, kLong, "offset", "the last one committed by this reader; -1: none"),
  };
};

struct SinkNumber {
  enum : std::size_t {
    kMessagesAcknowledged,
    kBytesAcknowledged,
    kMessagesFailed,
    kRetries,
    kThrottled,
    kDegraded,
    kApiCalls,
    kLastSendMs,
    kDelimiterConflicts,
    kSize
  };
  static constexpr Field kFields[] = {
      ROCKETLINK_FIELD(kMessagesAcknowledged, kLong, "messages", "stored"),
      ROCKETLINK_FIELD(kBytesAcknowledged, kLong, "bytes", "of their bodies"),
      ROCKETLINK_FIELD(kMessagesFailed, kLong, "messages", "that could not be written"),
      ROCKETLINK_FIELD(kRetries, kLong, "calls", "that failed and were tried again"),
      ROCKETLINK_FIELD(kThrottled, kLong, "calls", "that a broker refused because it was busy or throttles"),
      ROCKETLINK_FIELD(kDegraded, kLong, "messages", "stored, but flushed or replicated late"),
      ROCKETLINK_FIELD(kApiCalls, kLong, "calls", "to brokers"),
      ROCKETLINK_FIELD(kLastSendMs, kLong, "ms", "that the last acknowledged send took"),
      ROCKETLINK_FIELD(kDelimiterConflicts, kLong, "fields", "that hold the delimiter"),
  };
};

struct BatchHeader {
  enum : std::size_t {
    kMessages = 0,
    kNameBytes = 4,
    kNextOffset = 8,
    kBodyBytes = 16,
    kSkipped = 24,
    kContents = 28,
    kSize = 32
  };
  static constexpr Field kFields[] = {
      ROCKETLINK_FIELD(kMessages, kU32, "messages", "in this batch"),
      ROCKETLINK_FIELD(kNameBytes, kU32, "bytes", "of the queue's name"),
      ROCKETLINK_FIELD(
          kNextOffset, kI64, "offset",
          "where reading goes on; -1: the last message has further rows, which come alone in the next batch"),
      ROCKETLINK_FIELD(kBodyBytes, kI64, "bytes", "of the messages' bodies, uncompressed"),
      ROCKETLINK_FIELD(kSkipped, kU32, "records", "skipped since the batch before, damaged messages among them"),
      ROCKETLINK_FIELD(kContents, kU32, "position", "where in the array the contents begin"),
  };
};

struct BatchMessage {
  enum : std::size_t { kOffset = 0, kStoredMs = 8, kBornMs = 16, kPosition = 24, kRows = 28, kSize = 32 };
  static constexpr Field kFields[] = {
      ROCKETLINK_FIELD(kOffset, kI64, "offset", "of the message in its queue"),
      ROCKETLINK_FIELD(kStoredMs, kI64, "epoch ms", "when the broker stored it"),
      ROCKETLINK_FIELD(kBornMs, kI64, "epoch ms", "when the producer made it"),
      ROCKETLINK_FIELD(kPosition, kU32, "position", "where in the array its contents begin"),
      ROCKETLINK_FIELD(kRows, kU32, "rows", "how many they are; 1 for a raw message"),
  };
};

struct Content {
  enum : std::size_t { kLength = 0, kSize = 8 };
  static constexpr Field kFields[] = {
      ROCKETLINK_FIELD(kLength, kU64, "bytes", "of the row or raw message that follows"),
  };
};

struct RawMessage {
  enum : std::size_t {
    kBodyBytes = 0,
    kPropertyBytes = 4,
    kIdBytes = 8,
    kFlag = 12,
    kSysFlag = 16,
    kReconsumeTimes = 20,
    kSize = 24
  };
  static constexpr Field kFields[] = {
      ROCKETLINK_FIELD(kBodyBytes, kU32, "bytes", "of the body"),
      ROCKETLINK_FIELD(kPropertyBytes, kU32, "bytes", "of the properties"),
      ROCKETLINK_FIELD(kIdBytes, kU32, "bytes", "of the message id"),
      ROCKETLINK_FIELD(kFlag, kI32, "", "the application's own"),
      ROCKETLINK_FIELD(kSysFlag, kI32, "", "RocketMQ's"),
      ROCKETLINK_FIELD(kReconsumeTimes, kI32, "times", "how often it was handed out again before"),
  };
};

struct WrittenRow {
  enum : std::size_t { kRowBytes = 0, kBodyBytes = 4, kEventTimeMs = 8, kSize = 16 };
  static constexpr Field kFields[] = {
      ROCKETLINK_FIELD(kRowBytes, kI32, "bytes", "of the row, before it is padded"),
      ROCKETLINK_FIELD(kBodyBytes, kI32, "bytes", "of the body; -1: none follows, it is made of the row"),
      ROCKETLINK_FIELD(kEventTimeMs, kI64, "epoch ms", "the least i64: none"),
  };
};

struct WrittenMessage {
  enum : std::size_t {
    kBodyBytes = 0,
    kKeyBytes = 4,
    kTagBytes = 8,
    kPartitionBytes = 12,
    kPropertyBytes = 16,
    kEventTimeMs = 20,
    kSize = 28
  };
  static constexpr Field kFields[] = {
      ROCKETLINK_FIELD(kBodyBytes, kI32, "bytes", "of the body"),
      ROCKETLINK_FIELD(kKeyBytes, kI32, "bytes", "of the keys; -1: none"),
      ROCKETLINK_FIELD(kTagBytes, kI32, "bytes", "of the tag; -1: none"),
      ROCKETLINK_FIELD(kPartitionBytes, kI32, "bytes", "of the sharding key; -1: none"),
      ROCKETLINK_FIELD(kPropertyBytes, kI32, "bytes", "of further properties, as on the wire"),
      ROCKETLINK_FIELD(kEventTimeMs, kI64, "epoch ms", "the least i64: none"),
  };
};

#undef ROCKETLINK_FIELD

/// An array of these fields, or one that repeats them.
struct Layout {
  std::string_view name;
  std::string_view array;  ///< its Java type
  std::string_view direction;
  std::string_view meaning;
  std::span<const Field> fields;
  std::size_t size;
};

constexpr std::string_view kToNative = "Java → C++";
constexpr std::string_view kToJava = "C++ → Java";

constexpr Layout kLayouts[] = {
    {"OptionEntry", "String[]", kToNative, "a table's options, one after the other", OptionEntry::kFields,
     OptionEntry::kSize},
    {"TableColumn", "String[]", kToNative, "a table's columns, one after the other", TableColumn::kFields,
     TableColumn::kSize},
    {"SplitName", "String[]", "both ways", "splits, one after the other: their texts", SplitName::kFields,
     SplitName::kSize},
    {"SplitNumber", "long[]", "both ways", "the same splits: their numbers", SplitNumber::kFields, SplitNumber::kSize},
    {"Discovery", "Object[]", kToJava, "queues that were found", Discovery::kFields, Discovery::kSize},
    {"ScanBound", "long[]", kToNative, "what of each queue is to be read", ScanBound::kFields, ScanBound::kSize},
    {"SourceSetting", "long[]", kToJava, "what Flink needs of a source's options", SourceSetting::kFields,
     SourceSetting::kSize},
    {"SinkSetting", "long[]", kToJava, "what Flink needs of a sink's options", SinkSetting::kFields,
     SinkSetting::kSize},
    {"ReaderNumber", "long[]", kToJava, "how a reader fares; then comes a QueueNumber of each queue asked for",
     ReaderNumber::kFields, ReaderNumber::kSize},
    {"QueueNumber", "long[]", kToJava, "how far a queue is read", QueueNumber::kFields, QueueNumber::kSize},
    {"SinkNumber", "long[]", kToJava, "how a sink fares, since it was opened", SinkNumber::kFields, SinkNumber::kSize},
    {"BatchHeader", "byte[]", kToJava, "a batch of messages of one queue: its begin", BatchHeader::kFields,
     BatchHeader::kSize},
    {"BatchMessage", "byte[]", kToJava, "one message in the table of a batch", BatchMessage::kFields,
     BatchMessage::kSize},
    {"Content", "byte[]", kToJava, "what stands before each row and raw message of a batch", Content::kFields,
     Content::kSize},
    {"RawMessage", "byte[]", kToJava, "a raw message of a batch: its begin", RawMessage::kFields, RawMessage::kSize},
    {"WrittenRow", "byte[]", kToNative, "a row to be written: its begin", WrittenRow::kFields, WrittenRow::kSize},
    {"WrittenMessage", "byte[]", kToNative, "a message to be written: its begin", WrittenMessage::kFields,
     WrittenMessage::kSize},
};

/// Whether the rows name every place of the array once, in its order.
constexpr bool is_complete(const Layout& layout) {
  std::size_t at = 0;
  for (const Field& field : layout.fields) {
    if (field.at != at) return false;
    at += width(field.type);
  }
  return at == layout.size;
}
static_assert(std::ranges::all_of(kLayouts, is_complete));

/// The i-th of the records that an array repeats.
template <class Record, class T>
constexpr std::span<T> record(std::span<T> values, std::size_t i) {
  return values.subspan(i * Record::kSize, Record::kSize);
}

}  // namespace rocketlink::jni::layout
