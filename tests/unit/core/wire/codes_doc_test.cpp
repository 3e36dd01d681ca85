#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "wire/codes.h"

namespace rocketlink::wire {

namespace {

TEST(CodesDoc, HasTheRowOfEveryResponseCode) {
  std::ifstream file(SOURCE_DIR "/docs/protocol.md", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto yes = [](bool is) { return is ? " yes |" : " |"; };
  for (const ResponseInfo& info : response_infos()) {
    EXPECT_THAT(text, testing::HasSubstr(fmt::format("\n| {} | {} | {} | {} |{}{}", static_cast<int>(info.code),
                                                     info.name, info.meaning, info.retriable ? "yes" : "no",
                                                     yes(info.throttles), yes(info.refreshes_route))));
  }
}

}  // namespace

}  // namespace rocketlink::wire
