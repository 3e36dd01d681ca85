#include "wire/command.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "unit/core/wire/hex.h"
#include "wire/codes.h"

namespace rocketlink::wire {
namespace {

using ::testing::HasSubstr;

Result<FrameLayout> layout_of(const std::string& frame) {
  return parse_frame_layout(std::span<const std::uint8_t, 8>(reinterpret_cast<const std::uint8_t*>(frame.data()), 8));
}

Result<FrameLayout> layout_of_words(std::uint32_t length, std::uint32_t word) {
  std::string bytes;
  for (const std::uint32_t value : {length, word}) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFF);
  }
  return layout_of(bytes);
}

Header sample() {
  Header header;
  header.code = 30;
  header.version = 513;
  header.opaque = 7;
  header.ext.set("topic", std::string_view("T"));
  header.ext.set("queueId", std::int64_t{0});
  return header;
}

const char* const kVector =
    "00000033 0100002f 001e 01 0201 00000007 00000000 00000000 0000001a 0005 746f706963 00000001 54 0007 "
    "71756575654964 00000001 30";

TEST(FrameHead, BinaryVectorOfTheProtocolIsWritten) {
  std::string out;
  ASSERT_TRUE(encode_frame_head(sample(), 0, out));
  EXPECT_EQ(out, from_hex(kVector));
}

TEST(FrameHead, BinaryVectorOfTheProtocolIsRead) {
  const std::string frame = from_hex(kVector);
  const auto layout = layout_of(frame);
  ASSERT_TRUE(layout) << layout.error().text;
  EXPECT_EQ(layout->total, frame.size());
  EXPECT_EQ(layout->serialize_type, 1);
  EXPECT_EQ(layout->header_bytes, 0x2FU);
  EXPECT_EQ(layout->body_bytes(), 0U);
  const auto header = decode_header(1, std::string_view(frame).substr(8));
  ASSERT_TRUE(header) << header.error().text;
  EXPECT_EQ(header->code, 30);
  EXPECT_EQ(header->version, 513);
  EXPECT_EQ(header->opaque, 7);
  EXPECT_EQ(header->flag, 0);
  EXPECT_EQ(header->ext.find("topic"), "T");
  EXPECT_EQ(header->ext.find_int("queueId"), 0);
}

TEST(FrameHead, AppendsBehindWhatIsThereAndCountsTheBody) {
  std::string out = "before";
  ASSERT_TRUE(encode_frame_head(sample(), 100, out));
  ASSERT_TRUE(out.starts_with("before"));
  const auto layout = layout_of(out.substr(6));
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->body_bytes(), 100U);
  EXPECT_EQ(layout->body_offset(), out.size() - 6);
}

TEST(FrameHead, BothEncodingsComeBackAsTheyWere) {
  Header header = sample();
  header.code = -5;
  header.opaque = -2147483647;
  header.flag = kFlagResponse | kFlagOneWay;
  header.remark = "größer \"quoted\" \n";
  header.ext.set("empty no", std::string_view("x=\x01\x02"));
  header.ext.set("yes", true);
  for (const bool json : {false, true}) {
    std::string out;
    ASSERT_TRUE(json ? encode_frame_head_json(header, 3, out) : encode_frame_head(header, 3, out));
    const auto layout = layout_of(out);
    ASSERT_TRUE(layout);
    EXPECT_EQ(layout->serialize_type, json ? 0 : 1);
    const auto back = decode_header(layout->serialize_type, std::string_view(out).substr(8));
    ASSERT_TRUE(back) << back.error().text;
    EXPECT_EQ(back->code, header.code);
    EXPECT_EQ(back->opaque, header.opaque);
    EXPECT_EQ(back->flag, header.flag);
    EXPECT_EQ(back->version, header.version);
    EXPECT_EQ(back->remark, header.remark);
    EXPECT_TRUE(back->is_response());
    EXPECT_TRUE(back->is_one_way());
    for (const auto& [name, value] : header.ext.entries()) EXPECT_EQ(back->ext.find(name), value) << name;
    EXPECT_EQ(back->ext.entries().size(), header.ext.entries().size());
  }
}

TEST(FrameHead, CodesBeyondTwoBytesGoAsJson) {
  for (const std::int32_t code : {200050, 32768, -32769}) {
    Header header = sample();
    header.code = code;
    std::string out;
    ASSERT_TRUE(encode_frame_head(header, 0, out));
    EXPECT_EQ(layout_of(out)->serialize_type, 0) << code;
    EXPECT_EQ(decode_header(0, std::string_view(out).substr(8))->code, code);
  }
  Header header = sample();
  header.code = 32767;
  std::string out;
  ASSERT_TRUE(encode_frame_head(header, 0, out));
  EXPECT_EQ(layout_of(out)->serialize_type, 1);
}

TEST(FrameHead, NamesBeyondTwoBytesGoAsJson) {
  Header header = sample();
  header.ext.set(std::string(40'000, 'n'), std::string_view("v"));
  std::string out;
  ASSERT_TRUE(encode_frame_head(header, 0, out));
  EXPECT_EQ(layout_of(out)->serialize_type, 0);
}

TEST(FrameHead, ASixteenMebibyteFrameIsTheLimit) {
  std::string head;
  ASSERT_TRUE(encode_frame_head(sample(), 0, head));
  for (const bool json : {false, true}) {
    std::string measured;
    ASSERT_TRUE(json ? encode_frame_head_json(sample(), 0, measured) : encode_frame_head(sample(), 0, measured));
    const std::size_t room = kMaxFrameBytes - measured.size();
    std::string out = "x";
    EXPECT_TRUE(json ? encode_frame_head_json(sample(), room, out) : encode_frame_head(sample(), room, out));
    out = "x";
    const auto status =
        json ? encode_frame_head_json(sample(), room + 1, out) : encode_frame_head(sample(), room + 1, out);
    ASSERT_FALSE(status);
    EXPECT_TRUE(status.error().is(ErrorCode::kTooLarge));
    EXPECT_EQ(out, "x") << "a refused frame must leave nothing behind";
    EXPECT_FALSE(encode_frame_head(sample(), SIZE_MAX - 10, out));
  }
}

TEST(FrameLayout, LengthsAtTheirLimits) {
  EXPECT_TRUE(layout_of_words(4, 0));
  EXPECT_EQ(layout_of_words(4, 0)->total, 8U);
  EXPECT_TRUE(layout_of_words(kMaxFrameBytes - 4, 0));
  EXPECT_TRUE(layout_of_words(24, 0x01000000U | 20));
  for (const auto& [length, word] : std::vector<std::pair<std::uint32_t, std::uint32_t>>{
           {0, 0},
           {3, 0},
           {kMaxFrameBytes - 3, 0},
           {0x7FFFFFFF, 0},
           {0x80000000U, 0},
           {0xFFFFFFFFU, 0},
           {24, 21},
           {24, 0x01000000U | 21},
           {24, 0x00FFFFFF},
           {24, 0x02000000U},
           {24, 0xFF000000U},
       }) {
    const auto layout = layout_of_words(length, word);
    ASSERT_FALSE(layout) << length << " " << word;
    EXPECT_TRUE(layout.error().is(ErrorCode::kProtocol));
    EXPECT_FALSE(layout.error().text.empty());
  }
}

TEST(FrameLayout, AnotherProtocolIsNamedAsThePossibleCause) {
  const auto layout = layout_of("HTTP/1.1");
  ASSERT_FALSE(layout);
  EXPECT_THAT(layout.error().text, HasSubstr("remoting port"));
}

TEST(JsonHeader, AsServersWriteIt) {
  const auto header = decode_header(0, R"({"code":0,"extFields":{"offset":"12"},"flag":1,"language":"JAVA","opaque":7,)"
                                       R"("serializeTypeCurrentRPC":"JSON","version":513})");
  ASSERT_TRUE(header) << header.error().text;
  EXPECT_TRUE(header->is_response());
  EXPECT_FALSE(header->is_one_way());
  EXPECT_EQ(header->opaque, 7);
  EXPECT_EQ(header->version, 513);
  EXPECT_EQ(header->ext.find_int("offset"), 12);
}

TEST(JsonHeader, UnknownMembersNumbersAndNullsAreTaken) {
  const auto header = decode_header(
      0, R"( {"what":[{"code":9},[1,2.5]],"deep":{"extFields":{"a":"b"},"code":4},"code":17,"remark":null,"opaque":-3,)"
         R"("extFields":{"n":12,"neg":-7,"big":18446744073709551615,"f":1.5,"t":true,"no":false,"null":null,"s":"x"},)"
         R"("version":5,"flag":1,"huge":99999999999999999999999,"language":"KLINGON"} )");
  ASSERT_TRUE(header) << header.error().text;
  EXPECT_EQ(header->code, 17);
  EXPECT_EQ(header->opaque, -3);
  EXPECT_EQ(header->version, 5);
  EXPECT_EQ(header->remark, "");
  EXPECT_EQ(header->ext.find_int("n"), 12);
  EXPECT_EQ(header->ext.find_int("neg"), -7);
  EXPECT_EQ(header->ext.find("big"), "18446744073709551615");
  EXPECT_EQ(header->ext.find_int("big"), std::nullopt);
  EXPECT_EQ(header->ext.find("f"), "1.5");
  EXPECT_EQ(header->ext.find("t"), "true");
  EXPECT_EQ(header->ext.find("no"), "false");
  EXPECT_EQ(header->ext.find("null"), std::nullopt);
  EXPECT_EQ(header->ext.find("s"), "x");
  EXPECT_EQ(header->ext.find("a"), std::nullopt) << "extFields of some inner object";
}

TEST(JsonHeader, AbsentMembersAreZero) {
  const auto header = decode_header(0, "{}");
  ASSERT_TRUE(header);
  EXPECT_EQ(header->code, 0);
  EXPECT_EQ(header->flag, 0);
  EXPECT_TRUE(header->ext.entries().empty());
  EXPECT_TRUE(decode_header(0, R"({"extFields":null})"));
}

TEST(JsonHeader, WhatIsNoHeaderIsRefused) {
  for (const char* text : {
           "",
           " ",
           "[]",
           "7",
           "null",
           "\"x\"",
           "{",
           "{\"code\":1",
           "{\"code\":1}}",
           "{\"code\":1} x",
           "{\"code\":\"1\"}",
           "{\"code\":1.5}",
           "{\"code\":true",
           "{\"code\":2147483648}",
           "{\"code\":-2147483649}",
           "{\"opaque\":99999999999999999999}",
           "{\"code\":{\"a\":1}}",
           "{\"flag\":[1]}",
           "{\"remark\":[1]}",
           "{\"extFields\":{\"a\":{}}}",
           "{\"extFields\":{\"a\":[]}}",
           "{\"remark\":\"\xff\xfe\"}",
           "{0:1}",
       }) {
    const auto header = decode_header(0, text);
    ASSERT_FALSE(header) << text;
    EXPECT_TRUE(header.error().is(ErrorCode::kProtocol)) << text;
    EXPECT_THAT(header.error().text, HasSubstr("damaged frame header: ")) << text;
  }
}

TEST(JsonHeader, DeepNestingIsNoDanger) {
  const std::string deep = "{\"x\":" + std::string(1'000'000, '[') + std::string(1'000'000, ']') + "}";
  EXPECT_TRUE(decode_header(0, deep));
  EXPECT_FALSE(decode_header(0, "{\"x\":" + std::string(1'000'000, '[')));
}

TEST(BinaryHeader, EveryTruncationIsRefused) {
  Header header = sample();
  header.remark = "remark";
  std::string out;
  ASSERT_TRUE(encode_frame_head(header, 0, out));
  const std::string bytes = out.substr(8);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto cut = decode_header(1, std::string_view(bytes).substr(0, size));
    ASSERT_FALSE(cut) << size;
    EXPECT_TRUE(cut.error().is(ErrorCode::kProtocol));
  }
  EXPECT_TRUE(decode_header(1, bytes));
  EXPECT_FALSE(decode_header(1, bytes + "x"));
}

TEST(BinaryHeader, EveryDamagedLengthIsRefused) {
  Header header = sample();
  header.remark = "remark";
  std::string out;
  ASSERT_TRUE(encode_frame_head(header, 0, out));
  const std::string bytes = out.substr(8);
  const std::size_t remark_at = 13;
  const std::size_t block_at = remark_at + 4 + 6;
  const std::size_t name_at = block_at + 4;
  const std::size_t value_at = name_at + 2 + 5;
  for (const std::size_t at : {remark_at, block_at, value_at}) {
    for (const char* length : {"ffffffff", "80000000", "7fffffff", "00ffffff", "00000100"}) {
      std::string damaged = bytes;
      damaged.replace(at, 4, from_hex(length));
      EXPECT_FALSE(decode_header(1, damaged)) << at << " " << length;
    }
  }
  for (const char* length : {"ffff", "8000", "7fff", "0100"}) {
    std::string damaged = bytes;
    damaged.replace(name_at, 2, from_hex(length));
    EXPECT_FALSE(decode_header(1, damaged)) << length;
  }
}

TEST(BinaryHeader, EmptyNamesAndValuesAreNull) {
  const auto header = decode_header(
      1, from_hex(
             "0000 00 0001 00000001 00000001 00000000 00000016 0001 61 00000000 0000 00000001 62 0001 63 00000001 64"));
  ASSERT_TRUE(header) << header.error().text;
  EXPECT_EQ(header->ext.entries().size(), 1U);
  EXPECT_EQ(header->ext.find("a"), std::nullopt);
  EXPECT_EQ(header->ext.find("c"), "d");
}

TEST(BinaryHeader, UnknownEncodingIsRefused) {
  EXPECT_FALSE(decode_header(2, "{}"));
}

TEST(ExtFields, MoreThanAnybodySendsAreRefused) {
  const auto header_of = [](std::size_t fields) {
    Header header;
    for (std::size_t i = 0; i < fields; ++i) header.ext.set(fmt::format("n{}", i), "v");
    return header;
  };
  for (const std::uint8_t type : {0, 1}) {
    const auto decoded = [&](std::size_t fields) {
      std::string head;
      EXPECT_TRUE(type == 0 ? encode_frame_head_json(header_of(fields), 0, head)
                            : encode_frame_head(header_of(fields), 0, head));
      return decode_header(type, std::string_view(head).substr(8));
    };
    EXPECT_TRUE(decoded(kMaxExtFields));
    ASSERT_FALSE(decoded(kMaxExtFields + 1));
    EXPECT_EQ(decoded(kMaxExtFields + 1).error().text, "damaged frame header: more than 1024 ext fields");
  }
}

TEST(ExtFields, TheLastOfANameWins) {
  ExtFields ext;
  ext.set("a", std::string_view("1"));
  ext.set("a", std::int64_t{-2});
  EXPECT_EQ(ext.find("a"), "-2");
  EXPECT_EQ(ext.find_int("a"), -2);
  EXPECT_EQ(ext.find("b"), std::nullopt);
  EXPECT_EQ(ext.find_int("b"), std::nullopt);
}

TEST(ExtFields, OnlyWholeDecimalsAreNumbers) {
  for (const char* text : {"", " 1", "1 ", "0x1", "1.0", "+1", "9223372036854775808", "-"}) {
    ExtFields ext;
    ext.set("n", std::string_view(text));
    EXPECT_EQ(ext.find_int("n"), std::nullopt) << text;
  }
  ExtFields ext;
  ext.set("n", std::string_view("-9223372036854775808"));
  EXPECT_EQ(ext.find_int("n"), INT64_MIN);
}

TEST(ResponseInfos, AreFoundByTheirCodes) {
  for (const ResponseInfo& info : response_infos()) {
    EXPECT_EQ(find_response(static_cast<std::int32_t>(info.code)), &info) << info.name << " is there twice";
    EXPECT_FALSE(info.meaning.empty()) << info.name;
    EXPECT_TRUE(info.retriable || !(info.throttles || info.refreshes_route)) << info.name;
  }
  EXPECT_EQ(find_response(215)->name, "FLOW_CONTROL");
  EXPECT_EQ(find_response(9999), nullptr);
  EXPECT_EQ(find_response(-1), nullptr);
}

}  // namespace
}  // namespace rocketlink::wire
