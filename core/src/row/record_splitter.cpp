#include "rocketlink/row/record_splitter.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "scratch.h"

namespace rocketlink::row {

std::size_t Delimiter::find(std::string_view text, std::size_t from) const {
  const char* begin = text.data() + from;
  const std::size_t size = text.size() - from;
  if (size < text_.size()) return std::string_view::npos;
  const void* found = text_.size() == 1 ? std::memchr(begin, static_cast<unsigned char>(text_[0]), size)
                                        : memmem(begin, size, text_.data(), text_.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

RecordSplitter::RecordSplitter(Layout layout)
    : line_(std::move(layout.line_delimiter)),
      field_(std::move(layout.field_delimiter)),
      quote_(layout.quote_character),
      takes_carriage_return_(quote_ && line_.text() == "\n" && !field_.text().ends_with('\r')),
      columns_(layout.columns),
      count_all_(layout.count_all),
      fields_(layout.columns) {}

void RecordSplitter::begin(std::string_view text) {
  text_ = text;
  position_ = 0;
  line_end_ = 0;
  record_number_ = 0;
  if (quote_) reuse(unquoted_, text.size());  // no field is longer unquoted than quoted
}

// Where the line that holds `from` ends. Remembered, so that a quoted record does not search its rest again per field.
std::size_t RecordSplitter::line_end(std::size_t from) {
  if (line_end_ < from || line_end_ == 0) {
    const std::size_t found = line_.find(text_, from);
    line_end_ = found == std::string_view::npos ? text_.size() : found;
  }
  return line_end_;
}

// Where the text of a record that goes on at `from` ends: before the carriage return of its line's end.
std::size_t RecordSplitter::record_end(std::size_t from) {
  const std::size_t end = line_end(from);
  return takes_carriage_return_ && end > from && text_[end - 1] == '\r' ? end - 1 : end;
}

void RecordSplitter::add_field(std::string_view field) {
  if (stored_ < columns_) fields_[stored_++] = field;
  ++field_count_;
}

RecordSplitter::Outcome RecordSplitter::next() {
  stored_ = 0;
  field_count_ = 0;
  while (position_ < text_.size()) {
    ++record_number_;
    if (quote_) {
      const Outcome outcome = next_quoted();
      if (!record_.empty()) return outcome;
      continue;
    }
    const std::size_t found = line_.find(text_, position_);
    const std::size_t end = found == std::string_view::npos ? text_.size() : found;
    record_ = text_.substr(position_, end - position_);
    position_ = found == std::string_view::npos ? end : end + line_.size();
    if (record_.empty()) continue;
    split_plain();
    return Outcome::kRecord;
  }
  return Outcome::kEnd;
}

void RecordSplitter::split_plain() {
  if (columns_ == 1) return add_field(record_);
  std::size_t from = 0;
  while (count_all_ || field_count_ < columns_) {
    const std::size_t found = field_.find(record_, from);
    if (found == std::string_view::npos) return add_field(record_.substr(from));
    add_field(record_.substr(from, found - from));
    from = found + field_.size();
  }
  ++field_count_;  // what is left, uncut
}

RecordSplitter::Outcome RecordSplitter::next_quoted() {
  stored_ = 0;
  field_count_ = 0;
  const std::size_t begin = position_;
  const auto end_record = [&](std::size_t at, Outcome outcome) {
    record_ = text_.substr(begin, record_end(at) - begin);
    const std::size_t end = line_end(at);
    position_ = end == text_.size() ? end : end + line_.size();
    return outcome;
  };
  std::size_t at = begin;
  for (;;) {
    if (at < text_.size() && text_[at] == *quote_) {
      std::string_view field;
      if (!take_quoted_field(at, field)) return end_record(at, Outcome::kMalformed);
      add_field(field);
      if (at == text_.size() || record_end(at) == at) return end_record(at, Outcome::kRecord);
      if (columns_ == 1 || !text_.substr(at).starts_with(field_.text())) {
        return end_record(at, Outcome::kMalformed);
      }
      at += field_.size();
      continue;
    }
    const std::string_view line = text_.substr(0, record_end(at));
    const std::size_t found = columns_ == 1 ? std::string_view::npos : field_.find(line, at);
    if (found == std::string_view::npos) {
      add_field(line.substr(at));
      return end_record(at, Outcome::kRecord);
    }
    add_field(line.substr(at, found - at));
    at = found + field_.size();
  }
}

// From the opening quote at `position` to behind the closing one. False when there is none; then `position` stays
// behind the opening one.
bool RecordSplitter::take_quoted_field(std::size_t& position, std::string_view& field) {
  const std::size_t begin = ++position;
  const std::size_t kept = unquoted_.size();
  bool doubled = false;
  std::size_t from = begin;  // what of the field is not yet in `unquoted_`
  std::size_t at = begin;
  for (;;) {
    const std::size_t quote = text_.find(*quote_, at);
    if (quote == std::string_view::npos) {
      unquoted_.resize(kept);
      return false;
    }
    if (quote + 1 < text_.size() && text_[quote + 1] == *quote_) {
      doubled = true;
      unquoted_.append(text_.substr(from, quote + 1 - from));
      at = from = quote + 2;
      continue;
    }
    if (doubled) {
      unquoted_.append(text_.substr(from, quote - from));
      field = std::string_view(unquoted_).substr(kept);
    } else {
      field = text_.substr(begin, quote - begin);
    }
    position = quote + 1;
    return true;
  }
}

}  // namespace rocketlink::row
