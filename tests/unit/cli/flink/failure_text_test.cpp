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

TEST(ReadFailure, KeepsAClassThatSaysNothing) {
  EXPECT_EQ(read_failure("java.lang.NullPointerException\n\tat a.B.c(B.java:1)").text,
            "java.lang.NullPointerException");
  EXPECT_EQ(read_failure("").text, "");
}

}  // namespace
}  // namespace rocketlink::flink
