#include "flink/statements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace rocketlink::flink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> texts(std::string_view script) {
  std::vector<std::string> result;
  for (const Statement& statement : split_script(script)) {
    EXPECT_EQ(script.substr(statement.offset, statement.text.size()), statement.text);
    result.emplace_back(statement.text);
  }
  return result;
}

TEST(SplitScript, CutsAtSemicolonsAlone) {
  EXPECT_THAT(texts("SET 'a' = 'b;c'; SELECT `x;y` FROM t -- end; of it\n;/* ; */\nSHOW JOBS"),
              ElementsAre("SET 'a' = 'b;c'", "SELECT `x;y` FROM t", "SHOW JOBS"));
}

TEST(IsQuery, GoesByTheFirstWord) {
  for (const std::string_view query : {"select 1", "VALUES (1)", "WITH a AS (SELECT 1) SELECT * FROM a"}) {
    EXPECT_TRUE(is_query(query)) << query;
  }
  for (const std::string_view other : {"INSERT INTO t SELECT 1", "SHOW JOBS", "`SELECT`", "selection"}) {
    EXPECT_FALSE(is_query(other)) << other;
  }
}

TEST(SplitScript, KeepsCommentsAndHintsWithinAStatement) {
  EXPECT_THAT(texts("-- first\nSELECT /*+ OPTIONS('a'='b') */ 1 -- one\n, 2;"),
              ElementsAre("SELECT /*+ OPTIONS('a'='b') */ 1 -- one\n, 2"));
}

TEST(SplitScript, KeepsAStatementSetWhole) {
  const std::string set =
      "EXECUTE STATEMENT SET BEGIN\nINSERT INTO a SELECT CASE x WHEN 1 THEN 2 END FROM t; INSERT INTO b "
      "SELECT 1;\nend";
  EXPECT_THAT(texts(set + "; SHOW JOBS;"), ElementsAre(set, "SHOW JOBS"));
  EXPECT_THAT(texts("BEGIN STATEMENT SET; INSERT INTO a SELECT 1; END;"),
              ElementsAre("BEGIN STATEMENT SET", "INSERT INTO a SELECT 1", "END"));
}

TEST(SplitScript, SurvivesWhatIsNotClosed) {
  EXPECT_THAT(texts(""), IsEmpty());
  EXPECT_THAT(texts(" ;; -- nothing"), IsEmpty());
  EXPECT_THAT(texts("SELECT 'a;"), ElementsAre("SELECT 'a;"));
  EXPECT_THAT(texts("SELECT 1 /* ; "), ElementsAre("SELECT 1"));
  EXPECT_THAT(texts("\xEF\xBB\xBFSELECT 1"), ElementsAre("SELECT 1"));
}

TEST(OffsetOf, CountsLinesAndCodePoints) {
  EXPECT_EQ(offset_of("abc\nd\xC3\xA9"
                      "f",
                      2, 3),
            7U);
  EXPECT_EQ(offset_of("abc", 1, 1), 0U);
  EXPECT_EQ(offset_of("abc", 3, 1), 3U);
}

}  // namespace
}  // namespace rocketlink::flink
