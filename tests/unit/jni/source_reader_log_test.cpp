#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "mock/mock_cluster.h"
#include "source_reader.h"

namespace rocketlink::jni {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::HasSubstr;

class SourceReaderLogTest : public testing::Test {
 protected:
  SourceReaderLogTest() {
    mock.create_topic("orders", 1);
    for (int i = 0; i < 3; ++i) mock.append(queue, {.body = "no zlib stream", .sys_flag = 0x1});
    mock.append(queue, {.body = "sound"});
    options.connection.endpoints = mock.endpoints();
    options.topic = "orders";
    options.consumer_group = "readers";
  }

  /// Warnings of a reader that has read all four messages.
  std::vector<std::string> warnings() {
    auto object = SourceReaderObject::open(options, {}, std::nullopt, 1);
    EXPECT_TRUE(object);
    if (!object) return {};
    const std::vector<Split> splits{{queue, 0, 4}};
    (*object)->reader().add_splits(splits);
    const auto deadline = steady_clock::now() + std::chrono::seconds(20);
    std::vector<std::string> warnings;
    while ((*object)->reader().take_finished().empty() && steady_clock::now() < deadline) {
      EXPECT_TRUE((*object)->poll(milliseconds(20), 1 << 20));
      for (std::string& line : (*object)->log().take()) {
        if (line.starts_with("W")) warnings.push_back(std::move(line));
      }
    }
    return warnings;
  }

  mock::MockCluster mock;
  const QueueId queue{"orders", "broker-a", 0};
  SourceOptions options;
};

TEST_F(SourceReaderLogTest, OfDamagedMessagesOneAMinuteIsLogged) {
  EXPECT_THAT(warnings(), testing::ElementsAre(HasSubstr("a damaged message is skipped")));
}

TEST_F(SourceReaderLogTest, WithColumnErrorDebugEachDamagedMessageIsLogged) {
  options.format.column_error_debug = true;
  EXPECT_THAT(warnings(), testing::ElementsAre(HasSubstr("offset 0"), HasSubstr("offset 1"), HasSubstr("offset 2")));
}

}  // namespace
}  // namespace rocketlink::jni
