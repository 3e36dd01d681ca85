#include "model_fixture.h"

namespace rocketlink::mock {

namespace {

// ---- requests

TEST_F(ModelTest, ASendThatWaitsTooLongForItsTurnIsRefused) {
  begin({.queue_limits = QueueLimits()});
  stall(Step::kSend);
  const Fields fields = {{"a", "w"}, {"b", "orders"}, {"e", "0"}, {"f", "0"},
                         {"g", "1"}, {"h", "0"},      {"i", ""},  {"m", "true"}};
  const auto first = talk->begin(RequestCode::kSendBatchMessage, fields);
  world.run_for(100ms);
  const auto second = talk->begin(RequestCode::kSendBatchMessage, fields);
  const Answer refused = second();
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.remark, testing::StartsWith("[TIMEOUT_CLEAN_QUEUE]broker busy"));
  EXPECT_GE(refused.took, 200ms);
  stall(Step::kSend, false);
  EXPECT_EQ(first().code, 1) << "the one that was being worked on is done in the end: a batch of nothing";
}

TEST_F(ModelTest, ARequestMayBeExecutedTwice) {
  begin();
  cluster->inject(Fault::of(Fault::Kind::kTwice, RequestCode::kSendMessageV2));
  EXPECT_EQ(send("a").number("queueOffset"), 0);
  EXPECT_EQ(max_offset(), 2);
  EXPECT_EQ(ledger.records(queue0).size(), 2U);
}

TEST_F(ModelTest, FaultsMayBeLeftToChance) {
  begin();
  Fault now_and_then = Fault::answer(RequestCode{}, 215, "now and then", -1);
  now_and_then.chance = 0.5;
  cluster->inject(now_and_then);
  int refused = 0;
  for (int i = 0; i < 100; ++i) refused += pull(0).code == 215 ? 1 : 0;
  EXPECT_GT(refused, 20);
  EXPECT_LT(refused, 80);
}

TEST_F(ModelTest, WhatGoesWrongIsCountedWhereItIsMet) {
  begin();
  for (const char* server : {kMaster, "namesrv-0"}) {
    Fault fault = Fault::answer(RequestCode::kPullMessage, 2, "busy", 5);
    fault.server = server;
    fault.name = server;
    cluster->inject(fault);
  }
  (void)pull(0);
  (void)pull(0);
  EXPECT_THAT(cluster->faults_met(), testing::ElementsAre(testing::Pair(kMaster, 2)));
  cluster->set_silent("namesrv-0", true);
  EXPECT_EQ(cluster->unanswered(), 0U);
  (void)route_code();
  EXPECT_EQ(cluster->unanswered(), 1U);
  cluster->append_many(queue0, 5);
  EXPECT_EQ(cluster->expire_before(queue0, 3), 3U);
  EXPECT_EQ(cluster->expire_before(queue0, 2), 0U) << "what is deleted stays deleted";
  EXPECT_EQ(talk->ask_broker(RequestCode::kGetMinOffset, Talk::queue_fields("orders", 0)).number("offset"), 3);
}

TEST_F(ModelTest, AnswersThatAreHeldBackGoInTheEnd) {
  begin();
  Fault held = Fault::reversed(RequestCode::kGetMaxOffset, 5, 1);
  held.delay = 700ms;
  cluster->inject(held);
  const Answer answer = talk->ask_broker(RequestCode::kGetMaxOffset, Talk::queue_fields("orders", 0));
  EXPECT_EQ(answer.code, 0);
  EXPECT_GE(answer.took, 700ms);
}

TEST_F(ModelTest, AnswersMayComeOutOfOrder) {
  begin();
  cluster->append_many(queue0, 5);
  cluster->set_pace(kMaster, Step::kAnswer, {.jitter = 500ms, .unordered = true});
  std::vector<std::function<Answer()>> asked;
  for (std::int64_t offset = 0; offset < 5; ++offset)
    asked.push_back(talk->begin(RequestCode::kPullMessage, Talk::pull_fields("readers", "orders", 0, offset)));
  std::vector<std::chrono::milliseconds> took;
  for (const auto& answer : asked) took.push_back(answer().took);
  EXPECT_FALSE(std::is_sorted(took.begin(), took.end()));
}

TEST_F(ModelTest, AHopForwardsLateEvenForAClientThatIsGone) {
  begin();
  cluster->set_pace(kMaster, Step::kReceive, {.delay = 3s});
  {
    const auto dying = talk_to(kMaster);
    (void)dying->begin(RequestCode::kUpdateConsumerOffset,
                       Talk::queue_fields("orders", 0, {{"consumerGroup", "readers"}, {"commitOffset", "5"}}));
    cluster->set_committed("readers", queue0, 8);
    world.run_for(1s);
  }
  EXPECT_EQ(cluster->committed("readers", queue0), 8);
  world.run_for(3s);
  EXPECT_EQ(cluster->committed("readers", queue0), 5);
}

TEST_F(ModelTest, APausedServerGoesOnWhereItStood) {
  begin();
  cluster->set_paused(kMaster, true);
  const auto asked = talk->begin(RequestCode::kGetMaxOffset, Talk::queue_fields("orders", 0));
  world.run_for(7s);
  cluster->set_paused(kMaster, false);
  const Answer answer = asked();
  EXPECT_EQ(answer.code, 0);
  EXPECT_GE(answer.took, 7s);
}

TEST_F(ModelTest, AnArrivalThatIsMissedIsFoundAtTheNextCheck) {
  begin({.hold_check = 5s});
  cluster->set_missed_arrivals(kMaster, 1);
  const auto waiting =
      talk->begin(RequestCode::kPullMessage,
                  Talk::pull_fields("readers", "orders", 0, 0, {{"sysFlag", "6"}, {"suspendTimeoutMillis", "15000"}}));
  world.run_for(100ms);
  cluster->append_many(queue0, 1);
  const Answer answer = waiting();
  EXPECT_EQ(answer.code, 0);
  EXPECT_GE(answer.took, 100ms);
  EXPECT_LE(answer.took, 5200ms);
}

TEST_F(ModelTest, BrokersHaveClocksOfTheirOwn) {
  begin({.clock_timestamps = true});
  EXPECT_EQ(send("a").code, 0);
  cluster->set_clock_skew(kMaster, Milliseconds(-3'600'000));
  EXPECT_EQ(send("b").code, 0);
  const auto records = cluster->records(queue0);
  EXPECT_NEAR(static_cast<double>(records.at(0).store_timestamp_ms - records.at(1).store_timestamp_ms), 3'600'000,
              5'000);
}

// ---- name servers

TEST_F(ModelTest, ARouteKnowsWhatBrokersHaveTold) {
  begin(MockSetup::like_real());
  stall(Step::kRegister);
  cluster->create_topic("orders", 3);
  EXPECT_EQ(route_code(), 0);
  const auto answer = talk->ask_name_server(RequestCode::kGetRouteInfoByTopic, {{"topic", "orders"}}, 1s);
  EXPECT_THAT(answer.body, testing::HasSubstr(R"("readQueueNums":1)"));
  stall(Step::kRegister, false);
  const auto later = talk->ask_name_server(RequestCode::kGetRouteInfoByTopic, {{"topic", "orders"}}, 1s);
  EXPECT_THAT(later.body, testing::HasSubstr(R"("readQueueNums":3)"));
}

TEST_F(ModelTest, ANameServerThatStartsAnewKnowsNothingUntilItIsTold) {
  begin(MockSetup::like_real());
  cluster->stop("namesrv-0");
  cluster->start("namesrv-0");
  EXPECT_EQ(route_code(), 17);
  cluster->create_topic("orders", 2);
  EXPECT_EQ(route_code(), 17) << "one topic of a broker that is not known is not taken";
  world.run_for(31s);
  EXPECT_EQ(route_code(), 0);
}

TEST_F(ModelTest, ADeadBrokerLeavesTheRouteAtOnceAndASilentOneAfterTwoMinutes) {
  begin(MockSetup::like_real());
  cluster->crash(kMaster);
  EXPECT_EQ(route_code(), 17);
  cluster->start(kMaster);
  EXPECT_EQ(route_code(), 0) << "it registers as it starts";
  cluster->crash(kMaster, {.silent = true});
  world.run_for(85s);  // it last registered up to 30 s before
  EXPECT_EQ(route_code(), 0);
  world.run_for(45s);
  EXPECT_EQ(route_code(), 17);
}

TEST_F(ModelTest, ABrokenLinkIsNoticedAsSilence) {
  begin(MockSetup::like_real());
  cluster->set_link(kMaster, "namesrv-0", false);
  world.run_for(126s);
  EXPECT_EQ(route_code(), 17);
  EXPECT_EQ(max_offset(), 0) << "the broker works on";
  cluster->set_link(kMaster, "namesrv-0", true);
  world.run_for(31s);
  EXPECT_EQ(route_code(), 0);
}

}  // namespace

}  // namespace rocketlink::mock
