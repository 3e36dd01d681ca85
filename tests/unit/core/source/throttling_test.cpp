#include <atomic>
#include <cstdlib>

#include "rocketlink/sink.h"
#include "sanitized.h"
#include "source_fixture.h"

/// A service that throttles, and the call budget that spares it.
namespace rocketlink::test {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::int32_t kQueues = 64;

double seconds_since(Steady::time_point begin) {
  return std::chrono::duration<double>(Steady::now() - begin).count();
}

class ThrottlingTest : public SourceTest {
 protected:
  ThrottlingTest() { timing = {}; }  // as users have it

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
    const auto begin = Steady::now();
    made->add_splits(splits);
    made->no_more_splits();
    EXPECT_EQ(read_to_end(*made, milliseconds(60'000)).size(), messages);
    stats = made->stats();
    return seconds_since(begin);
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
  const auto calls = stats.api_calls;
  EXPECT_GT(refused, 0);
  EXPECT_GT(stats.throttled, 0);

  options.connection.max_api_calls_per_second = kLimit * 0.95;
  const double heeding = read_all(splits, kQueues * kEach);
  std::printf(
      "%d queues at %.0f calls/s: %.2f s with the budget (%llu calls, %zu refused), %.2f s without (%llu, %zu)\n",
      kQueues, kLimit, heeding, static_cast<unsigned long long>(stats.api_calls), mock.throttled_calls() - refused,
      ignoring, static_cast<unsigned long long>(calls), refused);
  EXPECT_LT(mock.throttled_calls() - refused, stats.api_calls / 20);
  if (!kSanitized) {
    EXPECT_LT(heeding, ignoring * 1.1);
    EXPECT_LT(heeding, kQueues * (kEach / 32.0) / kLimit * 1.3 + 1);
  }
}

TEST_F(ThrottlingTest, EightSubtasksKeepToTheBudget) {
  const char* given = std::getenv("ROCKETLINK_BUDGET_SECONDS");
  const double seconds = given != nullptr ? std::atof(given) : 3;
  constexpr double kRate = 500;
  constexpr int kSubtasks = 8;
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
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  std::atomic<std::uint64_t> read{0};
  for (int subtask = 0; subtask < kSubtasks; ++subtask) {
    threads.emplace_back([&, subtask] {
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
    });
    threads.emplace_back([&] {
      auto sink = *Sink::open(shared, writing);
      OutgoingMessage message;
      message.body = "x";
      while (!stop && sink->write(message)) {
      }
      sink->abort();
    });
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds + 0.5));
  stop = true;
  for (auto& thread : threads) thread.join();

  std::vector<double> times;
  for (const auto code : {RequestCode::kPullMessage, RequestCode::kSendMessageV2}) {
    for (const auto& request : mock.seen(code)) {
      times.push_back(std::chrono::duration<double>(request.time.time_since_epoch()).count());
    }
  }
  std::sort(times.begin(), times.end());
  const double window = std::min(10.0, seconds - 1);
  std::size_t most = 0;
  std::size_t least = times.size();
  for (std::size_t i = 0; i < times.size() && times[i] + window <= times.back(); ++i) {
    const auto end = std::lower_bound(times.begin(), times.end(), times[i] + window);
    const auto count = static_cast<std::size_t>(end - times.begin()) - i;
    most = std::max(most, count);
    least = std::min(least, count);
  }
  const double due = kRate * window;
  std::printf(
      "%.0f calls/s over any %.1f s: %zu to %zu calls, %.1f %% to %.1f %% of what is due; %zu sends of %zu calls\n",
      kRate, window, least, most, 100 * static_cast<double>(least) / due, 100 * static_cast<double>(most) / due,
      mock.count(RequestCode::kSendMessageV2), times.size());
  // A tenth of a second's worth may be saved. A machine that is busy holds calls back and then sees them come together.
  const double whole = kRate * (times.back() - times.front());
  EXPECT_LE(static_cast<double>(times.size()), whole + 0.2 * kRate);
  if (!kSanitized) {
    EXPECT_GE(static_cast<double>(times.size()), whole * 0.75);
    if (window < 10) {
      EXPECT_LE(static_cast<double>(most), due * 1.5);
    } else {  // long enough for what is promised, and asked for by who has a machine for it
      EXPECT_LE(static_cast<double>(most), due * 1.02);
      EXPECT_GE(static_cast<double>(least), due * 0.98);
    }
  }
  EXPECT_GT(read, 0);
  EXPECT_GT(mock.count(RequestCode::kSendMessageV2), times.size() / 10);
}

}  // namespace
}  // namespace rocketlink::test
