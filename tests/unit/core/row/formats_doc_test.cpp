#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "rocketlink/row/decoder.h"
#include "rocketlink/row/delimiter.h"
#include "rocketlink/row/encoder.h"
#include "rocketlink/row/utf8.h"
#include "unit/core/row/row_fakes.h"

namespace rocketlink::row {
namespace {

using testing::physical;
using testing::Value;
using testing::ValueReader;

/// Keeps rows as values.
class ValueWriter {
 public:
  explicit ValueWriter(std::size_t columns) : row_(columns) {}
  [[nodiscard]] static bool wants(std::size_t /*column*/) { return true; }
  void begin_row() {}
  void set_null(std::size_t c) { row_[c] = std::monostate(); }
  void set_boolean(std::size_t c, bool v) { row_[c] = v; }
  void set_int8(std::size_t c, std::int8_t v) { row_[c] = v; }
  void set_int16(std::size_t c, std::int16_t v) { row_[c] = v; }
  void set_int32(std::size_t c, std::int32_t v) { row_[c] = v; }
  void set_int64(std::size_t c, std::int64_t v) { row_[c] = v; }
  void set_float(std::size_t c, float v) { row_[c] = v; }
  void set_double(std::size_t c, double v) { row_[c] = v; }
  void set_decimal(std::size_t c, Int128 v) { row_[c] = v; }
  void set_string(std::size_t c, std::string_view v) { row_[c] = std::string(v); }
  void set_bytes(std::size_t c, std::string_view v) { row_[c] = std::string(v); }
  void set_date(std::size_t c, std::int32_t v) { row_[c] = v; }
  void set_time(std::size_t c, std::int64_t v) { row_[c] = v; }
  void set_timestamp(std::size_t c, Timestamp v) { row_[c] = v; }
  void set_timestamp_ltz(std::size_t c, Timestamp v) { row_[c] = v; }
  void end_row() { rows.push_back(row_); }

  std::vector<std::vector<Value>> rows;

 private:
  std::vector<Value> row_;
};
static_assert(RowWriter<ValueWriter>);

/// The cells of the tables between `<!-- checked: kind -->` and `<!-- end -->`. Where a cell holds a `|` it is in
/// backticks or in the last one, which goes to the line's end.
std::vector<std::vector<std::string>> examples(std::string_view kind, std::size_t cells) {
  std::ifstream file(SOURCE_DIR "/docs/formats.md", std::ios::binary);
  std::vector<std::vector<std::string>> found;
  bool inside = false;
  int lines = 0;
  for (std::string line; std::getline(file, line);) {
    if (line == fmt::format("<!-- checked: {} -->", kind)) {
      inside = true;
      lines = 0;
    } else if (line == "<!-- end -->") {
      inside = false;
    } else if (inside && ++lines > 2) {
      std::vector<std::string> row(1);
      bool code = false;
      for (std::size_t i = 2; i < line.size(); ++i) {
        if (line[i] == '`') code = !code;
        if (!code && row.size() < cells && line.compare(i, 3, " | ") == 0) {
          row.emplace_back();
          i += 2;
        } else if (line.compare(i, std::string::npos, " |") == 0) {
          break;
        } else {
          row.back() += line[i];
        }
      }
      EXPECT_EQ(row.size(), cells) << line;
      found.push_back(std::move(row));
    }
  }
  EXPECT_FALSE(found.empty()) << kind;
  return found;
}

std::string without_backticks(std::string text) {
  std::erase(text, '`');
  return text;
}

/// With the escapes that the page writes for characters.
std::string characters(const std::string& cell) {
  const std::string text = without_backticks(cell);
  return text.empty() ? text : *unescape_delimiter(text);
}

TEST(FormatsDoc, Fields) {
  for (const auto& example : examples("fields", 3)) {
    SCOPED_TRACE(fmt::format("{} of {}", example[1], example[0]));
    Column column = physical("v", TypeKind::kInteger);
    column.type = *parse_type(example[0]);
    const Schema schema{{physical("id", TypeKind::kInteger), column}};
    FormatOptions format;
    format.time_zone = "Asia/Shanghai";
    auto decoder = *Decoder::create(schema, format);
    MessageView message;
    const std::string body = "1\x01" + characters(example[1]);
    message.body = body;
    const QueueId queue;
    ValueWriter writer(2);
    decoder.begin(message, queue);
    while (*decoder.next(writer)) {
    }
    if (writer.rows.empty()) {
      EXPECT_EQ(example[2], "refused");
      continue;
    }
    if (std::holds_alternative<std::monostate>(writer.rows[0][1])) {
      EXPECT_EQ(example[2], "NULL");
      continue;
    }
    ValueReader reader(writer.rows[0]);
    auto encoder = *Encoder::create(schema, format, "");
    EXPECT_EQ(encoder.encode(reader).body, "1\x01" + without_backticks(example[2]));
  }
}

TEST(FormatsDoc, Records) {
  for (const auto& example : examples("records", 3)) {
    SCOPED_TRACE(fmt::format("{} with {}", example[1], example[0]));
    const Schema schema{{physical("id", TypeKind::kInteger), physical("name", TypeKind::kVarchar)}};
    OptionEntries entries{{"connector", "mq5"}, {"endpoint", "a:1"}, {"topic", "t"}, {"consumerGroup", "g"}};
    // `name` = `value`, `name` = `value`
    std::vector<std::string> words;
    for (std::size_t at = example[0].find('`'); at != std::string::npos;) {
      const std::size_t end = example[0].find('`', at + 1);
      words.push_back(example[0].substr(at + 1, end - at - 1));
      at = example[0].find('`', end + 1);
    }
    for (std::size_t i = 0; i + 1 < words.size(); i += 2) entries.emplace_back(words[i], words[i + 1]);
    const TableOptions options = parse_table_options(entries, schema, {.source = true, .sink = false});
    ASSERT_THAT(options.problems, ::testing::IsEmpty());
    auto decoder = *Decoder::create(schema, options.source->format);
    MessageView message;
    const std::string body = characters(example[1]);
    message.body = body;
    const QueueId queue;
    ValueWriter writer(2);
    decoder.begin(message, queue);
    std::string end;
    for (;;) {
      const auto more = decoder.next(writer);
      if (!more) end = "fails";
      if (!more || !*more) break;
    }
    std::string rows;
    const auto add = [&](const std::string& text) { rows += (rows.empty() ? "" : " ") + text; };
    for (const auto& row : writer.rows) {
      const auto* id = std::get_if<std::int32_t>(&row[0]);
      const auto* name = std::get_if<std::string>(&row[1]);
      add(fmt::format("({}, {})", id != nullptr ? std::to_string(*id) : "NULL", name != nullptr ? *name : "NULL"));
    }
    if (!end.empty()) add(end);
    EXPECT_EQ(rows, characters(example[2]));
  }
}

TEST(FormatsDoc, Escapes) {
  for (const auto& example : examples("escapes", 2)) {
    const auto found = unescape_delimiter(without_backticks(example[0]));
    if (!found) {
      EXPECT_EQ(example[1], "refused") << example[0];
      continue;
    }
    EXPECT_EQ(found->empty() ? "" : example[1].substr(0, 2), "U+") << example[0];
    std::string wanted;
    append_utf8(static_cast<char32_t>(std::stoul(example[1].substr(2), nullptr, 16)), wanted);
    EXPECT_EQ(*found, wanted) << example[0];
  }
}

}  // namespace
}  // namespace rocketlink::row
