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
#include "rocketlink/row/format.h"
#include "rocketlink/row/problem_log.h"
#include "rocketlink/row/row.h"
#include "rocketlink/row/schema.h"
#include "rocketlink/row/time_zone.h"
#include "rocketlink/types.h"

namespace rocketlink::row {

/// Since the encoder was made.
struct EncodeStats {
  std::uint64_t rows = 0;
  std::uint64_t delimiter_conflicts = 0;    ///< `numDelimiterConflicts`: fields that cannot be read back
  std::uint64_t unmappable_characters = 0;  ///< characters that `encoding` lacks, written as `?`
};

/// From rows to messages. A single physical column of a binary type is the body as it is; else the physical columns are
/// joined by the field delimiter as CSV, NULL as empty text, binary fields with their own bytes.
///
/// Without a quote character, a field that holds the delimiter is written as it is, counted and warned about; a single
/// physical column is read back as the whole record and so cannot conflict. With one, fields that hold a delimiter, the
/// quote or a line break are quoted as RFC 4180 has it; so is the empty text of a single column, which would otherwise
/// be a record that readers drop.
///
/// For one thread at a time. Allocates nothing once its buffers have grown.
class Encoder {
 public:
  /// By the sink's format, partition field and delivery field. kInvalidArgument, naming all that is wrong, when one of
  /// them or the schema cannot be used. `log` is given a warning about conflicts at most once a minute.
  static Result<Encoder> create(Schema schema, const SinkOptions& options, LogFunction log = {}, Clock clock = {});
  /// The same without a delivery field; `partition_field` is empty for none.
  static Result<Encoder> create(Schema schema, const FormatOptions& format, std::string_view partition_field,
                                LogFunction log = {}, Clock clock = {});

  /// The message of one row. `partition` is the partition field's text as it stands in the body, before quoting and in
  /// UTF-8 (bytes as they are for a binary one); nothing when that is NULL. All views hold until the next call.
  template <RowReader Reader>
  [[nodiscard]] OutgoingMessage encode(Reader& reader) {
    begin_row();
    for (std::size_t i = 0; i < physical_.size(); ++i) {
      const Written& column = physical_[i];
      if (i > 0) begin_field();
      const bool null = reader.is_null(column.column);
      if (!null) append_value(reader, column);
      end_field(column, null);
    }
    OutgoingMessage message;
    if (keys_) message.keys = read_text(reader, *keys_, keys_text_);
    if (tags_) message.tags = read_text(reader, *tags_, tags_text_);
    message.body = end_row();
    if (has_partition_) message.partition = partition_text_;
    if (delivery_ && !reader.is_null(*delivery_)) message.deliver_at_ms = reader.get_int64(*delivery_);
    return message;
  }

  [[nodiscard]] const Schema& schema() const { return schema_; }
  [[nodiscard]] const EncodeStats& stats() const { return stats_; }

 private:
  struct Written {
    std::size_t column = 0;
    DataType type;
    bool partition = false;
  };

  Encoder(Schema schema, const FormatOptions& format, std::string_view partition_field, Charset charset, TimeZone zone,
          ProblemLog problems);

  void begin_row();
  void begin_field();
  void end_field(const Written& column, bool null);
  [[nodiscard]] std::string_view end_row();
  void end_text_field(const Written& column);
  void end_binary_field(const Written& column);
  void flush_text();
  void set_partition(std::string_view text);
  void append_quoted(std::string_view field, std::string& out) const;
  [[nodiscard]] bool needs_quotes(std::string_view field) const;
  [[nodiscard]] bool holds_delimiter(std::string_view field, bool last) const;
  void count_conflict(const Written& column);

  template <class Reader>
  void append_value(Reader& reader, const Written& written) {
    const std::size_t column = written.column;
    const std::int32_t precision = written.type.precision;
    switch (written.type.kind) {
      case TypeKind::kBoolean:
        return append_boolean(reader.get_boolean(column), field_);
      case TypeKind::kTinyInt:
        return append_integer(reader.get_int8(column), field_);
      case TypeKind::kSmallInt:
        return append_integer(reader.get_int16(column), field_);
      case TypeKind::kInteger:
        return append_integer(reader.get_int32(column), field_);
      case TypeKind::kBigInt:
        return append_integer(reader.get_int64(column), field_);
      case TypeKind::kFloat:
        return append_float(reader.get_float(column), field_);
      case TypeKind::kDouble:
        return append_double(reader.get_double(column), field_);
      case TypeKind::kDecimal:
        return append_decimal(reader.get_decimal(column), written.type.scale, field_);
      case TypeKind::kChar:
      case TypeKind::kVarchar:
        field_.append(std::string_view(reader.get_string(column)));
        return;
      case TypeKind::kBinary:
      case TypeKind::kVarbinary:
        field_.append(std::string_view(reader.get_bytes(column)));
        return;
      case TypeKind::kDate:
        return append_date(reader.get_date(column), field_);
      case TypeKind::kTime:
        return append_time(reader.get_time(column), precision, field_);
      case TypeKind::kTimestamp:
        return append_timestamp(reader.get_timestamp(column), precision, field_);
      case TypeKind::kTimestampLtz:
        return append_timestamp_ltz(reader.get_timestamp_ltz(column), precision, zone_, field_);
    }
  }

  template <class Reader>
  std::optional<std::string_view> read_text(Reader& reader, const Written& column, std::string& copy) {
    if (reader.is_null(column.column)) return std::nullopt;
    copy.assign(std::string_view(reader.get_string(column.column)));
    if (column.partition) set_partition(copy);
    return copy;
  }

  Schema schema_;
  Charset charset_;
  TimeZone zone_;
  ProblemLog problems_;
  EncodeStats stats_;
  std::string delimiter_;
  std::string line_delimiter_;
  std::optional<char> quote_;
  bool body_as_is_ = false;            // a single binary column
  bool values_may_conflict_ = false;   // the delimiter begins with a character of numbers or times
  std::vector<std::size_t> overlaps_;  // how much of the delimiter a field may end with to shift where it is found
  std::vector<Written> physical_;
  std::optional<Written> keys_;
  std::optional<Written> tags_;
  std::optional<std::size_t> delivery_;  // column of the delivery time

  std::string field_;  // the current field
  std::string text_;   // UTF-8 not yet converted into `body_`; unused when that is UTF-8 itself
  std::string body_;
  std::string scratch_;
  std::string keys_text_;
  std::string tags_text_;
  std::string partition_text_;
  bool has_partition_ = false;
};

}  // namespace rocketlink::row
