#include "log_buffer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rocketlink::jni {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(LogBuffer, GivesLinesWithTheirLevelOnce) {
  const auto buffer = std::make_shared<LogBuffer>();
  const LogFunction log = LogBuffer::into(buffer);
  log(LogLevel::kDebug, "left out");
  log(LogLevel::kInfo, "one");
  log(LogLevel::kWarning, "two");
  EXPECT_THAT(buffer->take(), ElementsAre("Ione", "Wtwo"));
  EXPECT_THAT(buffer->take(), IsEmpty());
}

TEST(LogBuffer, ShowsNoSecret) {
  secret_mask().hide("hush-42-hush", "******");
  const auto buffer = std::make_shared<LogBuffer>();
  LogBuffer::into(buffer)(LogLevel::kError, "key 'hush-42-hush' is refused");
  EXPECT_THAT(buffer->take(), ElementsAre("Ekey '******' is refused"));
}

TEST(LogBuffer, SaysHowManyAreLeftOut) {
  const auto buffer = std::make_shared<LogBuffer>();
  const LogFunction log = LogBuffer::into(buffer);
  for (std::size_t i = 0; i < LogBuffer::kMostLines + 7; ++i) log(LogLevel::kWarning, "line");
  const std::vector<std::string> lines = buffer->take();
  ASSERT_EQ(lines.size(), LogBuffer::kMostLines + 1);
  EXPECT_EQ(lines.back(), "W7 more log lines are left out here, behind the 1000 that are kept");
  EXPECT_THAT(buffer->take(), IsEmpty());
}

}  // namespace
}  // namespace rocketlink::jni
