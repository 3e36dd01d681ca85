#include "rpc_fixture.h"

namespace rocketlink::test {

namespace {

using std::chrono::seconds;

constexpr std::uint64_t kBytesPerSecond = 50'000;
constexpr Milliseconds kTimeout{5000};

/// Calls over a slow link.
class DeadlineTest : public RpcTest {
 protected:
  DeadlineTest() {
    (void)client();
    set_rate(kBytesPerSecond);
  }

  void set_rate(std::uint64_t bytes_per_second) {
    world.network().link("servers", "tested").settings.bytes_per_second = bytes_per_second;
  }
  /// The next answer carries so much.
  void answer_with(std::size_t bytes) {
    mock.inject(Fault::edited(RequestCode::kGetMaxOffset,
                              [bytes](wire::Header& /*header*/, std::string& body) { body.assign(bytes, 'x'); }));
  }
  /// What a server sends by itself: `body` bytes more than a header, all in one frame.
  void send_frame(std::int32_t opaque, std::int32_t flag, std::size_t body) {
    wire::Header header;
    header.opaque = opaque;
    header.flag = flag;
    std::string frame;
    ASSERT_TRUE(wire::encode_frame_head_json(header, body, frame));
    mock.send_to_clients("broker-a/0", frame + std::string(body, 'x'));
  }
  /// A call without an answer ends at its time, whatever frames come.
  void is_late_at_its_time(std::int32_t opaque, std::int32_t flag) {
    mock.inject(Fault::of(Fault::Kind::kDrop, RequestCode::kGetMaxOffset));
    const SteadyTime begin = now();
    const auto answer = start(max_offset_request(), kTimeout);
    while (!answer.comes_within(Milliseconds(100)) && now() - begin < seconds(60)) send_frame(opaque, flag, 1024);
    const auto late = answer.get();
    EXPECT_TRUE(late.error().is(ErrorCode::kTimeout));
    EXPECT_THAT(late.error().text, testing::HasSubstr(" did not answer GET_MAX_OFFSET (request 30) within 5000 ms"));
    EXPECT_LT(now() - begin, kTimeout + Milliseconds(200));
  }
  [[nodiscard]] net::Request request_with(std::size_t bytes) const {
    auto request = max_offset_request();
    request.body = std::string(bytes, 'x');
    return request;
  }
};

TEST_F(DeadlineTest, AnAnswerThatIsStillComingIsNotLate) {
  answer_with(500'000);
  const auto answer = start(max_offset_request(), kTimeout).get();
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_EQ(answer->body.bytes.size(), 500'000U);
}

TEST_F(DeadlineTest, AnAnswerBehindOneThatIsStillComingIsNotLate) {
  answer_with(500'000);
  const auto large = start(max_offset_request(), seconds(60));
  const auto small = start(max_offset_request(), kTimeout);
  EXPECT_TRUE(small.get());
  EXPECT_TRUE(large.get());
}

TEST_F(DeadlineTest, ARequestThatIsStillGoingIsNotLateNorIsOneBehindIt) {
  const auto large = start(request_with(500'000), kTimeout);
  const auto small = start(max_offset_request(), kTimeout);
  EXPECT_TRUE(large.get());
  EXPECT_TRUE(small.get());
}

TEST_F(DeadlineTest, ThePeerHasItsTimeOnceTheWholeRequestIsThere) {
  mock.inject(Fault::delayed(RequestCode::kGetMaxOffset, kTimeout - seconds(1)));
  EXPECT_TRUE(start(request_with(500'000), kTimeout).get());
  mock.inject(Fault::of(Fault::Kind::kDrop, RequestCode::kGetMaxOffset));
  const SteadyTime begin = now();
  EXPECT_TRUE(start(request_with(500'000), kTimeout).get().error().is(ErrorCode::kTimeout));
  EXPECT_LT(now() - begin, seconds(10) + timing.silence + kTimeout + kEndOfCall) << "ten seconds on its way";
}

TEST_F(DeadlineTest, APeerThatTricklesHoldsNothingUp) {
  mock.inject(Fault::of(Fault::Kind::kDrop, RequestCode::kGetMaxOffset));
  const SteadyTime begin = now();
  const auto answer = start(max_offset_request(), kTimeout);
  const std::string beginning_of_a_large_frame("\0\x0f\0\0", 4);
  for (std::size_t i = 0; !answer.comes_within(Milliseconds(100)) && now() - begin < seconds(60); ++i) {
    mock.send_to_clients("broker-a/0", i < 4 ? beginning_of_a_large_frame.substr(i, 1) : std::string(1, '\0'));
  }
  EXPECT_TRUE(answer.get().error().is(ErrorCode::kTimeout));
  EXPECT_LT(now() - begin, kTimeout + Milliseconds(200));
}

TEST_F(DeadlineTest, APeerThatAsksAndDoesNotAnswerHoldsNothingUp) {
  is_late_at_its_time(1, wire::kFlagOneWay);
  is_late_at_its_time(1, 0);
}

TEST_F(DeadlineTest, APeerThatAnswersWhatNobodyAskedHoldsNothingUp) {
  is_late_at_its_time(1'000'000, wire::kFlagResponse);
}

// It was given up and is answered all the same: what is behind it on the way waits for no fault of its own.
TEST_F(DeadlineTest, ALateAnswerDoesNotMakeWhatIsBehindItLate) {
  mock.inject(Fault::of(Fault::Kind::kDrop, RequestCode::kGetMaxOffset));
  EXPECT_TRUE(start(max_offset_request(), seconds(1)).get().error().is(ErrorCode::kTimeout));
  mock.inject(Fault::delayed(RequestCode::kGetMinOffset, Milliseconds(11'500)));
  auto request = max_offset_request();
  request.code = RequestCode::kGetMinOffset;
  const auto behind = start(std::move(request), kTimeout);
  send_frame(1, wire::kFlagResponse, 500'000);  // ten seconds
  const auto answer = behind.get();
  EXPECT_TRUE(answer) << answer.error().text;
}

TEST_F(DeadlineTest, ACallWhoseAnswerIsLostIsLateAtItsTimeHoweverBusyTheConnectionIs) {
  set_rate(0);
  mock.inject(Fault::of(Fault::Kind::kDrop, RequestCode::kGetMaxOffset));
  const SteadyTime begin = now();
  const auto lost = start(max_offset_request(), kTimeout);
  sleep_for(kAtOnce);
  while (!lost.comes_within(Milliseconds(50)) && now() - begin < seconds(60)) {
    answer_with(100'000);
    EXPECT_TRUE(ask());
  }
  EXPECT_TRUE(lost.get().error().is(ErrorCode::kTimeout));
  EXPECT_LT(now() - begin, kTimeout + Milliseconds(200));
}

TEST_F(DeadlineTest, ALinkThatIsCutIsNoticedInTheSameTimeAsEver) {
  answer_with(500'000);
  const auto answer = start(max_offset_request(), kTimeout);
  sleep_for(seconds(4));
  world.network().cut("servers", "tested");
  const SteadyTime cut = now();
  EXPECT_FALSE(start(max_offset_request(), kTimeout).get());
  EXPECT_LT(now() - cut, kTimeout + kEndOfCall);
  EXPECT_FALSE(answer.get());
  EXPECT_LT(now() - cut, kTimeout + kEndOfCall);
}

}  // namespace

}  // namespace rocketlink::test
