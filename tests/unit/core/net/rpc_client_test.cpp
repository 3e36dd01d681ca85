#include "net/rpc_client.h"

#include <vector>

#include "rpc_fixture.h"

namespace rocketlink::test {

namespace {

using std::chrono::seconds;
using testing::HasSubstr;

class RpcClientTest : public RpcTest {};

TEST_F(RpcClientTest, AnswersOutOfOrderFindTheirRequests) {
  mock.append_many({"t", "broker-a", 0}, 7);
  mock.inject(Fault::reversed(RequestCode::kGetMaxOffset, 4, 4));
  mock.inject(Fault::reversed(RequestCode::kGetMinOffset, 4, 4));
  std::vector<Answer> answers;
  for (int i = 0; i < 8; ++i) {
    auto request = max_offset_request();
    if (i % 2 != 0) request.code = RequestCode::kGetMinOffset;
    answers.push_back(start(std::move(request), Milliseconds(5000)));
  }
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto answer = answers[i].get();
    ASSERT_TRUE(answer) << answer.error().text;
    EXPECT_EQ(answer->header.ext.find_int("offset"), i % 2 != 0 ? 0 : 7);
  }
  EXPECT_EQ(mock.accepted_connections("broker-a/0"), 1U);
}

TEST_F(RpcClientTest, AMissingAnswerIsATimeoutThatNamesTheServer) {
  mock.inject(Fault::of(Fault::Kind::kDrop, RequestCode::kGetMaxOffset));
  const SteadyTime begin = now();
  const auto answer = ask(Milliseconds(80));
  const auto took = now() - begin;
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().is(ErrorCode::kTimeout));
  EXPECT_TRUE(answer.error().retriable);
  EXPECT_THAT(answer.error().text, HasSubstr(mock.address("broker-a/0")));
  EXPECT_GE(took, Milliseconds(80));
  EXPECT_LT(took, Milliseconds(80) + kEndOfCall);
}

TEST_F(RpcClientTest, DeadlinesAreKeptInWhateverOrderTheyWereSet) {
  mock.inject(Fault::of(Fault::Kind::kDrop, RequestCode::kGetMaxOffset, -1));
  const auto late = start(max_offset_request(), Milliseconds(300));
  const auto early = start(max_offset_request(), Milliseconds(50));
  const SteadyTime begin = now();
  EXPECT_TRUE(early.get().error().is(ErrorCode::kTimeout));
  EXPECT_LT(now() - begin, Milliseconds(50) + kEndOfCall);
  EXPECT_TRUE(late.get().error().is(ErrorCode::kTimeout));
  EXPECT_GE(now() - begin, Milliseconds(300));
  EXPECT_LT(now() - begin, Milliseconds(300) + kEndOfCall);
}

TEST_F(RpcClientTest, AnAnswerAfterItsDeadlineIsDropped) {
  mock.inject(Fault::delayed(RequestCode::kGetMaxOffset, Milliseconds(150)));
  EXPECT_FALSE(ask(Milliseconds(30)));
  auto request = max_offset_request();
  request.code = RequestCode::kGetMinOffset;
  mock.inject(Fault::delayed(RequestCode::kGetMinOffset, Milliseconds(250)));
  const auto answer = start(std::move(request), Milliseconds(5000)).get();  // the late one comes first
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->header.ext.find_int("offset"), 0);
  EXPECT_EQ(mock.accepted_connections("broker-a/0"), 1U) << "one slow answer is no reason for a new connection";
}

TEST_F(RpcClientTest, AnAnswerUnderAnotherOpaqueIsNobodys) {
  mock.inject(Fault::of(Fault::Kind::kWrongOpaque, RequestCode::kGetMaxOffset));
  EXPECT_TRUE(ask(timing.silence / 2).error().is(ErrorCode::kTimeout));
  EXPECT_TRUE(ask());
  EXPECT_EQ(mock.accepted_connections("broker-a/0"), 1U);
}

TEST_F(RpcClientTest, APeerThatWentSilentIsLeftForANewConnection) {
  ASSERT_TRUE(ask());
  mock.set_silent("broker-a/0", true);
  const auto patient = start(max_offset_request(), Milliseconds(20'000));
  EXPECT_TRUE(ask(timing.silence).error().is(ErrorCode::kTimeout));
  ASSERT_TRUE(patient.comes_within(kAtOnce)) << "it fails with the connection and not after 20 s";
  EXPECT_TRUE(patient.get().error().is(ErrorCode::kTimeout)) << "it is the server that was silent";
  mock.set_silent("broker-a/0", false);
  EXPECT_TRUE(works_within(timing.first_backoff));
  EXPECT_EQ(mock.accepted_connections("broker-a/0"), 2U);
}

TEST_F(RpcClientTest, AnAnswerToAnEarlierRequestDoesNotMakeASilentPeerGood) {
  mock.inject(Fault::delayed(RequestCode::kGetMinOffset, Milliseconds(100)));
  auto earlier = max_offset_request();
  earlier.code = RequestCode::kGetMinOffset;
  const auto answer = start(std::move(earlier), Milliseconds(5000));
  sleep_for(Milliseconds(1));
  mock.inject(Fault::of(Fault::Kind::kDrop, RequestCode::kGetMaxOffset));
  EXPECT_TRUE(ask(timing.silence + Milliseconds(200)).error().is(ErrorCode::kTimeout));
  EXPECT_TRUE(answer.get());
  EXPECT_TRUE(works_within(timing.first_backoff));
  EXPECT_EQ(mock.accepted_connections("broker-a/0"), 2U);
}

TEST_F(RpcClientTest, APeerThatWasSilentFromTheBeginningIsLeftForANewConnection) {
  mock.set_silent("broker-a/0", true);
  EXPECT_TRUE(ask(timing.silence + kAtOnce).error().is(ErrorCode::kTimeout)) << "asked before there was a connection";
  mock.set_silent("broker-a/0", false);
  EXPECT_TRUE(works_within(timing.first_backoff));
  EXPECT_EQ(mock.accepted_connections("broker-a/0"), 2U);
}

TEST_F(RpcClientTest, ALostConnectionFailsWhatIsPendingAtOnceAndIsMadeAnew) {
  mock.inject(Fault::of(Fault::Kind::kClose, RequestCode::kGetMaxOffset));
  const SteadyTime begin = now();
  const auto answer = ask(Milliseconds(20'000));
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().is(ErrorCode::kDisconnected));
  EXPECT_TRUE(answer.error().retriable);
  EXPECT_LT(now() - begin, kAtOnce);
  EXPECT_TRUE(works_within(timing.first_backoff));
}

TEST_F(RpcClientTest, AConnectionClosedWhileIdleIsMadeAnewWithoutWaiting) {
  timing.first_backoff = Milliseconds(60'000);
  ASSERT_TRUE(ask());
  mock.close_connections("broker-a/0");
  sleep_for(kAtOnce);
  EXPECT_TRUE(ask());
}

TEST_F(RpcClientTest, ARefusedConnectionBacksOffThenWorksWhenTheServerIsBack) {
  mock.stop("broker-a/0");
  const auto first = ask();
  ASSERT_FALSE(first);
  EXPECT_TRUE(first.error().is(ErrorCode::kDisconnected));
  EXPECT_THAT(first.error().text, HasSubstr("cannot connect to"));
  const auto second = ask();  // within the backoff: the same reason, without another attempt
  ASSERT_FALSE(second);
  EXPECT_TRUE(second.error().is(ErrorCode::kDisconnected));
  EXPECT_THAT(second.error().text, HasSubstr("not connected to"));
  mock.start("broker-a/0");
  EXPECT_TRUE(works_within(timing.first_backoff));
}

TEST_F(RpcClientTest, ABackoffGetsLongerUpToItsLongest) {
  mock.stop("broker-a/0");
  EXPECT_FALSE(works_within(std::chrono::minutes(1)));
  mock.start("broker-a/0");
  EXPECT_FALSE(works_within(Milliseconds(0)));
  EXPECT_TRUE(works_within(timing.longest_backoff));
}

TEST_F(RpcClientTest, AnAddressThatCannotBeUsedIsAnErrorNotACrash) {
  for (const std::string address : {"nonsense", "127.0.0.1:0", "no-such-host.invalid:1"}) {
    const auto answer = start_at(address, max_offset_request(), Milliseconds(10'000)).get();
    ASSERT_FALSE(answer) << address;
    EXPECT_THAT(answer.error().text, HasSubstr(address));
  }
}

TEST_F(RpcClientTest, AHostThatDoesNotAnswerIsGivenUpAfterTheConnectTimeout) {
  world.network().link("tested", "servers").cut = true;
  const SteadyTime begin = now();
  const auto answer = ask(Milliseconds(20'000));
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().text, HasSubstr("no connection within 3000 ms"));
  EXPECT_GE(now() - begin, timing.connect);
  EXPECT_LT(now() - begin, timing.connect + kAtOnce);
}

TEST_F(RpcClientTest, ARequestGivenUpWhileConnectingIsNotSentLater) {
  sim::Link& way = world.network().link("tested", "servers");
  way.cut = true;
  const auto given_up = start(max_offset_request(), Milliseconds(50));
  auto request = max_offset_request();
  request.code = RequestCode::kGetMinOffset;
  const auto wanted = start(std::move(request), Milliseconds(10'000));
  EXPECT_TRUE(given_up.get().error().is(ErrorCode::kTimeout));
  way.cut = false;
  EXPECT_TRUE(wanted.get());
  EXPECT_EQ(mock.count(RequestCode::kGetMaxOffset), 0U);
}

TEST_F(RpcClientTest, ARequestGivenUpBehindOthersIsNotSentLater) {
  ASSERT_TRUE(ask());
  world.network().stall("tested", "servers", now() + seconds(1));
  auto large = max_offset_request();
  large.body = std::string(4 << 20, 'x');
  const auto first = start(std::move(large), Milliseconds(20'000));
  auto request = max_offset_request();
  request.code = RequestCode::kGetMinOffset;
  const auto given_up = start(std::move(request), Milliseconds(50));
  EXPECT_TRUE(given_up.get().error().is(ErrorCode::kTimeout));
  EXPECT_TRUE(first.get());
  EXPECT_TRUE(ask());
  EXPECT_EQ(mock.count(RequestCode::kGetMinOffset), 0U);
}

TEST_F(RpcClientTest, GoAwayMovesOnToANewConnectionWhilePendingAnswersStillCome) {
  mock.inject(Fault::delayed(RequestCode::kGetMinOffset, Milliseconds(150)));
  mock.inject(Fault::answer(RequestCode::kGetMaxOffset, ResponseCode::kGoAway, ""));
  auto request = max_offset_request();
  request.code = RequestCode::kGetMinOffset;
  const auto pending = start(std::move(request), Milliseconds(5000));
  const auto away = ask();
  ASSERT_FALSE(away);
  EXPECT_EQ(away.error().code, static_cast<std::int32_t>(ResponseCode::kGoAway));
  EXPECT_TRUE(away.error().retriable);
  EXPECT_TRUE(ask());
  EXPECT_TRUE(pending.get()) << "answered on the old connection";
  const auto seen = mock.seen(RequestCode::kGetMaxOffset);
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_NE(seen[0].connection, seen[1].connection);
  sleep_for(kAtOnce);
  EXPECT_EQ(mock.open_connections("broker-a/0"), 1U) << "the old one is closed when all is answered";
}

TEST_F(RpcClientTest, GoAwayClosesTheOldConnectionWhenItsLastCallIsGivenUp) {
  mock.inject(Fault::of(Fault::Kind::kDrop, RequestCode::kGetMinOffset));
  mock.inject(Fault::answer(RequestCode::kGetMaxOffset, ResponseCode::kGoAway, ""));
  auto request = max_offset_request();
  request.code = RequestCode::kGetMinOffset;
  const auto pending = start(std::move(request), timing.silence / 2);
  EXPECT_FALSE(ask());
  EXPECT_TRUE(pending.get().error().is(ErrorCode::kTimeout));
  EXPECT_TRUE(ask());
  sleep_for(kAtOnce);
  EXPECT_EQ(mock.accepted_connections("broker-a/0"), 2U);
  EXPECT_EQ(mock.open_connections("broker-a/0"), 1U);
}

TEST_F(RpcClientTest, RequestsOfTheServerAreRefusedOrIgnoredAndNeverTakenForAnswers) {
  mock.inject(Fault::delayed(RequestCode::kGetMaxOffset, Milliseconds(150)));
  const auto pending = start(max_offset_request(), Milliseconds(5000));
  ASSERT_TRUE(mock.wait_for(RequestCode::kGetMaxOffset, 1));
  mock.request_clients("broker-a/0", 40, 2);   // one-way: ignored
  mock.request_clients("broker-a/0", 307, 0);  // the same opaque as the pending request
  ASSERT_TRUE(mock.wait_for_client_answer());
  const auto answer = pending.get();
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_EQ(answer->header.ext.find_int("offset"), 0);
  const auto answers = mock.client_answers();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].code, 3);
  EXPECT_EQ(answers[0].opaque, 1);
  EXPECT_TRUE(answers[0].is_response());
}

TEST_F(RpcClientTest, AServerThatAsksWithoutEndAndReadsNothingFillsNoMemory) {
  ASSERT_TRUE(ask());
  wire::Header header;
  header.code = 307;
  header.opaque = 1;
  std::string question;
  ASSERT_TRUE(wire::encode_frame_head_json(header, 0, question));
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += question;
  world.network().link("tested", "servers").settings.send_buffer = 16 * 1024;
  world.network().stall("tested", "servers", now() + seconds(10));
  mock.send_to_clients("broker-a/0", many);
  sleep_for(seconds(20));
  EXPECT_GT(mock.client_answers().size(), 0U);
  EXPECT_LT(mock.client_answers().size(), 5'000U) << "what the machine took, and a few more";
}

TEST_F(RpcClientTest, ManyRequestsGoOverOneConnection) {
  std::vector<Answer> answers;
  for (int i = 0; i < 2000; ++i) answers.push_back(start(max_offset_request(), Milliseconds(20'000)));
  for (auto& answer : answers) EXPECT_TRUE(answer.get());
  EXPECT_EQ(mock.accepted_connections("broker-a/0"), 1U);
  EXPECT_EQ(client().calls_made(), 2000U);
}

TEST_F(RpcClientTest, ARequestLargerThanAFrameIsRefusedHere) {
  auto request = max_offset_request();
  request.body = std::string(wire::kMaxFrameBytes, '\0');
  const auto answer = start(std::move(request), Milliseconds(5000)).get();
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().is(ErrorCode::kTooLarge));
  EXPECT_TRUE(ask()) << "the connection is none the worse";
}

TEST_F(RpcClientTest, EndsWhileCallsArePendingAndTellsEachOfThem) {
  mock.inject(Fault::of(Fault::Kind::kDrop, RequestCode::kGetMaxOffset, -1));
  std::vector<Answer> answers;
  for (int i = 0; i < 20; ++i) answers.push_back(start(max_offset_request(), Milliseconds(60'000)));
  ASSERT_TRUE(mock.wait_for(RequestCode::kGetMaxOffset, 1));
  end_client();
  for (auto& answer : answers) EXPECT_TRUE(answer.get().error().is(ErrorCode::kClosed));
}

TEST_F(RpcClientTest, EndsWhileALongWriteIsOnItsWay) {
  mock.set_silent("broker-a/0", true);
  std::vector<Answer> answers;
  for (int i = 0; i < 4; ++i) {
    auto request = max_offset_request();
    request.body = std::string(8 << 20, '\0');
    answers.push_back(start(std::move(request), Milliseconds(60'000)));
  }
  sleep_for(Milliseconds(20));
  mock.close_connections("broker-a/0");
  for (auto& answer : answers) EXPECT_TRUE(answer.get().error().is(ErrorCode::kDisconnected));
}

struct Garbage {
  const char* name;
  std::string bytes;
};

class GarbageTest : public RpcTest, public testing::WithParamInterface<Garbage> {};

TEST_P(GarbageTest, GivesTheConnectionUpAndTheNextOneWorks) {
  mock.inject(Fault::send_bytes(RequestCode::kGetMaxOffset, GetParam().bytes));
  const auto answer = ask();
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().is(ErrorCode::kProtocol)) << answer.error().text;
  EXPECT_TRUE(answer.error().retriable);
  EXPECT_TRUE(works_within(timing.first_backoff));
  EXPECT_EQ(mock.accepted_connections("broker-a/0"), 2U);
}

INSTANTIATE_TEST_SUITE_P(Frames, GarbageTest,
                         testing::Values(Garbage{"NegativeLength", std::string("\xFF\xFF\xFF\xFF\0\0\0\0", 8)},
                                         Garbage{"ZeroLength", std::string("\0\0\0\0\0\0\0\0", 8)},
                                         Garbage{"HugeLength", std::string("\x7F\xFF\xFF\xFF\0\0\0\x10", 8)},
                                         Garbage{"HeaderLongerThanFrame",
                                                 std::string("\0\0\0\x08\0\0\0\x40", 8) + "{}  "},
                                         Garbage{"UnknownEncoding", std::string("\0\0\0\x08\x07\0\0\x04", 8) + "abcd"},
                                         Garbage{"JsonThatIsNone", std::string("\0\0\0\x08\0\0\0\x04", 8) + "{{{{"},
                                         Garbage{"BinaryTooShort", std::string("\0\0\0\x08\1\0\0\x04", 8) + "abcd"},
                                         Garbage{"Http", "HTTP/1.1 400 Bad Request\r\n\r\n"}),
                         [](const auto& param_info) { return param_info.param.name; });

TEST_F(RpcClientTest, ATruncatedFrameIsALostConnection) {
  mock.inject(Fault::of(Fault::Kind::kTruncate, RequestCode::kGetMaxOffset));
  const auto answer = ask();
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().is(ErrorCode::kDisconnected)) << answer.error().text;
  EXPECT_TRUE(works_within(timing.first_backoff));
}

TEST_F(RpcClientTest, ALargeAnswerInManyPiecesIsWhole) {
  const std::string body(5'000'000, 'x');
  mock.inject(Fault::edited(RequestCode::kGetMaxOffset, [&](wire::Header&, std::string& out) { out = body; }));
  const auto answer = ask(Milliseconds(20'000));
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_TRUE(answer->body.bytes == body);
}

TEST_F(RpcClientTest, ASmallBodyDoesNotKeepItsLargeFrame) {
  mock.inject(Fault::edited(RequestCode::kGetMaxOffset, [](wire::Header& header, std::string& body) {
    header.remark = std::string(100'000, 'x');
    body = "small";
  }));
  const auto answer = ask();
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_EQ(answer->body.bytes, "small");
  EXPECT_EQ(static_cast<const void*>(answer->body.owner.get()), answer->body.bytes.data()) << "its owner is larger";
}

class BinaryAnswersTest : public RpcTest {
 protected:
  BinaryAnswersTest() : RpcTest({.encoding = mock::MockEncoding::kBinary}) {}
};

TEST_F(BinaryAnswersTest, AreReadLikeThoseInJson) {
  mock.append_many({"t", "broker-a", 0}, 3);
  const auto answer = ask();
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_EQ(answer->header.ext.find_int("offset"), 3);
  EXPECT_EQ(answer->header.version, 513);
}

}  // namespace

}  // namespace rocketlink::test
