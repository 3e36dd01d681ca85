#include "rocketlink/row/encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "rocketlink/row/decoder.h"
#include "unit/core/row/row_fakes.h"

namespace rocketlink::row {
namespace {

using namespace std::string_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::metadata;
using testing::physical;
using testing::TextWriter;
using testing::Value;
using testing::ValueReader;

class EncoderTest : public ::testing::Test {
 protected:
  EncoderTest() { format.field_delimiter = ","; }

  void make(std::vector<Column> columns, std::string_view partition_field = {}) {
    schema = Schema{std::move(columns)};
    auto made = Encoder::create(
        schema, format, partition_field, [this](LogLevel, std::string_view text) { log.emplace_back(text); },
        [this] { return now; });
    ASSERT_TRUE(made.ok()) << made.error().text;
    encoder.emplace(*std::move(made));
  }

  OutgoingMessage encode(std::vector<Value> row) {
    ValueReader reader(std::move(row));
    return encoder->encode(reader);
  }
  std::string body(std::vector<Value> row) { return std::string(encode(std::move(row)).body); }

  std::vector<std::string> decode(std::string_view body) {
    auto decoder = Decoder::create(schema, format);
    EXPECT_TRUE(decoder.ok());
    MessageView message;
    message.body = body;
    const QueueId queue;
    decoder->begin(message, queue);
    TextWriter writer;
    while (*decoder->next(writer)) {
    }
    return writer.rows;
  }

  FormatOptions format;
  Schema schema;
  std::optional<Encoder> encoder;
  std::vector<std::string> log;
  std::chrono::steady_clock::time_point now;
};

TEST_F(EncoderTest, EveryTypeHasItsText) {
  make({physical("a", TypeKind::kBoolean), physical("b", TypeKind::kTinyInt), physical("c", TypeKind::kSmallInt),
        physical("d", TypeKind::kInteger), physical("e", TypeKind::kBigInt), physical("f", TypeKind::kFloat),
        physical("g", TypeKind::kDouble), physical("h", TypeKind::kDecimal, 10, 2), physical("i", TypeKind::kChar, 3),
        physical("j", TypeKind::kVarchar), physical("k", TypeKind::kVarbinary), physical("l", TypeKind::kDate),
        physical("m", TypeKind::kTime, 0), physical("n", TypeKind::kTimestamp, 3),
        physical("o", TypeKind::kTimestampLtz, 6)});
  EXPECT_EQ(
      body({true, std::int8_t{-1}, std::int16_t{2}, 3, std::int64_t{4}, 0.1F, 1e20, Int128{-5}, "abc"s, "d e"s, "\xFF"s,
            19723, std::int64_t{3'661'000'000'000}, Timestamp{1704067200, 5'000'000}, Timestamp{-1, 999'999'999}}),
      "true,-1,2,3,4,0.1,1e+20,-0.05,abc,d e,\xFF,2024-01-01,01:01:01,2024-01-01 00:00:00.005,"
      "1969-12-31 23:59:59.999999");
}

TEST_F(EncoderTest, NullIsEmptyText) {
  make({physical("a", TypeKind::kInteger), physical("b", TypeKind::kVarchar), physical("c", TypeKind::kInteger)});
  EXPECT_EQ(body({{}, {}, 1}), ",,1");
  EXPECT_EQ(body({{}, {}, {}}), ",,");
}

TEST_F(EncoderTest, ASingleBinaryColumnIsTheBody) {
  format.encoding = "UTF-16LE";
  make({physical("a", TypeKind::kVarbinary), metadata("k", "keys", TypeKind::kVarchar)});
  EXPECT_EQ(body({"\xFF,\n"s, {}}), "\xFF,\n");
  EXPECT_EQ(body({{}, {}}), "");
}

TEST_F(EncoderTest, KeysAndTagsAreNoPartOfTheBody) {
  Column offset = metadata("o", "queue-offset", TypeKind::kBigInt);
  offset.is_virtual = true;
  make({metadata("k", "keys", TypeKind::kVarchar), physical("a", TypeKind::kInteger), offset,
        metadata("t", "tags", TypeKind::kVarchar), physical("b", TypeKind::kInteger)});
  OutgoingMessage message = encode({"key"s, 1, {}, "TagA"s, 2});
  EXPECT_EQ(message.body, "1,2");
  EXPECT_EQ(message.keys, "key");
  EXPECT_EQ(message.tags, "TagA");
  EXPECT_FALSE(message.partition.has_value());
  message = encode({{}, 1, {}, {}, 2});
  EXPECT_FALSE(message.keys.has_value());
  EXPECT_FALSE(message.tags.has_value());
}

TEST_F(EncoderTest, PartitionIsTheFieldsText) {
  format.encoding = "GBK";
  format.quote_character = '"';
  make({physical("a", TypeKind::kInteger), physical("p", TypeKind::kVarchar)}, "p");
  EXPECT_EQ(encode({1, "中,\""s}).partition, "中,\"");
  EXPECT_FALSE(encode({1, {}}).partition.has_value());
  EXPECT_EQ(encode({1, ""s}).partition, "");
  make({physical("a", TypeKind::kDecimal, 5, 2), physical("p", TypeKind::kVarchar)}, "a");
  EXPECT_EQ(encode({Int128{100}, {}}).partition, "1.00");
  make({physical("a", TypeKind::kInteger), metadata("k", "keys", TypeKind::kVarchar)}, "k");
  EXPECT_EQ(encode({1, "key"s}).partition, "key");
}

TEST_F(EncoderTest, CountsConflictsAndWarnsOnceAMinute) {
  make({physical("a", TypeKind::kVarchar), physical("b", TypeKind::kVarbinary), physical("c", TypeKind::kVarchar)});
  EXPECT_EQ(body({"x,y"s, ","s, "z"s}), "x,y,,,z");
  EXPECT_EQ(encoder->stats().delimiter_conflicts, 2U);
  ASSERT_EQ(log.size(), 1U);
  EXPECT_THAT(log[0], AllOf(HasSubstr("'a'"), HasSubstr("'x,y'"), HasSubstr("quoteCharacter")));
  now += std::chrono::seconds(60);
  (void)body({"x"s, "y"s, "z,"s});
  ASSERT_EQ(log.size(), 2U);
  EXPECT_THAT(log[1], AllOf(HasSubstr("'c'"), HasSubstr("1 more")));
  (void)body({"x"s, "y"s, "z"s});
  EXPECT_EQ(encoder->stats().delimiter_conflicts, 3U);
  EXPECT_EQ(encoder->stats().rows, 3U);
}

TEST_F(EncoderTest, ConflictsWithNumbersAndWithOverlappingDelimiters) {
  format.field_delimiter = "-";
  make({physical("a", TypeKind::kInteger), physical("b", TypeKind::kDate)});
  (void)body({-1, 0});
  EXPECT_EQ(encoder->stats().delimiter_conflicts, 2U);
  format.field_delimiter = "||";
  make({physical("a", TypeKind::kVarchar), physical("b", TypeKind::kVarchar)});
  (void)body({"a|"s, "b"s});  // a|||b reads as a, |b
  EXPECT_EQ(encoder->stats().delimiter_conflicts, 1U);
  (void)body({"|a"s, "b|"s});
  EXPECT_EQ(encoder->stats().delimiter_conflicts, 1U);
}

TEST_F(EncoderTest, ASingleColumnCannotConflict) {
  make({physical("a", TypeKind::kVarchar)});
  EXPECT_EQ(decode(body({"x,y"s})), std::vector<std::string>{"0:'x,y'"});
  EXPECT_EQ(encoder->stats().delimiter_conflicts, 0U);
}

TEST_F(EncoderTest, QuotedTextReadsBack) {
  format.quote_character = '"';
  for (const std::string delimiter : {",", "||", "a"}) {
    format.field_delimiter = delimiter;
    make({physical("a", TypeKind::kVarchar), physical("b", TypeKind::kVarbinary), physical("c", TypeKind::kVarchar)});
    for (const std::string text :
         {"", "x", ",", "\"", "\"\"", "a\nb", "\n", "\r", "|", "x|", "||", "中", "a\"b,", " "}) {
      const std::string hex = [&] {
        std::string out;
        for (const char c : text) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
        return out;
      }();
      EXPECT_THAT(decode(body({text, text, text})), ElementsAre(fmt::format("0:'{0}' 1:x{1} 2:'{0}'", text, hex)))
          << delimiter;
    }
    EXPECT_EQ(encoder->stats().delimiter_conflicts, 0U);
  }
}

TEST_F(EncoderTest, QuotesKeepASingleEmptyTextFromVanishing) {
  format.quote_character = '\'';
  make({physical("a", TypeKind::kVarchar)});
  EXPECT_EQ(body({""s}), "''");
  EXPECT_EQ(decode("''"), std::vector<std::string>{"0:''"});
  EXPECT_EQ(body({{}}), "");
}

TEST_F(EncoderTest, OtherCharsets) {
  format.encoding = "GBK";
  make({physical("a", TypeKind::kVarchar), physical("b", TypeKind::kVarbinary), physical("c", TypeKind::kVarchar)});
  EXPECT_EQ(body({"中"s, "\xFF\xFE"s, "文"s}), "\xD6\xD0,\xFF\xFE,\xCE\xC4");
  EXPECT_EQ(body({"é😀x"s, {}, {}}), "\xA8\xA6?x,,");
  EXPECT_EQ(encoder->stats().unmappable_characters, 1U);
  format.encoding = "UTF-16";
  make({physical("a", TypeKind::kVarchar), physical("b", TypeKind::kInteger)});
  EXPECT_EQ(body({"中"s, 7}), "\xFE\xFF\x4E\x2D\0,\0007"s);
  EXPECT_EQ(decode(body({"中"s, 7})), std::vector<std::string>{"0:'中' 1:7"});
}

TEST_F(EncoderTest, AnInstantInTheHourThatComesTwiceReadsBack) {
  format.time_zone = "Europe/Berlin";
  make({physical("a", TypeKind::kTimestampLtz, 0), physical("b", TypeKind::kInteger)});
  EXPECT_EQ(body({Timestamp{1729987200 - 3600, 0}, 1}), "2024-10-27 01:00:00,1");
  EXPECT_EQ(body({Timestamp{1729987200 + 1800, 0}, 1}), "2024-10-27 02:30:00,1");
  EXPECT_EQ(body({Timestamp{1729990800 + 1800, 0}, 1}), "2024-10-27 01:30:00Z,1");
  for (std::int64_t at = 1729987200 - 7200; at < 1729987200 + 4 * 3600; at += 600) {
    EXPECT_EQ(decode(body({Timestamp{at, 0}, 1})),
              std::vector<std::string>{fmt::format("0:instant {}.000000000 1:1", at)});
  }
}

TEST_F(EncoderTest, RefusesWhatCannotWorkAllAtOnce) {
  format.encoding = "KLINGON";
  format.quote_character = ',';
  const auto made =
      Encoder::create(Schema{{physical("a", TypeKind::kTime, 10), metadata("m", "msg-id", TypeKind::kVarchar),
                              metadata("k", "keys", TypeKind::kInteger)}},
                      format, "nowhere");
  ASSERT_FALSE(made.ok());
  EXPECT_THAT(made.error().text, AllOf(HasSubstr("KLINGON"), HasSubstr("fieldDelimiter holds"), HasSubstr("'a'"),
                                       HasSubstr("'msg-id'"), HasSubstr("'k'"), HasSubstr("'nowhere'")));
}

}  // namespace
}  // namespace rocketlink::row
