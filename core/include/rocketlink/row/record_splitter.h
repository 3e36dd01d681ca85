#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rocketlink::row {

/// Finds a literal string in a text.
class Delimiter {
 public:
  explicit Delimiter(std::string text) : text_(std::move(text)) {}
  [[nodiscard]] std::size_t size() const { return text_.size(); }
  [[nodiscard]] const std::string& text() const { return text_; }
  /// Where it first stands at or after `from`; npos when nowhere. `from` is at most text.size().
  [[nodiscard]] std::size_t find(std::string_view text, std::size_t from) const;

 private:
  std::string text_;
};

/// Cuts a text into records and records into fields.
///
/// With a quote character (RFC 4180): a field that begins with it runs to its next single occurrence, doubled ones
/// stand for one, and delimiters in between are text; a quote anywhere else in a field is plain text. Behind the
/// closing quote the field must end. Where it does not, the record is malformed and ends at the next line delimiter; a
/// quote that is never closed makes the record malformed that ends at the first line delimiter behind the opening
/// quote, so that the records after it are not lost. Lines that end with `\n` may end with `\r\n` too, whatever field
/// stands last, and the last line with `\r`: text that ends with a carriage return is to be quoted.
class RecordSplitter {
 public:
  struct Layout {
    std::string line_delimiter;           ///< not empty
    std::string field_delimiter;          ///< not empty
    std::optional<char> quote_character;  ///< in none of the delimiters
    std::size_t columns = 0;              ///< 1: the whole record is the field
    bool count_all = false;               ///< field_count counts beyond `columns` too
  };
  enum class Outcome : std::uint8_t { kEnd, kRecord, kMalformed };

  explicit RecordSplitter(Layout layout);

  /// `text` must stay where it is until next() gives kEnd.
  void begin(std::string_view text);
  /// The next record that is not empty.
  [[nodiscard]] Outcome next();

  /// Fields of the last record, at most `columns`; valid until the next call of next().
  [[nodiscard]] std::span<const std::string_view> fields() const { return {fields_.data(), stored_}; }
  /// How many fields the last record has; at most `columns` + 1 unless all are counted.
  [[nodiscard]] std::size_t field_count() const { return field_count_; }
  /// The last record as it stands in the text.
  [[nodiscard]] std::string_view record() const { return record_; }
  [[nodiscard]] const std::string& field_delimiter() const { return field_.text(); }
  /// Its place in the text, from 1, empty records counted too.
  [[nodiscard]] std::int64_t record_number() const { return record_number_; }

 private:
  void split_plain();
  [[nodiscard]] Outcome next_quoted();
  [[nodiscard]] bool take_quoted_field(std::size_t& position, std::string_view& field);
  [[nodiscard]] std::size_t line_end(std::size_t from);
  [[nodiscard]] std::size_t record_end(std::size_t from);
  void add_field(std::string_view field);

  Delimiter line_;
  Delimiter field_;
  std::optional<char> quote_;
  bool takes_carriage_return_;
  std::size_t columns_;
  bool count_all_;
  std::string_view text_;
  std::size_t position_ = 0;
  std::size_t line_end_ = 0;  // end of the line last found, for line_end
  std::int64_t record_number_ = 0;
  std::string_view record_;
  std::vector<std::string_view> fields_;
  std::size_t stored_ = 0;
  std::size_t field_count_ = 0;
  std::string unquoted_;  // fields with doubled quotes; never grows while views point into it
};

}  // namespace rocketlink::row
