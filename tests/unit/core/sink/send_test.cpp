#include "sink/send.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>

namespace rocketlink::sink {
namespace {

using testing::HasSubstr;
using wire::RequestCode;

const QueueId kQueue{"orders", "broker-a", 3};

Batch batch_of(const std::vector<std::string>& bodies) {
  BatchEncoder encoder(machine(), "");
  Batch batch;
  batch.born_ms = 1'700'000'000'000;
  for (const std::string& body : bodies) {
    OutgoingMessage message;
    message.body = body;
    EXPECT_TRUE(encoder.prepare(message));
    encoder.append(message, batch);
  }
  return batch;
}

std::string ext(const net::Request& request, std::string_view name) {
  return std::string(request.ext.find(name).value_or("(absent)"));
}

TEST(MakeSend, BatchOfSeveral) {
  const Batch batch = batch_of({"one", "two"});
  const net::Request request = make_send(batch, kQueue, "writers");
  EXPECT_EQ(request.code, RequestCode::kSendBatchMessage);
  EXPECT_EQ(request.body.bytes, *batch.bytes);
  EXPECT_EQ(ext(request, "a"), "writers");
  EXPECT_EQ(ext(request, "b"), "orders");
  EXPECT_EQ(ext(request, "c"), "TBW102");
  EXPECT_EQ(ext(request, "d"), "4");
  EXPECT_EQ(ext(request, "e"), "3");
  EXPECT_EQ(ext(request, "f"), "0");
  EXPECT_EQ(ext(request, "g"), "1700000000000");
  EXPECT_EQ(ext(request, "h"), "0");
  EXPECT_EQ(ext(request, "i"), "(absent)");  // 4.9 would add it to every member
  EXPECT_EQ(ext(request, "m"), "true");
  EXPECT_EQ(ext(request, "n"), "broker-a");
}

TEST(MakeSend, NothingIsKeptTwice) {
  auto several = std::make_unique<Batch>(batch_of({"one", "two"}));
  const net::Request request = make_send(*several, kQueue, "writers");
  EXPECT_EQ(request.body.bytes.data(), several->bytes->data());
  several.reset();  // given up, with the request still on its way
  EXPECT_THAT(std::string(request.body.bytes), HasSubstr("two"));
  const Batch one = batch_of({"body"});
  EXPECT_EQ(make_send(one, kQueue, "writers").body.bytes.data(), single_message(one).body.data());
}

TEST(MakeSend, OneMessageGoesSingly) {
  const Batch batch = batch_of({"body"});
  const net::Request request = make_send(batch, kQueue, "writers");
  EXPECT_EQ(request.code, RequestCode::kSendMessageV2);
  EXPECT_EQ(request.body.bytes, "body");
  EXPECT_EQ(ext(request, "i"), single_message(batch).properties);
  EXPECT_EQ(ext(request, "m"), "false");
}

TEST(MakeSend, EmptyBodyGoesAsBatchOfOne) {
  const Batch batch = batch_of({""});
  const net::Request request = make_send(batch, kQueue, "writers");
  EXPECT_EQ(request.code, RequestCode::kSendBatchMessage);
  EXPECT_EQ(request.body.bytes, *batch.bytes);
  EXPECT_EQ(ext(request, "m"), "true");
}

Batch grouped(const std::vector<std::string>& groups) {
  BatchEncoder encoder(machine(), "");
  Batch batch;
  for (const std::string& group : groups) {
    OutgoingMessage message;
    message.body = "body";
    message.partition = group;
    EXPECT_TRUE(encoder.prepare(message));
    encoder.append(message, batch);
  }
  return batch;
}

TEST(MakeSend, ABrokerIsShownTheGroupOfASingleMessageOnly) {
  const net::Request single = make_send(grouped({"north"}), kQueue, "writers");
  EXPECT_EQ(single.code, RequestCode::kSendMessageV2);
  EXPECT_THAT(ext(single, "i"), HasSubstr("__SHARDINGKEY\x01north\x02"));
  EXPECT_EQ(ext(make_send(grouped({"north", "south"}), kQueue, "writers"), "i"), "(absent)") << "4.9 would copy it";
}

TEST(MakeSend, AProxyIsShownTheGroupWhereTheTopicIsFifo) {
  const auto shown = [](const Batch& batch, ShownType type) { return make_send(batch, kQueue, "writers", type); };
  EXPECT_THAT(ext(shown(grouped({"north"}), ShownType::kFifo), "i"), HasSubstr("__SHARDINGKEY\x01north\x02"));
  EXPECT_EQ(ext(shown(grouped({"north", "south"}), ShownType::kFifo), "i"), "__SHARDINGKEY\x01north\x02");
  EXPECT_EQ(ext(shown(batch_of({"a", "b"}), ShownType::kFifo), "i"), "(absent)");

  const net::Request hidden = shown(grouped({"north"}), ShownType::kNormal);
  EXPECT_EQ(hidden.code, RequestCode::kSendBatchMessage);
  EXPECT_EQ(ext(hidden, "i"), "(absent)");
  EXPECT_EQ(ext(hidden, "m"), "true");
  EXPECT_THAT(hidden.body.bytes, HasSubstr("__SHARDINGKEY\x01north\x02"));
  EXPECT_EQ(shown(batch_of({"a"}), ShownType::kNormal).code, RequestCode::kSendMessageV2);
  Batch delayed = grouped({"north"});
  delayed.delayed = true;
  EXPECT_EQ(shown(delayed, ShownType::kNormal).code, RequestCode::kSendMessageV2) << "its type is DELAY";
}

Outcome outcome(std::int32_t code, const std::string& remark, std::size_t messages = 1) {
  net::Response response;
  response.header.code = code;
  response.header.remark = remark;
  return outcome_of(response, batch_of(std::vector<std::string>(messages, "body")), kQueue, "10.0.0.1:10911");
}

TEST(OutcomeOf, EveryKindOfAnswer) {
  EXPECT_EQ(outcome(0, "").verdict, Verdict::kStored);
  for (const std::int32_t late : {10, 11, 12}) EXPECT_EQ(outcome(late, "").verdict, Verdict::kDegraded) << late;
  for (const std::int32_t busy : {2, 215}) EXPECT_EQ(outcome(busy, "").verdict, Verdict::kThrottled) << busy;
  EXPECT_EQ(outcome(1, "[PC_SYNCHRONIZED]broker busy").verdict, Verdict::kThrottled);
  EXPECT_EQ(outcome(1, "[REJECTREQUEST]system busy").verdict, Verdict::kThrottled);
  for (const std::int32_t passing : {1, 14, 501, 1500}) {
    EXPECT_EQ(outcome(passing, "any").verdict, Verdict::kTryAgain) << passing;
  }
  EXPECT_EQ(outcome(17, "topic not exist").verdict, Verdict::kMissing);
  EXPECT_EQ(outcome(29, "any").verdict, Verdict::kMissing);
  EXPECT_EQ(outcome(1, "request queueId[5] is illegal").verdict, Verdict::kMissing);
  for (const std::int32_t never : {3, 15, 16, 2017}) {
    EXPECT_EQ(outcome(never, "any").verdict, Verdict::kRefused) << never;
  }
}

TEST(OutcomeOf, RefusedForItsSize) {
  EXPECT_EQ(outcome(13, "any", 2).verdict, Verdict::kTooLarge);
  EXPECT_EQ(outcome(1, "message body size exceeded", 2).verdict, Verdict::kTooLarge);
  const Outcome single = outcome(13, "the message is illegal, msg body length limit 4194304 B");
  EXPECT_EQ(single.verdict, Verdict::kTooLarge);
  EXPECT_TRUE(single.error.is(ErrorCode::kTooLarge));
  EXPECT_THAT(single.error.text, HasSubstr("body of 4 bytes"));
  EXPECT_THAT(single.error.text, HasSubstr("maxMessageSize"));
  EXPECT_THAT(single.error.text, HasSubstr("limit 4194304 B"));
  const Outcome other = outcome(13, "TopicMessageType validate failed");
  EXPECT_EQ(other.verdict, Verdict::kRefused);
  EXPECT_EQ(other.error.code, 13);
}

Outcome mistyped(const std::string& expected, const std::string& actual) {
  return outcome(13, "TopicMessageType validate failed, the expected type is " + expected + ", but actual type is " +
                         actual + "\nFor more information, please visit the url, https://rocketmq.apache.org");
}

TEST(OutcomeOf, RefusedForItsTypeSaysWhatToDo) {
  const std::vector<std::array<const char*, 3>> cases = {{"FIFO", "NORMAL", "'partitionField'"},
                                                         {"DELAY", "NORMAL", "'deliveryTimestampMode'"},
                                                         {"TRANSACTION", "FIFO", "NORMAL or FIFO"},
                                                         {"NORMAL", "DELAY", "type DELAY"},
                                                         {"PRIORITY", "NORMAL", "NORMAL, FIFO and DELAY"}};
  for (const auto& [expected, actual, cure] : cases) {
    const Outcome refused = mistyped(expected, actual);
    EXPECT_EQ(refused.verdict, Verdict::kWrongType);
    EXPECT_FALSE(refused.error.retriable);
    EXPECT_THAT(refused.error.text, HasSubstr(std::string("topic 'orders' is of type ") + expected));
    EXPECT_THAT(refused.error.text, HasSubstr(cure));
    EXPECT_FALSE(shown_for(*refused.type, batch_of({"a"}))) << expected;
  }
  EXPECT_EQ(shown_for(*mistyped("FIFO", "NORMAL").type, grouped({"north"})), ShownType::kFifo);
  EXPECT_EQ(shown_for(*mistyped("NORMAL", "FIFO").type, grouped({"north"})), ShownType::kNormal);
}

TEST(OutcomeOf, FailuresOfTheWay) {
  const Batch batch = batch_of({"a"});
  const auto of = [&](Error error) { return outcome_of(std::move(error), batch, kQueue, "x").verdict; };
  EXPECT_EQ(of(Error(ErrorCode::kTimeout, "", true)), Verdict::kTryAgain);
  EXPECT_EQ(of(Error(ErrorCode::kDisconnected, "", true)), Verdict::kTryAgain);
  EXPECT_EQ(of(Error(ErrorCode::kProtocol, "", true)), Verdict::kTryAgain);
  EXPECT_EQ(of(Error(ErrorCode::kClosed, "")), Verdict::kRefused);
  EXPECT_EQ(of(Error(ErrorCode::kTooLarge, "")), Verdict::kTooLarge);
  const auto text = [&](ErrorCode code) { return outcome_of(Error(code, "", true), batch, kQueue, "x").error.text; };
  const char* const registered = "the topic's route gives that address for broker 'broker-a'";
  EXPECT_THAT(text(ErrorCode::kDisconnected), HasSubstr(registered));
  EXPECT_THAT(text(ErrorCode::kTimeout), testing::Not(HasSubstr(registered))) << "something listens there";
}

TEST(OutcomeOf, TextSaysWhatWhereAndTheBrokersWords) {
  const std::string text = outcome(16, "no PUB right", 2).error.text;
  EXPECT_EQ(text,
            "sending 2 message(s) to orders@broker-a:3 failed: 10.0.0.1:10911 answered NO_PERMISSION (16): no PUB "
            "right");
}

TEST(ConcernsBroker, TroubleThatOtherBatchesWouldMeetToo) {
  for (const std::int32_t code : {2, 14, 215, 1500}) EXPECT_TRUE(concerns_broker(outcome(code, ""))) << code;
  for (const std::int32_t code : {1, 29}) EXPECT_FALSE(concerns_broker(outcome(code, ""))) << code;
  const Outcome lost = outcome_of(Error(ErrorCode::kDisconnected, "", true), batch_of({"a"}), kQueue, "x");
  EXPECT_TRUE(concerns_broker(lost));
}

}  // namespace
}  // namespace rocketlink::sink
