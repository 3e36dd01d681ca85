#include <fmt/format.h>

#include <atomic>

#include "mock/stored_message.h"
#include "source_fixture.h"

namespace rocketlink::test {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A reader whose broker gives answers that no broker should.
class OddAnswersTest : public SourceTest {
 protected:
  explicit OddAnswersTest(mock::MockSetup setup = {}) : SourceTest(std::move(setup)) {
    mock.create_topic("orders", 1);
    mock.append_many(queue0, 200);
    mock.set_limits({.messages = 10});
  }

  [[nodiscard]] std::unique_ptr<SourceReader> reader_from(std::int64_t offset) {
    auto made = reader();
    made->add_splits(std::vector<Split>{{queue0, offset, std::nullopt}});
    return made;
  }

  /// How many pulls there were within `time` of reading.
  std::size_t pulls_within(SourceReader& reading, milliseconds time) {
    MessageBatch batch;
    const auto end = now() + time;
    while (now() < end) {
      if (!reading.poll(batch, milliseconds(20))) break;
    }
    return mock.count(RequestCode::kPullMessage);
  }
};

void say(wire::Header& header, ResponseCode code, std::int64_t next) {
  header.code = static_cast<std::int32_t>(code);
  header.ext.set("nextBeginOffset", next);
}

struct OddAnswer {
  const char* name;
  std::function<void(wire::Header&, std::string&)> edit;
};

/// One that is given for ever.
class EndlessAnswerTest : public OddAnswersTest, public testing::WithParamInterface<OddAnswer> {};

TEST_P(EndlessAnswerTest, IsAskedForLessAndLessOften) {
  timing.longest_pull_backoff = milliseconds(2000);
  mock.inject(Fault::edited(
      RequestCode::kPullMessage,
      [edit = GetParam().edit](wire::Header& header, std::string& body) {
        body.clear();
        edit(header, body);
      },
      -1));
  const auto reading = reader_from(50);
  // Pauses of 10 ms and more that double: nine of them and some take this long.
  EXPECT_LE(pulls_within(*reading, milliseconds(600)), 12U);
  EXPECT_LE(logged(LogLevel::kDebug).size(), 20U);
}

std::atomic<std::int64_t> far_next{1000};

INSTANTIATE_TEST_SUITE_P(All, EndlessAnswerTest,
                         testing::Values(OddAnswer{"Reset",
                                                   [](wire::Header& header, std::string&) {
                                                     say(header, ResponseCode::kPullOffsetMoved, 3);
                                                     header.remark = "OFFSET_RESET";
                                                   }},
                                         OddAnswer{"RetryAtOnce",
                                                   [](wire::Header& header, std::string&) {
                                                     say(header, ResponseCode::kPullRetryImmediately, 50);
                                                   }},
                                         OddAnswer{"RetryFurtherAndFurtherBehindTheEnd",
                                                   [](wire::Header& header, std::string&) {
                                                     say(header, ResponseCode::kPullRetryImmediately, ++far_next);
                                                   }},
                                         OddAnswer{"NotFoundAndNotHeld",
                                                   [](wire::Header& header, std::string&) {
                                                     say(header, ResponseCode::kPullNotFound, 50);
                                                   }},
                                         OddAnswer{"FoundNothing",
                                                   [](wire::Header& header, std::string&) {
                                                     say(header, ResponseCode::kSuccess, ++far_next);
                                                     header.ext.set("maxOffset", std::int64_t{1} << 40);
                                                   }}),
                         [](const auto& param_info) { return param_info.param.name; });

TEST_F(OddAnswersTest, ARefusalThatIsTriedAgainSaysWhatItMayMean) {
  mock.inject(Fault::answer(RequestCode::kPullMessage, ResponseCode::kSubscriptionNotExist,
                            "the consumer's subscription not exist", -1));
  const auto reading = started_reader();
  EXPECT_TRUE(warned("rejectPullConsumerEnable=true refuses all who pull"));
}

TEST_F(OddAnswersTest, WhatWasAskedAheadIsNotAskedAgainAndAgain) {
  Fault hang = Fault::of(Fault::Kind::kDrop, RequestCode::kPullMessage, -1);
  hang.when = [](const mock::SeenRequest& request) { return request.ext("queueOffset") == "100"; };
  mock.inject(hang);
  Fault reset = Fault::edited(
      RequestCode::kPullMessage,
      [](wire::Header& header, std::string& body) {
        say(header, ResponseCode::kPullOffsetMoved, 3);
        header.remark = "OFFSET_RESET";
        body.clear();
      },
      -1);
  reset.when = [](const mock::SeenRequest& request) { return std::stoll(request.ext("queueOffset")) > 100; };
  mock.inject(reset);
  const auto reading = reader_from(8);  // so that one of those that are asked ahead begins at 100
  EXPECT_EQ(take(*reading, 92), bodies(8, 100));
  EXPECT_LE(pulls_within(*reading, milliseconds(300)), 60U);
}

TEST_F(OddAnswersTest, AStepOverOffsetsIsSaidOnce) {
  Fault hole = Fault::edited(RequestCode::kPullMessage, [](wire::Header& header, std::string& body) {
    say(header, ResponseCode::kPullNotFound, 70);
    body.clear();
  });
  mock.inject(hole);
  EXPECT_EQ(take(*reader_from(50), 130), bodies(70, 200));
  EXPECT_TRUE(warned("has nothing at offset 50 and says to go on at 70"));
}

TEST_F(OddAnswersTest, AStepBehindTheEndGoesToTheEnd) {
  mock.inject(Fault::edited(RequestCode::kPullMessage, [](wire::Header& header, std::string& body) {
    say(header, ResponseCode::kPullNotFound, 1'000'000);
    body.clear();
  }));
  const auto reading = reader_from(50);
  ASSERT_TRUE(warned("says to go on at 200"));
  mock.append_many(queue0, 3);
  EXPECT_EQ(take(*reading, 3), bodies(200, 203));
}

/// Like OFFSET_TOO_SMALL or OFFSET_OVERFLOW_BADLY of a queue that holds nothing but `only`.
Fault out_of_range_at(const std::string& server, std::int64_t only) {
  Fault fault = Fault::edited(
      RequestCode::kPullMessage,
      [only](wire::Header& header, std::string& body) {
        say(header, ResponseCode::kPullOffsetMoved, only);
        header.remark = "OFFSET_OVERFLOW_BADLY";
        header.ext.set("minOffset", only);
        header.ext.set("maxOffset", only);
        body.clear();
      },
      -1);
  fault.server = server;
  return fault;
}

TEST_F(OddAnswersTest, ASlaveThatIsBehindDoesNotSayWhatIsOutOfRange) {
  mock.add_slave("broker-a", 1);
  mock.suggest_broker("broker-a", 1);
  mock.inject(out_of_range_at("broker-a/1", 5));
  EXPECT_EQ(take(*reader_from(0), 200), bodies(0, 200));
  EXPECT_TRUE(warned("a slave has the offsets 5 to 5 only; its master is asked"));
}

TEST_F(OddAnswersTest, AMasterThatIndexesMoreSlowlyThanItsSlaveDoesNotSayWhatIsOutOfRange) {
  mock.add_slave("broker-a", 1);
  mock.suggest_broker("broker-a", 1);
  options.out_of_range = OutOfRangePolicy::kEarliest;
  const auto reading = reader_from(0);
  EXPECT_EQ(take(*reading, 200), bodies(0, 200));
  mock.set_pace("broker-a/0", mock::Step::kDispatch, {.stalled = true});
  mock.append_many(queue0, 3);
  EXPECT_EQ(take(*reading, 3), bodies(200, 203));
  mock.suggest_broker("broker-a", 0);
  mock.stop("broker-a/1");
  const std::size_t asked = mock.count(RequestCode::kPullMessage, "broker-a/0");
  sleep_for(milliseconds(20'000));
  EXPECT_GT(mock.count(RequestCode::kPullMessage, "broker-a/0"), asked + 10);
  mock.set_pace("broker-a/0", mock::Step::kDispatch, {});
  mock.append_many(queue0, 2);
  EXPECT_EQ(take(*reading, 2), bodies(203, 205));
  EXPECT_THAT(logged(), Not(Contains(HasSubstr("beyond the end"))));
}

TEST_F(OddAnswersTest, WhatWasAskedForInAHoleAndFailsHoldsUpNothing) {
  mock.skip_offsets(queue0, 10);
  mock.append_many(queue0, 190);
  // An answer from there on goes beyond the hole, so that what is asked for behind it is of no use any more.
  Fault lost = Fault::answer(RequestCode::kPullMessage, ResponseCode::kSystemBusy, "busy", 1);
  lost.when = [](const mock::SeenRequest& request) {
    const std::int64_t offset = request.header.ext.find_int("queueOffset").value_or(0);
    return offset > 200 && offset < 220;
  };
  lost.name = "lost";
  lost.delay = milliseconds(2000);
  mock.inject(std::move(lost));
  EXPECT_THAT(take(*reader_from(0), 390, milliseconds(60'000)), testing::SizeIs(390));
  EXPECT_EQ(mock.faults_met().at("lost"), 1);
}

TEST_F(OddAnswersTest, AMasterThatIsOneNoLongerDoesNotSayWhatIsOutOfRange) {
  mock.add_slave("broker-a", 1);
  options.out_of_range = OutOfRangePolicy::kEarliest;
  const auto reading = reader_from(0);
  EXPECT_EQ(take(*reading, 200), bodies(0, 200));
  mock.promote("broker-a/1");
  mock.close_connections("broker-a/0");
  sleep_for(milliseconds(60'000));
  ASSERT_GT(mock.count(RequestCode::kPullMessage, "broker-a/1"), 0);
  mock.append_many(queue0, 3);
  EXPECT_EQ(take(*reading, 3), bodies(200, 203));
  // A name server that has not heard of it, and the old master, which has not heard of the newest messages.
  mock.set_route_body("orders", fmt::format(R"({{"brokerDatas":[{{"brokerAddrs":{{"0":"{}"}},"brokerName":"broker-a",)"
                                            R"("cluster":"c"}}],"queueDatas":[{{"brokerName":"broker-a","perm":6,)"
                                            R"("readQueueNums":1,"writeQueueNums":1,"topicSysFlag":0}}]}})",
                                            mock.address("broker-a/0")));
  mock.inject(out_of_range_at("broker-a/0", 150));
  mock.close_connections("broker-a/1");
  const std::size_t asked = mock.count(RequestCode::kPullMessage, "broker-a/0");
  const auto asked_often = [&] { return mock.count(RequestCode::kPullMessage, "broker-a/0") > asked + 8; };
  for (int i = 0; i < 300 && !asked_often(); ++i) sleep_for(milliseconds(1000));
  EXPECT_TRUE(asked_often());
  mock.set_route_body("orders", std::nullopt);
  mock.append_many(queue0, 2);
  EXPECT_EQ(take(*reading, 2, milliseconds(60'000)), bodies(203, 205));
  EXPECT_THAT(logged(), Not(Contains(HasSubstr("beyond the end"))));
}

TEST_F(OddAnswersTest, WithoutAMasterWhatASlaveLacksIsWaitedFor) {
  mock.add_slave("broker-a", 1);
  mock.show_in_route("broker-a/0", false);
  mock.stop("broker-a/0");
  mock.inject(out_of_range_at("broker-a/1", 5));
  options.out_of_range = OutOfRangePolicy::kLatest;
  const auto reading = reader_from(100);
  EXPECT_THAT(take(*reading, 1, milliseconds(300)), IsEmpty()) << "neither moved nor failed";
  mock.show_in_route("broker-a/0", true);
  mock.start("broker-a/0");
  EXPECT_EQ(take(*reading, 100), bodies(100, 200));
}

TEST_F(OddAnswersTest, ARefusalOfASlaveSaysThatTheMasterIsAway) {
  mock.add_slave("broker-a", 1);
  mock.show_in_route("broker-a/0", false);
  mock.stop("broker-a/0");
  mock.inject(Fault::answer(RequestCode::kPullMessage, ResponseCode::kSystemBusy,
                            "[REJECTREQUEST]system busy, start flow control for a while", -1));
  const auto reading = reader_from(0);
  EXPECT_TRUE(warned("that is a slave, asked because the master does not answer or is not in the route"));
}

TEST_F(OddAnswersTest, ARefusalOfTheMasterSaysNothingOfSlaves) {
  mock.inject(Fault::answer(RequestCode::kPullMessage, ResponseCode::kSystemBusy, "[REJECTREQUEST]system busy", 2));
  EXPECT_EQ(take(*reader_from(0), 200), bodies(0, 200));
  for (const std::string& line : logged()) EXPECT_THAT(line, testing::Not(HasSubstr("slave")));
}

/// Bodies and errors of the first batches.
class ForeignMessagesTest : public OddAnswersTest {
 protected:
  std::pair<std::vector<std::string>, std::vector<std::string>> read(SourceReader& reading, std::size_t count) {
    std::pair<std::vector<std::string>, std::vector<std::string>> got;
    MessageBatch batch;
    const auto end = now() + milliseconds(10'000);
    while (got.first.size() + got.second.size() < count && now() < end) {
      const auto outcome = reading.poll(batch, milliseconds(20));
      if (!outcome || *outcome != PollOutcome::kBatch) continue;
      while (true) {
        auto next = batch.next();
        if (next && *next == nullptr) break;
        if (next) {
          got.first.emplace_back((*next)->body);
        } else if (next.error().is(ErrorCode::kData)) {
          got.second.push_back(next.error().text);
        } else {
          ADD_FAILURE() << next.error().text;
          break;
        }
      }
    }
    return got;
  }

  void append_raw(const QueueId& queue, const std::string& topic, std::int32_t id, std::int64_t offset) {
    mock::StoredMessage stored;
    stored.topic = topic;
    stored.queue_id = id;
    stored.queue_offset = offset;
    stored.body = "raw";
    MockMessage message;
    message.raw = encode(stored);
    mock.append(queue, message);
  }
};

TEST_F(ForeignMessagesTest, ThoseOfAnotherTopicOrQueueAreRefusedOneByOne) {
  append_raw(queue0, "payments", 0, 200);
  append_raw(queue0, "orders", 3, 201);
  append_raw(queue0, "orders", 0, 202);
  const auto [bodies, errors] = read(*reader_from(199), 4);
  EXPECT_THAT(bodies, ElementsAre("m199", "raw"));
  EXPECT_THAT(errors, ElementsAre(HasSubstr("for offset 200 is a message of topic 'payments', queue 0"),
                                  HasSubstr("for offset 201 is a message of topic 'orders', queue 3")));
}

TEST_F(ForeignMessagesTest, AnOffsetThatComesTwiceIsRefusedOnce) {
  append_raw(queue0, "orders", 0, 200);
  append_raw(queue0, "orders", 0, 200);
  append_raw(queue0, "orders", 0, 202);
  const auto [bodies, errors] = read(*reader_from(199), 4);
  EXPECT_THAT(bodies, ElementsAre("m199", "raw", "raw"));
  EXPECT_THAT(errors, ElementsAre(HasSubstr("gave offset 200 again")));
}

TEST_F(ForeignMessagesTest, ALightQueueHoldsMessagesOfItsParentTopic) {
  mock.create_topic("%LMQ%device-1", 1);
  const QueueId light{"%LMQ%device-1", "broker-a", 0};
  append_raw(light, "orders", 5, 0);
  options.topic = light.topic;
  EXPECT_THAT(read(*started_reader(), 1).first, ElementsAre("raw"));
}

}  // namespace

}  // namespace rocketlink::test
