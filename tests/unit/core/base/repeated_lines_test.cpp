#include "rocketlink/repeated_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/virtual_time.h"

namespace rocketlink::test {

namespace {

using testing::ElementsAre;
using namespace std::chrono_literals;

class RepeatedLinesTest : public VirtualTimeTest {
 protected:
  std::vector<std::string> warned;
  RepeatedLines lines{[this](LogLevel level, std::string_view text) {
                        if (level == LogLevel::kWarning) warned.emplace_back(text);
                      },
                      process};
};

TEST_F(RepeatedLinesTest, OfAKindOneAMinuteIsWrittenAndANewOneAtOnce) {
  for (int i = 0; i < 3; ++i) lines.write(LogLevel::kWarning, "a", "a" + std::to_string(i));
  lines.write(LogLevel::kWarning, "b", "b");
  sleep_for(59s);
  lines.write(LogLevel::kWarning, "a", "a3");
  EXPECT_THAT(warned, ElementsAre("a0", "b"));
  sleep_for(1s);
  lines.write(LogLevel::kWarning, "a", "a4");
  lines.write(LogLevel::kWarning, "b", "b");
  EXPECT_THAT(warned, ElementsAre("a0", "b", "a4 (3 more of this kind since the last such line)", "b"));
}

TEST_F(RepeatedLinesTest, OfManyKindsTheOneThatWasWrittenLongestAgoIsForgotten) {
  const auto kinds = static_cast<int>(RepeatedLines::kMaxKinds);
  for (int i = 0; i <= kinds; ++i) {
    lines.write(LogLevel::kWarning, std::to_string(i), "line");
    sleep_for(1ms);
  }
  warned.clear();
  lines.write(LogLevel::kWarning, "1", "still known");
  lines.write(LogLevel::kWarning, "0", "forgotten");
  EXPECT_THAT(warned, ElementsAre("forgotten"));
}

}  // namespace

}  // namespace rocketlink::test
