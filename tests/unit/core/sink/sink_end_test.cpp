#include <future>

#include "sink_fixture.h"

/// How a sink ends: close, abort, destruction; with brokers that are dead or silent.
namespace rocketlink::test {
namespace {

using std::chrono::steady_clock;
using testing::AllOf;
using testing::ElementsAreArray;
using testing::HasSubstr;

class SinkEndTest : public SinkTest {
 protected:
  SinkEndTest() {
    mock.create_topic("orders", 1);
    options.retry_times = 1000;
  }

  static milliseconds since(steady_clock::time_point begin) {
    return std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin);
  }
};

TEST_F(SinkEndTest, CloseFlushesAndIsIdempotent) {
  options.batch_linger_ms = 60'000;
  const auto sink = open();
  write_many(*sink, 5);
  EXPECT_TRUE(sink->close(milliseconds(5000)));
  EXPECT_THAT(stored(0), ElementsAreArray(numbered(5)));
  EXPECT_TRUE(sink->close(milliseconds(0)));
  EXPECT_TRUE(sink->write(message("x")).error().is(ErrorCode::kClosed));
  EXPECT_TRUE(sink->flush().error().is(ErrorCode::kClosed));
}

TEST_F(SinkEndTest, CloseOfAnEmptySinkNeedsNoTime) {
  EXPECT_TRUE(open()->close(milliseconds(0)));
}

TEST_F(SinkEndTest, CloseWithADeadBrokerSaysHowManyAreGivenUpAndWhy) {
  const auto sink = open();
  mock.stop("broker-a/0");
  write_many(*sink, 5);
  const auto begin = steady_clock::now();
  const Status closed = sink->close(milliseconds(300));
  EXPECT_LT(since(begin), milliseconds(2000));
  EXPECT_GE(since(begin), milliseconds(300));
  ASSERT_FALSE(closed);
  EXPECT_TRUE(closed.error().is(ErrorCode::kTimeout));
  EXPECT_THAT(closed.error().text,
              AllOf(HasSubstr("5 message(s)"), HasSubstr("'orders'"), HasSubstr("300 ms"), HasSubstr("connect")));
  EXPECT_EQ(sink->close(milliseconds(300)).error().text, closed.error().text);
}

TEST_F(SinkEndTest, CloseWithASilentBrokerEndsInTime) {
  const auto sink = open();
  mock.set_silent("broker-a/0", true);
  write(*sink, "x");
  const auto begin = steady_clock::now();
  EXPECT_TRUE(sink->close(milliseconds(200)).error().is(ErrorCode::kTimeout));
  EXPECT_LT(since(begin), milliseconds(2000));
}

TEST_F(SinkEndTest, DestructionWithASilentBrokerDoesNotWait) {
  auto sink = open();
  mock.set_silent("broker-a/0", true);
  write_many(*sink, 100);
  const auto begin = steady_clock::now();
  sink.reset();
  EXPECT_LT(since(begin), milliseconds(2000));
}

TEST_F(SinkEndTest, AbortWakesABlockedWrite) {
  const auto sink = open();
  mock.stop("broker-a/0");
  const std::string body(1 << 20, 'x');
  auto writing = std::async(std::launch::async, [&] {
    while (true) {
      if (Status status = sink->write(message(body)); !status) return status;
    }
  });
  EXPECT_EQ(writing.wait_for(milliseconds(500)), std::future_status::timeout);  // the window is full
  sink->abort();
  EXPECT_TRUE(writing.get().error().is(ErrorCode::kClosed));
  EXPECT_TRUE(sink->flush().error().is(ErrorCode::kClosed));
  EXPECT_TRUE(sink->close(milliseconds(60'000)).error().is(ErrorCode::kClosed));
}

TEST_F(SinkEndTest, AbortWakesAFlush) {
  const auto sink = open();
  mock.stop("broker-a/0");
  write(*sink, "x");
  auto flush = std::async(std::launch::async, [&] { return sink->flush(); });
  EXPECT_EQ(flush.wait_for(milliseconds(100)), std::future_status::timeout);
  sink->abort();
  EXPECT_TRUE(flush.get().error().is(ErrorCode::kClosed));
}

TEST_F(SinkEndTest, BlockedWriteGoesOnWhenTheBrokerReturns) {
  options.sleep_time_ms = 100;
  const auto sink = open();
  mock.stop("broker-a/0");
  const std::string body(1 << 20, 'x');
  auto writing = std::async(std::launch::async, [&] {
    for (int i = 0; i < 40; ++i) write(*sink, body);
  });
  EXPECT_EQ(writing.wait_for(milliseconds(300)), std::future_status::timeout);
  mock.start("broker-a/0");
  writing.get();
  EXPECT_TRUE(sink->flush());
  EXPECT_EQ(stored(0).size(), 40);
}

TEST_F(SinkEndTest, FlushesFromTwoThreadsWhileAThirdWrites) {
  options.batch_max_messages = 7;
  const auto sink = open();
  std::atomic<bool> done{false};
  const auto flushing = [&] {
    while (!done) EXPECT_TRUE(sink->flush());
  };
  auto one = std::async(std::launch::async, flushing);
  auto two = std::async(std::launch::async, flushing);
  for (int i = 0; i < 3000; ++i) write(*sink, "m" + std::to_string(i), "a");
  done = true;
  one.get();
  two.get();
  EXPECT_TRUE(sink->flush());
  EXPECT_EQ(sink->stats().messages_acknowledged, 3000);
  EXPECT_THAT(stored(0), ElementsAreArray(numbered(3000)));
}

TEST_F(SinkEndTest, FlushConfirmsOnlyWhatIsStored) {
  const auto sink = open();
  for (int round = 1; round <= 20; ++round) {
    if (round % 5 == 0) mock.close_connections("broker-a/0");
    write_many(*sink, 10, std::to_string(round) + "-");
    ASSERT_TRUE(sink->flush());
    EXPECT_GE(mock.max_offset({"orders", "broker-a", 0}), round * 10);
  }
}

}  // namespace
}  // namespace rocketlink::test
