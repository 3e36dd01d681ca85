#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
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
using wire::RequestCode;

constexpr std::size_t kBody = 4096;

/// A client behind a link of some bytes a second, first come, first served.
struct Case {
  std::uint64_t bytes_per_second;
  std::int32_t queues;
};

class SlowLinks : public VirtualTimeTest, public testing::WithParamInterface<Case> {
 protected:
  SlowLinks() : mock(mock::MockSetup(), servers, &world.network()) {
    sim::LinkSettings slow;
    slow.bytes_per_second = GetParam().bytes_per_second;
    world.network().set_settings(slow);
    connection.endpoints = mock.endpoints();
    mock.create_topic("orders", GetParam().queues);
  }

  [[nodiscard]] std::shared_ptr<Client> client() {
    return std::make_shared<Client>(
        std::make_unique<cluster::Cluster>(connection, LogFunction(), cluster::Timing{}, nullptr, nullptr, process));
  }
  [[nodiscard]] double rate(std::size_t messages, std::chrono::nanoseconds time) const {
    return static_cast<double>(messages * kBody) / std::chrono::duration<double>(time).count() /
           static_cast<double>(GetParam().bytes_per_second);
  }
  void note(const char* what, double number) { RecordProperty(what, std::to_string(number)); }

  mock::MockCluster mock;
  ConnectionOptions connection;
};

TEST_P(SlowLinks, CarryMessagesToAReader) {
  const auto seconds = std::uint64_t{60};
  const std::size_t enough = (GetParam().bytes_per_second * seconds / kBody + 200) / static_cast<std::size_t>(GetParam().queues) + 100;
  for (const QueueId& queue : mock.queues_of("orders")) {
    for (std::size_t i = 0; i < enough; ++i) mock.append(queue, {.body = std::string(kBody, 'x')});
  }
  SourceOptions options;
  options.connection = connection;
  options.topic = "orders";
  options.consumer_group = "readers";
  auto reader = *SourceReader::create(client(), options);
  std::vector<Split> splits;
  for (const QueueId& queue : mock.queues_of("orders")) splits.push_back({queue, 0, std::nullopt});
  reader->add_splits(splits);
  const SteadyTime begin = now();
  std::optional<SteadyTime> first;
  std::size_t read = 0;
  std::map<QueueId, std::int64_t> next;
  std::chrono::nanoseconds slowest_commit{0};
  SteadyTime commit_at = begin + std::chrono::seconds(3);
  MessageBatch batch;
  while (now() < begin + std::chrono::seconds(seconds)) {
    if (now() >= commit_at) {
      commit_at = now() + std::chrono::seconds(5);
      std::vector<Position> positions;
      for (const auto& [queue, offset] : next) positions.push_back({queue, offset});
      const SteadyTime asked = now();
      const Status committed = reader->commit(positions, std::chrono::seconds(30));
      EXPECT_TRUE(committed) << committed.error().text;
      slowest_commit = std::max<std::chrono::nanoseconds>(slowest_commit, now() - asked);
    }
    const auto outcome = reader->poll(batch, milliseconds(100));
    ASSERT_TRUE(outcome) << outcome.error().text;
    if (*outcome != PollOutcome::kBatch) continue;
    if (!first) first = now();
    for (auto next_one = batch.next(); next_one && *next_one != nullptr; next_one = batch.next()) ++read;
    next[batch.queue()] = batch.next_offset();
  }
  ASSERT_TRUE(first);
  std::printf("READ %7lu B/s %2d queues: rate %.3f first %.2f s commit %.2f s pulls %zu retries %lu\n",
              GetParam().bytes_per_second, GetParam().queues, rate(read, now() - begin),
              std::chrono::duration<double>(*first - begin).count(),
              std::chrono::duration<double>(slowest_commit).count(), mock.count(RequestCode::kPullMessage), reader->stats().retries);
}

TEST_P(SlowLinks, CarryMessagesFromASink) {
  SinkOptions options;
  options.connection = connection;
  options.topic = "orders";
  options.producer_group = "writers";
  auto sink = *Sink::open(client(), options);
  const SteadyTime begin = now();
  std::size_t written = 0;
  const std::string body(kBody, 'x');
  const bool bound = std::getenv("BOUND") != nullptr;
  while (now() < begin + std::chrono::seconds(60)) {
    OutgoingMessage message;
    message.body = body;
    const std::string key = std::to_string(written);
    if (bound) message.partition = key;
    if (sink->write(message, milliseconds(100))) ++written;
  }
  const auto stored = sink->stats().messages_acknowledged;
  const auto time = now() - begin;
  std::size_t at_broker = 0;
  std::set<std::string> ids;
  const SteadyTime flushing = now();
  EXPECT_TRUE(sink->close(std::chrono::hours(2)));
  for (const QueueId& queue : mock.queues_of("orders")) {
    for (const auto& record : mock.records(queue)) {
      ++at_broker;
      ids.insert(record.unique_key);
    }
  }
  std::printf("WRITE %7lu B/s %2d queues: rate %.3f rate at end %.3f written %zu stored %zu ids %zu retries %lu\n",
              GetParam().bytes_per_second, GetParam().queues, rate(stored, time), rate(written-stored, now() - flushing),
              written, at_broker, ids.size(), sink->stats().retries);
}

INSTANTIATE_TEST_SUITE_P(Rates, SlowLinks,
                         testing::Values(Case{50'000, 1}, Case{50'000, 8}, Case{50'000, 32}, Case{100'000, 1},
                                         Case{100'000, 8}, Case{100'000, 32}, Case{200'000, 8}, Case{250'000, 8},
                                         Case{250'000, 32}, Case{1'000'000, 1}, Case{1'000'000, 8},
                                         Case{1'000'000, 32}),
                         [](const auto& each) {
                           return std::to_string(each.param.bytes_per_second) + "Through" +
                                  std::to_string(each.param.queues);
                         });

}  // namespace

}  // namespace rocketlink::test
