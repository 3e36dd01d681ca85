#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "cluster/cluster.h"
#include "mock/mock_cluster.h"
#include "rocketlink/sink.h"
#include "rocketlink/source.h"

/// What several threads do at the same time, with threads and sockets of the machine's own: for the thread sanitizer,
/// and so that the mock cluster is seen to work there too. Whatever is about time is tested elsewhere, on virtual time.
namespace rocketlink::test {

namespace {

using std::chrono::milliseconds;
using testing::ElementsAreArray;
using wire::RequestCode;

constexpr milliseconds kPatience{60'000};  ///< for what must come, however busy the machine is

class RealThreads : public testing::Test {
 protected:
  RealThreads() {
    connection.endpoints = mock.endpoints();
    mock.create_topic("orders", kQueues);
    reading.topic = writing.topic = "orders";
    reading.consumer_group = "readers";
    writing.producer_group = "writers";
    writing.sleep_time_ms = 1;
    writing.retry_times = 1'000'000;
  }

  [[nodiscard]] std::shared_ptr<Client> client() { return *Client::create(connection); }
  [[nodiscard]] std::unique_ptr<SourceReader> reader(const std::shared_ptr<Client>& client) {
    auto made = *SourceReader::create(client, reading);
    std::vector<Split> splits;
    for (std::int32_t id = 0; id < kQueues; ++id) splits.push_back({queue(id), 0, std::nullopt});
    made->add_splits(splits);
    return made;
  }
  [[nodiscard]] static QueueId queue(std::int32_t id) { return {"orders", "broker-a", id}; }
  /// Polls until `count` messages came; how often it was woken on the way.
  static int read(SourceReader& reader, std::size_t count) {
    MessageBatch batch;
    int woken = 0;
    for (std::size_t messages = 0; messages < count;) {
      const auto outcome = reader.poll(batch, kPatience);
      EXPECT_TRUE(outcome && *outcome != PollOutcome::kTimeout);
      if (!outcome || *outcome == PollOutcome::kTimeout) break;
      if (*outcome == PollOutcome::kWoken) ++woken;
      if (*outcome != PollOutcome::kBatch) continue;
      for (auto next = batch.next(); next && *next != nullptr; next = batch.next()) ++messages;
    }
    return woken;
  }
  static OutgoingMessage message(std::string_view body) {
    OutgoingMessage made;
    made.body = body;
    made.partition = "a";
    return made;
  }

  static constexpr std::int32_t kQueues = 4;
  mock::MockCluster mock;
  ConnectionOptions connection;
  SourceOptions reading;
  SinkOptions writing;
};

TEST_F(RealThreads, AReaderIsPolledWokenAndCommittedByOthers) {
  constexpr std::int64_t kEach = 500;
  const auto shared = client();
  const auto made = reader(shared);
  std::atomic<bool> done{false};
  std::thread waking([&] {
    while (!done) {
      made->wake_up();
      (void)made->stats();
      std::this_thread::yield();
    }
  });
  std::thread appending([&] {
    for (std::int64_t i = 0; i < kEach; ++i) {
      for (std::int32_t id = 0; id < kQueues; ++id) mock.append_many(queue(id), 1);
    }
  });
  EXPECT_GT(read(*made, kQueues * kEach), 0);
  EXPECT_TRUE(made->commit(std::vector<Position>{{queue(0), kEach}, {queue(1), kEach}}, kPatience));
  done = true;
  waking.join();
  appending.join();
  EXPECT_EQ(mock.committed("readers", queue(0)), kEach);
}

TEST_F(RealThreads, AReaderEndsAtAnyMoment) {
  for (std::int32_t id = 0; id < kQueues; ++id) mock.append_many(queue(id), 2000);
  auto shared = client();
  for (int round = 0; round < 20; ++round) {
    auto made = reader(shared);
    if (round % 2 == 0) (void)read(*made, 1);
    if (round % 5 == 0) mock.close_connections("broker-a/0");
    std::this_thread::sleep_for(std::chrono::microseconds(round * 100));
    made.reset();
    if (round % 4 == 0) shared = client();
  }
}

TEST_F(RealThreads, ASinkIsFlushedByTwoWhileAThirdWrites) {
  writing.batch_max_messages = 7;
  const auto sink = *Sink::open(client(), writing);
  std::atomic<bool> done{false};
  const auto flushing = [&] {
    while (!done) EXPECT_TRUE(sink->flush());
  };
  std::thread one(flushing);
  std::thread two(flushing);
  std::vector<std::string> written;
  for (int i = 0; i < 2000; ++i) {
    written.push_back("m" + std::to_string(i));
    EXPECT_TRUE(sink->write(message(written.back())));
  }
  done = true;
  one.join();
  two.join();
  EXPECT_TRUE(sink->flush());
  EXPECT_EQ(sink->stats().messages_acknowledged, written.size());
  std::vector<std::string> stored;
  for (const auto& record : mock.records(queue(97 % kQueues))) stored.push_back(record.body);
  EXPECT_THAT(stored, ElementsAreArray(written));
}

TEST_F(RealThreads, AnAbortWakesAWriteAndAFlush) {
  const auto sink = *Sink::open(client(), writing);
  mock.stop("broker-a/0");
  const std::string body(1 << 20, 'x');
  Status written;
  std::thread writer([&] {
    while (written) written = sink->write(message(body));  // until the window is full, and then for ever
  });
  Status flushed;
  std::thread flusher([&] {
    while (flushed) flushed = sink->flush();
  });
  while (sink->stats().retries == 0) std::this_thread::yield();
  sink->abort();
  writer.join();
  flusher.join();
  EXPECT_TRUE(written.error().is(ErrorCode::kClosed));
  EXPECT_TRUE(flushed.error().is(ErrorCode::kClosed));
}

TEST_F(RealThreads, ClientsOfOneBudgetKeepToItTogether) {
  constexpr double kRate = 200;
  constexpr int kThreads = 4;
  const auto budget = std::make_shared<CallBudget>(kRate);
  const auto begin = machine().now();
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, shared = *Client::create(connection, {}, budget)] {
      cluster::Interrupt never;
      std::vector<cluster::Addressed> requests;
      for (int each = 0; each < 20; ++each) {
        net::Request request;
        request.code = RequestCode::kHeartBeat;
        requests.push_back({mock.address("broker-a/0"), std::move(request)});
      }
      for (const auto& answer : shared->cluster().call_all(std::move(requests), kPatience, never)) EXPECT_TRUE(answer);
    });
  }
  for (std::thread& thread : threads) thread.join();
  const double most_saved = kRate / 10;
  EXPECT_GE(machine().now() - begin, std::chrono::duration<double>((kThreads * 20 - most_saved) / kRate));
}

TEST_F(RealThreads, QuestionsSideBySideAndTheirInterrupt) {
  const auto shared = client();
  mock.inject(mock::Fault::delayed(RequestCode::kGetRouteInfoByTopic, milliseconds(2), -1));
  cluster::Interrupt interrupt;
  std::vector<std::thread> asking;
  for (int i = 0; i < 4; ++i) {
    asking.emplace_back([&] {
      while (true) {
        const auto route = shared->cluster().fetch_route_blocking("orders", interrupt);
        if (route) continue;
        EXPECT_TRUE(route.error().is(ErrorCode::kClosed)) << route.error().text;
        return;
      }
    });
  }
  EXPECT_TRUE(mock.wait_for(RequestCode::kGetRouteInfoByTopic, 20, kPatience));
  interrupt.set();
  for (std::thread& thread : asking) thread.join();
}

}  // namespace

}  // namespace rocketlink::test
