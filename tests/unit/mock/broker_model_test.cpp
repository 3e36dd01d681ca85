#include "model_fixture.h"

namespace rocketlink::mock {

namespace {

using testing::ElementsAre;

TEST_F(ModelTest, WhatIsAcknowledgedIsVisibleOnceItIsDispatched) {
  begin();
  stall(Step::kDispatch);
  EXPECT_EQ(send("a").code, 0);
  EXPECT_EQ(max_offset(), 0);
  EXPECT_EQ(pull(0).code, 19);
  const auto waiting =
      talk->begin(RequestCode::kPullMessage,
                  Talk::pull_fields("readers", "orders", 0, 0, {{"sysFlag", "6"}, {"suspendTimeoutMillis", "10000"}}));
  world.run_for(1s);
  EXPECT_EQ(cluster->next_offset(queue0), 1);
  stall(Step::kDispatch, false);
  EXPECT_EQ(waiting().code, 0) << "and waiting pulls are told";
  EXPECT_EQ(max_offset(), 1);
}

TEST_F(ModelTest, AMachinesDeathLosesWhatWasNotFlushedThoughItWasAcknowledged) {
  begin();
  EXPECT_EQ(send("kept").code, 0);
  stall(Step::kFlush);
  EXPECT_EQ(send("lost").code, 0);
  EXPECT_EQ(max_offset(), 2) << "visible before it is flushed";
  cluster->crash(kMaster);
  stall(Step::kFlush, false);
  cluster->start(kMaster);
  EXPECT_EQ(max_offset(), 1);
  EXPECT_EQ(pull(2).remark, "OFFSET_OVERFLOW_BADLY");
  EXPECT_EQ(send("in its place").number("queueOffset"), 1);
  const auto records = ledger.records(queue0);
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[1].message.body, "lost");
  EXPECT_TRUE(records[1].lost && records[1].acknowledged);
  EXPECT_EQ(records[2].message.offset, 1);
  EXPECT_FALSE(records[0].lost || records[2].lost);
}

TEST_F(ModelTest, AProcesssDeathLosesNothingOfTheLog) {
  begin();
  stall(Step::kFlush);
  stall(Step::kDispatch);
  EXPECT_EQ(send("a").code, 0);
  cluster->crash(kMaster, {.loses_unflushed = false});
  cluster->start(kMaster);
  EXPECT_EQ(max_offset(), 1) << "what was not dispatched is at the start";
}

TEST_F(ModelTest, WithSynchronousFlushAnAcknowledgementWaitsForTheDisk) {
  begin({.sync_flush = true});
  cluster->set_pace(kMaster, Step::kFlush, {.delay = 300ms});
  const Answer slow = send("slow");
  EXPECT_EQ(slow.code, 0);
  EXPECT_GE(slow.took, 300ms);
  stall(Step::kFlush);
  const Answer late = send("late");
  EXPECT_EQ(late.code, 10);
  EXPECT_GE(late.took, 5s);
  EXPECT_EQ(late.number("queueOffset"), 1) << "it is stored all the same";
  EXPECT_EQ(max_offset(), 1) << "5.x shows what is flushed";
  stall(Step::kFlush, false);
  EXPECT_EQ(max_offset(), 2);
}

TEST_F(ModelTest, A4_9ShowsWhatIsNotFlushed) {
  begin({.version = 407, .sync_flush = true});
  stall(Step::kFlush);
  EXPECT_EQ(send("late").code, 10);
  EXPECT_EQ(max_offset(), 1);
}

TEST_F(ModelTest, OffsetsThatWereNotWrittenDownFallBackWithTheBroker) {
  begin({.persist_offsets_every = 5s});
  cluster->append_many(queue0, 10);
  (void)pull(0);
  EXPECT_EQ(commit(3), 0);
  world.run_for(6s);
  EXPECT_EQ(commit(7), 0);
  EXPECT_EQ(committed(*talk), 7);
  cluster->crash(kMaster, {.loses_unflushed = false});
  cluster->start(kMaster);
  EXPECT_EQ(committed(*talk), 3);
  std::vector<std::pair<std::optional<std::int64_t>, Ledger::Commit::By>> history;
  for (const auto& one : ledger.commits("readers", queue0)) history.emplace_back(one.offset, one.by);
  using By = Ledger::Commit::By;
  EXPECT_THAT(history, ElementsAre(std::pair(3, By::kClient), std::pair(7, By::kClient), std::pair(3, By::kDeath)));
}

TEST_F(ModelTest, AnOrderlyEndLosesNothing) {
  begin({.persist_offsets_every = 5s});
  stall(Step::kFlush);
  EXPECT_EQ(send("a").code, 0);
  (void)pull(0);
  EXPECT_EQ(commit(1), 0);
  cluster->stop(kMaster);
  cluster->start(kMaster);
  EXPECT_EQ(max_offset(), 1);
  EXPECT_EQ(committed(*talk), 1);
}

// ---- slaves

TEST_F(ModelTest, ASlaveThatLagsSaysSo) {
  begin({.sync_slaves_every = 10s});
  cluster->append_many(queue0, 4);
  cluster->add_slave("broker-a", 1);
  const auto slave = talk_to(kSlave);
  stall(Step::kReplicate, true, kSlave);
  cluster->append_many(queue0, 6);
  (void)pull(0);
  EXPECT_EQ(commit(9), 0);
  EXPECT_EQ(max_offset(*slave), 4);
  EXPECT_EQ(pull(*slave, 0).code, 0);
  EXPECT_EQ(pull(*slave, 4).code, 19);
  const Answer beyond = pull(*slave, 9);
  EXPECT_EQ(beyond.code, 20) << "a slave corrects no offset";
  EXPECT_EQ(beyond.number("nextBeginOffset"), 9);
  EXPECT_EQ(committed(*slave), -1);
  world.run_for(11s);
  EXPECT_EQ(committed(*slave), 9) << "offsets come by a way of their own";
  stall(Step::kReplicate, false, kSlave);
  EXPECT_EQ(max_offset(*slave), 10);
}

TEST_F(ModelTest, ACommitAtASlaveIsNoneOfItsMaster) {
  begin({.sync_slaves_every = 10s});
  cluster->append_many(queue0, 4);
  cluster->add_slave("broker-a", 1);
  (void)pull(0);
  EXPECT_EQ(commit(2), 0);
  talk = talk_to(kSlave);
  (void)pull(0);
  EXPECT_EQ(commit(4), 0);
  EXPECT_EQ(cluster->committed("readers", queue0), 2);
  const auto commits = ledger.commits("readers", queue0);
  ASSERT_EQ(commits.size(), 1U) << "nobody who looks on is told that the group is at 4";
  EXPECT_EQ(commits.front().offset, 2);
}

TEST_F(ModelTest, ASlaveOf5_5HasNoOffsetsOfItsMaster) {
  MockSetup setup = MockSetup::like_real();
  setup.slave_reads = true;
  begin(setup);
  cluster->add_slave("broker-a", 1);
  (void)pull(0);
  EXPECT_EQ(commit(5), 0);
  world.run_for(70s);
  const auto slave = talk_to(kSlave);
  EXPECT_EQ(committed(*slave), -1);
  EXPECT_EQ(pull(*slave, 0).code, 19) << "but its topics";
}

TEST_F(ModelTest, ASlaveThatIsNotToBeReadFromRefuses) {
  begin({.slave_reads = false});
  cluster->add_slave("broker-a", 1);
  const auto slave = talk_to(kSlave);
  EXPECT_EQ(pull(*slave, 0).code, 2);
  EXPECT_EQ(slave->send("orders", 0, "x").code, 2);
  EXPECT_EQ(max_offset(*slave), 0) << "but tells of itself";
}

TEST_F(ModelTest, A4_9SlaveServesReadsWhateverItIsTold) {
  begin({.version = 407, .slave_reads = false});
  cluster->append_many(queue0, 1);
  cluster->add_slave("broker-a", 1);
  const auto slave = talk_to(kSlave);
  EXPECT_EQ(pull(*slave, 0).code, 0);
  EXPECT_EQ(pull(*slave, 1).code, 19);
  EXPECT_EQ(pull(*slave, 5).code, 20) << "it corrects no offset";
  EXPECT_EQ(slave->send("orders", 0, "x").code, 14);
}

TEST_F(ModelTest, WithSynchronousReplicationAnAcknowledgementWaitsForASlave) {
  begin({.sync_replication = true});
  cluster->add_slave("broker-a", 1);
  cluster->set_pace(kSlave, Step::kReplicate, {.delay = 200ms});
  const Answer slow = send("a");
  EXPECT_EQ(slow.code, 0);
  EXPECT_GE(slow.took, 200ms);
  stall(Step::kReplicate, true, kSlave);
  const Answer late = send("b");
  EXPECT_EQ(late.code, 12);
  EXPECT_GE(late.took, 3s);
}

TEST_F(ModelTest, A4_9WithoutASlaveSaysSoAtOnce) {
  begin({.version = 407, .sync_replication = true});
  EXPECT_EQ(send("a").code, 11);
}

TEST_F(ModelTest, ASlaveThatRisesHasWhatItHas) {
  begin();
  cluster->add_slave("broker-a", 1);
  EXPECT_EQ(send("both").code, 0);
  stall(Step::kReplicate, true, kSlave);
  EXPECT_EQ(send("master only").code, 0);
  cluster->crash(kMaster, {.loses_unflushed = false});
  cluster->promote(kSlave);
  talk = talk_to(kSlave);
  EXPECT_EQ(max_offset(), 1);
  EXPECT_EQ(send("risen").number("queueOffset"), 1);
  cluster->start(kMaster);
  const auto fallen = talk_to(kMaster);
  EXPECT_EQ(max_offset(*fallen), 2) << "the old master has cut off what is not in the new one's log, and follows";
  EXPECT_EQ(fallen->send("orders", 0, "x").code, 2) << "and takes nothing";
  std::vector<std::pair<std::string, bool>> records;
  for (const auto& record : ledger.records(queue0)) records.emplace_back(record.message.body, record.lost);
  EXPECT_THAT(records,
              ElementsAre(std::pair("both", false), std::pair("master only", true), std::pair("risen", false)));
}

TEST_F(ModelTest, WhatASlaveKeptIsFoundAgainWhenItRises) {
  begin();
  cluster->add_slave("broker-a", 1);
  stall(Step::kFlush);
  EXPECT_EQ(send("on the slave").code, 0);
  cluster->stop(kSlave);
  cluster->crash(kMaster);
  cluster->start(kMaster);
  EXPECT_TRUE(ledger.records(queue0).at(0).lost);
  cluster->crash(kMaster);
  cluster->start(kSlave);
  cluster->promote(kSlave);
  EXPECT_FALSE(ledger.records(queue0).at(0).lost);
}

TEST_F(ModelTest, AnActingMasterServesReadsAndTakesNothing) {
  MockSetup setup = MockSetup::like_real();
  setup.acting_master = true;
  setup.slave_reads = true;
  begin(setup);
  cluster->append_many(queue0, 3);
  cluster->add_slave("broker-a", 1);
  cluster->crash(kMaster);
  const Answer route = talk->ask_name_server(RequestCode::kGetRouteInfoByTopic, {{"topic", "orders"}}, 1s);
  EXPECT_THAT(route.body, testing::HasSubstr(R"("0":")" + cluster->address(kSlave)));
  EXPECT_THAT(route.body, testing::HasSubstr(R"("perm":4)"));
  const auto slave = talk_to(kSlave);
  EXPECT_EQ(pull(*slave, 0).code, 0);
  EXPECT_EQ(pull(*slave, 3).code, 19) << "and waits for messages as a master does";
  EXPECT_EQ(slave->send("orders", 0, "x").code, 14);
}

}  // namespace

}  // namespace rocketlink::mock
