#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cluster/cluster.h"
#include "mock/mock_cluster.h"
#include "rocketlink/sink.h"
#include "rocketlink/source.h"
#include "unit/virtual_time.h"

namespace rocketlink::test {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kBody = 4096;
constexpr seconds kTime{40};

struct LinkCase {
  std::uint64_t bytes_per_second;
  std::int32_t queues;
};

/// A client that all connections reach over one link, on which what was sent first goes first.
class SlowLinks : public VirtualTimeTest, public testing::WithParamInterface<LinkCase> {
 protected:
  SlowLinks() : mock(mock::MockSetup(), servers, &world.network()) {
    world.network().link("servers", "tested").settings.bytes_per_second = GetParam().bytes_per_second;
    connection.endpoints = mock.endpoints();
    mock.create_topic("orders", GetParam().queues);
    const auto log = [this](LogLevel level, std::string_view text) {
      if (level >= LogLevel::kWarning || text.starts_with("keeping the known route")) failures.emplace_back(text);
    };
    client = std::make_shared<Client>(
        std::make_unique<cluster::Cluster>(connection, log, cluster::Timing{}, nullptr, nullptr, process));
  }
  /// Of messages that went over in kTime.
  void expect_full_link(std::uint64_t messages) const {
    const auto bytes = static_cast<double>(messages * kBody);
    EXPECT_GE(bytes, 0.85 * static_cast<double>(GetParam().bytes_per_second) * seconds(kTime).count());
  }

  mock::MockCluster mock;
  ConnectionOptions connection;
  std::vector<std::string> failures;
  std::shared_ptr<Client> client;
};

TEST_P(SlowLinks, AreFilledByAReader) {
  const std::vector<QueueId> queues = mock.queues_of("orders");
  const std::uint64_t enough = GetParam().bytes_per_second * static_cast<std::uint64_t>(kTime.count()) / kBody;
  std::vector<Split> splits;
  for (const QueueId& queue : queues) {
    for (std::size_t i = 0; i < enough / queues.size() + 50; ++i) mock.append(queue, {.body = std::string(kBody, 'x')});
    splits.push_back({queue, 0, std::nullopt});
  }
  SourceOptions options;
  options.connection = connection;
  options.topic = "orders";
  options.consumer_group = "readers";
  const auto reader = *SourceReader::create(client, options);
  reader->add_splits(splits);
  const SteadyTime begin = now();
  std::optional<SteadyTime> first;
  std::uint64_t read = 0;
  std::map<QueueId, Position> positions;
  SteadyTime commit_at = begin + seconds(3);
  MessageBatch batch;
  while (now() < begin + kTime) {
    if (now() >= commit_at) {
      std::vector<Position> done;
      for (const auto& [queue, position] : positions) done.push_back(position);
      const Status committed = reader->commit(done, seconds(5));
      EXPECT_TRUE(committed) << committed.error().text;
      commit_at = now() + seconds(5);
    }
    const auto outcome = reader->poll(batch, milliseconds(100));
    ASSERT_TRUE(outcome) << outcome.error().text;
    if (*outcome != PollOutcome::kBatch) continue;
    if (!first) first = now();
    EXPECT_TRUE(positions.try_emplace(batch.queue()).first->second.offset < batch.next_offset());
    for (auto next = batch.next(); next && *next != nullptr; next = batch.next()) ++read;
    positions[batch.queue()] = {batch.queue(), batch.next_offset()};
  }
  ASSERT_TRUE(first);
  EXPECT_LT(*first - begin, seconds(2));
  expect_full_link(read);
  EXPECT_EQ(reader->stats().retries, 0U);
  EXPECT_GE(mock.count(wire::RequestCode::kGetRouteInfoByTopic), 2U);
  EXPECT_TRUE(failures.empty()) << failures.front();
}

class SlowLinksToWriteTo : public SlowLinks {
 protected:
  void expect_filled_by_sink(bool bound) {
    SinkOptions options;
    options.connection = connection;
    options.topic = "orders";
    options.producer_group = "writers";
    const auto sink = *Sink::open(client, options);
    const std::string body(kBody, 'x');
    const SteadyTime begin = now();
    for (std::size_t i = 0; now() < begin + kTime; ++i) {
      const std::string key = std::to_string(i);
      OutgoingMessage message;
      message.body = body;
      if (bound) message.partition = key;
      (void)sink->write(message, milliseconds(100));
    }
    expect_full_link(sink->stats().messages_acknowledged);
    EXPECT_EQ(sink->stats().retries, 0U);
    std::size_t stored = 0;
    std::set<std::string> ids;
    for (const QueueId& queue : mock.queues_of("orders")) {
      const auto records = mock.records(queue);
      EXPECT_FALSE(records.empty()) << "every queue has its turn";
      stored += records.size();
      for (const auto& record : records) ids.insert(record.unique_key);
    }
    EXPECT_EQ(ids.size(), stored);
    sink->abort();
  }
};

TEST_P(SlowLinksToWriteTo, AreFilledByASink) {
  expect_filled_by_sink(false);
}

TEST_P(SlowLinksToWriteTo, AreFilledByASinkOfBoundMessages) {
  expect_filled_by_sink(true);
}

const auto kCases =
    testing::Values(LinkCase{50'000, 1}, LinkCase{50'000, 8}, LinkCase{50'000, 32}, LinkCase{100'000, 1},
                    LinkCase{100'000, 32}, LinkCase{200'000, 8}, LinkCase{250'000, 8}, LinkCase{1'000'000, 1},
                    LinkCase{1'000'000, 8}, LinkCase{1'000'000, 32});

std::string name_of(const testing::TestParamInfo<LinkCase>& each) {
  return std::to_string(each.param.bytes_per_second / 1000) + "KBFor" + std::to_string(each.param.queues) + "Queues";
}

INSTANTIATE_TEST_SUITE_P(Of, SlowLinks, kCases, name_of);
INSTANTIATE_TEST_SUITE_P(Of, SlowLinksToWriteTo, kCases, name_of);

}  // namespace

}  // namespace rocketlink::test
