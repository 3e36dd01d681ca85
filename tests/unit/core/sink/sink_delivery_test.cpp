#include "sink/batch.h"
#include "sink_fixture.h"
#include "wire/properties.h"

/// Delayed messages on their way, and brokers that would not keep to the time.
namespace rocketlink::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::int64_t kHour = 3'600'000;

class SinkDeliveryTest : public SinkTest {
 protected:
  explicit SinkDeliveryTest(mock::MockSetup setup = {}) : SinkTest(std::move(setup)) {
    mock.create_topic("orders", 2);
    options.delivery.mode = DeliveryMode::kField;
    options.batch_linger_ms = 5;
  }

  static Status write_at(Sink& sink, std::string_view body, std::optional<std::int64_t> time,
                         std::string_view partition = {}) {
    OutgoingMessage made = message(body, partition);
    made.deliver_at_ms = time;
    return sink.write(made);
  }
  [[nodiscard]] std::vector<mock::SeenRequest> singles() const { return mock.seen(RequestCode::kSendMessageV2); }
  static std::string property(const mock::SeenRequest& request, std::string_view name) {
    std::string value;
    wire::for_each_property(request.header.ext.find("i").value_or(""), [&](std::string_view pair) {
      if (const auto found = wire::value_if_named(pair, name)) value = *found;
    });
    return value;
  }
};

TEST_F(SinkDeliveryTest, DelayedOnesGoSinglyAndTheRestInBatches) {
  const auto sink = open();
  const std::int64_t due = process.wall_clock_ms() + kHour;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(write_at(*sink, "later", due + i));
    ASSERT_TRUE(write_at(*sink, "now", std::nullopt));
    ASSERT_TRUE(write_at(*sink, "past", 1));
  }
  ASSERT_TRUE(sink->flush());
  std::vector<std::string> times;
  for (const auto& request : singles()) {
    EXPECT_EQ(request.ext("m"), "false");
    EXPECT_EQ(request.body, "later");
    times.push_back(property(request, "TIMER_DELIVER_MS"));
  }
  EXPECT_THAT(times, ElementsAre(std::to_string(due), std::to_string(due + 1), std::to_string(due + 2)));
  for (const auto& request : batches()) EXPECT_THAT(request.body, testing::Not(HasSubstr("TIMER")));
  EXPECT_FALSE(batches().empty());
  EXPECT_EQ(sink->stats().messages_acknowledged, 9);
}

TEST_F(SinkDeliveryTest, SeveralAreUnderWayAtOnce) {
  // Answers come only when 8 requests are there, in reverse: one at a time would wait for ever.
  mock.inject(Fault::reversed(RequestCode::kSendMessageV2, 8, 8));
  const auto sink = open();
  for (int i = 0; i < 8; ++i) {
    ASSERT_TRUE(write_at(*sink, "b" + std::to_string(i), process.wall_clock_ms() + kHour, "the same key"));
  }
  EXPECT_TRUE(sink->close(milliseconds(5000)));
  EXPECT_THAT(singles(), SizeIs(8));
}

TEST_F(SinkDeliveryTest, RefusedBusyAndLostOnesAreTriedAgainUnderTheirIds) {
  mock.inject(Fault::answer(RequestCode::kSendMessageV2, ResponseCode::kSystemBusy, "[REJECTREQUEST]busy", 3));
  mock.inject(Fault::of(Fault::Kind::kClose, RequestCode::kSendMessageV2, 1));
  const auto sink = open();
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(write_at(*sink, "b" + std::to_string(i), process.wall_clock_ms() + kHour, i % 2 == 0 ? "" : "key"));
  }
  ASSERT_TRUE(sink->flush());
  std::set<std::string> bodies;
  for (int id = 0; id < 2; ++id) {
    for (const auto& body : stored(id)) bodies.insert(body);
  }
  EXPECT_THAT(bodies, SizeIs(20));
}

TEST_F(SinkDeliveryTest, TooFarAheadFailsAtOnceWithTheBrokersWords) {
  mock.inject(Fault::answer(RequestCode::kSendMessageV2, ResponseCode::kMessageIllegal,
                            "timer message illegal, the delay time should not be bigger than the max delay", -1));
  const auto sink = open();
  ASSERT_TRUE(write_at(*sink, "x", process.wall_clock_ms() + kHour));
  const Status flushed = sink->flush();
  ASSERT_FALSE(flushed);
  EXPECT_THAT(flushed.error().text, HasSubstr("should not be bigger than the max delay"));
  EXPECT_EQ(sink->stats().retries, 0);
}

TEST_F(SinkDeliveryTest, TimersThatWereSwitchedOffAreNotTriedAgain) {
  mock.inject(Fault::answer(RequestCode::kSendMessageV2, ResponseCode::kSystemError,
                            "accurate timer message is not enabled, timerWheelEnable is false", -1));
  const auto sink = open();
  ASSERT_TRUE(write_at(*sink, "x", process.wall_clock_ms() + kHour));
  EXPECT_THAT(sink->flush().error().text, HasSubstr("not enabled"));
  EXPECT_EQ(sink->stats().retries, 0);
}

TEST_F(SinkDeliveryTest, AMessageWithoutABodyCannotBeDelayed) {
  const auto sink = open();
  const Status refused = write_at(*sink, "", process.wall_clock_ms() + kHour);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(ErrorCode::kInvalidArgument));
  EXPECT_TRUE(write_at(*sink, "", std::nullopt));
  EXPECT_TRUE(sink->flush());
}

TEST_F(SinkDeliveryTest, WithoutAModeNobodyIsAsked) {
  options.delivery = {};
  EXPECT_TRUE(open()->close(milliseconds(0)));
  EXPECT_EQ(mock.count(RequestCode::kGetBrokerConfig), 0);
}

TEST_F(SinkDeliveryTest, WithoutAnyMasterItIsWorthAnotherTry) {
  mock.stop("broker-a/0");
  const auto opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().retriable);
}

class OldServersDeliveryTest : public SinkDeliveryTest {
 protected:
  OldServersDeliveryTest()
      : SinkDeliveryTest({.version = 407, .broker_config = "a=b\nmessageDelayLevel=2s 1h 4h\nc=d\n"}) {}
};

TEST_F(OldServersDeliveryTest, TimersAreRefusedBeforeTheFirstMessage) {
  options.delivery.encoding = DeliveryEncoding::kTimer;
  const auto opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().is(ErrorCode::kUnsupported));
  EXPECT_FALSE(opened.error().retriable);
  EXPECT_THAT(opened.error().text, AllOf(HasSubstr("broker-a"), HasSubstr("older than 5.0"), HasSubstr("delay-level")));
}

TEST_F(OldServersDeliveryTest, StartDeliverTimeIsRefusedUnlessTakenAtItsWord) {
  options.connection.connector = Connector::kMq;
  const auto opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().is(ErrorCode::kUnsupported));
  EXPECT_THAT(opened.error().text, HasSubstr("Apache RocketMQ"));
  options.delivery.encoding = DeliveryEncoding::kStartDeliverTime;
  const auto sink = open();
  ASSERT_TRUE(write_at(*sink, "x", process.wall_clock_ms() + kHour));
  ASSERT_TRUE(sink->flush());
  ASSERT_THAT(singles(), SizeIs(1));
  EXPECT_THAT(property(singles().front(), "__STARTDELIVERTIME"), SizeIs(13));
}

TEST_F(OldServersDeliveryTest, DelayLevelsAreTheBrokersOwn) {
  options.delivery.encoding = DeliveryEncoding::kDelayLevel;
  const auto sink = open();
  ASSERT_TRUE(write_at(*sink, "x", process.wall_clock_ms() + 2 * kHour));
  ASSERT_TRUE(sink->flush());
  EXPECT_EQ(property(singles().front(), "DELAY"), "3");
}

class CloudDeliveryTest : public SinkDeliveryTest {
 protected:
  CloudDeliveryTest() : SinkDeliveryTest({.version = 407}) { options.connection.connector = Connector::kMq; }
};

TEST_F(CloudDeliveryTest, StartDeliverTimeByItself) {
  const auto sink = open();
  const std::int64_t due = process.wall_clock_ms() + kHour;
  ASSERT_TRUE(write_at(*sink, "x", due));
  ASSERT_TRUE(sink->flush());
  EXPECT_EQ(property(singles().front(), "__STARTDELIVERTIME"), std::to_string(due));
}

TEST_F(CloudDeliveryTest, WithoutATableOfLevelsTheStandardOneHolds) {
  options.delivery.encoding = DeliveryEncoding::kDelayLevel;
  const auto sink = open();
  ASSERT_TRUE(write_at(*sink, "x", process.wall_clock_ms() + kHour));
  ASSERT_TRUE(sink->flush());
  EXPECT_EQ(property(singles().front(), "DELAY"), "17");
}

class NoTimersDeliveryTest : public SinkDeliveryTest {
 protected:
  NoTimersDeliveryTest() : SinkDeliveryTest({.broker_config = "messageDelayLevel=1s 5s\ntimerWheelEnable=false\n"}) {}
};

TEST_F(NoTimersDeliveryTest, SwitchedOffTimersAreRefusedBeforeTheFirstMessage) {
  const auto opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().text, HasSubstr("timerWheelEnable=false"));
}

class TwoBrokersDeliveryTest : public SinkDeliveryTest {
 protected:
  TwoBrokersDeliveryTest() : SinkDeliveryTest({.brokers = {"broker-a", "broker-b"}}) {}
};

TEST_F(TwoBrokersDeliveryTest, AnOldBrokerThatWasAwayIsNoticedByItsAnswer) {
  mock.stop("broker-b/0");
  const auto sink = open();
  mock.start("broker-b/0");
  Fault old = Fault::edited(
      RequestCode::kSendMessageV2, [](wire::Header& header, std::string&) { header.version = 407; }, -1);
  old.server = "broker-b/0";
  mock.inject(old);
  Status flushed;
  ASSERT_TRUE(comes_true([&] {  // until the broker's turn comes
    (void)write_at(*sink, "x", process.wall_clock_ms() + kHour);
    flushed = sink->flush();
    return !flushed;
  }));
  EXPECT_THAT(flushed.error().text, AllOf(HasSubstr("broker-b"), HasSubstr("at once")));
}

class DelayLevelsDeliveryTest : public SinkDeliveryTest {
 protected:
  DelayLevelsDeliveryTest()
      : SinkDeliveryTest({.brokers = {"broker-a", "broker-b"}, .broker_config = "messageDelayLevel=1s 5s 2h\n"}) {
    options.delivery.encoding = DeliveryEncoding::kDelayLevel;
  }
  /// What broker-b is asked for once it is back, having been away when the sink was opened.
  [[nodiscard]] Status flush_after_return(Sink& sink) {
    mock.start("broker-b/0");
    for (int i = 0; i < 20; ++i) {
      (void)write_at(sink, "x", process.wall_clock_ms() + kHour);
      if (Status flushed = sink.flush(); !flushed) return flushed;
      sleep_for(milliseconds(500));
    }
    return {};
  }
};

TEST_F(DelayLevelsDeliveryTest, ABrokerThatWasAwayIsAskedOnceItIsReached) {
  mock.stop("broker-b/0");
  const auto sink = open();
  const Status flushed = flush_after_return(*sink);
  EXPECT_TRUE(flushed) << flushed.error().text;
  EXPECT_GE(mock.count(RequestCode::kSendMessageV2, "broker-b/0"), 2U);
  EXPECT_EQ(mock.count(RequestCode::kGetBrokerConfig, "broker-b/0"), 1U) << "its levels are the others'";
}

TEST_F(DelayLevelsDeliveryTest, ABrokerThatWasAwayAndHasOtherLevelsEndsTheSink) {
  mock.stop("broker-b/0");
  const auto sink = open();
  Fault other = Fault::edited(RequestCode::kGetBrokerConfig,
                              [](wire::Header&, std::string& body) { body = "messageDelayLevel=1s 2h\n"; });
  other.server = "broker-b/0";
  mock.inject(other);
  const Status flushed = flush_after_return(*sink);
  ASSERT_FALSE(flushed);
  EXPECT_TRUE(flushed.error().fatal);
  EXPECT_THAT(flushed.error().text, AllOf(HasSubstr("broker-b"), HasSubstr("messageDelayLevel = '1s 2h'")));
}

TEST_F(DelayLevelsDeliveryTest, ABrokerThatDoesNotSayIsAskedAgain) {
  mock.stop("broker-b/0");
  const auto sink = open();
  Fault lost = Fault::of(Fault::Kind::kClose, RequestCode::kGetBrokerConfig);
  lost.server = "broker-b/0";
  mock.inject(lost);
  EXPECT_TRUE(flush_after_return(*sink));
  EXPECT_EQ(mock.count(RequestCode::kGetBrokerConfig, "broker-b/0"), 2U);
}

}  // namespace
}  // namespace rocketlink::test
