#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "rocketlink/options.h"

namespace {

using namespace rocketlink;

constexpr const char* kFile = SOURCE_DIR "/docs/options.md";

std::string content() {
  std::ifstream file(kFile, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// With ROCKETLINK_WRITE_DOCS=1 in the environment the file is written first.
TEST(OptionsDoc, FileIsWhatTheRegistrySays) {
  if (std::getenv("ROCKETLINK_WRITE_DOCS") != nullptr) std::ofstream(kFile, std::ios::binary) << options_markdown();
  EXPECT_TRUE(content() == options_markdown())
      << "docs/options.md does not agree with the registry; mend it with: ROCKETLINK_WRITE_DOCS=1 unit_tests "
         "--gtest_filter='OptionsDoc.*'";
}

TEST(OptionsDoc, NamesEveryOptionOnceAndWhatItTakes) {
  const std::string text = options_markdown();
  for (const OptionSpec& spec : option_specs()) {
    const std::string row = "\n| `" + std::string(spec.name) + "` | ";
    const auto first = text.find(row);
    ASSERT_NE(first, std::string::npos) << spec.name;
    EXPECT_EQ(text.find(row, first + 1), std::string::npos) << spec.name;
    EXPECT_FALSE(spec.description.empty()) << spec.name;
  }
}

}  // namespace
