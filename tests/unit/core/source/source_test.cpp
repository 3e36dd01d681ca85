#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "source_fixture.h"

namespace rocketlink {
namespace {

using test::milliseconds;
using testing::ElementsAreArray;
using testing::HasSubstr;

class WholeSourceTest : public test::SourceTest {
 protected:
  WholeSourceTest() { mock.create_topic("orders", 2); }
  [[nodiscard]] SourceBuilder builder() {
    return Source::builder()
        .set_client(client())
        .set_endpoint(mock.endpoints().front())
        .set_topic("orders")
        .set_consumer_group("readers");
  }
  /// Bodies of all batches until the end, or until `count` are there.
  [[nodiscard]] std::vector<std::string> read(Source& source, std::size_t count, milliseconds patience = kPatience) {
    std::vector<std::string> bodies;
    MessageBatch batch;
    const SteadyTime deadline = now() + patience;
    while (bodies.size() < count && now() < deadline) {
      const auto outcome = source.poll(batch, milliseconds(20));
      if (!outcome || *outcome == PollOutcome::kFinished) break;
      if (*outcome != PollOutcome::kBatch) continue;
      for (auto next = batch.next(); next && *next != nullptr; next = batch.next()) bodies.emplace_back((*next)->body);
    }
    return bodies;
  }
};

TEST_F(WholeSourceTest, ReadsAllQueuesToTheEndAndCommits) {
  mock.append_many(queue0, 30);
  mock.append_many(queue1, 20);
  auto source = builder().set_bounded(BoundedMode::kLatest).build();
  ASSERT_TRUE(source) << source.error().text;
  EXPECT_EQ(read(**source, 1000).size(), 50);
  MessageBatch batch;
  const auto end = (*source)->poll(batch, milliseconds(10));
  ASSERT_TRUE(end);
  EXPECT_EQ(*end, PollOutcome::kFinished);
  EXPECT_EQ(mock.committed("readers", queue0), std::nullopt);
  ASSERT_TRUE((*source)->commit(milliseconds(5000)));
  EXPECT_EQ(mock.committed("readers", queue0), 30);
  EXPECT_EQ(mock.committed("readers", queue1), 20);
}

TEST_F(WholeSourceTest, AQueueWithoutMessagesGoesOnWhereItBegan) {
  struct Start {
    const char* option;
    const char* value;
  };
  const std::array starts = {Start{"scan.startup.fallback", "latest"}, Start{"scan.startup.mode", "latest"},
                             Start{"startMessageOffset", "30"}, Start{"startTimeMs", "9000000000000"}};
  for (const Start& start : starts) {
    SCOPED_TRACE(start.option);
    const std::string topic = fmt::format("orders-of-{}", &start - starts.data());
    mock.create_topic(topic, 2);
    const QueueId first{topic, "broker-a", 0};
    const QueueId second{topic, "broker-a", 1};
    mock.append_many(first, 30);
    mock.append_many(second, 30);
    {
      auto source = builder().set_topic(topic).set(start.option, start.value).build();
      ASSERT_TRUE(source) << source.error().text;
      mock.append_many(first, 1);
      EXPECT_THAT(read(**source, 1), ElementsAreArray(bodies(30, 31)));
      ASSERT_TRUE((*source)->commit(milliseconds(5000)));
    }
    mock.append_many(second, 2);
    auto source = builder()
                      .set_topic(topic)
                      .set("scan.startup.mode", "group-offsets")
                      .set("scan.startup.fallback", "latest")
                      .build();
    ASSERT_TRUE(source) << source.error().text;
    EXPECT_THAT(read(**source, 2), ElementsAreArray(bodies(30, 32)));
  }
}

TEST_F(WholeSourceTest, BeginsWhereItIsTold) {
  mock.append_many(queue0, 30);
  auto source = builder().set_start_offset(25).build();
  ASSERT_TRUE(source) << source.error().text;
  EXPECT_THAT(read(**source, 5), ElementsAreArray(bodies(25, 30)));
}

TEST_F(WholeSourceTest, FindsNewQueues) {
  auto source = builder().set("scan.partition-discovery.interval", "50 ms").build();
  ASSERT_TRUE(source) << source.error().text;
  mock.create_topic("orders", 4);
  mock.append_many({"orders", "broker-a", 3}, 5);
  EXPECT_THAT(read(**source, 5), ElementsAreArray(bodies(0, 5)));
}

TEST_F(WholeSourceTest, LooksThatFailAreSaidOnceAMinute) {
  auto lines = logged();
  auto source = builder()
                    .set("scan.partition-discovery.interval", "50 ms")
                    .set_log([&](LogLevel, std::string_view text) { lines.emplace_back(text); })
                    .build();
  ASSERT_TRUE(source) << source.error().text;
  mock.stop("namesrv-0");
  const SteadyTime end = now() + milliseconds(30'000);
  while (now() < end) (void)read(**source, 1, milliseconds(100));
  for (const std::string& line : logged()) lines.push_back(line);
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                          [](const auto& line) { return line.find("looking for new queues") != std::string::npos; }),
            1);
}

TEST_F(WholeSourceTest, AWakeUpEndsThePoll) {
  auto source = builder().build();
  ASSERT_TRUE(source) << source.error().text;
  (*source)->wake_up();
  MessageBatch batch;
  const auto outcome = (*source)->poll(batch, std::chrono::hours(1));
  ASSERT_TRUE(outcome);
  EXPECT_EQ(*outcome, PollOutcome::kWoken);
}

TEST_F(WholeSourceTest, AllThatIsWrongIsSaidAtOnce) {
  const auto source = Source::builder().set_topic("a b").set("pullBatchSise", "3").build();
  ASSERT_FALSE(source);
  EXPECT_TRUE(source.error().is(ErrorCode::kInvalidArgument));
  for (const char* part : {"endpoint", "consumerGroup", "a b", "pullBatchSize"})
    EXPECT_THAT(source.error().text, HasSubstr(part));
}

}  // namespace
}  // namespace rocketlink
