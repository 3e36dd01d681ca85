#include "rocketlink/row/record_splitter.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rocketlink::row {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Each record as `number:[field][field]`, with ` of n` when it has another number of fields; malformed ones as
// `number!text`.
std::vector<std::string> split(RecordSplitter::Layout layout, const std::string& text) {
  RecordSplitter splitter(std::move(layout));
  splitter.begin(text);
  std::vector<std::string> records;
  for (;;) {
    const auto outcome = splitter.next();
    if (outcome == RecordSplitter::Outcome::kEnd) return records;
    std::string record = std::to_string(splitter.record_number());
    if (outcome == RecordSplitter::Outcome::kMalformed) {
      records.push_back(record + "!" + std::string(splitter.record()));
      continue;
    }
    record += ":";
    for (const std::string_view field : splitter.fields()) record += fmt::format("[{}]", field);
    if (splitter.field_count() != splitter.fields().size()) record += fmt::format(" of {}", splitter.field_count());
    records.push_back(std::move(record));
  }
}

RecordSplitter::Layout plain(std::size_t columns = 2) {
  return {.line_delimiter = "\n", .field_delimiter = ",", .quote_character = std::nullopt, .columns = columns};
}

RecordSplitter::Layout quoted(std::size_t columns = 2) {
  RecordSplitter::Layout layout = plain(columns);
  layout.quote_character = '"';
  return layout;
}

TEST(RecordSplitter, EmptyRecordsAreDroppedAndCounted) {
  EXPECT_THAT(split(plain(), ""), IsEmpty());
  EXPECT_THAT(split(plain(), "\n\n"), IsEmpty());
  EXPECT_THAT(split(plain(), "\na,b\n\n\nc,d\n"), ElementsAre("2:[a][b]", "5:[c][d]"));
  EXPECT_THAT(split(quoted(), "\na,b\n\n\nc,d\n"), ElementsAre("2:[a][b]", "5:[c][d]"));
}

TEST(RecordSplitter, EmptyFieldsAreKept) {
  EXPECT_THAT(split(plain(), ",\n,b\na,"), ElementsAre("1:[][]", "2:[][b]", "3:[a][]"));
  EXPECT_THAT(split(quoted(), ",\n,b\na,"), ElementsAre("1:[][]", "2:[][b]", "3:[a][]"));
}

TEST(RecordSplitter, MoreAndFewerFields) {
  EXPECT_THAT(split(plain(), "a\na,b,\na,b,c,d"), ElementsAre("1:[a]", "2:[a][b] of 3", "3:[a][b] of 3"));
  RecordSplitter::Layout all = plain();
  all.count_all = true;
  EXPECT_THAT(split(all, "a,b,c,d"), ElementsAre("1:[a][b] of 4"));
  EXPECT_THAT(split(quoted(), "a,b,\"c\",d"), ElementsAre("1:[a][b] of 4"));
}

TEST(RecordSplitter, OneColumnIsTheWholeRecord) {
  EXPECT_THAT(split(plain(1), "a,b\n,"), ElementsAre("1:[a,b]", "2:[,]"));
  EXPECT_THAT(split(quoted(1), "a,b\n\"c,\nd\""), ElementsAre("1:[a,b]", "2:[c,\nd]"));
}

TEST(RecordSplitter, QuotesWithoutTheOptionAreText) {
  EXPECT_THAT(split(plain(), "\"a\",b\"\n\"c,d\""), ElementsAre("1:[\"a\"][b\"]", "2:[\"c][d\"]"));
}

TEST(RecordSplitter, QuotedFieldsHoldDelimitersAndDoubledQuotes) {
  EXPECT_THAT(split(quoted(), R"("a,b",c)"), ElementsAre("1:[a,b][c]"));
  EXPECT_THAT(split(quoted(), "\"a\nb\",\"c\r\nd\"\ne,f"), ElementsAre("1:[a\nb][c\r\nd]", "2:[e][f]"));
  EXPECT_THAT(split(quoted(), R"("a""b","""")"), ElementsAre("1:[a\"b][\"]"));
  EXPECT_THAT(split(quoted(), R"("","")"), ElementsAre("1:[][]"));
  EXPECT_THAT(split(quoted(), R"("a""","""b")"), ElementsAre("1:[a\"][\"b]"));
}

TEST(RecordSplitter, WithQuotesALineMayEndWithACarriageReturn) {
  EXPECT_THAT(split(quoted(), "\"1\",\"a\"\r\n1,b\r\n"), ElementsAre("1:[1][a]", "2:[1][b]"));
  EXPECT_THAT(split(quoted(), "1,\r\n\r\n\n\"a\",\"\"\r\n"), ElementsAre("1:[1][]", "4:[a][]"));
  EXPECT_THAT(split(quoted(), "\"1\",\"a\"\r"), ElementsAre("1:[1][a]")) << "without the last line feed";
  EXPECT_THAT(split(quoted(1), "\"a,b\"\r\nc,d\r\n\r\n"), ElementsAre("1:[a,b]", "2:[c,d]"));
  EXPECT_THAT(split(quoted(), "\"a\r\nb\",\"c\r\"\r\nd\re,f\r\r\n"), ElementsAre("1:[a\r\nb][c\r]", "2:[d\re][f\r]"));
  EXPECT_THAT(split(quoted(), "\"a\"b,c\r\nd,e"), ElementsAre("1!\"a\"b,c", "2:[d][e]"));
}

TEST(RecordSplitter, ACarriageReturnIsTextWhereLinesEndOtherwise) {
  EXPECT_THAT(split(plain(), "1,b\r\n"), ElementsAre("1:[1][b\r]"));
  RecordSplitter::Layout layout = quoted();
  layout.line_delimiter = ";";
  EXPECT_THAT(split(layout, "1,b\r;2,c\r"), ElementsAre("1:[1][b\r]", "2:[2][c\r]"));
  layout = quoted();
  layout.field_delimiter = "\r";
  EXPECT_THAT(split(layout, "1\r\n"), ElementsAre("1:[1][]"));
}

TEST(RecordSplitter, AQuoteInsideOfAFieldIsText) {
  EXPECT_THAT(split(quoted(), "a\"b,c\"\n \"d\",e"), ElementsAre("1:[a\"b][c\"]", "2:[ \"d\"][e]"));
}

TEST(RecordSplitter, WhatGoesOnBehindAClosingQuoteIsMalformedToTheLinesEnd) {
  EXPECT_THAT(split(quoted(), "\"a\"x,b\nc,d"), ElementsAre("1!\"a\"x,b", "2:[c][d]"));
  EXPECT_THAT(split(quoted(), "\"a\" ,b\nc,d"), ElementsAre("1!\"a\" ,b", "2:[c][d]"));
  EXPECT_THAT(split(quoted(1), "\"a\",b\nc"), ElementsAre("1!\"a\",b", "2:[c]"));
}

TEST(RecordSplitter, AQuoteThatIsNeverClosedCostsItsLineAlone) {
  EXPECT_THAT(split(quoted(), "a,b\nc,\"d\ne,f\n"), ElementsAre("1:[a][b]", "2!c,\"d", "3:[e][f]"));
  EXPECT_THAT(split(quoted(), "\"a\"\"\nb,c"), ElementsAre("1!\"a\"\"", "2:[b][c]"));
  EXPECT_THAT(split(quoted(), "\""), ElementsAre("1!\""));
}

TEST(RecordSplitter, DelimitersOfSeveralCharacters) {
  RecordSplitter::Layout layout{
      .line_delimiter = "\r\n", .field_delimiter = "||", .quote_character = std::nullopt, .columns = 2};
  EXPECT_THAT(split(layout, "a|b||c\nd\r\ne|||f\r\n\r\n"), ElementsAre("1:[a|b][c\nd]", "2:[e][|f]"));
  layout.quote_character = '"';
  EXPECT_THAT(split(layout, "\"a||b\"||\"c\r\nd\"\r\ne||f\r"), ElementsAre("1:[a||b][c\r\nd]", "2:[e][f\r]"));
}

TEST(RecordSplitter, BeginsAnewWithEachText) {
  RecordSplitter splitter(quoted());
  const std::string first = "\"a\"\"\",b\nc,d";
  splitter.begin(first);
  EXPECT_EQ(splitter.next(), RecordSplitter::Outcome::kRecord);
  const std::string second = "\"\"\"e\",f";
  splitter.begin(second);
  EXPECT_EQ(splitter.next(), RecordSplitter::Outcome::kRecord);
  EXPECT_THAT(splitter.fields(), ElementsAre("\"e", "f"));
  EXPECT_EQ(splitter.record_number(), 1);
  EXPECT_EQ(splitter.next(), RecordSplitter::Outcome::kEnd);
  EXPECT_EQ(splitter.next(), RecordSplitter::Outcome::kEnd);
}

// A megabyte of quotes must not be searched again from each record.
TEST(RecordSplitter, HostileQuotesTakeLinearTime) {
  std::string text;
  for (int i = 0; i < 250'000; ++i) text += i % 3 == 0 ? "\"x\n" : i % 3 == 1 ? "\"\"\"\n" : "a,\"\n";
  EXPECT_FALSE(split(quoted(), text).empty());
}

}  // namespace
}  // namespace rocketlink::row
