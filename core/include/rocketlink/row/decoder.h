#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rocketlink/message.h"
#include "rocketlink/options.h"
#include "rocketlink/result.h"
#include "rocketlink/row/charset.h"
#include "rocketlink/row/parse.h"
#include "rocketlink/row/problem_log.h"
#include "rocketlink/row/record_splitter.h"
#include "rocketlink/row/row.h"
#include "rocketlink/row/schema.h"
#include "rocketlink/row/time_zone.h"
#include "rocketlink/types.h"

namespace rocketlink::row {

/// Since the decoder was made.
struct DecodeStats {
  std::uint64_t records_in = 0;         ///< `numRecordsIn`: rows written
  std::uint64_t records_in_errors = 0;  ///< `numRecordsInErrors`: records skipped, for whatever reason
  std::uint64_t length_skipped = 0;     ///< those of them that `lengthCheck` skipped
};

/// From messages to rows. Exactly one physical column, of a binary type: each message is a row, its body as it is. No
/// physical column: each message is a row of its metadata. Else CSV.
///
/// Every field is converted and checked whatever the query reads, so that the same records are skipped for every query.
/// Text longer than CHAR(n), VARCHAR(n), BINARY(n), VARBINARY(n) passes uncut and unpadded, as in Flink's own CSV
/// source. A field among others that goes into a binary column gives its bytes as they are in the message (in a charset
/// other than UTF-8: the text's bytes in that charset). A NULL for a NOT NULL column is a conversion error.
///
/// For one thread at a time. Must not be moved between begin() and the end of that message. Allocates nothing once its
/// buffers have grown to the largest message (apart from what the writer does).
class Decoder {
 public:
  /// kInvalidArgument, naming all that is wrong, when the schema or the format cannot be used. `log` is given a warning
  /// about skipped records, at most once a minute; with `column_error_debug` one for each.
  static Result<Decoder> create(Schema schema, const FormatOptions& format, const LogFunction& log = {},
                                const Clock& clock = {});

  /// Takes the next message; what is left of the last one is forgotten. What the views point to, and `queue`, must stay
  /// until next() gives false.
  void begin(const MessageView& message, const QueueId& queue);

  /// Writes one row. True: a row was written; false: the message has no more. With `lengthCheck` EXCEPTION a bad record
  /// is a kData error that names topic, queue, offset, record, column, type and text; the next call would go on behind
  /// it.
  template <RowWriter Writer>
  Result<bool> next(Writer& writer) {
    for (;;) {
      switch (read_record()) {
        case Step::kEnd:
          return false;
        case Step::kSkip:
          continue;
        case Step::kFail:
          return take_error();
        case Step::kRow:
          break;
      }
      writer.begin_row();
      if (write_fields(writer) && write_metadata(writer)) {
        writer.end_row();
        ++stats_.records_in;
        return true;
      }
      if (reject_column() == Step::kFail) return take_error();
    }
  }

  [[nodiscard]] const Schema& schema() const { return schema_; }
  [[nodiscard]] const DecodeStats& stats() const { return stats_; }

 private:
  enum class Mode : std::uint8_t { kCsv, kBinary, kMetadataOnly };
  enum class Step : std::uint8_t { kEnd, kSkip, kFail, kRow };
  enum class MetadataKey : std::uint8_t {
    kTopic,
    kQueueId,
    kQueueOffset,
    kMessageId,
    kStoreTimestamp,
    kBornTimestamp,
    kKeys,
    kTags
  };
  struct Physical {
    std::size_t column = 0;
    DataType type;
  };
  struct Metadata {
    std::size_t column = 0;
    DataType type;
    MetadataKey key = MetadataKey::kTopic;
    std::string_view text;  // of the current message, as the two below
    Timestamp time;
    bool null = false;
    std::string scratch;
  };

  Decoder(Schema schema, const FormatOptions& format, Charset charset, TimeZone zone, RecordSplitter splitter,
          ProblemLog problems, ProblemLog time_problems);

  void prepare_metadata();
  void prepare_time(Metadata& metadata, std::int64_t epoch_millis);
  [[nodiscard]] Step read_record();
  [[nodiscard]] Step reject_length();
  [[nodiscard]] Step reject_quoting();
  [[nodiscard]] Step reject_column();
  /// `others` is what becomes of the record with other values of lengthCheck.
  [[nodiscard]] Step reject(bool fail, std::string_view reason,
                            std::string_view others = "'NONE', 'SKIP' or 'PAD' leave such records out");
  [[nodiscard]] Error take_error();
  [[nodiscard]] std::string_view valid_text(std::string_view field);
  [[nodiscard]] std::string_view field_bytes(std::string_view field);

  template <class Writer>
  bool write_fields(Writer& writer) {
    if (mode_ == Mode::kBinary) {
      const std::size_t column = physical_.front().column;
      if (writer.wants(column)) writer.set_bytes(column, message_.body);
      return true;
    }
    const auto fields = splitter_.fields();
    for (std::size_t i = 0; i < physical_.size(); ++i) {
      const Physical& column = physical_[i];
      const bool missing = i >= fields.size();
      if (missing || (fields[i].empty() && !is_character(column.type.kind) && !is_binary(column.type.kind))) {
        if (!column.type.nullable) return bad_column(column.column, missing ? std::string_view() : fields[i]);
        if (writer.wants(column.column)) writer.set_null(column.column);
      } else if (!write_field(writer, column, fields[i])) {
        return bad_column(column.column, fields[i]);
      }
    }
    return true;
  }

  template <class Writer>
  bool write_field(Writer& writer, const Physical& physical, std::string_view text) {
    const std::size_t column = physical.column;
    const std::int32_t precision = physical.type.precision;
    const bool wanted = writer.wants(column);
    const auto put = [&](bool parsed, auto set) {
      if (parsed && wanted) set();
      return parsed;
    };
    switch (physical.type.kind) {
      case TypeKind::kBoolean: {
        bool value = false;
        return put(parse_boolean(text, value), [&] { writer.set_boolean(column, value); });
      }
      case TypeKind::kTinyInt: {
        std::int8_t value = 0;
        return put(parse_integer(text, value), [&] { writer.set_int8(column, value); });
      }
      case TypeKind::kSmallInt: {
        std::int16_t value = 0;
        return put(parse_integer(text, value), [&] { writer.set_int16(column, value); });
      }
      case TypeKind::kInteger: {
        std::int32_t value = 0;
        return put(parse_integer(text, value), [&] { writer.set_int32(column, value); });
      }
      case TypeKind::kBigInt: {
        std::int64_t value = 0;
        return put(parse_integer(text, value), [&] { writer.set_int64(column, value); });
      }
      case TypeKind::kFloat: {
        float value = 0;
        return put(parse_float(text, value), [&] { writer.set_float(column, value); });
      }
      case TypeKind::kDouble: {
        double value = 0;
        return put(parse_double(text, value), [&] { writer.set_double(column, value); });
      }
      case TypeKind::kDecimal: {
        Int128 value = 0;
        return put(parse_decimal(text, precision, physical.type.scale, value),
                   [&] { writer.set_decimal(column, value); });
      }
      case TypeKind::kChar:
      case TypeKind::kVarchar:
        return put(true, [&] { writer.set_string(column, valid_text(text)); });
      case TypeKind::kBinary:
      case TypeKind::kVarbinary:
        return put(true, [&] { writer.set_bytes(column, field_bytes(text)); });
      case TypeKind::kDate: {
        std::int32_t value = 0;
        return put(parse_date(text, value), [&] { writer.set_date(column, value); });
      }
      case TypeKind::kTime: {
        std::int64_t value = 0;
        return put(parse_time(text, precision, value), [&] { writer.set_time(column, value); });
      }
      case TypeKind::kTimestamp: {
        Timestamp value;
        return put(parse_timestamp(text, zone_, precision, value), [&] { writer.set_timestamp(column, value); });
      }
      case TypeKind::kTimestampLtz: {
        Timestamp value;
        return put(parse_timestamp_ltz(text, zone_, precision, value),
                   [&] { writer.set_timestamp_ltz(column, value); });
      }
    }
    return false;
  }

  template <class Writer>
  bool write_metadata(Writer& writer) {
    for (const Metadata& metadata : metadata_) {
      const std::size_t column = metadata.column;
      if (metadata.null && !metadata.type.nullable) return bad_column(column, {});
      if (!writer.wants(column)) continue;
      if (metadata.null) {
        writer.set_null(column);
        continue;
      }
      switch (metadata.key) {
        case MetadataKey::kTopic:
        case MetadataKey::kMessageId:
        case MetadataKey::kKeys:
        case MetadataKey::kTags:
          writer.set_string(column, metadata.text);
          break;
        case MetadataKey::kQueueId:
          writer.set_int32(column, message_.queue_id);
          break;
        case MetadataKey::kQueueOffset:
          writer.set_int64(column, message_.queue_offset);
          break;
        case MetadataKey::kStoreTimestamp:
        case MetadataKey::kBornTimestamp:
          if (metadata.type.kind == TypeKind::kTimestampLtz) {
            writer.set_timestamp_ltz(column, metadata.time);
          } else {
            writer.set_timestamp(column, metadata.time);
          }
          break;
      }
    }
    return true;
  }

  bool bad_column(std::size_t column, std::string_view text) {
    bad_column_ = column;
    bad_text_ = text;
    return false;
  }

  Schema schema_;
  LengthCheck length_check_;
  bool column_error_debug_;
  Charset charset_;
  TimeZone zone_;
  RecordSplitter splitter_;
  ProblemLog problems_;
  ProblemLog time_problems_;
  DecodeStats stats_;

  Mode mode_ = Mode::kCsv;
  std::vector<Physical> physical_;
  std::vector<Metadata> metadata_;
  bool replacement_delimits_ = false;  // a delimiter holds U+FFFD, which malformed bytes become

  MessageView message_;
  const QueueId* queue_ = nullptr;
  bool pending_ = false;    // a message without records has not given its row yet
  bool valid_ = true;       // the fields are UTF-8
  std::string text_;        // the body in UTF-8, when it is not itself
  std::string field_text_;  // one field's valid text or bytes
  std::size_t bad_column_ = 0;
  std::string_view bad_text_;
  std::optional<Error> error_;
};

}  // namespace rocketlink::row
