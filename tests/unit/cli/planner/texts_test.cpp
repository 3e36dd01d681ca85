#include "planner/planner_fixture.h"

namespace rocketlink::planner {
namespace {

class Texts : public PlannerTest {};

TEST_F(Texts, CasesOfACharAreOne) {
  EXPECT_EQ(type_of("UPPER(CAST('abc' AS CHAR(5)))"), "CHAR(5) NOT NULL");
  // Flink computes it when it plans, for a CHAR(1).
  EXPECT_EQ(insert("SELECT UPPER('ŉ')", {column("a", text())}), "ʼ");
  EXPECT_EQ(value("UPPER('ŉ')"), "ʼN");
  EXPECT_NE(error("LPAD('a', -1, 'b')").find("below 0"), std::string::npos);
  EXPECT_NE(error("SHA2('a', 1)").find("SHA2 has 224"), std::string::npos);
  EXPECT_EQ(value("RPAD('a', CHAR_LENGTH('') - 1, 'b')"), "NULL");
}

TEST_F(Texts, PiecesByPosition) {
  EXPECT_EQ(value("SUBSTRING('hello', 2)"), "ello");
  EXPECT_EQ(value("SUBSTRING('hello' FROM 2 FOR 3)"), "ell");
  EXPECT_EQ(value("SUBSTRING('hello', 0, 2)"), "he");
  EXPECT_EQ(value("SUBSTRING('hello', -3)"), "llo");
  EXPECT_EQ(value("SUBSTRING('hello', -9)"), "");
  EXPECT_EQ(value("SUBSTRING('hello', 9)"), "");
  EXPECT_EQ(value("SUBSTR('hello', 2, -1)"), "NULL");
  EXPECT_EQ(value("SUBSTRING('你好吗', 2, 1)"), "好");
  EXPECT_EQ(value("LEFT('你好', 1)"), "你");
  EXPECT_EQ(value("LEFT('ab', -1)"), "");
  EXPECT_EQ(value("RIGHT('hello', 2)"), "lo");
  EXPECT_EQ(value("RIGHT('hello', 9)"), "hello");
  EXPECT_EQ(value("CHAR_LENGTH('你好')"), "2");
  EXPECT_EQ(value("CHARACTER_LENGTH('')"), "0");
}

TEST_F(Texts, PositionsCountFromOne) {
  EXPECT_EQ(value("POSITION('l' IN 'hello')"), "3");
  EXPECT_EQ(value("POSITION('' IN 'hello')"), "1");
  EXPECT_EQ(value("LOCATE('l', 'hello', 4)"), "4");
  EXPECT_EQ(value("LOCATE('好', '你好')"), "2");
  EXPECT_EQ(value("INSTR('hello', 'x')"), "0");
  EXPECT_EQ(value("INSTR('corporate floor', 'or', 3, 2)"), "14");
  EXPECT_EQ(value("INSTR('corporate floor', 'or', -3, 2)"), "2");
  EXPECT_NE(error("INSTR('a', 'a', 1, 0)").find("counts appearances from 1"), std::string::npos);
}

TEST_F(Texts, Trims) {
  EXPECT_EQ(value("'[' || TRIM('  a ') || ']'"), "[a]");
  EXPECT_EQ(value("TRIM(LEADING 'x' FROM 'xxaxx')"), "axx");
  EXPECT_EQ(value("TRIM(TRAILING 'x' FROM 'xxaxx')"), "xxa");
  EXPECT_EQ(value("TRIM(BOTH 'xy' FROM 'xyaxy')"), "a");
  EXPECT_EQ(value("LTRIM('  a')"), "a");
  EXPECT_EQ(value("RTRIM('aü', 'ü')"), "a");
  EXPECT_EQ(value("BTRIM('--a-', '-')"), "a");
}

TEST_F(Texts, ChangesTexts) {
  EXPECT_EQ(value("UPPER('abc')"), "ABC");
  EXPECT_EQ(value("lower('ABC')"), "abc");
  EXPECT_EQ(value("INITCAP('hello wORLD-x1y')"), "Hello World-X1y");
  EXPECT_EQ(value("REPLACE('banana', 'an', 'o')"), "booa");
  EXPECT_EQ(value("REPLACE('ab', '', '-')"), "-a-b-");
  EXPECT_EQ(value("REVERSE('你a')"), "a你");
  EXPECT_EQ(value("REPEAT('ab', 3)"), "ababab");
  EXPECT_EQ(value("REPEAT('ab', -1)"), "");
  EXPECT_EQ(value("LPAD('hi', 5, '#+')"), "#+#hi");
  EXPECT_EQ(value("LPAD('hello', 2, 'x')"), "he");
  EXPECT_EQ(value("RPAD('hi', 5, 'ab')"), "hiaba");
  EXPECT_EQ(value("LPAD('hi', 4, '')"), "NULL");
}

TEST_F(Texts, JoinsAndSplits) {
  EXPECT_EQ(value("'a' || 'b' || 'c'"), "abc");
  EXPECT_EQ(value("'a' || CAST(NULL AS STRING)"), "NULL");
  EXPECT_EQ(value("CONCAT('a', 'b')"), "ab");
  EXPECT_EQ(value("CONCAT('a', CAST(NULL AS STRING))"), "NULL");
  EXPECT_EQ(value("CONCAT_WS('-', 'a', CAST(NULL AS STRING), 'b')"), "a-b");
  EXPECT_EQ(value("CONCAT_WS(CAST(NULL AS STRING), 'a')"), "NULL");
  EXPECT_EQ(value("SPLIT_INDEX('a,b,,c', ',', 2)"), "");
  EXPECT_EQ(value("SPLIT_INDEX('a,b', ',', 5)"), "NULL");
  EXPECT_EQ(value("SPLIT_INDEX('a||b', '||', 1)"), "b");
  EXPECT_EQ(value("SPLIT_INDEX('a;b', 59, 1)"), "b");
  EXPECT_EQ(value("SPLIT_INDEX('', ',', 0)"), "NULL");
  EXPECT_EQ(value("SPLIT_INDEX('a', ',', -1)"), "NULL");
  EXPECT_NE(error("'a' || 1").find("CAST(x AS STRING)"), std::string::npos);
}

TEST_F(Texts, RegularExpressions) {
  EXPECT_EQ(value("REGEXP('abc123', '[0-9]+')"), "TRUE");
  EXPECT_EQ(value("REGEXP('abc', '')"), "FALSE");
  EXPECT_EQ(value("REGEXP_EXTRACT('foothebar', 'foo(.*?)(bar)', 2)"), "bar");
  EXPECT_EQ(value("REGEXP_EXTRACT('foothebar', 'foo(.*?)(bar)', 0)"), "foothebar");
  EXPECT_EQ(value("REGEXP_EXTRACT('abc', 'x')"), "NULL");
  EXPECT_EQ(value("REGEXP_EXTRACT('abc', 'b', 3)"), "NULL");
  EXPECT_EQ(value("REGEXP_REPLACE('a1b22', '[0-9]+', '\\0')"), "a\\0b\\0");
  EXPECT_EQ(value("REGEXP_EXTRACT('a\rb', 'a.b')"), "NULL");
  EXPECT_EQ(value("REGEXP_EXTRACT('key=v', '(?<k>\\w+)=(?<v>\\w+)', 2)"), "v");
  EXPECT_NE(error("REGEXP('a', '(?=a)')").find("'(?=…' in a regular expression is not done"), std::string::npos);
  EXPECT_NE(error("REGEXP('a', '(a)\\1')").find("a back reference"), std::string::npos);
  EXPECT_NE(error("REGEXP('a', '[a&&b]')").find("an intersection of classes"), std::string::npos);
  EXPECT_NE(error("REGEXP_REPLACE('a', 'x*', '-')").find("matches the empty text"), std::string::npos);
  EXPECT_NE(error("REGEXP('a', '(')").find("is not understood"), std::string::npos);
}

TEST_F(Texts, CodesAndHashes) {
  EXPECT_EQ(value("ASCII('abc')"), "97");
  EXPECT_EQ(value("ASCII('')"), "0");
  EXPECT_EQ(value("CHR(97)"), "a");
  EXPECT_EQ(value("CHR(353)"), "a");
  EXPECT_EQ(value("CHR(-1)"), "");
  EXPECT_EQ(value("HEX('hello')"), "68656C6C6F");
  EXPECT_EQ(value("HEX(20)"), "14");
  EXPECT_EQ(value("HEX(-1)"), "FFFFFFFFFFFFFFFF");
  EXPECT_EQ(value("BIN(12)"), "1100");
  EXPECT_EQ(value("MD5('abc')"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(value("SHA1('abc')"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(value("SHA256('abc')"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(value("SHA2('abc', 256) = SHA256('abc')"), "TRUE");
  EXPECT_EQ(value("TO_BASE64('hello')"), "aGVsbG8=");
  EXPECT_EQ(value("FROM_BASE64('aGVsbG8=')"), "hello");
  EXPECT_NE(error("FROM_BASE64('!')").find("FROM_BASE64 cannot read '!'"), std::string::npos);
  EXPECT_EQ(value("DECODE(ENCODE('你', 'GBK'), 'GBK')"), "你");
  EXPECT_EQ(value("CHAR_LENGTH(UUID())"), "36");
  EXPECT_EQ(value("UUID() = UUID()"), "FALSE");
  EXPECT_EQ(value("CAST(x'68656c6c6f' AS STRING)"), "hello");
}

TEST_F(Texts, CaseMayTakeSeveralLetters) {
  EXPECT_EQ(value("UPPER('straße')"), "STRASSE");
  EXPECT_EQ(value("UPPER('ŉ ﬁ ä')"), "ʼN FI Ä");
  EXPECT_EQ(value("LOWER('ΑΣΣ')"), "ασς");
  EXPECT_EQ(value("LOWER('ΑΣ, Σ ΣΑ')"), "ας, σ σα");
  EXPECT_EQ(value("LOWER('İ')"), "i̇");
  EXPECT_EQ(value("UPPER('abc') || LOWER('ABC')"), "ABCabc");
}

TEST_F(Texts, PaddingCountsJavasUnits) {
  EXPECT_EQ(value("RPAD('', 5, '😀')"), "😀😀?");
  EXPECT_EQ(value("LPAD('😀', 5, '1')"), "111😀");
  EXPECT_EQ(value("RPAD('日本', 3, 'x')"), "日本x");
  EXPECT_EQ(value("LPAD('a😀', 2, 'x')"), "a?");
  EXPECT_EQ(value("REPLACE('😀', '', 'abc')"), "abc?abc?abc");
}

TEST_F(Texts, PatternsOfJavaAreWrittenOut) {
  EXPECT_EQ(value(R"(REGEXP('a.c*', '\Qa.c*\E'))"), "TRUE");
  EXPECT_EQ(value(R"(REGEXP('abcc', '\Qa.c*\E'))"), "FALSE");
  EXPECT_EQ(value(R"(REGEXP_EXTRACT('xA1', '\p{Upper}\p{Digit}'))"), "A1");
  EXPECT_EQ(value(R"(REGEXP_EXTRACT('ab1', '[\p{Alpha}x]+'))"), "ab");
  EXPECT_EQ(value(R"(REGEXP_EXTRACT('ab1', '\P{Lower}'))"), "1");
  EXPECT_EQ(value(R"(REGEXP('ä', '\u00e4'))"), "TRUE");
}

}  // namespace
}  // namespace rocketlink::planner
