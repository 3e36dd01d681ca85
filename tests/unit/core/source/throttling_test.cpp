#include <algorithm>
#include <map>

#include "rocketlink/sink.h"
#include "source_fixture.h"

/// A service that throttles, and the call budget that spares it.
namespace rocketlink::test {
namespace {

constexpr std::int32_t kQueues = 64;

double seconds(SteadyTime::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

class ThrottlingTest : public SourceTest {
 protected:
  static QueueId queue(std::int32_t id) { return {"orders", "broker-a", id}; }
  /// Fills all queues; gives them as splits that end there.
  std::vector<Split> filled(std::int64_t each) {
    mock.create_topic("orders", kQueues);
    std::vector<Split> splits;
    for (std::int32_t id = 0; id < kQueues; ++id) {
      mock.append_many(queue(id), each);
      splits.push_back({queue(id), 0, each});
    }
    return splits;
  }
  /// Seconds that a reader of its own client needs for all of it.
  double read_all(const std::vector<Split>& splits, std::size_t messages) {
    const auto client = new_client();
    cluster::Interrupt never;
    EXPECT_TRUE(client->cluster().fetch_route_blocking("orders", never));
    auto made = *SourceReader::create(client, options);
    const SteadyTime begin = now();
    made->add_splits(splits);
    made->no_more_splits();
    EXPECT_EQ(read_to_end(*made).size(), messages);
    stats = made->stats();
    return seconds(now() - begin);
  }

  ReaderStats stats;
};

TEST_F(ThrottlingTest, ABudgetReadsFasterThanRunningIntoTheLimit) {
  constexpr std::int64_t kEach = 32 * 8;
  constexpr double kLimit = 100;
  const auto splits = filled(kEach);
  mock.set_throttle(static_cast<std::uint32_t>(kLimit));

  const double ignoring = read_all(splits, kQueues * kEach);
  const auto refused = mock.throttled_calls();
  EXPECT_GT(refused, 0);
  EXPECT_GT(stats.throttled, 0);

  options.connection.max_api_calls_per_second = kLimit * 0.95;
  const double heeding = read_all(splits, kQueues * kEach);
  EXPECT_LT(mock.throttled_calls() - refused, stats.api_calls / 20);
  EXPECT_LT(heeding, ignoring);
  EXPECT_LT(heeding, kQueues * (kEach / 32.0) / kLimit * 1.1);
}

TEST_F(ThrottlingTest, EightSubtasksKeepToTheBudget) {
  constexpr double kRate = 500;
  constexpr int kSubtasks = 8;
  constexpr std::chrono::seconds kWindow{10};
  filled(0);
  mock.create_topic("copies", kQueues);
  mock.set_limits({.messages = 4});  // so that there is always something to ask for
  options.connection.max_api_calls_per_second = kRate;
  const auto shared = new_client();
  SinkOptions writing;
  writing.topic = "copies";
  writing.producer_group = "writers";
  writing.batch_max_messages = 1;

  // Written messages are read back: neither side ever runs dry.
  bool stop = false;
  std::uint64_t read = 0;
  {
    std::vector<Task<bool>> tasks;
    for (int subtask = 0; subtask < kSubtasks; ++subtask) {
      tasks.push_back(in_background([&, subtask] {
        SourceOptions reading = options;
        reading.topic = "copies";
        auto reader = *SourceReader::create(shared, reading);
        std::vector<Split> splits;
        for (std::int32_t id = subtask; id < kQueues; id += kSubtasks)
          splits.push_back({{"copies", "broker-a", id}, 0, {}});
        reader->add_splits(splits);
        MessageBatch batch;
        while (!stop) {
          const auto outcome = reader->poll(batch, milliseconds(20));
          if (outcome && *outcome == PollOutcome::kBatch) ++read;
        }
      }));
      tasks.push_back(in_background([&] {
        auto sink = *Sink::open(shared, writing);
        OutgoingMessage message;
        message.body = "x";
        while (!stop) {
          for (int i = 0; i < 100; ++i) EXPECT_TRUE(sink->write(message));
          EXPECT_TRUE(sink->flush());
        }
      }));
    }
    sleep_for(3 * kWindow);
    stop = true;
  }

  std::vector<SteadyTime> times;
  for (const auto code : {RequestCode::kPullMessage, RequestCode::kSendMessageV2}) {
    for (const auto& request : mock.seen(code)) times.push_back(request.time);
  }
  std::sort(times.begin(), times.end());
  std::size_t most = 0;
  std::size_t least = times.size();
  for (auto first = times.begin(); first != times.end() && *first + kWindow <= times.back(); ++first) {
    const auto count = static_cast<std::size_t>(std::lower_bound(first, times.end(), *first + kWindow) - first);
    most = std::max(most, count);
    least = std::min(least, count);
  }
  EXPECT_LE(most, kRate * seconds(kWindow) + 1) << "one more may come over a shorter way than those before it";
  EXPECT_GE(least, kRate * seconds(kWindow) * 0.98);
  EXPECT_GT(read, 0);
  EXPECT_GT(mock.count(RequestCode::kSendMessageV2), times.size() / 10);
}

/// Sixteen queues that are read and committed once a second, under a budget that is too little for that, or is not.
class CommitBudgetTest : public ThrottlingTest {
 protected:
  static constexpr std::int32_t kRead = 16;
  CommitBudgetTest() { mock.create_topic("orders", kRead); }

  /// Reads for a minute, what `queues` have; gives how far the last commit is behind at most, in messages.
  std::int64_t worst_lag(double calls_per_second, std::int32_t queues) {
    options.connection.max_api_calls_per_second = calls_per_second;
    mock.set_limits({.messages = 1});  // so that there is always something to ask for
    auto reading = reader();
    std::vector<Split> splits;
    for (std::int32_t id = 0; id < queues; ++id) {
      mock.append_many(queue(id), 2000);
      splits.push_back({queue(id), 0, {}});
    }
    reading->add_splits(splits);
    std::map<QueueId, std::int64_t> read;
    SteadyTime next_commit = now();
    MessageBatch batch;
    for (const SteadyTime end = now() + std::chrono::minutes(1); now() < end;) {
      const auto outcome = reading->poll(batch, milliseconds(50));
      if (outcome && *outcome == PollOutcome::kBatch) {
        read[batch.queue()] = batch.next_offset();
        ++taken;
      }
      if (now() < next_commit) continue;
      next_commit = now() + std::chrono::seconds(1);
      std::vector<Position> positions;
      for (const auto& [id, offset] : read) positions.push_back({id, offset});
      reading->commit_soon(positions);
    }
    std::int64_t worst = 0;
    for (const auto& [id, offset] : read) worst = std::max(worst, offset - mock.committed("readers", id).value_or(0));
    return worst;
  }

  std::size_t taken = 0;
};

TEST_F(CommitBudgetTest, CommitsGoBeforePulls) {
  EXPECT_LE(worst_lag(15, 4), 6) << "what a queue reads in little more than a second";
  EXPECT_GE(taken, 15U * 60 / 2) << "pulls get on";
  for (const std::string& line : logged()) EXPECT_EQ(line.find("fall behind"), std::string::npos) << line;
}

TEST_F(CommitBudgetTest, WhereTheyAreTooManyNoQueueIsLeftBehindAndItIsSaid) {
  EXPECT_LE(worst_lag(15, kRead), 4) << "all of them have their turn";
  EXPECT_GE(taken, 15U * 60 / 3) << "pulls have every other call";
  EXPECT_TRUE(warned("'max-api-calls-per-second' = 15 is too little", milliseconds(0)));
}

}  // namespace
}  // namespace rocketlink::test
