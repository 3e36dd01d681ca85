#include "job_fixture.h"
#include "unit/short_of.h"

namespace rocketlink::engine {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(JobTest, ReadsABoundedScanToItsEndAndCommits) {
  mock.create_topic("orders", 4);
  for (std::int32_t queue = 0; queue < 4; ++queue) mock.append_many({"orders", "broker-a", queue}, 3000, "m");
  options.bounded_mode = BoundedMode::kLatest;
  const auto scan = add_scan(source_of_text);
  const auto written = add_insert(scan, "SELECT c0 FROM scan_0()");
  ASSERT_TRUE(prepare().run());
  EXPECT_EQ(written->taken().size(), 12'000U);
  EXPECT_EQ(written->closed, 1);
  for (std::int32_t queue = 0; queue < 4; ++queue) {
    EXPECT_EQ(mock.committed("readers", {"orders", "broker-a", queue}), 3000);
  }
  const JobStats stats = job->stats();
  EXPECT_EQ(stats.sources[0].in.rows, 12'000U);
  EXPECT_EQ(stats.sinks[0].out.rows_out, 12'000U);
}

TEST_F(JobTest, KeepsTheOrderOfAQueueAndReadsWhatComesLater) {
  mock.create_topic("orders", 1);
  const auto scan = add_scan(source_of_text);
  const auto written = add_insert(scan, "SELECT c0 FROM scan_0()");
  start();
  std::vector<std::string> expected;
  for (int i = 0; i < 50; ++i) {
    append("row " + std::to_string(i));
    expected.push_back("row " + std::to_string(i));
    ASSERT_TRUE(written->wait_for_rows(expected.size()));
  }
  ASSERT_TRUE(stop());
  EXPECT_EQ(written->taken(), expected);
  EXPECT_EQ(mock.committed("readers", queue0), 50);
}

TEST_F(JobTest, CommitsWhileItIsRunning) {
  mock.create_topic("orders", 1);
  const auto scan = add_scan(source_of_text);
  add_insert(scan, "SELECT c0 FROM scan_0()");
  start();
  append("one");
  EXPECT_TRUE(wait_committed(queue0, 1));
  append("two");
  EXPECT_TRUE(wait_committed(queue0, 2));
  EXPECT_TRUE(stop());
}

TEST_F(JobTest, AThreadThatCannotBeStartedEndsTheRunAndSaysWhy) {
  mock.create_topic("orders", 1);
  add_insert(add_scan(source_of_text), "SELECT c0 FROM scan_0()");
  prepare();
  const test::NoThreads none;
  const Status ended = job->run();
  ASSERT_FALSE(ended);
  EXPECT_TRUE(ended.error().retriable);
  EXPECT_THAT(ended.error().text, HasSubstr("no thread for the job: Resource temporarily unavailable"));
}

TEST_F(JobTest, AFailedFlushEndsTheRunWithoutCommitting) {
  mock.create_topic("orders", 1);
  const auto scan = add_scan(source_of_text);
  const auto written = add_insert(scan, "SELECT c0 FROM scan_0()");
  written->fail_flush = true;
  append("one");
  const Status done = prepare().run();
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, HasSubstr("INSERT INTO target: the broker does not answer"));
  EXPECT_EQ(mock.committed("readers", queue0), std::nullopt);
}

TEST_F(JobTest, AFailureEndsTheOtherPipelinesInGoodOrder) {
  mock.create_topic("orders", 1);
  mock.create_topic("others", 1);
  const auto good_scan = add_scan(source_of_text);
  options.topic = "others";
  const auto bad_scan = add_scan(source_of_text);
  const auto good = add_insert(good_scan, "SELECT c0 FROM scan_0()");
  const auto bad = add_insert(bad_scan, "SELECT c0 FROM scan_1()");
  bad->fail_write = true;
  spec.commit_interval = milliseconds(60'000);
  start();
  append("one");
  ASSERT_TRUE(good->wait_for_rows(1));
  mock.append_many({"others", "broker-a", 0}, 1);
  const Status done = finish();
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, HasSubstr("the broker has no room"));
  EXPECT_EQ(mock.committed("readers", queue0), 1);
  EXPECT_EQ(mock.committed("readers", {"others", "broker-a", 0}), std::nullopt);
  EXPECT_EQ(good->closed, 1);
}

TEST_F(JobTest, InsertsFromOneTableShareItsMessages) {
  mock.create_topic("orders", 1);
  for (int i = 0; i < 100; ++i) append("a" + std::to_string(i) + "," + std::to_string(i));
  append("bad,number");
  options.bounded_mode = BoundedMode::kLatest;
  const auto scan = add_scan(source);
  const auto texts = add_insert(scan, "SELECT c0 FROM scan_0() WHERE c1 < 2");
  const auto numbers = add_insert(scan, "SELECT CAST(c1 AS VARCHAR) FROM scan_0() WHERE c1 >= 98");
  const auto constant = add_insert(scan, "SELECT 'x' FROM scan_0()");
  ASSERT_TRUE(prepare().run());
  EXPECT_THAT(texts->taken(), ElementsAre("a0", "a1"));
  EXPECT_THAT(numbers->taken(), ElementsAre("98", "99"));
  EXPECT_EQ(constant->taken().size(), 100U);
  EXPECT_EQ(job->stats().sources[0].in.rows, 100U);
  EXPECT_EQ(job->stats().sources[0].in.records_skipped, 1U);
  std::size_t pulled = 0;
  for (const auto& pull : mock.seen(wire::RequestCode::kPullMessage)) pulled += pull.ext("queueOffset") == "0" ? 1 : 0;
  EXPECT_EQ(pulled, 1U);
}

TEST_F(JobTest, AQueryMayNameItsTableTwice) {
  mock.create_topic("orders", 1);
  for (int i = 0; i < 5000; ++i) append("a" + std::to_string(i) + "," + std::to_string(i));
  options.bounded_mode = BoundedMode::kLatest;
  const auto scan = add_scan(source);
  const auto written =
      add_insert(scan, "SELECT c0 FROM scan_0() UNION ALL SELECT CAST(c1 AS VARCHAR) FROM scan_0() WHERE c1 >= 0");
  ASSERT_TRUE(prepare().run());
  EXPECT_EQ(written->taken().size(), 10'000U);
}

TEST_F(JobTest, MessagesWithoutRowsAdvanceTheGroupToo) {
  mock.create_topic("orders", 1);
  append("no number,x");
  append("filtered,1");
  options.bounded_mode = BoundedMode::kLatest;
  const auto scan = add_scan(source);
  const auto written = add_insert(scan, "SELECT c0 FROM scan_0() WHERE c1 > 1");
  ASSERT_TRUE(prepare().run());
  EXPECT_THAT(written->taken(), IsEmpty());
  EXPECT_EQ(mock.committed("readers", queue0), 2);
}

TEST_F(JobTest, ReadersShareTheQueues) {
  mock.create_topic("orders", 4);
  for (std::int32_t queue = 0; queue < 4; ++queue) mock.append_many({"orders", "broker-a", queue}, 100);
  options.bounded_mode = BoundedMode::kLatest;
  const auto scan = add_scan(source_of_text, 3);
  const auto written = add_insert(scan, "SELECT c0 FROM scan_0()");
  ASSERT_TRUE(prepare().run());
  EXPECT_EQ(written->taken().size(), 400U);
  EXPECT_EQ(std::set(written->threads.begin(), written->threads.end()).size(), 3U);
  EXPECT_EQ(written->closed, 3);
}

TEST_F(JobTest, MoreReadersThanQueuesEndToo) {
  mock.create_topic("orders", 1);
  mock.append_many(queue0, 10);
  options.bounded_mode = BoundedMode::kLatest;
  const auto scan = add_scan(source_of_text, 3);
  const auto written = add_insert(scan, "SELECT c0 FROM scan_0()");
  ASSERT_TRUE(prepare().run());
  EXPECT_EQ(written->taken().size(), 10U);
}

TEST_F(JobTest, FindsNewQueues) {
  mock.create_topic("orders", 1);
  options.discovery_interval_ms = 20;
  const auto scan = add_scan(source_of_text);
  const auto written = add_insert(scan, "SELECT c0 FROM scan_0()");
  start();
  append("old");
  ASSERT_TRUE(written->wait_for_rows(1));
  mock.create_topic("orders", 2);
  append("new", 1);
  ASSERT_TRUE(written->wait_for_rows(2));
  EXPECT_TRUE(stop());
}

TEST_F(JobTest, NullInANotNullColumnEndsTheJob) {
  mock.create_topic("orders", 1);
  append("one,1");
  const auto scan = add_scan(source);
  add_insert(scan, "SELECT CAST(NULL AS VARCHAR) FROM scan_0()", false);
  const Status done = prepare().run();
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, HasSubstr("column 'text' is NOT NULL"));
  EXPECT_EQ(mock.committed("readers", queue0), std::nullopt);
}

TEST_F(JobTest, NullInANotNullColumnIsDroppedOnRequest) {
  mock.create_topic("orders", 1);
  for (const char* row : {"one,1", "two,2", "three,3"}) append(row);
  options.bounded_mode = BoundedMode::kLatest;
  const auto scan = add_scan(source);
  const auto written = add_insert(scan, "SELECT CASE WHEN c1 <> 2 THEN c0 END FROM scan_0()", false);
  spec.inserts[0].drop_nulls = true;
  ASSERT_TRUE(prepare().run());
  EXPECT_THAT(written->taken(), ElementsAre("one", "three"));
  EXPECT_EQ(mock.committed("readers", queue0), 3);
}

TEST_F(JobTest, AnErrorInTheQueryEndsTheJob) {
  mock.create_topic("orders", 1);
  append("one,1");
  const auto scan = add_scan(source);
  add_insert(scan, "SELECT error('no such thing: ' || c0) FROM scan_0()");
  const Status done = prepare().run();
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, HasSubstr("no such thing: one"));
  EXPECT_EQ(mock.committed("readers", queue0), std::nullopt);
}

TEST_F(JobTest, ABadRecordEndsTheJobUnderException) {
  mock.create_topic("orders", 1);
  append("one,x");
  options.format.length_check = LengthCheck::kException;
  const auto scan = add_scan(source);
  add_insert(scan, "SELECT c0 FROM scan_0()");
  const Status done = prepare().run();
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, testing::AllOf(HasSubstr("source table source"),
                                                HasSubstr("topic 'orders', broker 'broker-a', queue 0, offset 0")));
}

class DamagedMessageTest : public JobTest {
 protected:
  /// A topic of three messages, the second one's body not as its checksum says.
  DamagedMessageTest() {
    mock.create_topic("orders", 1);
    for (const char* row : {"one", "two", "three"}) append(row);
    mock.inject(mock::Fault::edited(
        wire::RequestCode::kPullMessage,
        [](wire::Header&, std::string& body) {
          if (const auto at = body.find("two"); at != std::string::npos) body[at] = 'x';
        },
        -1));
    options.bounded_mode = BoundedMode::kLatest;
  }
};

TEST_F(DamagedMessageTest, IsSkippedAndCountedAndTheRestIsRead) {
  const auto scan = add_scan(source_of_text);
  const auto written = add_insert(scan, "SELECT c0 FROM scan_0()");
  ASSERT_TRUE(prepare().run());
  EXPECT_THAT(written->taken(), ElementsAre("one", "three"));
  EXPECT_EQ(mock.committed("readers", queue0), 3);
  EXPECT_EQ(job->stats().sources[0].in.records_skipped, 1U);
  EXPECT_THAT(log, testing::Contains(HasSubstr("a damaged message is skipped: orders@broker-a:0")));
}

TEST_F(DamagedMessageTest, IsLoggedWithAllOthersByColumnErrorDebug) {
  for (int i = 0; i < 2; ++i) mock.append(queue0, {.body = "no zlib stream", .sys_flag = 0x1});
  options.format.column_error_debug = true;
  const auto scan = add_scan(source_of_text);
  add_insert(scan, "SELECT c0 FROM scan_0()");
  ASSERT_TRUE(prepare().run());
  EXPECT_THAT(log, testing::Contains(HasSubstr("a damaged message is skipped: ")).Times(3));
}

TEST_F(DamagedMessageTest, EndsTheJobUnderException) {
  options.format.length_check = LengthCheck::kException;
  const auto scan = add_scan(source_of_text);
  add_insert(scan, "SELECT c0 FROM scan_0()");
  const Status done = prepare().run();
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, testing::AllOf(HasSubstr("orders@broker-a:0"), HasSubstr("CRC")));
}

TEST_F(JobTest, AMessageSetWithDamagedLengthsEndsTheJobAndNamesTheQueue) {
  mock.create_topic("orders", 1);
  for (const char* row : {"one", "two", "three"}) append(row);
  options.bounded_mode = BoundedMode::kLatest;
  mock.inject(mock::Fault::edited(
      wire::RequestCode::kPullMessage,
      [](wire::Header&, std::string& body) { body.replace(body.size() / 3, 4, "\x7F\xFF\xFF\xFF", 4); }, -1));
  const auto scan = add_scan(source_of_text);
  const auto written = add_insert(scan, "SELECT c0 FROM scan_0()");
  const Status done = prepare().run();
  ASSERT_FALSE(done);
  EXPECT_TRUE(done.error().is(ErrorCode::kProtocol)) << done.error().text;
  EXPECT_THAT(done.error().text, testing::AllOf(HasSubstr("source table source"), HasSubstr("orders@broker-a:0")));
  EXPECT_EQ(mock.committed("readers", queue0), std::nullopt) << "no message behind the damage is passed over";
}

TEST_F(JobTest, InsertsWithoutATableRunOnce) {
  const auto written = add_insert(std::nullopt, "VALUES ('a'), ('b')");
  ASSERT_TRUE(prepare().run());
  EXPECT_THAT(written->taken(), ElementsAre("a", "b"));
  EXPECT_EQ(written->closed, 1);
}

TEST_F(JobTest, AStopGivesUpWhatIsNeverAcknowledged) {
  mock.create_topic("orders", 1);
  const auto scan = add_scan(source_of_text);
  const auto written = add_insert(scan, "SELECT c0 FROM scan_0()");
  written->hold_flush = true;
  spec.drain_patience = milliseconds(200);
  start();
  append("one");
  ASSERT_TRUE(written->wait_for_rows(1));
  const Status done = stop();
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, HasSubstr("not everything was acknowledged"));
  EXPECT_EQ(written->aborted, 1);
  EXPECT_EQ(mock.committed("readers", queue0), std::nullopt);
}

TEST_F(JobTest, AStopEndsAnIdleRun) {
  mock.create_topic("orders", 4);
  const auto scan = add_scan(source_of_text, 2);
  add_insert(scan, "SELECT c0 FROM scan_0()");
  start();
  ASSERT_TRUE(mock.wait_for(wire::RequestCode::kPullMessage, 4, milliseconds(20'000)));
  EXPECT_TRUE(stop());
}

}  // namespace

}  // namespace rocketlink::engine
