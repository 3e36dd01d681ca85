#include "rocketlink/row/decoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "unit/core/row/row_fakes.h"

namespace rocketlink::row {
namespace {

using namespace std::string_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::metadata;
using testing::physical;
using testing::TextWriter;

class DecoderTest : public ::testing::Test {
 protected:
  DecoderTest() {
    format.field_delimiter = ",";
    message.topic = "orders";
    message.queue_offset = 42;
    message.queue_id = 3;
  }

  void make(std::vector<Column> columns) {
    auto made = Decoder::create(
        Schema{std::move(columns)}, format, [this](LogLevel, std::string_view text) { log.emplace_back(text); },
        [this] { return now; });
    ASSERT_TRUE(made.ok()) << made.error().text;
    decoder.emplace(*std::move(made));
  }

  // All rows of one message; stops at an error, which `error` keeps.
  std::vector<std::string> decode(std::string_view body, TextWriter writer = TextWriter()) {
    message.body = body;
    decoder->begin(message, queue);
    for (;;) {
      const auto more = decoder->next(writer);
      if (!more) error = more.error();
      if (!more || !*more) return writer.rows;
    }
  }

  FormatOptions format;
  std::optional<Decoder> decoder;
  std::vector<std::string> log;
  std::chrono::steady_clock::time_point now;
  MessageView message;
  QueueId queue = {.topic = "orders", .broker = "broker-a", .id = 3};
  Error error;
};

TEST_F(DecoderTest, OneRowPerRecordAndEmptyRecordsAreNone) {
  make({physical("id", TypeKind::kInteger), physical("name", TypeKind::kVarchar)});
  EXPECT_THAT(decode("1,a\n\n2,b\n"), ElementsAre("0:1 1:'a'", "0:2 1:'b'"));
  EXPECT_THAT(decode(""), IsEmpty());
  EXPECT_THAT(decode("\n\n"), IsEmpty());
  EXPECT_EQ(decoder->stats().records_in, 2U);
  EXPECT_EQ(decoder->stats().records_in_errors, 0U);
}

TEST_F(DecoderTest, StopsAfterEachRowAndGoesOn) {
  make({physical("id", TypeKind::kInteger), physical("name", TypeKind::kVarchar)});
  message.body = "1,a\nx,b\n3,c";
  decoder->begin(message, queue);
  TextWriter first;
  ASSERT_TRUE(*decoder->next(first));
  EXPECT_THAT(first.rows, ElementsAre("0:1 1:'a'"));
  TextWriter second;
  ASSERT_TRUE(*decoder->next(second));
  EXPECT_THAT(second.rows, ElementsAre("0:3 1:'c'"));
  EXPECT_FALSE(*decoder->next(second));
  EXPECT_FALSE(*decoder->next(second));
}

TEST_F(DecoderTest, EmptyFieldsAreNullButForTextAndBytes) {
  make({physical("i", TypeKind::kInteger), physical("s", TypeKind::kVarchar), physical("b", TypeKind::kVarbinary),
        physical("d", TypeKind::kDouble)});
  EXPECT_THAT(decode(",,,"), ElementsAre("0:NULL 1:'' 2:x 3:NULL"));
}

TEST_F(DecoderTest, ASinglePhysicalColumnIsTheWholeRecord) {
  make({physical("line", TypeKind::kVarchar)});
  EXPECT_THAT(decode("a,b,c\nd"), ElementsAre("0:'a,b,c'", "0:'d'"));
}

TEST_F(DecoderTest, ASingleBinaryColumnIsTheBody) {
  make({metadata("k", "keys", TypeKind::kVarchar), physical("body", TypeKind::kVarbinary)});
  EXPECT_THAT(decode("a\n\xFF"), ElementsAre("1:x610aff 0:NULL"));
  EXPECT_THAT(decode(""), ElementsAre("1:x 0:NULL"));
}

TEST_F(DecoderTest, MetadataAloneIsOneRowPerMessage) {
  format.time_zone = "Asia/Shanghai";
  make({metadata("t", "topic", TypeKind::kVarchar), metadata("q", "queue-id", TypeKind::kInteger),
        metadata("o", "queue-offset", TypeKind::kBigInt), metadata("m", "msg-id", TypeKind::kVarchar),
        metadata("st", "store-timestamp", TypeKind::kTimestamp, 3),
        metadata("bt", "born-timestamp", TypeKind::kTimestampLtz, 3), metadata("k", "keys", TypeKind::kVarchar),
        metadata("g", "tags", TypeKind::kVarchar)});
  message.unique_key = "AC11";
  message.store_timestamp_ms = 1'700'000'000'123;
  message.born_timestamp_ms = -1;
  message.tags = "TagA\xFF";
  EXPECT_THAT(decode("a\nb\n"),
              ElementsAre("0:'orders' 1:3 2:42 3:'AC11' 4:wall 1700028800.123000000 5:instant -1.999000000 6:NULL "
                          "7:'TagA\xEF\xBF\xBD'"));
}

TEST_F(DecoderTest, ATimeThatNoTypeHoldsIsNullAndSaidOnceAMinute) {
  format.time_zone = "Asia/Shanghai";
  make({physical("a", TypeKind::kInteger), metadata("bt", "born-timestamp", TypeKind::kTimestamp, 3),
        metadata("bl", "born-timestamp", TypeKind::kTimestampLtz, 3),
        metadata("b9", "born-timestamp", TypeKind::kTimestamp, 9),
        metadata("st", "store-timestamp", TypeKind::kTimestamp, 3)});
  message.born_timestamp_ms = std::numeric_limits<std::int64_t>::max();
  message.store_timestamp_ms = std::numeric_limits<std::int64_t>::min();
  EXPECT_THAT(decode("1\n2"), ElementsAre("0:1 1:NULL 2:NULL 3:NULL 4:NULL", "0:2 1:NULL 2:NULL 3:NULL 4:NULL"));
  message.born_timestamp_ms = 253402300799'000;  // the end of 9999 in UTC, not in Shanghai
  message.store_timestamp_ms = 0;
  EXPECT_THAT(decode("3"), ElementsAre("0:3 1:NULL 2:instant 253402300799.000000000 3:NULL 4:wall 28800.000000000"));
  EXPECT_THAT(log, ElementsAre(AllOf(HasSubstr("offset 42"), HasSubstr("born-timestamp is 9223372036854775807 ms"),
                                     HasSubstr("column 'bt' TIMESTAMP(3)"))));
  EXPECT_EQ(decoder->stats().records_in, 3U);
  EXPECT_EQ(decoder->stats().records_in_errors, 0U);
}

TEST_F(DecoderTest, ATimeThatNoTypeHoldsIsNoValueOfAColumnThatIsNotNull) {
  std::vector<Column> columns{physical("a", TypeKind::kInteger),
                              metadata("bt", "born-timestamp", TypeKind::kTimestamp, 3)};
  columns[1].type.nullable = false;
  make(columns);
  message.born_timestamp_ms = std::numeric_limits<std::int64_t>::max();
  EXPECT_THAT(decode("1"), IsEmpty());
  EXPECT_EQ(decoder->stats().records_in_errors, 1U);
}

TEST_F(DecoderTest, MetadataStandsInAnyPlace) {
  make({physical("a", TypeKind::kInteger), metadata("tags", "tags", TypeKind::kVarchar),
        physical("b", TypeKind::kInteger)});
  message.tags = "T";
  EXPECT_THAT(decode("1,2"), ElementsAre("0:1 2:2 1:'T'"));
}

struct LengthCase {
  LengthCheck policy;
  std::string body;
  std::vector<std::string> rows;
  bool fails;
  std::uint64_t skipped;
};

class LengthCheckTest : public DecoderTest, public ::testing::WithParamInterface<LengthCase> {};

TEST_P(LengthCheckTest, Policy) {
  format.length_check = GetParam().policy;
  make({physical("a", TypeKind::kVarchar), physical("b", TypeKind::kInteger)});
  EXPECT_EQ(decode(GetParam().body), GetParam().rows);
  EXPECT_EQ(error.is(ErrorCode::kData), GetParam().fails) << error.text;
  EXPECT_EQ(decoder->stats().length_skipped, GetParam().skipped);
}

INSTANTIATE_TEST_SUITE_P(
    Table, LengthCheckTest,
    ::testing::Values(LengthCase{LengthCheck::kNone, "x,1,z\ny,2", {"0:'x' 1:1", "0:'y' 1:2"}, false, 0},
                      LengthCase{LengthCheck::kNone, "x\ny,2", {"0:'y' 1:2"}, false, 1},
                      LengthCase{LengthCheck::kSkip, "x,1,z\ny,2", {"0:'y' 1:2"}, false, 1},
                      LengthCase{LengthCheck::kSkip, "x\ny,2", {"0:'y' 1:2"}, false, 1},
                      LengthCase{LengthCheck::kException, "y,2\nx,1,z", {"0:'y' 1:2"}, true, 1},
                      LengthCase{LengthCheck::kException, "x\ny,2", {}, true, 1},
                      LengthCase{LengthCheck::kException, "y,two", {}, true, 0},
                      LengthCase{LengthCheck::kPad, "x,1,z\ny,2", {"0:'x' 1:1", "0:'y' 1:2"}, false, 0},
                      LengthCase{LengthCheck::kPad, "x\ny,2", {"0:'x' 1:NULL", "0:'y' 1:2"}, false, 0}));

TEST_F(DecoderTest, PadGivesNullForMissingTextToo) {
  format.length_check = LengthCheck::kPad;
  make({physical("a", TypeKind::kInteger), physical("b", TypeKind::kVarchar), physical("c", TypeKind::kVarbinary)});
  EXPECT_THAT(decode("1\n2,"), ElementsAre("0:1 1:NULL 2:NULL", "0:2 1:'' 2:NULL"));
}

TEST_F(DecoderTest, ExceptionNamesTheFieldAndItsPlace) {
  format.length_check = LengthCheck::kException;
  make({physical("a", TypeKind::kVarchar), physical("price", TypeKind::kInteger)});
  decode("x,1\n\ny,12 Euro\n");
  EXPECT_TRUE(error.is(ErrorCode::kData));
  EXPECT_THAT(error.text, AllOf(HasSubstr("topic 'orders'"), HasSubstr("broker-a"), HasSubstr("queue 3"),
                                HasSubstr("offset 42"), HasSubstr("record 3"), HasSubstr("'price'"), HasSubstr("INT"),
                                HasSubstr("'12 Euro'"), HasSubstr("lengthCheck")));
  EXPECT_THAT(error.text,
              HasSubstr("give 'lengthCheck' another value: 'NONE', 'SKIP' or 'PAD' leave such records out"));
}

TEST_F(DecoderTest, ExceptionTellsOfFieldsThatAreTooManyOrTooFew) {
  format.length_check = LengthCheck::kException;
  make({physical("a", TypeKind::kVarchar), physical("price", TypeKind::kInteger)});
  message.unique_key = "0A0B";
  decode("x,1,2,3");
  EXPECT_EQ(
      error.text,
      "topic 'orders', broker 'broker-a', queue 3, offset 42, message '0A0B', record 1: it has 4 fields, the table "
      "2 physical columns (lengthCheck 'EXCEPTION'); record 'x,1,2,3'; mend the message or the table, or give "
      "'lengthCheck' another value: 'NONE' or 'PAD' take its first 2 field(s), 'SKIP' leaves it out");
  decode("y,2\nx");
  EXPECT_THAT(error.text,
              HasSubstr("record 2: it has 1 field, the table 2 physical columns (lengthCheck 'EXCEPTION'); no "
                        "fieldDelimiter ',' divides it; record 'x'; mend the message or the table, or give "
                        "'lengthCheck' another value: 'PAD' takes NULL for what is missing, 'NONE' or "
                        "'SKIP' leave it out"));
}

TEST_F(DecoderTest, ARecordOfOneFieldNamesTheDelimiterThatItLacks) {
  format.field_delimiter = "\x01";
  make({physical("a", TypeKind::kVarchar), physical("b", TypeKind::kVarchar)});
  decode("x,1");
  EXPECT_THAT(log, ElementsAre(HasSubstr("it has 1 field, the table 2 physical columns (lengthCheck 'NONE'); no "
                                         "fieldDelimiter '\\x01' divides it")));
}

TEST_F(DecoderTest, UnwantedColumnsAreCheckedAllTheSame) {
  make({physical("a", TypeKind::kInteger), physical("b", TypeKind::kDate)});
  EXPECT_THAT(decode("1,2024-01-02\n2,yesterday", TextWriter({1})), ElementsAre("0:1"));
  EXPECT_EQ(decoder->stats().records_in_errors, 1U);
}

TEST_F(DecoderTest, NotNullColumnsTakeNoNull) {
  Column id = physical("id", TypeKind::kInteger);
  id.type.nullable = false;
  Column key = metadata("k", "keys", TypeKind::kVarchar);
  key.type.nullable = false;
  make({id, physical("x", TypeKind::kInteger), key});
  message.keys = "k";
  EXPECT_THAT(decode(",1\n2,2"), ElementsAre("0:2 1:2 2:'k'"));
  message.keys.reset();
  now += std::chrono::minutes(2);
  EXPECT_THAT(decode("2,2"), IsEmpty());
  ASSERT_EQ(log.size(), 2U);
  EXPECT_THAT(log[0], AllOf(HasSubstr("'id'"), HasSubstr("NOT NULL"), HasSubstr("empty")));
  EXPECT_THAT(log[1], AllOf(HasSubstr("'k'"), HasSubstr("no keys")));
}

TEST_F(DecoderTest, WarnsOnceAMinuteAndSaysHowMany) {
  make({physical("a", TypeKind::kInteger), physical("b", TypeKind::kInteger)});
  decode("x,1\ny,2\n3\n");
  ASSERT_EQ(log.size(), 1U);
  EXPECT_THAT(log[0], AllOf(HasSubstr("record 1"), HasSubstr("'x'")));
  now += std::chrono::seconds(59);
  decode("x,1\n");
  EXPECT_EQ(log.size(), 1U);
  now += std::chrono::seconds(1);
  decode("z,1\n");
  ASSERT_EQ(log.size(), 2U);
  EXPECT_THAT(log[1], AllOf(HasSubstr("'z'"), HasSubstr("3 more")));
  EXPECT_EQ(decoder->stats().records_in_errors, 5U);
  EXPECT_EQ(decoder->stats().length_skipped, 1U);
}

TEST_F(DecoderTest, ColumnErrorDebugLogsEach) {
  format.column_error_debug = true;
  make({physical("a", TypeKind::kInteger), physical("b", TypeKind::kInteger)});
  decode("x,1\n1,\x01\n3\n");
  ASSERT_EQ(log.size(), 3U);
  EXPECT_THAT(log[0], AllOf(HasSubstr("topic 'orders'"), HasSubstr("queue 3"), HasSubstr("offset 42"),
                            HasSubstr("record 1"), HasSubstr("'a'"), HasSubstr("INT"), HasSubstr("'x'")));
  EXPECT_THAT(log[1], HasSubstr("\\x01"));
  EXPECT_THAT(log[2], HasSubstr("1 field,"));
}

TEST_F(DecoderTest, MalformedUtf8BecomesReplacementsInTextOnly) {
  make({physical("s", TypeKind::kVarchar), physical("b", TypeKind::kVarbinary)});
  EXPECT_THAT(decode("a\xE4\xB8,\xE4\xB8\n\xE4\xB8\xAD,x"),
              ElementsAre("0:'a\xEF\xBF\xBD' 1:xe4b8", "0:'\xE4\xB8\xAD' 1:x78"));
}

TEST_F(DecoderTest, OtherCharsets) {
  format.encoding = "GBK";
  make({physical("s", TypeKind::kVarchar), physical("b", TypeKind::kVarbinary)});
  EXPECT_THAT(decode("\xD6\xD0\xCE\xC4,\xD6\xD0"), ElementsAre("0:'中文' 1:xd6d0"));
  format.encoding = "UTF-16LE";
  make({physical("s", TypeKind::kVarchar), physical("i", TypeKind::kInteger)});
  EXPECT_THAT(decode("\x2D\x4E,\0007\0\n\0a\0,\0008\0"s), ElementsAre("0:'中' 1:7", "0:'a' 1:8"));
}

TEST_F(DecoderTest, DelimitersOfSeveralCharacters) {
  format.field_delimiter = "||";
  format.line_delimiter = "\r\n";
  make({physical("a", TypeKind::kVarchar), physical("b", TypeKind::kVarchar)});
  EXPECT_THAT(decode("1|x||2\r\n3||4|\r\n\r\n"), ElementsAre("0:'1|x' 1:'2'", "0:'3' 1:'4|'"));
}

TEST_F(DecoderTest, TextIsNeverCut) {
  make({physical("a", TypeKind::kVarchar, 2), physical("b", TypeKind::kChar, 3), physical("c", TypeKind::kBinary, 1)});
  EXPECT_THAT(decode("abc,d,xy"), ElementsAre("0:'abc' 1:'d' 2:x7879"));
}

TEST_F(DecoderTest, RefusesWhatCannotWorkAllAtOnce) {
  format.encoding = "KLINGON";
  format.time_zone = "Mars/Olympus";
  format.field_delimiter = "\n";
  const auto made = Decoder::create(
      Schema{{physical("a", TypeKind::kDecimal, 39, 2), physical("b", TypeKind::kInteger),
              metadata("c", "offset", TypeKind::kBigInt), metadata("d", "queue-id", TypeKind::kVarchar)}},
      format);
  ASSERT_FALSE(made.ok());
  EXPECT_TRUE(made.error().is(ErrorCode::kInvalidArgument));
  EXPECT_THAT(made.error().text, AllOf(HasSubstr("KLINGON"), HasSubstr("Mars/Olympus"),
                                       HasSubstr("fieldDelimiter holds the lineDelimiter"), HasSubstr("'a'"),
                                       HasSubstr("'offset'"), HasSubstr("queue-id"), HasSubstr("INT")));
}

}  // namespace
}  // namespace rocketlink::row
