#include "sql/script.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "parsed.h"

namespace rocketlink::sql {
namespace {

using testing::parsed;

std::string error_at(const std::string& text, std::size_t offset) {
  return Script("job.sql", text).error(offset, "no").text;
}

TEST(ScriptError, ShowsThePlaceAndItsLine) {
  EXPECT_EQ(error_at("SET a = b;\nSET c = d;\n", 15), "job.sql:2:5: no\nSET c = d;\n    ^");
  EXPECT_EQ(error_at("abc", 0), "job.sql:1:1: no\nabc\n^");
  EXPECT_EQ(error_at("abc", 3), "job.sql:1:4: no\nabc\n   ^");
  EXPECT_EQ(error_at("abc", 99), "job.sql:1:4: no\nabc\n   ^");
  EXPECT_EQ(error_at("", 0), "job.sql:1:1: no\n\n^");
  EXPECT_EQ(error_at("a\r\nb\r\n", 3), "job.sql:2:1: no\nb\n^");
  EXPECT_EQ(error_at("a\r\nb\r\n", 6), "job.sql:3:1: no\n\n^");
  EXPECT_EQ(error_at("a\nb", 1), "job.sql:1:2: no\na\n ^");
}

TEST(ScriptError, HasTheCodeThatIsGiven) {
  EXPECT_TRUE(Script("j", "a").error(0, "no").is(ErrorCode::kInvalidArgument));
  EXPECT_TRUE(Script("j", "a").error(0, "no", ErrorCode::kUnsupported).is(ErrorCode::kUnsupported));
}

TEST(ScriptError, PutsTheMarkBelowThePlace) {
  EXPECT_EQ(error_at("\ta\tb", 3), "job.sql:1:4: no\n\ta\tb\n\t \t^");
  EXPECT_EQ(error_at("größe x", 8), "job.sql:1:7: no\ngröße x\n      ^");
  EXPECT_EQ(error_at("名称 x", 7), "job.sql:1:4: no\n名称 x\n     ^") << "wide characters take two columns";
  EXPECT_EQ(error_at("\xEF\xBB\xBF"
                     "ab",
                     4),
            "job.sql:1:2: no\nab\n ^")
      << "a byte order mark takes none";
  EXPECT_EQ(error_at("\x01\xFF\x7F x", 4), "job.sql:1:5: no\n\uFFFD\uFFFD\uFFFD x\n    ^");
}

TEST(ScriptError, CutsLongLinesAroundThePlace) {
  const std::string line = std::string(100, 'a') + "X" + std::string(100, 'b');
  EXPECT_EQ(error_at(line, 100), "job.sql:1:101: no\n…" + std::string(60, 'a') + "X" + std::string(39, 'b') + "…\n" +
                                     std::string(61, ' ') + "^");
  EXPECT_EQ(error_at(line, 0), "job.sql:1:1: no\n" + std::string(100, 'a') + "…\n^");
  EXPECT_EQ(error_at(line, 201), "job.sql:1:202: no\n…" + std::string(60, 'b') + "\n" + std::string(61, ' ') + "^");
  EXPECT_EQ(error_at(line.substr(0, 100), 99),
            "job.sql:1:100: no\n" + std::string(100, 'a') + "\n" + std::string(99, ' ') + "^");
}

TEST(ScriptError, HidesSecrets) {
  EXPECT_EQ(error_at("('accessKey' = 'it''s', 'x')", 24),
            "job.sql:1:25: no\n('accessKey' = '***', 'x')\n                      ^");
  EXPECT_EQ(error_at("('ACCESSID'='${secret_values.id}', 'accessid'='', 'x')", 0),
            "job.sql:1:1: no\n('ACCESSID'='${secret_values.id}', 'accessid'='', 'x')\n^");
  EXPECT_EQ(error_at("SET my.password = abc;", 22),
            "job.sql:1:23: no\nSET my.password = ***;\n                      ^");
  EXPECT_EQ(error_at("token STRING, tokens INT", 0), "job.sql:1:1: no\ntoken STRING, tokens INT\n^");
  EXPECT_EQ(error_at("'accessKey' =\n'abc' x", 20), "job.sql:2:7: no\n'***' x\n      ^");
  EXPECT_EQ(error_at("'accessKey' = 'abc\nd' x", 22), "job.sql:2:4: no\n***' x\n     ^");
}

/// The places of all that is wrong with a script.
std::vector<std::string> places(const std::string& text) {
  std::vector<std::string> found;
  std::istringstream lines(parsed(text));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("job.sql:")) found.push_back(line.substr(8, line.find(": ") - 8));
  }
  return found;
}

TEST(ScriptErrors, AreToldOfEachStatement) {
  using Places = std::vector<std::string>;
  EXPECT_EQ(places("CREATE TABEL t (a INT);\nSET 'a' = 'b';\nINSERT t SELECT 1;\nDROP tabel u;\n"),
            (Places{"1:8", "3:8", "4:6"}));
  EXPECT_EQ(places("CREATE TABLE t (a INTT, b VARCAHR) WITH ('x' = ';');\nINSERT INTO SELECT 1;"),
            (Places{"1:19", "2:13"}));
  EXPECT_EQ(places("CREATE TABLE t (a INT) WITH ('a' = 'b')\nCREATE TABLE u (a INTT) WITH ();"),
            (Places{"2:1", "2:19"}))
      << "a semicolon that is missing";
  EXPECT_EQ(
      places("BEGIN STATEMENT SET; INSERT INTO t SELECT 1; INSERT t SELECT 2; INSERT INTO t SELECT 3; END; nonsense;"),
      (Places{"1:53"}))
      << "where a set goes on is not known";
  EXPECT_EQ(places("nonsense;\nSET 'a' = 'b"), (Places{"1:1"})) << "behind a quote that is open anything may be wrong";
  EXPECT_EQ(places("SET;;\n;SET"), (Places{"1:4", "2:5"}));
}

TEST(ScriptError, HidesSecretsWhereQuotesAreMissing) {
  EXPECT_EQ(parsed("CREATE TABLE t (a INT) WITH ('accessKey = 'abc', 'topic' = 't')"),
            "job.sql:1:44: expected '=' after the option's name, found a secret; or a quote, ' or `, is missing "
            "before: further down one is not closed\n"
            "CREATE TABLE t (a INT) WITH ('accessKey = '***', 'topic' = 't')\n"
            "                                           ^");
  EXPECT_EQ(parsed("SET 'accessKey' = 'abc"),
            "job.sql:1:19: this string is not closed: no ' follows\n"
            "SET 'accessKey' = '***\n"
            "                  ^");
  EXPECT_EQ(parsed("SET 'accessKey' 'abc'"),
            "job.sql:1:17: expected '=' after the option's name, found a string\n"
            "SET 'accessKey' '***'\n"
            "                ^");
}

}  // namespace
}  // namespace rocketlink::sql
