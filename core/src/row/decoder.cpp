#include "rocketlink/row/decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "format_problems.h"
#include "rocketlink/row/utf8.h"
#include "scratch.h"

namespace rocketlink::row {
namespace {

// Whether nanoseconds since 1970 in 64 bits reach there, which DuckDB counts beyond microseconds.
constexpr bool has_nanos(std::int64_t seconds) {
  return seconds >= -9'223'372'036 && seconds < 9'223'372'036;
}

std::size_t physical_columns(const Schema& schema) {
  return static_cast<std::size_t>(
      std::count_if(schema.columns.begin(), schema.columns.end(), [](const Column& c) { return !c.metadata; }));
}

}  // namespace

Result<Decoder> Decoder::create(Schema schema, const FormatOptions& format, const LogFunction& log,
                                const Clock& clock) {
  std::vector<std::string> problems = source_schema_problems(schema);
  const std::size_t columns = physical_columns(schema);
  check_field_layout(format, problems);
  if (columns > 1 && !format.line_delimiter.empty() &&
      format.field_delimiter.find(format.line_delimiter) != std::string::npos) {
    problems.emplace_back("fieldDelimiter holds the lineDelimiter; fields could not be told from records");
  }
  if (format.quote_character && format.line_delimiter.find(*format.quote_character) != std::string::npos) {
    problems.emplace_back("lineDelimiter holds the quoteCharacter; they must differ");
  }
  Result<Charset> charset = Charset::find(format.encoding);
  if (!charset) problems.push_back(charset.error().text);
  Result<TimeZone> zone = TimeZone::find(format.time_zone);
  if (!zone) problems.push_back(zone.error().text);
  if (!problems.empty()) return refusal(problems);

  RecordSplitter splitter({.line_delimiter = format.line_delimiter,
                           .field_delimiter = format.field_delimiter,
                           .quote_character = format.quote_character,
                           .columns = columns,
                           .count_all = format.length_check == LengthCheck::kException});
  return Decoder(std::move(schema), format, *std::move(charset), *std::move(zone), std::move(splitter),
                 ProblemLog(log, clock), ProblemLog(log, clock));
}

Decoder::Decoder(Schema schema, const FormatOptions& format, Charset charset, TimeZone zone, RecordSplitter splitter,
                 ProblemLog problems, ProblemLog time_problems)
    : schema_(std::move(schema)),
      length_check_(format.length_check),
      column_error_debug_(format.column_error_debug),
      charset_(std::move(charset)),
      zone_(zone),
      splitter_(std::move(splitter)),
      problems_(std::move(problems)),
      time_problems_(std::move(time_problems)),
      replacement_delimits_(format.field_delimiter.find(kReplacement) != std::string::npos ||
                            format.line_delimiter.find(kReplacement) != std::string::npos) {
  using enum MetadataKey;
  constexpr std::array<std::pair<std::string_view, MetadataKey>, 8> kKeysByName = {
      {{"topic", kTopic},
       {"queue-id", kQueueId},
       {"queue-offset", kQueueOffset},
       {"msg-id", kMessageId},
       {"store-timestamp", kStoreTimestamp},
       {"born-timestamp", kBornTimestamp},
       {"keys", kKeys},
       {"tags", kTags}}};
  for (std::size_t i = 0; i < schema_.columns.size(); ++i) {
    const Column& column = schema_.columns[i];
    if (!column.metadata) {
      physical_.push_back({i, column.type});
      continue;
    }
    const auto* key = std::find_if(kKeysByName.begin(), kKeysByName.end(),
                                   [&](const auto& known) { return known.first == column.metadata_key; });
    metadata_.push_back({.column = i, .type = column.type, .key = key->second, .text = {}, .time = {}, .scratch = {}});
  }
  if (physical_.empty()) {
    mode_ = Mode::kMetadataOnly;
  } else if (physical_.size() == 1 && is_binary(physical_.front().type.kind)) {
    mode_ = Mode::kBinary;
  }
}

void Decoder::begin(const MessageView& message, const QueueId& queue) {
  message_ = message;
  queue_ = &queue;
  reuse(text_);
  reuse(field_text_);
  if (!metadata_.empty()) prepare_metadata();
  if (mode_ != Mode::kCsv) {
    pending_ = true;
    return;
  }
  std::string_view text = message.body;
  valid_ = true;
  if (charset_.is_utf8() && !replacement_delimits_) {
    // A delimiter cannot begin inside of malformed bytes: the fields that need it are made valid one by one, and binary
    // ones keep their bytes.
    valid_ = is_utf8(text);
  } else {
    text = charset_.to_utf8(text, text_);
  }
  splitter_.begin(text);
}

void Decoder::prepare_metadata() {
  for (Metadata& metadata : metadata_) {
    std::optional<std::string_view> text;
    switch (metadata.key) {
      case MetadataKey::kTopic:
        text = message_.topic;
        break;
      case MetadataKey::kMessageId:
        if (message_.unique_key) {
          text = message_.unique_key;
          break;
        }
        metadata.scratch = message_.message_id();
        metadata.text = metadata.scratch;
        continue;
      case MetadataKey::kKeys:
        text = message_.keys;
        break;
      case MetadataKey::kTags:
        text = message_.tags;
        break;
      case MetadataKey::kStoreTimestamp:
        prepare_time(metadata, message_.store_timestamp_ms);
        continue;
      case MetadataKey::kBornTimestamp:
        prepare_time(metadata, message_.born_timestamp_ms);
        continue;
      default:
        continue;
    }
    metadata.null = !text.has_value();
    if (!text) continue;
    metadata.text = *text;
    if (is_utf8(*text)) continue;
    replace_invalid_utf8(*text, metadata.scratch);
    metadata.text = metadata.scratch;
  }
}

// Clients and brokers write whatever their clocks say: what the type cannot hold is NULL, and the row is kept.
void Decoder::prepare_time(Metadata& metadata, std::int64_t epoch_millis) {
  const DataType& type = metadata.type;
  metadata.time = timestamp_of_millis(epoch_millis, type.precision);
  metadata.null = !in_calendar(metadata.time.seconds) || (type.precision > 6 && !has_nanos(metadata.time.seconds));
  if (!metadata.null && type.kind == TypeKind::kTimestamp) {
    metadata.time.seconds = zone_.to_local(metadata.time.seconds);
    metadata.null = !in_calendar(metadata.time.seconds);
  }
  if (!metadata.null || !time_problems_.due()) return;
  time_problems_.write(
      fmt::format("topic '{}', broker '{}', queue {}, offset {}: the message's {} is {} ms after 1970, which "
                  "column '{}' {} cannot hold; it is NULL there",
                  message_.topic, queue_->broker, message_.queue_id, message_.queue_offset,
                  schema_.columns[metadata.column].metadata_key, epoch_millis, schema_.columns[metadata.column].name,
                  to_string(type)));
}

Decoder::Step Decoder::read_record() {
  if (mode_ != Mode::kCsv) return std::exchange(pending_, false) ? Step::kRow : Step::kEnd;
  switch (splitter_.next()) {
    case RecordSplitter::Outcome::kEnd:
      return Step::kEnd;
    case RecordSplitter::Outcome::kMalformed:
      return reject_quoting();
    case RecordSplitter::Outcome::kRecord:
      break;
  }
  const std::size_t wanted = physical_.size();
  const std::size_t count = splitter_.field_count();
  const bool too_few = count < wanted && length_check_ != LengthCheck::kPad;
  const bool too_many =
      count > wanted && (length_check_ == LengthCheck::kSkip || length_check_ == LengthCheck::kException);
  return too_few || too_many ? reject_length() : Step::kRow;
}

std::string_view Decoder::valid_text(std::string_view field) {
  if (valid_ || is_utf8(field)) return field;
  replace_invalid_utf8(field, field_text_);
  return field_text_;
}

std::string_view Decoder::field_bytes(std::string_view field) {
  if (charset_.is_utf8()) return field;
  field_text_.clear();
  charset_.append_from_utf8(field, false, field_text_);
  return field_text_;
}

Decoder::Step Decoder::reject_length() {
  ++stats_.length_skipped;
  const std::size_t wanted = physical_.size();
  const std::size_t count = splitter_.field_count();
  // Beyond the columns fields are only counted to the end when the number is to be told.
  const std::string_view some = count > wanted && length_check_ != LengthCheck::kException ? "more than " : "";
  const std::size_t told = some.empty() ? count : wanted;
  const bool tell = length_check_ == LengthCheck::kException || column_error_debug_;
  if (!tell && !problems_.due()) {
    ++stats_.records_in_errors;
    return Step::kSkip;
  }
  const std::string undivided =
      count == 1 ? fmt::format("; no fieldDelimiter '{}' divides it", printable(splitter_.field_delimiter())) : "";
  const std::string others =
      count > wanted ? fmt::format("'NONE' or 'PAD' take its first {} field(s), 'SKIP' leaves it out", wanted)
                     : "'PAD' takes NULL for what is missing, 'NONE' or 'SKIP' leave it out";
  return reject(
      length_check_ == LengthCheck::kException,
      fmt::format("it has {}{} field{}, the table {} physical columns (lengthCheck '{}'){}; record '{}'", some, told,
                  told == 1 ? "" : "s", wanted, to_string(length_check_), undivided, printable(splitter_.record())),
      others);
}

Decoder::Step Decoder::reject_quoting() {
  const bool fail = length_check_ == LengthCheck::kException;
  if (!fail && !column_error_debug_ && !problems_.due()) {
    ++stats_.records_in_errors;
    return Step::kSkip;
  }
  return reject(fail, fmt::format("a quoted field is not closed, or goes on behind its closing quote; record '{}'",
                                  printable(splitter_.record())));
}

Decoder::Step Decoder::reject_column() {
  const bool fail = length_check_ == LengthCheck::kException;
  if (!fail && !column_error_debug_ && !problems_.due()) {
    ++stats_.records_in_errors;
    return Step::kSkip;
  }
  const Column& column = schema_.columns[bad_column_];
  const std::string type = to_string(column.type);
  if (column.metadata) {
    return reject(fail, fmt::format("column '{}' is {}, but the message has no {} that it can hold", column.name, type,
                                    column.metadata_key));
  }
  if (bad_text_.empty()) {
    return reject(fail, fmt::format("column '{}' is {}, but its field is empty or missing", column.name, type));
  }
  return reject(fail, fmt::format("column '{}': '{}' is no {}", column.name, printable(bad_text_), type));
}

Decoder::Step Decoder::reject(bool fail, std::string_view reason, std::string_view others) {
  ++stats_.records_in_errors;
  std::string place =
      fmt::format("topic '{}', broker '{}', queue {}, offset {}, message '{}'", message_.topic, queue_->broker,
                  message_.queue_id, message_.queue_offset, printable(message_.message_id()));
  if (mode_ == Mode::kCsv) place += fmt::format(", record {}", splitter_.record_number());
  if (fail) {
    error_ = Error(ErrorCode::kData, fmt::format("{}: {}; mend the message or the table, or give 'lengthCheck' another "
                                                 "value: {}",
                                                 place, reason, others));
    return Step::kFail;
  }
  problems_.write(fmt::format("record skipped: {}: {}", place, reason));
  return Step::kSkip;
}

Error Decoder::take_error() {
  Error error = *std::move(error_);
  error_.reset();
  return error;
}

}  // namespace rocketlink::row
