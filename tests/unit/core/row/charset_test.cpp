#include "rocketlink/row/charset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace rocketlink::row {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;

std::string decoded(std::string_view name, const std::string& bytes) {
  auto charset = Charset::find(name);
  if (!charset) return charset.error().text;
  std::string scratch;
  return std::string(charset->to_utf8(bytes, scratch));
}

std::string encoded(std::string_view name, std::string_view text, std::size_t lost = 0) {
  auto charset = Charset::find(name);
  if (!charset) return charset.error().text;
  std::string out;
  EXPECT_EQ(charset->append_from_utf8(text, true, out), lost);
  return out;
}

TEST(Charset, NamesOfIanaAndJavaInAnyCase) {
  for (const std::string_view name :
       {"UTF-8", "utf8", "GBK", "gb18030", "UTF-16LE", "UTF-16", "UTF-32BE", "ISO-8859-1", "ISO8859_1", "US-ASCII",
        "windows-1252", "Cp1252", "Shift_JIS", "SJIS", "Big5", "EUC-KR", "MS936", "x-windows-949"}) {
    EXPECT_TRUE(Charset::find(name)) << name;
  }
  EXPECT_TRUE(Charset::find("utf8")->is_utf8());
  EXPECT_FALSE(Charset::find("UTF-16")->is_utf8());
}

TEST(Charset, UnknownNames) {
  for (const std::string_view name : {"", "KLINGON", "UTF-8//IGNORE", "GBK ", "../GBK"}) {
    const auto charset = Charset::find(name);
    ASSERT_FALSE(charset) << name;
    EXPECT_TRUE(charset.error().is(ErrorCode::kInvalidArgument));
    EXPECT_THAT(charset.error().text, HasSubstr("glibc-gconv-extra"));
  }
}

// The expected texts of malformed bytes are what java.lang.String(byte[], charset) of Java 17 gives.

TEST(Charset, Utf8MalformedAsInJava) {
  EXPECT_EQ(decoded("UTF-8", "a\xE4\xB8"), "a\uFFFD");
  EXPECT_EQ(decoded("UTF-8", "\xE4\xB8x"), "\uFFFDx");
  EXPECT_EQ(decoded("UTF-8", "\xC0\x80"), "\uFFFD\uFFFD");
  EXPECT_EQ(decoded("UTF-8", "\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(decoded("UTF-8", "\xF0\x9F\x98"), "\uFFFD");
  EXPECT_EQ(decoded("UTF-8", "\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST(Charset, GbkBothWays) {
  EXPECT_EQ(decoded("GBK", "a\xD6\xD0\xCE\xC4~"), "a中文~");
  EXPECT_EQ(encoded("GBK", "a中文~"), "a\xD6\xD0\xCE\xC4~");
  EXPECT_EQ(encoded("GBK", "😀é", 1), "?\xA8\xA6");
  EXPECT_EQ(decoded("GBK", "x\xD6"), "x\uFFFD");
  EXPECT_EQ(decoded("GBK", "\xD6\xFFx"), "\uFFFDx");
}

TEST(Charset, Latin1BothWays) {
  EXPECT_EQ(decoded("ISO-8859-1", "\xE9\x80\xFF"), "é\u0080ÿ");
  EXPECT_EQ(encoded("ISO-8859-1", "éÿ€", 1), "\xE9\xFF?");
}

TEST(Charset, Utf16LittleEndianBothWays) {
  EXPECT_EQ(decoded("UTF-16LE", "a\0\x2D\x4E\x3D\xD8\x00\xDE"s), "a中😀");
  EXPECT_EQ(encoded("UTF-16LE", "a中😀"), "a\0\x2D\x4E\x3D\xD8\x00\xDE"s);
  EXPECT_EQ(decoded("UTF-16LE",
                    "\xFF\xFE"
                    "a\0"s),
            "\uFEFFa");  // no mark is taken off, as in Java
}

TEST(Charset, Utf16HalfPairsAsInJava) {
  EXPECT_EQ(decoded("UTF-16LE",
                    "\x3D\xD8"
                    "a\0b\0"s),
            "\uFFFDb");  // the first half takes the next unit along
  EXPECT_EQ(decoded("UTF-16LE",
                    "\x3D\xD8\x3D\xD8"
                    "b\0"s),
            "\uFFFDb");
  EXPECT_EQ(decoded("UTF-16LE",
                    "\x00\xDE"
                    "b\0"s),
            "\uFFFDb");
  EXPECT_EQ(decoded("UTF-16LE", "a\0\x3D\xD8"s), "a\uFFFD");
  EXPECT_EQ(decoded("UTF-16LE", "a\0b"s), "a\uFFFD");
  EXPECT_EQ(decoded("UTF-16BE", "\xD8\x3D\0a\0b"s), "\uFFFDb");
  EXPECT_EQ(decoded("UTF-16",
                    "\xFF\xFE\x3D\xD8"
                    "a\0b\0"s),
            "\uFFFDb");
}

TEST(Charset, Utf16WithMark) {
  EXPECT_EQ(decoded("UTF-16", "\xFE\xFF\0a"s), "a");
  EXPECT_EQ(decoded("UTF-16",
                    "\xFF\xFE"
                    "a\0"s),
            "a");
  EXPECT_EQ(decoded("UTF-16", "\0a"s), "a");
  EXPECT_EQ(encoded("UTF-16", "a"), "\xFE\xFF\0a"s);
  auto charset = Charset::find("UTF-16");
  std::string out = "x";
  charset->append_from_utf8("a", false, out);
  EXPECT_EQ(out, "x\0a"s);
}

TEST(Charset, ShiftJisKeepsAsciiAsInJava) {
  EXPECT_EQ(decoded("Shift_JIS", "\\~\x93\xFA\x83\\"s), "\\~日ソ");
  EXPECT_EQ(encoded("Shift_JIS", "\\~日ソ"), "\\~\x93\xFA\x83\\");
}

TEST(Charset, OneAfterTheOther) {
  auto charset = Charset::find("GBK");
  std::string scratch;
  EXPECT_EQ(charset->to_utf8("\xD6", scratch), "\uFFFD");
  EXPECT_EQ(charset->to_utf8("\xD6\xD0", scratch), "中");
  EXPECT_EQ(charset->to_utf8("plain", scratch), "plain");
}

}  // namespace
}  // namespace rocketlink::row
