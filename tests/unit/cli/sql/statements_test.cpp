#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "parsed.h"

namespace rocketlink::sql {
namespace {

using testing::parsed;
using testing::problem;

TEST(Statements, AreReadInOrder) {
  const std::vector<std::pair<std::string, std::string>> scripts = {
      {"INSERT INTO t SELECT a FROM b", "insert t: SELECT a FROM b"},
      {"insert into `t` (a, `b c`) values (1, ';'), (2, '''') ; ;", "insert t .a .b c: values (1, ';'), (2, '''')"},
      {"INSERT INTO t (SELECT 1)", "insert t: (SELECT 1)"},
      {"INSERT INTO t ((SELECT 1))", "insert t: ((SELECT 1))"},
      {"INSERT INTO t (a) WITH q AS (SELECT 1) SELECT * FROM q", "insert t .a: WITH q AS (SELECT 1) SELECT * FROM q"},
      {"INSERT INTO default_catalog.default_database.t SELECT `;``;`", "insert t: SELECT `;``;`"},
      {"EXECUTE INSERT INTO t SELECT 1;", "insert t: SELECT 1"},
      {"INSERT INTO t SELECT a end FROM b", "insert t: SELECT a end FROM b"},
      {"CREATE VIEW v AS SELECT 1;CREATE TEMPORARY VIEW IF NOT EXISTS `w` COMMENT 'c' AS (VALUES 1)",
       "view v: SELECT 1\nview if new w: (VALUES 1)"},
      {"DROP TABLE t; DROP TEMPORARY TABLE IF EXISTS `u`", "drop t\ndrop if there u"},
      {"SET 'a.b' = 'c''d'; set a.b=c; SET k = 5;RESET;RESET 'a';RESET a.b",
       "set a.b = c'd\nset a.b = c\nset k = 5\nreset <>\nreset <a>\nreset <a.b>"},
      {"SET pipeline.jars = file:///a//b.jar // comment", "set pipeline.jars = file:///a//b.jar"},
      {"EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT CASE x WHEN 1 THEN 2 END FROM b; INSERT INTO c VALUES (1);END",
       "set [insert a: SELECT CASE x WHEN 1 THEN 2 END FROM b] [insert c: VALUES (1)]"},
      {"begin statement set; insert into a (x) select `end`, 'end' from b;; end; set a = b",
       "set [insert a .x: select `end`, 'end' from b]\nset a = b"},
  };
  for (const auto& [script, statements] : scripts) EXPECT_EQ(parsed(script), statements);
}

TEST(Statements, EndAtTheirSemicolonsOnly) {
  EXPECT_EQ(parsed("\xEF\xBB\xBF-- one; two\r\nINSERT INTO t /* ; ' \" */ SELECT 1 -- ';\r\n, 2 // `\r\n;;\r\n"),
            "insert t: SELECT 1      \r\n, 2");
}

TEST(Statements, KeepOffsetsOfQueries) {
  const std::string text = "/* ü */ INSERT INTO t /* é */ SELECT /* ß\n */ 'x' ;";
  const auto statements = parse_script(Script("j", text));
  ASSERT_TRUE(statements);
  const auto& insert = std::get<InsertInto>(statements->front());
  EXPECT_EQ(insert.offset, text.find("t /*"));
  EXPECT_EQ(insert.query_offset, text.find("SELECT"));
  EXPECT_EQ(insert.query.find("'x'"), text.find("'x'") - insert.query_offset);
  EXPECT_EQ(insert.query.find('\n'), text.find('\n') - insert.query_offset);
}

TEST(Statements, SayWhatIsWrong) {
  const std::string statement =
      "expected a statement (CREATE TABLE, CREATE VIEW, DROP TABLE, INSERT INTO, EXECUTE STATEMENT SET, BEGIN "
      "STATEMENT "
      "SET, SET or RESET), found ";
  const std::vector<std::pair<std::string, std::string>> scripts = {
      {"", "1: the script has no statement"},
      {"  ;; -- nothing", "1: the script has no statement"},
      {"CRATE TABLE t", "1: " + statement + "'CRATE'; did you mean CREATE?"},
      {"SET a = b; 'x'", "12: " + statement + "a string"},
      {"SET a = b; $", "12: " + statement + "'$'"},
      {"# x", "1: " + statement + "'#' (a comment begins with --)"},
      {"CREATE", "7: expected TABLE or VIEW after CREATE, found the end of the script"},
      {"CREATE TEMP TABLE t", "8: expected TABLE or VIEW after CREATE, found 'TEMP'"},
      {"DROP t", "6: expected TABLE after DROP, found 't'"},
      {"DROP TABLE IF EXIST t", "15: expected EXISTS after IF, found 'EXIST'; did you mean EXISTS?"},
      {"DROP TABLE", "11: expected the table's name, found the end of the script"},
      {"CREATE VIEW v SELECT 1", "15: expected AS after the view's name, found 'SELECT'"},
      {"CREATE VIEW v AS", "17: expected SELECT, VALUES or WITH, found the end of the script"},
      {"INSERT t SELECT 1", "8: expected INTO after INSERT, found 't'"},
      {"INSERT INTO SELECT 1", "13: expected the name of the table to insert into, found 'SELECT'"},
      {"INSERT INTO t", "14: expected SELECT, VALUES or WITH, found the end of the script"},
      {"INSERT INTO t SELEC 1", "15: expected SELECT, VALUES or WITH, found 'SELEC'; did you mean SELECT?"},
      {"INSERT INTO t () SELECT 1", "16: expected a column's name, found ')'"},
      {"INSERT INTO t (a b) SELECT 1", "18: expected ',' or ')' after the column, found 'b'"},
      {"INSERT INTO t (a, a) SELECT 1", "19: column 'a' is named twice"},
      {"SET", "4: expected an option's name after SET, found the end of the script"},
      {"SET a", "6: expected '=' after the option's name, found the end of the script"},
      {"SET a = ;", "9: expected the option's value after '=', found ';'"},
      {"SET a = b c", "11: expected ';' after the statement, found 'c'"},
      {"EXECUTE STATMENT SET",
       "9: expected STATEMENT SET or INSERT INTO after EXECUTE, found 'STATMENT'; did you mean STATEMENT?"},
      {"EXECUTE STATEMENT SET INSERT", "23: expected BEGIN after STATEMENT SET, found 'INSERT'"},
      {"EXECUTE STATEMENT SET BEGIN END", "29: expected INSERT INTO, found 'END'"},
      {"BEGIN STATEMENT SET INSERT", "21: expected ';' after BEGIN STATEMENT SET, found 'INSERT'"},
      {"BEGIN STATEMENT SET; INSERT INTO a SELECT 1 END", "45: expected ';' after the INSERT, found 'END'"},
      {"BEGIN STATEMENT SET; INSERT INTO a SELECT 1;", "45: expected INSERT INTO or END, found the end of the script"},
      {"BEGIN STATEMENT SET; INSERT INTO a SELECT 1; SET a = b; END", "46: expected INSERT INTO or END, found 'SET'"},
      {"SET 'a' = 'b", "11: this string is not closed: no ' follows"},
      {"INSERT INTO `t SELECT 1", "13: this name is not closed: no ` follows"},
      {"SET a = b /* c", "11: this comment is not closed: no */ follows"},
      {"SET a = \"b\"", "9: found '\"'; strings stand in single quotes ('…'), names in backquotes (`…`)"},
      {"SET a = b; \xC3", "12: this byte is not UTF-8; save the script as UTF-8"},
      {"CREATE\u00A0TABLE t",
       "7: expected TABLE or VIEW after CREATE, found the blank U+00A0, which is no ordinary blank"},
      {"CREATE TABLE t（a INT)",
       "15: expected '(' and the columns after the table's name, found the full-width '（' (U+FF08); write '('"},
      {"CREATE TABLE t (a INT) WITH (‘a’ = 'b')",
       "30: expected an option's name in single quotes, found the typographic quote ‘ (U+2018); write '"},
      {"CREATE \x01", "8: expected TABLE or VIEW after CREATE, found the control character U+0001"},
      {"DROP €", "6: expected TABLE after DROP, found '€' (U+20AC)"},
      {"DROP `a b`", "6: expected TABLE after DROP, found `a b`"},
      // A quote that is missing is told by what follows it, not by the last quote of the script.
      {"CREATE TABLE t (a INT) WITH ('connector' = 'mq, 'topic' = 't')",
       "50: expected ',' or ')' after the option, found 'topic'; or a quote, ' or `, is missing before: further down "
       "one "
       "is not closed"},
  };
  for (const auto& [script, text] : scripts) EXPECT_EQ(problem(script), text) << script;
}

TEST(Statements, OfFlinkAloneAreRefusedByName) {
  const std::string job =
      " is not done by the native engine, whose scripts hold jobs alone; remove it, or run the script "
      "with --flink";
  const std::string sent = " is not possible: messages that were sent stay; a job writes with INSERT INTO alone";
  const std::string query =
      "1: a query alone has nowhere to put its rows; write INSERT INTO a table WITH ('connector' = "
      "'print') before it";
  const std::vector<std::pair<std::string, std::string>> scripts = {
      {"SELECT 1", query},
      {"with q as (select 1) select * from q", query},
      {"(VALUES 1)", query},
      {"SHOW TABLES", "1: SHOW" + job},
      {"desc t", "1: DESC" + job},
      {"EXPLAIN SELECT 1", "1: EXPLAIN" + job},
      {"UPDATE t SET a = 1", "1: UPDATE" + sent},
      {"DELETE FROM t", "1: DELETE" + sent},
      {"ALTER TABLE t", "1: ALTER is not done by the native engine; change the CREATE statement"},
      {"USE CATALOG c",
       "1: USE is not done by the native engine: a job has the tables of its script alone; remove it, or run the "
       "script with --flink"},
      {"ADD JAR 'a.jar'",
       "1: ADD is not done by the native engine, which runs no Java; remove it, or run the script with --flink"},
      {"LOAD MODULE hive",
       "1: LOAD is not done by the native engine, which has no modules; remove it, or run the script with --flink"},
      {"CREATE TEMPORARY SYSTEM FUNCTION f AS 'x'",
       "18: CREATE FUNCTION is not done by the native engine, which runs no Java; use a built-in function, or run the "
       "script with --flink"},
      {"CREATE CATALOG c",
       "8: CREATE CATALOG is not done by the native engine: a job has the tables of its script alone; remove it, or "
       "run the script "
       "with --flink"},
      {"CREATE DATABASE d",
       "8: CREATE DATABASE is not done by the native engine: a job has the tables of its script alone; remove it, or "
       "run the script "
       "with --flink"},
      {"CREATE MODEL m", "8: of CREATE the native engine does TABLE and VIEW alone; run the script with --flink"},
      {"CREATE OR REPLACE TABLE t",
       "8: CREATE OR REPLACE is not done by the native engine; a table of a script is new anyway: write CREATE, with "
       "DROP TABLE before it where the name was used"},
      {"CREATE VIEW v (a) AS SELECT 1",
       "15: a list of columns in CREATE VIEW is not done by the native engine; name the columns in the SELECT (… AS "
       "name)"},
      {"DROP VIEW v",
       "6: DROP VIEW is not done by the native engine; a view ends with the script: remove the statement"},
      {"DROP FUNCTION f",
       "6: of DROP the native engine does TABLE alone; remove the statement, or run the script with --flink"},
      {"INSERT OVERWRITE t SELECT 1",
       "8: INSERT OVERWRITE is not possible: messages that were sent stay; write INSERT INTO"},
      {"INSERT INTO t PARTITION (a = 1) SELECT 1",
       "15: PARTITION is not possible: the connectors of the native engine have no partitions; give the value as a "
       "column of the query"},
      {"EXECUTE PLAN 'p'", "9: EXECUTE PLAN is not done by the native engine; run the script with --flink"},
      {"INSERT INTO t SELECT a FROM b /*+ OPTIONS('x' = 'y') */",
       "31: hints (/*+ … */) are not done by the native engine; put the options into the table's WITH, or run the "
       "script with --flink"},
  };
  for (const auto& [script, text] : scripts) {
    EXPECT_EQ(problem(script), text);
    const auto statements = parse_script(Script("j", script));
    EXPECT_TRUE(!statements && statements.error().is(ErrorCode::kUnsupported)) << script;
  }
}

TEST(Statements, OfHugeScriptsAreReadInLinearTime) {
  std::string script = "INSERT INTO t SELECT " + std::string(1'000'000, '(') + " CASE;";
  for (int i = 0; i < 20'000; ++i) script += "SET token = '" + std::to_string(i) + "';/**/";
  script += "CREATE TABLE t (c0 INT";
  for (int i = 1; i < 20'000; ++i) script += ",c" + std::to_string(i) + " INT";
  const auto statements = parse_script(Script("j", script + ", WATERMARK FOR x AS " + std::string(1'000'000, '(')));
  ASSERT_FALSE(statements);
  EXPECT_NE(statements.error().text.find("expected ',' or ')' after the column, found the end of the script"),
            std::string::npos);
}

void read_as_they_stand(const std::filesystem::path& folder) {
  std::size_t read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const auto statements = parse_script(Script(entry.path().filename(), text));
    EXPECT_TRUE(statements.ok()) << (statements ? "" : statements.error().text);
    ++read;
  }
  EXPECT_GT(read, 0U) << folder;
}

TEST(Statements, OfTheExamplesAreReadAsTheyStand) {
  read_as_they_stand(SOURCE_DIR "/examples/sql");
}

TEST(Statements, OfTheVendorsExamplesAreReadAsTheyStand) {
  const char* variable = std::getenv("ROCKETLINK_VENDOR_EXAMPLES");
  const std::string named = variable != nullptr ? variable : "";
  const std::filesystem::path folder = (named.empty() ? SOURCE_DIR "/../shared/examples" : named) + "/sql";
  if (named.empty() && !std::filesystem::exists(folder)) {
    GTEST_SKIP() << "the vendor's examples are not here: ROCKETLINK_VENDOR_EXAMPLES can name their folder";
  }
  read_as_they_stand(folder);
}

TEST(Statements, OfTheVendorsBinaryJobAreRead) {
  EXPECT_EQ(
      parsed("CREATE TEMPORARY TABLE source_table ( mess varbinary ) WITH ( 'connector' = 'mq5', 'endpoint' = "
             "'<yourEndpoint>', 'topic' = 'mq-test', 'consumerGroup' = 'mq-group' ); CREATE TEMPORARY TABLE "
             "out_table ( commodity varchar ) WITH ( 'connector' = 'print' ); INSERT INTO out_table select "
             "cast(mess as varchar) FROM source_table;"),
      "temporary table source_table; mess VARBINARY; connector = mq5; endpoint = <yourEndpoint>; topic = mq-test; "
      "consumerGroup = mq-group\n"
      "temporary table out_table; commodity VARCHAR; connector = print\n"
      "insert out_table: select cast(mess as varchar) FROM source_table");
}

}  // namespace
}  // namespace rocketlink::sql
