#include "sink/backlog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mock/mock_store.h"
#include "unit/virtual_time.h"

namespace rocketlink::sink {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<Target> targets(int count) {
  std::vector<Target> made;
  for (int id = 0; id < count; ++id) made.push_back({{"t", "a", id}, "a", "a:1"});
  return made;
}

/// Two queues: 0 of broker a, 1 of broker b.
std::vector<Target> two_brokers() {
  return {{{"t", "a", 0}, "a", "a:1"}, {{"t", "b", 1}, "b", "b:1"}};
}

/// A backlog whose I/O thread the test plays.
class BacklogTest : public test::VirtualTimeTest {
 protected:
  BacklogTest() {
    settings.topic = "t";
    settings.batch_messages = 3;
    settings.linger = milliseconds(0);
  }

  Backlog& make(int queues = 1) { return make(targets(queues)); }
  Backlog& make(const std::vector<Target>& to) {
    backlog = std::make_unique<Backlog>(process, settings, to);
    backlog->on_work([this] { ++woken; });
    return *backlog;
  }
  /// From now on all messages are for later.
  void delay_all() {
    DeliveryOptions options;
    options.mode = DeliveryMode::kField;
    settings.delivery = Delivery(options, DeliveryEncoding::kTimer, DelayLevels::standard());
  }
  void add(const std::string& body, const char* partition = nullptr) {
    OutgoingMessage message;
    message.body = body;
    if (partition != nullptr) message.partition = partition;
    if (settings.delivery.active()) message.deliver_at_ms = process.wall_clock_ms() + 3'600'000;
    const Status status = backlog->add(message);
    ASSERT_TRUE(status) << status.error().text;
  }
  static std::string bodies(const Batch& batch) {
    std::string found;
    const auto members = mock::split_batch(*batch.bytes).value_or(std::vector<mock::MockMessage>());
    for (const auto& member : members) found += member.body + " ";
    return found;
  }
  /// What `take` gives: "queue: bodies".
  std::vector<std::string> take(std::optional<SteadyTime> at = {}, const std::vector<Room>& rooms = {}) {
    std::vector<std::string> taken;
    auto work = backlog->take(at.value_or(now()), std::numeric_limits<std::size_t>::max(), rooms);
    wake = work.wake;
    for (auto& send : work.sends) {
      taken.push_back(std::to_string(send.target.queue.id) + ": " + bodies(send.batch));
      under_way.push_back(std::move(send));
    }
    return taken;
  }
  Backlog::Dispatch next() {
    auto first = std::move(under_way.front());
    under_way.erase(under_way.begin());
    return first;
  }
  void store() { backlog->stored(next(), false, milliseconds(7)); }
  /// Of two that are under way the second fails, for a reason that is its broker's; one more is there for the first.
  void expect_rest_of_the_broker() {
    const SteadyTime begin = now();
    add("c", "b");
    store();
    backlog->again(next(), begin + milliseconds(500), true, "why");
    EXPECT_THAT(take(begin), IsEmpty());
    EXPECT_EQ(wake, begin + milliseconds(500));
  }

  static constexpr std::chrono::minutes kLong{10};

  BacklogSettings settings;
  std::unique_ptr<Backlog> backlog;
  std::vector<Backlog::Dispatch> under_way;
  std::optional<SteadyTime> wake;
  int woken = 0;
};

TEST_F(BacklogTest, OneBatchUnderWayPerQueueWhileTheNextFills) {
  make();
  for (const char* body : {"1", "2", "3", "4"}) add(body);
  EXPECT_THAT(take(), ElementsAre("0: 1 2 3 "));
  add("5");
  EXPECT_THAT(take(), IsEmpty());
  store();
  EXPECT_THAT(take(), ElementsAre("0: 4 5 "));
}

TEST_F(BacklogTest, LingersUnlessFullOrFlushed) {
  settings.linger = milliseconds(1000);
  make();
  add("1");
  EXPECT_EQ(woken, 1);
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_EQ(wake, now() + settings.linger);
  add("2");
  EXPECT_EQ(woken, 1);  // the timer is set already
  EXPECT_THAT(take(*wake), ElementsAre("0: 1 2 "));
  store();
  for (const char* body : {"3", "4", "5"}) add(body);
  EXPECT_THAT(take(), ElementsAre("0: 3 4 5 "));
  store();
  add("6");
  EXPECT_TRUE(backlog->flush(now()).error().is(ErrorCode::kTimeout));
  EXPECT_THAT(take(), ElementsAre("0: 6 "));
}

TEST_F(BacklogTest, BatchNeverExceedsItsBytesButABigMessageGoesAlone) {
  settings.batch_messages = 100;
  settings.batch_bytes = 1000;
  make(3);
  add(std::string(400, 'a'));
  add(std::string(400, 'b'));
  add(std::string(400, 'c'));
  add(std::string(2000, 'd'));
  auto work = backlog->take(now());
  ASSERT_EQ(work.sends.size(), 3);
  EXPECT_EQ(work.sends[0].batch.messages, 2);
  EXPECT_LE(work.sends[0].batch.bytes->size(), 1000);
  EXPECT_EQ(work.sends[1].batch.messages, 1);
  EXPECT_EQ(work.sends[2].batch.body_bytes, 2000);
}

TEST_F(BacklogTest, RoundRobinBatchByBatch) {
  make(3);
  for (int i = 0; i < 12; ++i) add(std::to_string(i));
  EXPECT_THAT(take(), ElementsAre("0: 0 1 2 ", "1: 3 4 5 ", "2: 6 7 8 "));
  store();
  EXPECT_THAT(take(), ElementsAre("0: 9 10 11 "));
}

TEST_F(BacklogTest, PartitionTextChoosesTheQueue) {
  make(8);
  for (int i = 0; i < 2; ++i) {
    for (const char* text : {"a", "b", "", "polygenelubricants"}) add(text, text);
  }
  EXPECT_THAT(take(), ElementsAre("0:  polygenelubricants  ", "1: a a ", "2: b b "));
  store();
  EXPECT_THAT(take(), ElementsAre("0: polygenelubricants "));
}

TEST_F(BacklogTest, NothingOfAQueueOvertakesABoundBatchThatWaitsForItsNextTry) {
  make(2);
  for (int i = 0; i < 6; ++i) add("b" + std::to_string(i), "a");  // queue 1
  EXPECT_THAT(take(), ElementsAre("1: b0 b1 b2 "));
  const SteadyTime begin = now();
  backlog->again(next(), begin + milliseconds(500), false, "why");
  for (int i = 0; i < 6; ++i) add("u" + std::to_string(i));
  EXPECT_THAT(take(begin), ElementsAre("0: u0 u1 u2 "));
  EXPECT_EQ(wake, begin + milliseconds(500));
  EXPECT_THAT(take(begin + milliseconds(500)), ElementsAre("1: b0 b1 b2 "));
  EXPECT_EQ(backlog->stats().retries, 1);
}

TEST_F(BacklogTest, UnboundBatchIsTriedAgainInItsTimeBeforeLaterOnes) {
  make(1);
  for (int i = 0; i < 6; ++i) add(std::to_string(i));
  EXPECT_THAT(take(), ElementsAre("0: 0 1 2 "));
  const SteadyTime begin = now();
  backlog->again(next(), begin + milliseconds(500), true, "why");
  EXPECT_THAT(take(begin), IsEmpty());
  EXPECT_EQ(wake, begin + milliseconds(500));
  EXPECT_THAT(take(begin + milliseconds(500)), ElementsAre("0: 0 1 2 "));
}

TEST_F(BacklogTest, AnUnboundBatchThatWaitsForAnotherBrokerHoldsUpNoneBehindIt) {
  settings.batch_messages = 1;
  make(two_brokers());
  add("1");
  EXPECT_THAT(take(), ElementsAre("0: 1 "));
  const SteadyTime begin = now();
  backlog->again(next(), begin, false, "why");
  for (const char* body : {"2", "3"}) add(body);
  const Room full{"b", 0, 1'000'000};
  EXPECT_THAT(take(begin, {full}), ElementsAre("0: 2 ")) << "a is free for what has not failed there";
  EXPECT_THAT(take(begin, {full}), IsEmpty());
  EXPECT_THAT(take(begin), ElementsAre("1: 1 "));
}

TEST_F(BacklogTest, ABrokerThatIsToBeLeftAloneIsLeftAloneByAllOfItsQueues) {
  make(2);
  for (const char* key : {"a", "b"}) {
    for (int i = 0; i < 3; ++i) add(key, key);
  }
  EXPECT_THAT(take(), ElementsAre("0: b b b ", "1: a a a "));
  expect_rest_of_the_broker();
  EXPECT_THAT(take(*wake), ElementsAre("0: c ", "1: a a a "));
}

TEST_F(BacklogTest, DelayedMessagesLeaveABrokerAloneToo) {
  delay_all();
  make(2);
  for (const char* key : {"a", "b"}) add(key, key);
  EXPECT_THAT(take(), ElementsAre("0: b ", "1: a "));
  expect_rest_of_the_broker();
  EXPECT_THAT(take(*wake), testing::UnorderedElementsAre("0: c ", "1: a "));
}

TEST_F(BacklogTest, DelayedMessagesOfOneBrokerLeavePlacesToOthers) {
  settings.delayed_under_way = 4;
  delay_all();
  make(two_brokers());
  for (int i = 0; i < 10; ++i) add("a", "b");  // queue 0
  EXPECT_THAT(take(), ElementsAre("0: a ", "0: a ")) << "half of the places";
  add("b", "a");
  add("free");
  EXPECT_THAT(take(), testing::UnorderedElementsAre("1: b ", "1: free ")) << "though a does not answer";
}

TEST_F(BacklogTest, DelayedMessagesTakeTurns) {
  settings.delayed_under_way = 2;
  delay_all();
  make(3);
  for (int i = 0; i < 3; ++i) {
    for (const char* key : {"c", "a", "b"}) add(key, key);  // queues 0, 1, 2
    add("free");
  }
  std::vector<std::string> taken;
  for (int i = 0; i < 6; ++i) {
    for (auto& one : take()) taken.push_back(one.substr(3));
    store();
    store();
  }
  EXPECT_THAT(taken, ElementsAre("c ", "a ", "b ", "free ", "c ", "a ", "b ", "free ", "c ", "a ", "b ", "free "));
}

TEST_F(BacklogTest, CutBatchGoesInHalvesBeforeWhatFollows) {
  make(2);
  for (int i = 0; i < 6; ++i) add(std::to_string(i), "a");
  EXPECT_THAT(take(), ElementsAre("1: 0 1 2 "));
  backlog->cut(next());
  EXPECT_THAT(take(), ElementsAre("1: 0 "));
  store();
  EXPECT_THAT(take(), ElementsAre("1: 1 2 "));
  store();
  EXPECT_THAT(take(), ElementsAre("1: 3 4 5 "));
  store();
  EXPECT_TRUE(backlog->flush(std::nullopt));
  EXPECT_EQ(backlog->stats().messages_acknowledged, 6);
}

TEST_F(BacklogTest, WindowBlocksUntilAnAcknowledgementMakesRoom) {
  settings.window.messages = 3;
  make(1);
  for (const char* body : {"1", "2", "3"}) add(body);
  const auto blocked = in_background([this] { add("4"); });
  EXPECT_FALSE(blocked.ends_within(kLong));
  EXPECT_THAT(take(), ElementsAre("0: 1 2 3 "));
  store();
  EXPECT_TRUE(blocked.ends_within(kAtOnce));
}

TEST_F(BacklogTest, WindowCountsBytesAndLetsOneMessageOfAnySizePass) {
  settings.window.bytes = 1000;
  make(1);
  add(std::string(5000, 'x'));
  const auto blocked = in_background([this] { add("y"); });
  EXPECT_FALSE(blocked.ends_within(kLong));
  (void)take();
  store();
  EXPECT_TRUE(blocked.ends_within(kAtOnce));
}

TEST_F(BacklogTest, WhatIsBeingFilledGoesOutAtOnceWhereNobodyCanAddToIt) {
  settings.linger = milliseconds(1000);
  settings.window.messages = 2;
  make();
  for (const char* body : {"1", "2"}) add(body);
  EXPECT_THAT(take(), IsEmpty());
  const auto blocked = in_background([this] { add("3"); });
  EXPECT_FALSE(blocked.ends_within(milliseconds(1)));
  EXPECT_THAT(take(), ElementsAre("0: 1 2 "));
  store();
  EXPECT_TRUE(blocked.ends_within(kAtOnce));
}

TEST_F(BacklogTest, AbortWakesABlockedWriteAndFlush) {
  settings.window.messages = 1;
  make(1);
  add("1");
  OutgoingMessage message;
  message.body = "2";
  EXPECT_TRUE(backlog->add(message, milliseconds(1)).error().is(ErrorCode::kTimeout));
  const auto write = in_background([&] { return backlog->add(message); });
  const auto flush = in_background([&] { return backlog->flush(std::nullopt); });
  EXPECT_FALSE(write.ends_within(kLong));
  EXPECT_EQ(backlog->end(), 1);
  EXPECT_TRUE(write.get().error().is(ErrorCode::kClosed));
  EXPECT_TRUE(flush.get().error().is(ErrorCode::kClosed));
  EXPECT_TRUE(backlog->add(message).error().is(ErrorCode::kClosed));
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(BacklogTest, FirstErrorIsKeptAndEndsEverything) {
  make(2);
  for (int i = 0; i < 9; ++i) add(std::to_string(i));
  (void)take();
  const auto flush = in_background([&] { return backlog->flush(std::nullopt); });
  EXPECT_FALSE(flush.ends_within(kLong));
  backlog->failed(next(), Error(16, "first", false));
  backlog->failed(next(), Error(17, "second", false));
  EXPECT_EQ(flush.get().error().text, "first");
  EXPECT_THAT(take(), IsEmpty());
  OutgoingMessage message;
  for (const Status& status : {backlog->add(message), backlog->flush(std::nullopt)}) {
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, 16);
    EXPECT_EQ(status.error().text, "first");
    EXPECT_TRUE(status.error().fatal);
  }
  (void)backlog->end();
  EXPECT_EQ(backlog->flush(std::nullopt).error().text, "first");
}

TEST_F(BacklogTest, DropsFailedBatchesWhenToldTo) {
  settings.drop_failed = true;
  make(1);
  for (int i = 0; i < 6; ++i) add(std::to_string(i));
  (void)take();
  backlog->failed(next(), Error(16, "no", false));
  EXPECT_THAT(take(), ElementsAre("0: 3 4 5 "));
  store();
  EXPECT_TRUE(backlog->flush(std::nullopt));
  EXPECT_EQ(backlog->stats().messages_failed, 3);
  EXPECT_EQ(backlog->stats().messages_acknowledged, 3);
}

TEST_F(BacklogTest, FlushWaitsForWhatCameBeforeItOnly) {
  settings.linger = milliseconds(10'000);
  make(2);
  add("1", "a");
  const auto flush = in_background([&] { return backlog->flush(std::nullopt); });
  EXPECT_FALSE(flush.ends_within(kLong));
  EXPECT_THAT(take(), ElementsAre("1: 1 "));
  add("2", "a");
  store();
  EXPECT_TRUE(flush.ends_within(kAtOnce));
  EXPECT_TRUE(flush.get());
  EXPECT_TRUE(backlog->flush(now()).error().is(ErrorCode::kTimeout));
}

TEST_F(BacklogTest, MessageThatCannotBeSentIsRefusedWithoutHarm) {
  make(1);
  OutgoingMessage bad;
  bad.keys = "\x01";
  EXPECT_TRUE(backlog->add(bad).error().is(ErrorCode::kInvalidArgument));
  EXPECT_TRUE(backlog->flush(std::nullopt));
  add("good");
  EXPECT_THAT(take(), ElementsAre("0: good "));
}

TEST_F(BacklogTest, CountsWhatBecameOfMessages) {
  make(1);
  for (const char* body : {"12", "345", "6"}) add(body);
  (void)take();
  backlog->stored(next(), true, milliseconds(7));
  const SinkStats stats = backlog->stats();
  EXPECT_EQ(stats.messages_acknowledged, 3);
  EXPECT_EQ(stats.bytes_acknowledged, 6);
  EXPECT_EQ(stats.degraded, 3);
  EXPECT_EQ(stats.api_calls, 1);
  EXPECT_EQ(stats.last_send_ms, 7);
}

// By their hashes "a", "b", "c" are for queues 1, 2, 0 of three, and 1, 0, 1 of two; "e" is for 2 and 1.

TEST_F(BacklogTest, WhatWaitsForAQueueThatIsGoneGoesWhereItsPartitionLeadsNow) {
  make(3);
  add("a1", "a");
  add("b1", "b");
  add("e1", "e");
  add("b2", "b");
  add("b3", "b");
  backlog->set_targets(targets(2));
  add("a2", "a");
  add("b4", "b");
  EXPECT_THAT(take(), ElementsAre("0: b1 b2 ", "1: a1 "));
  store();
  store();
  EXPECT_THAT(take(), ElementsAre("0: b3 ", "1: e1 "));
  store();
  store();
  EXPECT_THAT(take(), ElementsAre("0: b4 ", "1: a2 "));
  store();
  store();
  EXPECT_TRUE(backlog->flush(now()));
}

TEST_F(BacklogTest, WhatComesBackFromAQueueThatIsGoneGoesBeforeWhatIsNewer) {
  make(3);
  add("b1", "b");
  EXPECT_THAT(take(), ElementsAre("2: b1 "));
  add("b2", "b");
  backlog->set_targets(targets(2));
  add("b3", "b");
  EXPECT_THAT(take(), IsEmpty()) << "b1 may come back";
  backlog->postpone(next(), now(), false, "no such queue");
  for (const char* const one : {"0: b1 ", "0: b2 ", "0: b3 "}) {
    EXPECT_THAT(take(), ElementsAre(one));
    store();
  }
  EXPECT_TRUE(backlog->flush(now()));
}

TEST_F(BacklogTest, BehindWhatAQueueStoredBeforeItWasGoneTheRestMoves) {
  settings.drop_failed = true;
  make(3);
  for (const bool stored : {true, false}) {
    backlog->set_targets(targets(3));
    add("b1", "b");
    EXPECT_THAT(take(), ElementsAre("2: b1 "));
    add("b2", "b");
    backlog->set_targets(targets(2));
    if (stored) {
      store();
    } else {
      backlog->failed(next(), Error(ErrorCode::kTooLarge, "why"));
    }
    EXPECT_THAT(take(), ElementsAre("0: b2 "));
    store();
  }
  EXPECT_TRUE(backlog->flush(now()));
}

TEST_F(BacklogTest, ACutBatchOfAQueueThatIsGoneMovesInOrder) {
  make(3);
  for (const char* const body : {"b1", "b2", "b3"}) add(body, "b");
  EXPECT_THAT(take(), ElementsAre("2: b1 b2 b3 "));
  backlog->set_targets(targets(2));
  backlog->cut(next());
  EXPECT_THAT(take(), ElementsAre("0: b1 "));
  store();
  EXPECT_THAT(take(), ElementsAre("0: b2 b3 "));
}

TEST_F(BacklogTest, DelayedMessagesOfAQueueThatIsGoneMoveToo) {
  delay_all();
  make(3);
  add("b1", "b");
  EXPECT_THAT(take(), ElementsAre("2: b1 "));
  add("b2", "b");
  backlog->set_targets(targets(2));
  EXPECT_THAT(take(), ElementsAre("0: b2 "));
  backlog->postpone(next(), now(), false, "no such queue");
  EXPECT_THAT(take(), ElementsAre("0: b1 "));
}

TEST_F(BacklogTest, NewQueuesTakeUnboundBatches) {
  make(1);
  for (int i = 0; i < 6; ++i) add(std::to_string(i));
  EXPECT_THAT(take(), ElementsAre("0: 0 1 2 "));
  backlog->set_targets(targets(2));
  EXPECT_THAT(take(), ElementsAre("1: 3 4 5 "));
}

}  // namespace
}  // namespace rocketlink::sink
