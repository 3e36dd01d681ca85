#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "planner/function_table.h"

namespace rocketlink::planner {
namespace {

constexpr std::string_view kBegin = "<!-- functions: generated from cli/src/planner/tables -->\n";
constexpr std::string_view kEnd = "<!-- end of functions -->";

// docs/sql.md holds the tables of the code; ROCKETLINK_WRITE_DOCS=1 writes them anew.
TEST(SqlDocs, FunctionsAreThoseOfTheTable) {
  const std::string path = std::string(SOURCE_DIR) + "/docs/sql.md";
  std::ifstream in(path);
  ASSERT_TRUE(in.is_open()) << path;
  std::stringstream buffer;
  buffer << in.rdbuf();
  const std::string text = buffer.str();
  const std::size_t begin = text.find(kBegin);
  const std::size_t end = text.find(kEnd);
  ASSERT_NE(begin, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  const std::string wanted = text.substr(0, begin + kBegin.size()) + "\n" + functions_as_markdown() + text.substr(end);
  const char* write = std::getenv("ROCKETLINK_WRITE_DOCS");  // NOLINT(concurrency-mt-unsafe): one thread
  if (write != nullptr && std::string_view(write) == "1") std::ofstream(path) << wanted;
  EXPECT_TRUE(text == wanted) << "run cli_unit_tests with ROCKETLINK_WRITE_DOCS=1 and commit docs/sql.md";
}

}  // namespace
}  // namespace rocketlink::planner
