#include "sink_fixture.h"

/// How a sink ends: close, abort, destruction; with brokers that are dead or silent.
namespace rocketlink::test {
namespace {

using testing::AllOf;
using testing::ElementsAreArray;
using testing::HasSubstr;

class SinkEndTest : public SinkTest {
 protected:
  SinkEndTest() {
    mock.create_topic("orders", 1);
    options.retry_times = 1000;
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
  const SteadyTime begin = now();
  const Status closed = sink->close(milliseconds(30'000));
  EXPECT_GE(now() - begin, milliseconds(30'000));
  EXPECT_LT(now() - begin, milliseconds(30'000) + kAtOnce);
  ASSERT_FALSE(closed);
  EXPECT_TRUE(closed.error().is(ErrorCode::kTimeout));
  EXPECT_THAT(closed.error().text,
              AllOf(HasSubstr("5 message(s)"), HasSubstr("'orders'"), HasSubstr("30000 ms"), HasSubstr("connect")));
  EXPECT_EQ(sink->close(milliseconds(30'000)).error().text, closed.error().text);
}

TEST_F(SinkEndTest, CloseWithASilentBrokerEndsInTime) {
  const auto sink = open();
  mock.set_silent("broker-a/0", true);
  write(*sink, "x");
  const SteadyTime begin = now();
  EXPECT_TRUE(sink->close(milliseconds(30'000)).error().is(ErrorCode::kTimeout));
  EXPECT_LT(now() - begin, milliseconds(30'000) + kAtOnce);
}

TEST_F(SinkEndTest, CloseKeepsTheErrorOfWhatWasGivenUpThoughThatIsATimeoutToo) {
  options.retry_times = 0;
  const auto sink = open();
  mock.set_silent("broker-a/0", true);
  write(*sink, "x");
  const Status closed = sink->close(std::chrono::minutes(10));
  ASSERT_FALSE(closed);
  EXPECT_TRUE(closed.error().is(ErrorCode::kTimeout) && closed.error().fatal);
  EXPECT_THAT(closed.error().text, HasSubstr("given up after 1 tries"));
}

TEST_F(SinkEndTest, DestructionWithASilentBrokerDoesNotWait) {
  auto sink = open();
  mock.set_silent("broker-a/0", true);
  write_many(*sink, 50);
  const SteadyTime begin = now();
  sink.reset();
  EXPECT_LT(now() - begin, kAtOnce);
}

TEST_F(SinkEndTest, AbortWakesABlockedWrite) {
  const auto sink = open();
  mock.stop("broker-a/0");
  const std::string body(1 << 20, 'x');
  const auto writing = in_background([&] {
    while (true) {
      if (Status status = sink->write(message(body)); !status) return status;
    }
  });
  EXPECT_FALSE(writing.ends_within(std::chrono::hours(1)));  // the window is full
  sink->abort();
  EXPECT_TRUE(writing.get().error().is(ErrorCode::kClosed));
  EXPECT_TRUE(sink->flush().error().is(ErrorCode::kClosed));
  EXPECT_TRUE(sink->close(milliseconds(60'000)).error().is(ErrorCode::kClosed));
}

TEST_F(SinkEndTest, AbortWakesAFlush) {
  const auto sink = open();
  mock.stop("broker-a/0");
  write(*sink, "x");
  const auto flush = in_background([&] { return sink->flush(); });
  EXPECT_FALSE(flush.ends_within(std::chrono::minutes(30)));
  sink->abort();
  EXPECT_TRUE(flush.get().error().is(ErrorCode::kClosed));
}

TEST_F(SinkEndTest, BlockedWriteGoesOnWhenTheBrokerReturns) {
  const auto sink = open();
  mock.stop("broker-a/0");
  const std::string body(1 << 20, 'x');
  const auto writing = in_background([&] {
    for (int i = 0; i < 40; ++i) write(*sink, body);
  });
  EXPECT_FALSE(writing.ends_within(std::chrono::minutes(1)));
  mock.start("broker-a/0");
  EXPECT_TRUE(writing.ends_within(milliseconds(options.sleep_time_ms) + std::chrono::seconds(5)));
  EXPECT_TRUE(sink->flush());
  EXPECT_EQ(stored(0).size(), 40);
}

TEST_F(SinkEndTest, FlushesFromTwoThreadsWhileAThirdWrites) {
  options.batch_max_messages = 7;
  const auto sink = open();
  bool done = false;
  const auto flushing = [&] {
    while (!done) {
      EXPECT_TRUE(sink->flush());
      process.yield();
    }
  };
  {
    const auto one = in_background(flushing);
    const auto two = in_background(flushing);
    for (int i = 0; i < 3000; ++i) {
      write(*sink, "m" + std::to_string(i), "a");
      if (i % 10 == 0) process.yield();
    }
    done = true;
  }
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
