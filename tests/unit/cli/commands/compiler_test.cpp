#include "commands/compiler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace rocketlink::commands {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kTables =
    "CREATE TABLE src (a INT, b VARCHAR) WITH ('connector'='mq5', 'endpoint'='127.0.0.1:1', 'topic'='t',\n"
    "  'consumerGroup'='${secret_values.group}', 'fieldDelimiter'=',');\n"
    "CREATE TABLE out (a INT, b VARCHAR) WITH ('connector'='print');\n"
    "CREATE TABLE snk (a INT, b VARCHAR) WITH ('connector'='mq5', 'endpoint'='127.0.0.1:1', 'topic'='o',\n"
    "  'producerGroup'='p');\n";

class CompilerTest : public testing::Test {
 protected:
  CompilerTest() {
    auto opened = duck::Database::open();
    EXPECT_TRUE(opened);
    database = std::make_unique<duck::Database>(*std::move(opened));
  }

  std::optional<engine::JobSpec> compile(std::string text, const CompileOptions& options = {}) {
    const sql::Script script("job.sql", std::move(text));
    const auto statements = sql::parse_script(script);
    EXPECT_TRUE(statements) << statements.error().text;
    if (!statements) return std::nullopt;
    Compiler compiler(script, options, secrets, *database, streams, [this](LogLevel level, std::string_view line) {
      if (level == LogLevel::kWarning) warnings.emplace_back(line);
    });
    auto job = compiler.compile(*statements);
    problems.clear();
    for (const Error& problem : compiler.problems()) problems.push_back(problem.text);
    EXPECT_EQ(job.has_value(), problems.empty());
    return job;
  }
  std::optional<engine::JobSpec> compile_behind_tables(const std::string& text, const CompileOptions& options = {}) {
    return compile(std::string(kTables) + text, options);
  }

  std::unique_ptr<duck::Database> database;
  connectors::Streams streams{{STDOUT_FILENO, "standard output"}, {STDERR_FILENO, "standard error"}};
  SecretLookup secrets = [](std::string_view name) {
    return name == "group" ? std::optional<std::string>("readers") : std::nullopt;
  };
  std::vector<std::string> problems;
  std::vector<std::string> warnings;
};

TEST_F(CompilerTest, InsertsFromOneTableShareItsScan) {
  const auto job = compile_behind_tables(
      "INSERT INTO out SELECT a, b FROM src;\n"
      "EXECUTE STATEMENT SET BEGIN INSERT INTO snk SELECT a, b FROM src; INSERT INTO out VALUES (1, 'x'); END;");
  ASSERT_TRUE(job) << testing::PrintToString(problems);
  ASSERT_EQ(job->scans.size(), 1U);
  EXPECT_EQ(job->scans[0].table, "src");
  EXPECT_EQ(job->scans[0].options.consumer_group, "readers");
  EXPECT_EQ(job->scans[0].options.bounded_mode, BoundedMode::kUnbounded);
  EXPECT_EQ(job->scans[0].readers, 1U);
  ASSERT_EQ(job->inserts.size(), 3U);
  EXPECT_EQ(job->inserts[0].scan, 0U);
  EXPECT_EQ(job->inserts[1].scan, 0U);
  EXPECT_EQ(job->inserts[1].target, "snk");
  EXPECT_EQ(job->inserts[2].scan, std::nullopt);
}

TEST_F(CompilerTest, SettingsHoldForWhatFollows) {
  const auto job = compile_behind_tables(
      "INSERT INTO out SELECT a, b FROM src;\n"
      "SET 'table.exec.sink.not-null-enforcer' = 'DROP';\nSET 'execution.checkpointing.interval' = '7 s';\n"
      "INSERT INTO out SELECT a, b FROM src;");
  ASSERT_TRUE(job) << testing::PrintToString(problems);
  EXPECT_FALSE(job->inserts[0].drop_nulls);
  EXPECT_TRUE(job->inserts[1].drop_nulls);
  EXPECT_EQ(job->commit_interval, std::chrono::seconds(7));
}

TEST_F(CompilerTest, TheCommandLineGoesBeforeTheScript) {
  const auto job =
      compile_behind_tables("SET 'execution.checkpointing.interval' = '7 s';\nINSERT INTO out SELECT a, b FROM src;",
                            {.bounded = true, .commit_interval = std::chrono::milliseconds(5)});
  ASSERT_TRUE(job) << testing::PrintToString(problems);
  EXPECT_EQ(job->commit_interval, std::chrono::milliseconds(5));
  EXPECT_EQ(job->scans[0].options.bounded_mode, BoundedMode::kLatest);
}

TEST_F(CompilerTest, ReadersAreAsManyAsTheTableElseTheSettingSays) {
  const auto by_setting =
      compile_behind_tables("SET 'parallelism.default' = '3';\nINSERT INTO out SELECT a, b FROM src;");
  ASSERT_TRUE(by_setting) << testing::PrintToString(problems);
  EXPECT_EQ(by_setting->scans[0].readers, 3U);
}

TEST_F(CompilerTest, UnknownSettingsAreSaidToHaveNoEffect) {
  ASSERT_TRUE(compile_behind_tables("SET 'table.local-timezone' = 'UTC';"));
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], testing::AllOf(HasSubstr("job.sql:6:"), HasSubstr("no effect"),
                                          HasSubstr("did you mean 'table.local-time-zone'?")));
}

TEST_F(CompilerTest, SaysAllThatIsWrongWithItsPlace) {
  compile(
      "CREATE TABLE a (x INT) WITH ('connector'='kafka');\n"
      "CREATE TABLE b (x INT) WITH ('connector'='print', 'print-identifer'='p');\n"
      "CREATE TABLE c (x INT) WITH ('topic'='t');\n"
      "CREATE TABLE d (x INT) WITH ('connector'='mq5', 'topic'='${secret_values.none}');\n"
      "CREATE TABLE b (x INT) WITH ('connector'='print');\n"
      "INSERT INTO bb SELECT 1;\n"
      "DROP TABLE nothing;\n");
  ASSERT_EQ(problems.size(), 9U) << testing::PrintToString(problems);
  const auto has = [&](std::string_view place, std::string_view what) {
    EXPECT_THAT(problems, testing::Contains(
                              testing::AllOf(testing::StartsWith(std::string(place)), HasSubstr(std::string(what)))));
  };
  has("job.sql:1:", "connector 'kafka' of table 'a' is not known");
  has("job.sql:2:", "did you mean 'print-identifier'?");
  has("job.sql:3:", "table 'c' has no option 'connector'");
  has("job.sql:4:", "there is no secret 'none'");
  has("job.sql:4:", "option 'endpoint' is missing");
  has("job.sql:4:", "option 'consumerGroup' or 'producerGroup' is missing");
  has("job.sql:5:", "there is a table or view 'b' already");
  has("job.sql:6:", "there is no table 'bb'; did you mean 'b'?");
  has("job.sql:7:", "there is no table 'nothing'");
}

TEST_F(CompilerTest, ChecksTablesByTheirUse) {
  compile_behind_tables("INSERT INTO src SELECT a, b FROM src;");
  ASSERT_FALSE(problems.empty());
  EXPECT_THAT(problems, testing::Each(HasSubstr("table 'src': ")));
  EXPECT_THAT(problems, testing::Contains(HasSubstr("producerGroup")));

  compile_behind_tables("INSERT INTO snk SELECT a, b FROM out;");
  EXPECT_THAT(problems, ElementsAre(HasSubstr("table 'out' has connector 'print', which cannot be read from")));
}

TEST_F(CompilerTest, OneTableIsReadByOneInsertAndWrittenByAnother) {
  const auto job = compile_behind_tables(
      "CREATE TABLE both (a INT, b VARCHAR) WITH ('connector'='mq5', 'endpoint'='127.0.0.1:1', 'topic'='o',\n"
      "  'consumerGroup'='g', 'scan.startup.mode'='earliest', 'producerGroup'='p', 'retryTimes'='3');\n"
      "INSERT INTO both SELECT a, b FROM src;\nINSERT INTO out SELECT a, b FROM both;");
  ASSERT_TRUE(job) << testing::PrintToString(problems);
  EXPECT_EQ(job->scans[1].options.start_mode, StartMode::kEarliest);

  compile(
      "CREATE TABLE t (a INT) WITH ('connector'='mq5', 'endpoint'='127.0.0.1:1', 'topic'='o', 'producerGroup'='p',\n"
      "  'consumerGroup'='g', 'scan.startup.mode'='earlyest');\nINSERT INTO t SELECT 1;");
  EXPECT_THAT(problems, ElementsAre(HasSubstr("option 'scan.startup.mode' = 'earlyest'")));
}

TEST_F(CompilerTest, UnusedTablesAreCheckedToo) {
  compile(
      "CREATE TABLE s (x INT) WITH ('connector'='mq5', 'endpoint'='h:1', 'topic'='t', 'consumerGroup'='g', "
      "'lengthCheck'='SOME');");
  EXPECT_THAT(problems, ElementsAre(testing::AllOf(testing::StartsWith("job.sql:1:115: table 's': "),
                                                   HasSubstr("'lengthCheck' = 'SOME'"))));
}

TEST_F(CompilerTest, OneGroupReadsATopicOnceOnly) {
  const auto table = [](std::string name, std::string group) {
    return "CREATE TABLE " + name + " (x INT) WITH ('connector'='mq5', 'endpoint'='127.0.0.1:1', 'topic'='t', " +
           "'consumerGroup'='" + group + "');\n";
  };
  const std::string inserts =
      "CREATE TABLE p (x INT) WITH ('connector'='print');\n"
      "INSERT INTO p SELECT x FROM s1; INSERT INTO p SELECT x FROM s2;";
  compile(table("s1", "g") + table("s2", "g") + inserts);
  EXPECT_THAT(problems, ElementsAre(HasSubstr("tables 's1' and 's2' read the same topic 't'")));
  compile(table("s1", "g") + table("s2", "h") + inserts);
  EXPECT_THAT(problems, IsEmpty());
}

TEST_F(CompilerTest, OneGroupIsOneHoweverItsClusterIsWritten) {
  const auto problem_of = [&](const std::string& first, const std::string& second) {
    const auto table = [](const std::string& name, const std::string& options) {
      return "CREATE TABLE " + name + " (x INT) WITH (" + options + ");\n";
    };
    compile(table("s1", first) + table("s2", second) +
            "CREATE TABLE p (x INT) WITH ('connector'='print');\n"
            "INSERT INTO p SELECT x FROM s1; INSERT INTO p SELECT x FROM s2;");
    return problems.empty() ? "none" : problems.size() == 1 ? problems[0] : testing::PrintToString(problems);
  };
  const auto at = [](const std::string& endpoint) {
    return "'connector'='mq5', 'topic'='t', 'consumerGroup'='g', 'endpoint'='" + endpoint + "'";
  };
  EXPECT_THAT(problem_of(at("localhost:9876"), at("127.0.0.1:9876")), HasSubstr("read the same topic 't'"));
  EXPECT_THAT(problem_of(at("http://A.example:1"), at("a.example:1")), HasSubstr("read the same topic 't'"));
  EXPECT_THAT(problem_of(at("a:1;b:1"), at("b:1,c:1")), HasSubstr("read the same topic 't'"));
  EXPECT_EQ(problem_of(at("a:1;b:1"), at("a:2;c:1")), "none");
  const std::string of_4 = "'connector'='mq', 'pullIntervalMs'='9', 'endpoint'='a:1', ";
  EXPECT_THAT(problem_of(of_4 + "'topic'='t', 'consumerGroup'='g', 'instanceID'='I'",
                         of_4 + "'topic'='I%t', 'consumerGroup'='I%g'"),
              HasSubstr("read the same topic"));
  EXPECT_EQ(problem_of(of_4 + "'topic'='t', 'consumerGroup'='g', 'instanceID'='I'",
                       of_4 + "'topic'='t', 'consumerGroup'='g'"),
            "none");
}

TEST_F(CompilerTest, AMissingSecretHidesNothingElse) {
  compile(
      "CREATE TABLE s (x INT) WITH ('connector'='mq5',\n"
      " 'endpoint'='${secret_values.where}',\n"
      " 'consumerGroup'='g', 'accessId'='me', 'accessKey'='${secret_values.key}',\n"
      " 'topik'='t', 'lengthCheck'='SOME');\n"
      "CREATE TABLE p (x INT) WITH ('connector'='print', 'standard-error'='${secret_values.where}',\n"
      " 'sink.parallelism'='0');\n"
      "INSERT INTO p SELECT y FROM s;");
  const auto is = [](std::string_view place, std::string_view what) {
    return testing::AllOf(testing::StartsWith(std::string(place)), HasSubstr(std::string(what)));
  };
  EXPECT_THAT(problems,
              testing::UnorderedElementsAre(
                  is("job.sql:2:13: ",
                     "table 's': option 'endpoint': there is no secret 'where'; set ROCKETLINK_SECRET_where in "
                     "the environment, or give it with --secret NAME=VALUE or in a --secrets-file"),
                  is("job.sql:3:52: ", "option 'accessKey': there is no secret 'key'"),
                  is("job.sql:4:2: ", "unknown option 'topik'; did you mean 'topic'?"),
                  is("job.sql:1:14: ", "'topic' is missing"), is("job.sql:4:29: ", "'lengthCheck' = 'SOME'"),
                  is("job.sql:5:68: ", "there is no secret 'where'"), is("job.sql:6:21: ", "'sink.parallelism' = '0'"),
                  is("job.sql:7:22: ", "unknown column 'y'")));
}

TEST_F(CompilerTest, AFaultPointsAtItsOptionOrColumn) {
  compile(
      "CREATE TABLE s (x INT,\n"
      " k INT METADATA FROM 'keys',\n"
      " t VARCHAR METADATA FROM 'topik') WITH (\n"
      " 'connector'='mq5', 'endpoint'='h:1', 'topic'='t', 'consumerGroup'='g',\n"
      " 'filedDelimiter'=',',\n"
      " 'pullIntervalMs'='5',\n"
      " 'scan.startup.timestamp-millis'='5');\n"
      "CREATE TABLE b (x INT,\n"
      " k VARCHAR METADATA FROM 'keys') WITH ('connector'='blackhole');\n"
      "CREATE TABLE p (x INT) WITH ('connector'='print');\n"
      "INSERT INTO p (x,\n"
      " y) SELECT 1, 2;");
  std::vector<std::string> places;
  for (const std::string& problem : problems) places.push_back(problem.substr(8, problem.find(": ") - 8));
  EXPECT_THAT(places, testing::UnorderedElementsAre("2:2", "3:2", "5:2", "6:19", "7:34", "9:2", "12:2"))
      << testing::PrintToString(problems);
}

TEST_F(CompilerTest, PrintAndBlackholeTakeTheirOwnOptions) {
  compile(
      "CREATE TABLE p (x INT) WITH ('connector'='print', 'print-identifier'='p', 'standard-error'='perhaps', "
      "'sink.parallelism'='0');\n"
      "CREATE TABLE b (x INT, k VARCHAR METADATA FROM 'keys') WITH ('connector'='blackhole', 'topic'='t');");
  EXPECT_THAT(problems, ElementsAre(HasSubstr("'standard-error' = 'perhaps' must be true or false"),
                                    HasSubstr("'sink.parallelism' = '0' must be a whole number"),
                                    HasSubstr("column 'k' of table 'b' is METADATA"),
                                    HasSubstr("option 'topic' is unknown to connector 'blackhole'")));
}

TEST_F(CompilerTest, TheZoneIsOneForAllInserts) {
  compile_behind_tables(
      "INSERT INTO out SELECT a, b FROM src;\nSET 'table.local-time-zone' = 'Asia/Shanghai';\n"
      "INSERT INTO out SELECT a, b FROM src;");
  EXPECT_THAT(problems, ElementsAre(HasSubstr("it must be the same for all")));
}

TEST_F(CompilerTest, DroppedTablesMayBeMadeAnew) {
  const auto job = compile_behind_tables(
      "DROP TABLE out;\nCREATE TABLE out (b VARCHAR) WITH ('connector'='blackhole');\n"
      "INSERT INTO out SELECT b FROM src;\nDROP TABLE IF EXISTS none;");
  ASSERT_TRUE(job) << testing::PrintToString(problems);
  EXPECT_EQ(job->inserts[0].schema.columns.size(), 1U);
}

}  // namespace

}  // namespace rocketlink::commands
