#include "duck/statement.h"

#include <gtest/gtest.h>

#include "planner/planner.h"

namespace rocketlink::duck {
namespace {

class StatementTest : public testing::Test {
 protected:
  StatementTest() : database(*Database::open()), connection(*Connection::open(database)) {
    planner::Session session;
    session.local_time_zone = "UTC";
    EXPECT_TRUE(planner::register_functions(connection, session));
  }
  // The error when it is run; empty when there is none.
  std::string error_of(const std::string& sql) {
    auto statement = Statement::prepare(connection, sql);
    if (!statement) return "not prepared: " + statement.error().text;
    auto rows = statement->run();
    if (!rows) return rows.error().text;
    const auto chunk = rows->next();
    return chunk ? "" : chunk.error().text;
  }

  Database database;
  Connection connection;
};

// DuckDB computes constant conditions when it plans.
TEST_F(StatementTest, AConstantConditionFailsWhereItIsAskedFor) {
  ASSERT_TRUE(connection.run("CREATE TABLE t AS SELECT TRUE AS b"));
  const auto before = connection.text("SELECT current_setting('disabled_optimizers')");
  ASSERT_TRUE(before);
  EXPECT_EQ(error_of("SELECT CASE WHEN b THEN TRUE ELSE b OR rl_text_to_boolean('x') END FROM t"), "");
  EXPECT_NE(
      error_of("SELECT CASE WHEN rl_text_to_boolean('x') THEN 1 END FROM t").find("CAST cannot read 'x' as BOOLEAN"),
      std::string::npos);
  EXPECT_EQ(*connection.text("SELECT current_setting('disabled_optimizers')"), *before);
  EXPECT_NE(error_of("SELECT nothing").find("not prepared"), std::string::npos);
}

}  // namespace
}  // namespace rocketlink::duck
