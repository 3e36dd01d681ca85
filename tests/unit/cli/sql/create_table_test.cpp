#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "parsed.h"
#include "rocketlink/type_names.h"

namespace rocketlink::sql {
namespace {

using testing::parsed;
using testing::problem;

TEST(CreateTable, IsReadWithAllThatItMayHave) {
  EXPECT_EQ(parsed("CREATE TEMPORARY TABLE IF NOT EXISTS `my``table` (\n"
                   "  id BIGINT NOT NULL COMMENT 'the ''key''',\n"
                   "  name STRING NULL,\n"
                   "  topic VARCHAR METADATA VIRTUAL COMMENT 'where from',\n"
                   "  at TIMESTAMP(3) NOT NULL METADATA FROM 'born-timestamp',\n"
                   "  keys VARCHAR METADATA,\n"
                   "  q INT METADATA FROM 'queue-id' VIRTUAL,\n"
                   "  WATERMARK FOR at AS at - f(INTERVAL '1),;' SECOND, `)`)\n"
                   ") COMMENT 'orders' WITH ('connector' = 'mq5', 'fieldDelimiter' = '''|;')"),
            "temporary table if new my`table /orders/; id BIGINT NOT NULL /the 'key'/; name VARCHAR; "
            "topic VARCHAR of topic virtual /where from/; at TIMESTAMP(3) NOT NULL of born-timestamp; "
            "keys VARCHAR of keys; q INT of queue-id virtual; connector = mq5; fieldDelimiter = '|;");
  EXPECT_EQ(parsed("create table t(a int)with()"), "table t; a INT");
}

TEST(CreateTable, TellsWhereNamesAndValuesStand) {
  const auto statements = parse_script(Script("j", "/* é */CREATE TABLE default_database.t (a INT) WITH ( 'k' = 'v')"));
  ASSERT_TRUE(statements);
  const auto& table = std::get<CreateTable>(statements->front());
  EXPECT_EQ(table.offset, 21U);
  EXPECT_EQ(table.options.at(0).name_offset, 55U);
  EXPECT_EQ(table.options.at(0).value_offset, 61U);
}

TEST(CreateTable, TakesEveryTypeInEverySpelling) {
  const std::vector<std::pair<std::string, std::string>> types = {
      {"BOOLEAN", "BOOLEAN"},
      {"tinyint", "TINYINT"},
      {"SmallInt", "SMALLINT"},
      {"INT", "INT"},
      {"INTEGER", "INT"},
      {"BIGINT", "BIGINT"},
      {"FLOAT", "FLOAT"},
      {"DOUBLE", "DOUBLE"},
      {"DOUBLE PRECISION", "DOUBLE"},
      {"DECIMAL", "DECIMAL(10, 0)"},
      {"DEC(5)", "DECIMAL(5, 0)"},
      {"NUMERIC ( 38 , 38 )", "DECIMAL(38, 38)"},
      {"CHAR", "CHAR(1)"},
      {"CHARACTER(7)", "CHAR(7)"},
      {"VARCHAR", "VARCHAR"},
      {"VARCHAR(2147483647)", "VARCHAR"},
      {"VARCHAR(5)", "VARCHAR(5)"},
      {"CHARACTER VARYING", "VARCHAR"},
      {"CHAR VARYING(9)", "VARCHAR(9)"},
      {"STRING", "VARCHAR"},
      {"BINARY", "BINARY(1)"},
      {"BINARY(16)", "BINARY(16)"},
      {"BINARY VARYING(3)", "VARBINARY(3)"},
      {"VARBINARY", "VARBINARY"},
      {"VARBINARY(8)", "VARBINARY(8)"},
      {"BYTES", "VARBINARY"},
      {"DATE", "DATE"},
      {"TIME", "TIME(0)"},
      {"TIME(9) WITHOUT TIME ZONE", "TIME(9)"},
      {"TIMESTAMP", "TIMESTAMP(6)"},
      {"TIMESTAMP(0)", "TIMESTAMP(0)"},
      {"TIMESTAMP(3) WITHOUT TIME ZONE", "TIMESTAMP(3)"},
      {"TIMESTAMP_LTZ", "TIMESTAMP_LTZ(6)"},
      {"TIMESTAMP_LTZ(3)", "TIMESTAMP_LTZ(3)"},
      {"TIMESTAMP WITH LOCAL TIME ZONE", "TIMESTAMP_LTZ(6)"},
      {"TIMESTAMP(9) with local time zone NOT NULL", "TIMESTAMP_LTZ(9) NOT NULL"},
  };
  for (const auto& [written, meant] : types) {
    EXPECT_EQ(parsed("CREATE TABLE t (c " + written + ") WITH ()"), "table t; c " + meant);
  }
}

TEST(CreateTable, TakesEveryNameThatTheCoreHas) {
  for (const TypeName& name : type_names()) {
    EXPECT_EQ(parsed("CREATE TABLE t (c " + std::string(name.text) + ") WITH ()"),
              "table t; c " + to_string(name.type()));
  }
}

TEST(CreateTable, SaysWhatIsWrongWithAType) {
  const std::vector<std::pair<std::string, std::string>> types = {
      {"VARCHR", "3: 'VARCHR' is no type of Flink SQL; did you mean VARCHAR?"},
      {"text", "3: 'text' is no type of Flink SQL; STRING is what it is called there"},
      {"GEOGRAPHY(1)",
       "3: 'GEOGRAPHY' is no type of Flink SQL; there are BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, "
       "DECIMAL, CHAR, VARCHAR, STRING, BINARY, VARBINARY, BYTES, DATE, TIME, TIMESTAMP and TIMESTAMP_LTZ"},
      {"ARRAY<INT>", "3: type ARRAY is not done by the native engine; take a VARCHAR, or run the script with --flink"},
      {"row(a INT)", "3: type ROW is not done by the native engine; take a VARCHAR, or run the script with --flink"},
      {"INT MULTISET",
       "7: types ARRAY and MULTISET are not done by the native engine; take a VARCHAR, or run the script with --flink"},
      {"TIMESTAMP(3) WITH TIME ZONE",
       "21: type TIMESTAMP WITH TIME ZONE is not done by the native engine; declare TIMESTAMP_LTZ, an instant, or run "
       "the script with --flink"},
      {"TIME WITH TIME ZONE", "8: TIME WITH TIME ZONE is no type of Flink SQL; declare TIME"},
      {"TIMESTAMP WITH LOCALE", "18: expected LOCAL TIME ZONE after WITH, found 'LOCALE'; did you mean LOCAL?"},
      {"TIMESTAMP WITHOUT ZONE", "21: expected TIME ZONE, found 'ZONE'"},
      {"VARCHAR(0)", "11: the type's length must be between 1 and 2147483647, not 0"},
      {"VARCHAR(2147483648)", "11: the type's length must be between 1 and 2147483647, not 2147483648"},
      {"VARCHAR(x)", "11: expected a number: the type's length, found 'x'"},
      {"VARCHAR(3, 4)", "12: expected ')' after the type's length, found ','"},
      {"DECIMAL(39)", "11: the precision of DECIMAL must be between 1 and 38, not 39"},
      {"DECIMAL(5, 6)", "14: the scale of DECIMAL must be between 0 and 5, not 6"},
      {"DECIMAL(5, -1)", "14: expected a number: the scale of DECIMAL, found '-'"},
      {"TIMESTAMP(10)", "13: the type's precision must be between 0 and 9, not 10"},
      {"NOT NULL", "3: expected the column's type, found 'NOT'"},
      {"12", "3: expected the column's type, found '12'"},
  };
  for (const auto& [written, text] : types) {
    EXPECT_EQ(problem("CREATE TABLE t (\nc " + written + ") WITH ()"), text);
  }
}

TEST(CreateTable, SaysWhatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> scripts = {
      {"CREATE TABEL t", "8: expected TABLE or VIEW after CREATE, found 'TABEL'; did you mean TABLE?"},
      {"CREATE TABLE (a INT)", "14: expected the table's name, found '('"},
      {"CREATE TABLE IF EXISTS t (a INT)", "17: expected NOT EXISTS after IF, found 'EXISTS'"},
      {"CREATE TABLE ``(a INT)", "14: a name between backquotes cannot be empty"},
      {"CREATE TABLE t.", "16: expected a name after '.', found the end of the script"},
      {"CREATE TABLE t;", "15: expected '(' and the columns after the table's name, found ';'"},
      {"CREATE TABLE t ()", "17: expected a column's name, found ')'"},
      {"CREATE TABLE t (a INT,)", "23: expected a column's name after ',', found ')'"},
      {"CREATE TABLE t (a INT b INT)", "23: expected ',' or ')' after the column, found 'b'"},
      {"CREATE TABLE t (a INT NUL)", "23: expected ',' or ')' after the column, found 'NUL'; did you mean NULL?"},
      {"CREATE TABLE t (a INT NOT NUL)", "27: expected NULL after NOT, found 'NUL'; did you mean NULL?"},
      {"CREATE TABLE t (a INT METADATA FROM k)",
       "37: expected the key of the metadata in single quotes after FROM, found 'k'"},
      {"CREATE TABLE t (a INT COMMENT)", "30: expected a string after COMMENT, found ')'"},
      {"CREATE TABLE t (a INT, b INT, a INT)", "31: column 'a' is named twice"},
      {"CREATE TABLE t (a INT)",
       "23: expected WITH ('connector' = '…', …) after the columns, found the end of the script"},
      {"CREATE TABLE t (a INT) WIHT ('a' = 'b')",
       "24: expected WITH ('connector' = '…', …) after the columns, found 'WIHT'; did you mean WITH?"},
      {"CREATE TABLE t (a INT) WITH 'a' = 'b'", "29: expected '(' after WITH, found a string"},
      {"CREATE TABLE t (a INT) WITH (a = 'b')", "30: expected an option's name in single quotes, found 'a'"},
      {"CREATE TABLE t (a INT) WITH ('a' = 7)", "36: expected the option's value in single quotes, found '7'"},
      {"CREATE TABLE t (a INT) WITH ('a' 'b')", "34: expected '=' after the option's name, found a string"},
      {"CREATE TABLE t (a INT) WITH ('a' = 'b' 'c' = 'd')", "40: expected ',' or ')' after the option, found a string"},
      {"CREATE TABLE t (a INT) WITH ('a' = 'b', )",
       "41: expected an option's name in single quotes after ',', found ')'"},
      {"CREATE TABLE t (a INT) WITH ('a' = 'b', 'a' = 'c')", "41: option 'a' is given twice"},
      {"CREATE TABLE t (a INT) WITH ('a' = U&'b')",
       "36: strings of the form U&'…' are not read; write the characters themselves, in UTF-8"},
      {"CREATE TABLE t (a INT) WITH ('a' = 'b') x", "41: expected ';' after the statement, found 'x'"},
      {"CREATE TABLE t (a INT, WATERMARK FOR b AS b) WITH ()", "38: the table has no column 'b'"},
      {"CREATE TABLE t (a INT, WATERMARK FOR a AS a) WITH ()",
       "38: the column of a watermark is a TIMESTAMP or TIMESTAMP_LTZ of precision 0 to 3; 'a' is INT"},
      {"CREATE TABLE t (WATERMARK FOR a AS a, a TIMESTAMP) WITH ()",
       "31: the column of a watermark is a TIMESTAMP or TIMESTAMP_LTZ of precision 0 to 3; 'a' is TIMESTAMP(6)"},
      {"CREATE TABLE t (WATERMARK FOR a AS a, WATERMARK FOR a AS a) WITH ()",
       "53: a table has one watermark; this is its second"},
      {"CREATE TABLE t (WATERMARK FOR a AS , a INT) WITH ()", "36: expected an expression after AS, found ','"},
  };
  for (const auto& [script, text] : scripts) EXPECT_EQ(problem(script), text) << script;
}

TEST(CreateTable, RefusesByNameWhatFlinkHas) {
  const std::string key =
      "a key is not possible: the connectors of the native engine are insert-only; remove the constraint";
  const std::string like =
      "CREATE TABLE … LIKE is not done by the native engine; write the columns and options of that table out, or run "
      "the script with --flink";
  const std::string as =
      "CREATE TABLE … AS SELECT is not done by the native engine; write the columns out and add an INSERT INTO, or run "
      "the script with --flink";
  const std::vector<std::pair<std::string, std::string>> scripts = {
      {"CREATE TABLE t (a AS b + 1)",
       "19: computed columns (name AS expression) are not done by the native engine; compute it in the SELECT, or run "
       "the script with --flink"},
      {"CREATE TABLE t (a INT PRIMARY KEY NOT ENFORCED)", "23: " + key},
      {"CREATE TABLE t (a INT, PRIMARY KEY (a) NOT ENFORCED)", "24: " + key},
      {"CREATE TABLE t (a INT, CONSTRAINT k UNIQUE (a))", "24: " + key},
      {"CREATE TABLE t (a INT) PARTITIONED BY (a) WITH ()",
       "24: PARTITIONED BY is not possible: the connectors of the native engine have no partitions; remove it"},
      {"CREATE TABLE t (a INT) DISTRIBUTED INTO 4 BUCKETS",
       "24: DISTRIBUTED is not possible: the connectors of the native engine have no buckets; remove it"},
      {"CREATE TABLE t LIKE u", "16: " + like},
      {"CREATE TABLE t WITH ('topic' = 't', 'producerGroup' = 'p') LIKE u", "60: " + like},
      {"CREATE TABLE t (WATERMARK FOR a AS f(a, ')')) LIKE u (EXCLUDING OPTIONS)", "47: " + like},
      {"CREATE TABLE t (a INT) WITH ('topic' = 't') LIKE u", "45: " + like},
      {"CREATE TABLE t AS SELECT 1", "16: " + as},
      {"CREATE TABLE t WITH ('topic' = 't') AS SELECT 1", "37: " + as},
      {"CREATE TABLE t (a INT) WITH () AS SELECT 1", "32: " + as},
      {"CREATE TABLE hive.default_database.t (a INT)",
       "14: there is no catalog 'hive': the native engine has default_catalog alone; leave it out, or run the script "
       "with --flink"},
      {"CREATE TABLE `default_catalog` . shop . t (a INT)",
       "34: there is no database 'shop': the native engine has default_database alone; leave it out, or run the "
       "script with --flink"},
  };
  for (const auto& [script, text] : scripts) {
    EXPECT_EQ(problem(script), text);
    const auto statements = parse_script(Script("j", script));
    EXPECT_TRUE(!statements && statements.error().is(ErrorCode::kUnsupported)) << script;
  }
}

TEST(CreateTable, TakesAnyWordAsANameWhereItIsPlain) {
  EXPECT_EQ(parsed("CREATE TABLE table (topic STRING, keys STRING, value STRING, type STRING, name STRING, "
                   "watermark STRING, primary STRING, unique INT, constraint INT, time TIME, date DATE, user INT, "
                   "from INT, _a$1 INT, größe INT, 名称 INT) WITH ()"),
            "table table; topic VARCHAR; keys VARCHAR; value VARCHAR; type VARCHAR; name VARCHAR; watermark VARCHAR; "
            "primary VARCHAR; unique INT; constraint INT; time TIME(0); date DATE; user INT; from INT; _a$1 INT; "
            "größe INT; 名称 INT");
  EXPECT_EQ(parsed("CREATE TABLE if (a INT, A INT) WITH ()"), "table if; a INT; A INT");
}

}  // namespace
}  // namespace rocketlink::sql
