#include "flink/failure_text.h"

#include <gtest/gtest.h>

namespace rocketlink::flink {
namespace {

TEST(ReadFailure, GivesTheRootCauseAndItsPlace) {
  const Failure failure = read_failure(
      "<Exception on server side:\norg.apache.flink.table.gateway.api.utils.SqlGatewayException: Failed to "
      "fetchResults.\n"
      "\tat a.B.c(B.java:1)\nCaused by: org.apache.flink.table.api.ValidationException: SQL validation failed. From "
      "line 2, "
      "column 7 to line 2, column 8: Column 'b' not found\n\tat a.B.c(B.java:1)\n\t... 3 more\n"
      "Caused by: org.apache.calcite.sql.validate.SqlValidatorException: Column 'b' not found in any table\n"
      "\tat a.B.c(B.java:1)\n\nEnd of exception on server side>");
  EXPECT_EQ(failure.text, "Column 'b' not found in any table");
  ASSERT_TRUE(failure.place);
  EXPECT_EQ(failure.place->line, 2U);
  EXPECT_EQ(failure.place->column, 7U);
}

TEST(ReadFailure, MakesOneLineOfMany) {
  const Failure failure = read_failure(
      "java.lang.RuntimeException: outer\nCaused by: org.apache.flink.table.api.ValidationException: Could not find "
      "any "
      "factory for identifier 'nix'.\n\nAvailable are:\n\nprint\n\tat a.B.c(B.java:1)");
  EXPECT_EQ(failure.text, "Could not find any factory for identifier 'nix'. Available are: print");
  EXPECT_FALSE(failure.place);
}

TEST(ReadFailure, KeepsApartWhatIsWrongWithATable) {
  const Failure failure = read_failure(
      "a.b.C: outer\nCaused by: org.apache.flink.table.api.ValidationException: table a.b.t: unknown option 'x'\n"
      "table a.b.t: option 'topic' is missing\n\tat a.B.c(B.java:1)");
  EXPECT_EQ(failure.text, "table a.b.t: unknown option 'x'; table a.b.t: option 'topic' is missing");
}

TEST(ReadFailure, OfAKeywordSaysHowItIsWritten) {
  const Failure failure = read_failure(
      "a.b.SqlParserException: SQL parse failed. Encountered \"at\" at line 1, column 41.\nWas expecting one of:\n"
      "    \"CONSTRAINT\" ...\nCaused by: a.b.ParseException: Encountered \"at\" at line 1, column 41.\n"
      "Was expecting one of:\n    \"CONSTRAINT\" ...\n    <IDENTIFIER> ...\n\tat a.B.c(B.java:1)");
  EXPECT_EQ(
      failure.text,
      "Encountered \"at\" at line 1, column 41. Where it is a name, put it into backquotes: Flink has keywords of "
      "its own.");
  ASSERT_TRUE(failure.place);
  EXPECT_EQ(failure.place->column, 41U);
  EXPECT_EQ(
      read_failure("a.b.ParseException: Encountered \")\" at line 1, column 2.\nWas expecting:\n    \"(\" ...").text,
      "Encountered \")\" at line 1, column 2. Was expecting: \"(\" ...");
}

TEST(ReadFailure, TakesMessagesOfAnyLength) {
  const std::string words(1 << 20, 'x');
  EXPECT_EQ(read_failure("a.b.C: " + words).text, words);
}

TEST(ReadFailure, KeepsAClassThatSaysNothing) {
  EXPECT_EQ(read_failure("java.lang.NullPointerException\n\tat a.B.c(B.java:1)").text,
            "java.lang.NullPointerException");
  EXPECT_EQ(read_failure("").text, "");
}

}  // namespace
}  // namespace rocketlink::flink
