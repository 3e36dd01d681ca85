#include "rocketlink/row/encoder.h"

#include <fmt/format.h>

#include <utility>

#include "format_problems.h"

namespace rocketlink::row {

Result<Encoder> Encoder::create(Schema schema, const SinkOptions& options, LogFunction log, Clock clock) {
  std::optional<std::size_t> delivery;
  for (std::size_t i = 0; i < schema.columns.size(); ++i) {
    const Column& column = schema.columns[i];
    if (!options.delivery.field.empty() && column.name == options.delivery.field && !column.is_virtual) delivery = i;
  }
  if (!options.delivery.field.empty() && (!delivery || schema.columns[*delivery].type.kind != TypeKind::kBigInt)) {
    return refusal(
        {fmt::format("deliveryTimestampField '{}' is no BIGINT column that is written", options.delivery.field)});
  }
  auto encoder = create(std::move(schema), options.format, options.partition_field, std::move(log), std::move(clock));
  if (encoder) encoder->delivery_ = delivery;
  return encoder;
}

Result<Encoder> Encoder::create(Schema schema, const FormatOptions& format, std::string_view partition_field,
                                LogFunction log, Clock clock) {
  std::vector<std::string> problems = sink_schema_problems(schema, partition_field);
  check_field_layout(format, problems);
  Result<Charset> charset = Charset::find(format.encoding);
  if (!charset) problems.push_back(charset.error().text);
  Result<TimeZone> zone = TimeZone::find(format.time_zone);
  if (!zone) problems.push_back(zone.error().text);
  if (!problems.empty()) return refusal(problems);
  return Encoder(std::move(schema), format, partition_field, *std::move(charset), *std::move(zone),
                 ProblemLog(std::move(log), std::move(clock)));
}

Encoder::Encoder(Schema schema, const FormatOptions& format, std::string_view partition_field, Charset charset,
                 TimeZone zone, ProblemLog problems)
    : schema_(std::move(schema)),
      charset_(std::move(charset)),
      zone_(zone),
      problems_(std::move(problems)),
      delimiter_(format.field_delimiter),
      line_delimiter_(format.line_delimiter),
      quote_(format.quote_character) {
  for (std::size_t i = 0; i < schema_.columns.size(); ++i) {
    const Column& column = schema_.columns[i];
    const Written written{i, column.type, !partition_field.empty() && column.name == partition_field};
    if (!column.metadata) {
      physical_.push_back(written);
    } else if (!column.is_virtual) {
      (column.metadata_key == "keys" ? keys_ : tags_) = written;
    }
  }
  body_as_is_ = physical_.size() == 1 && is_binary(physical_.front().type.kind);
  for (const char c : {delimiter_.front(), line_delimiter_.front(), quote_.value_or(delimiter_.front())}) {
    values_may_conflict_ |= std::string_view("0123456789+-.: eTZtruefalsNaInity").find(c) != std::string_view::npos;
  }
  const std::string_view delimiter = delimiter_;
  for (std::size_t shift = 1; shift < delimiter.size(); ++shift) {
    if (delimiter.starts_with(delimiter.substr(shift))) overlaps_.push_back(shift);
  }
}

void Encoder::begin_row() {
  field_.clear();
  text_.clear();
  body_.clear();
  has_partition_ = false;
}

void Encoder::begin_field() {
  field_.clear();
  (charset_.is_utf8() ? body_ : text_).append(delimiter_);
}

void Encoder::end_field(const Written& column, bool null) {
  if (null) return;
  if (column.partition) set_partition(field_);
  if (is_binary(column.type.kind)) {
    end_binary_field(column);
  } else {
    end_text_field(column);
  }
}

void Encoder::end_text_field(const Written& column) {
  std::string& out = charset_.is_utf8() ? body_ : text_;
  const bool may_conflict = values_may_conflict_ || is_character(column.type.kind);
  if (quote_) {
    if (may_conflict && needs_quotes(field_)) {
      append_quoted(field_, out);
      return;
    }
  } else if (may_conflict && holds_delimiter(field_, column.column == physical_.back().column)) {
    count_conflict(column);
  }
  out.append(field_);
}

void Encoder::end_binary_field(const Written& column) {
  if (body_as_is_) {
    body_.append(field_);
    return;
  }
  // As the reader will see it.
  const std::string_view seen = charset_.is_utf8() ? std::string_view(field_) : charset_.to_utf8(field_, scratch_);
  if (quote_) {
    if (needs_quotes(seen)) {
      append_quoted(seen, charset_.is_utf8() ? body_ : text_);
      return;
    }
  } else if (holds_delimiter(seen, column.column == physical_.back().column)) {
    count_conflict(column);
  }
  flush_text();
  body_.append(field_);
}

void Encoder::flush_text() {
  if (text_.empty()) return;
  const std::size_t lost = charset_.append_from_utf8(text_, body_.empty(), body_);
  text_.clear();
  if (lost == 0) return;
  stats_.unmappable_characters += lost;
  if (problems_.due())
    problems_.write(fmt::format("{} characters are not in the table's 'encoding'; written as ?", lost));
}

std::string_view Encoder::end_row() {
  flush_text();
  ++stats_.rows;
  return body_;
}

void Encoder::set_partition(std::string_view text) {
  partition_text_.assign(text);
  has_partition_ = true;
}

void Encoder::append_quoted(std::string_view field, std::string& out) const {
  out.push_back(*quote_);
  for (const char c : field) {
    if (c == *quote_) out.push_back(c);
    out.push_back(c);
  }
  out.push_back(*quote_);
}

bool Encoder::needs_quotes(std::string_view field) const {
  if (field.empty()) return physical_.size() == 1;
  if (field.find(*quote_) != std::string_view::npos || field.find_first_of("\r\n") != std::string_view::npos)
    return true;
  // The first characters suffice: a field's end together with the delimiter behind it may look like one too.
  return field.find(delimiter_.front()) != std::string_view::npos ||
         field.find(line_delimiter_.front()) != std::string_view::npos;
}

bool Encoder::holds_delimiter(std::string_view field, bool last) const {
  if (physical_.size() == 1) return false;
  if (field.find(delimiter_) != std::string_view::npos) return true;
  if (last) return false;
  for (const std::size_t shift : overlaps_) {
    if (field.ends_with(std::string_view(delimiter_).substr(0, shift))) return true;
  }
  return false;
}

void Encoder::count_conflict(const Written& column) {
  ++stats_.delimiter_conflicts;
  if (!problems_.due()) return;
  problems_.write(
      fmt::format("column '{}' holds the fieldDelimiter in '{}'; the message cannot be read back as it was; "
                  "choose another 'fieldDelimiter' or set 'quoteCharacter'",
                  schema_.columns[column.column].name, printable(field_)));
}

}  // namespace rocketlink::row
