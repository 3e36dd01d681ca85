#include "connectors/mq_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "cluster/cluster.h"
#include "duck/chunk_writer.h"
#include "engine/loop/retry.h"
#include "mock/mock_cluster.h"
#include "unit/virtual_time.h"

namespace rocketlink::connectors {

namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;

class MqSinkTest : public test::VirtualTimeTest {
 protected:
  MqSinkTest() {
    mock.create_topic("out", 4);
    options.connection.endpoints = mock.endpoints();
    options.topic = "out";
    options.producer_group = "writers";
    options.format.field_delimiter = ",";
    client = std::make_shared<Client>(std::make_unique<cluster::Cluster>(options.connection, LogFunction(),
                                                                         cluster::Timing{}, nullptr, nullptr, process));
    schema.columns = {text("a"), text("b"), text("keys")};
    schema.columns[2].metadata = true;
    schema.columns[2].metadata_key = "keys";
    Column shown = text("topic");
    shown.metadata = true;
    shown.metadata_key = "topic";
    shown.is_virtual = true;
    schema.columns.insert(schema.columns.begin(), shown);
  }
  static Column text(std::string name) {
    Column column;
    column.name = std::move(name);
    return column;
  }

  /// A chunk of rows of the three written columns.
  static duck::DataChunk rows(duck::StringArena& arena, const std::vector<std::array<std::string, 3>>& values) {
    const Schema written{{text("a"), text("b"), text("keys")}};
    duck::DataChunk chunk = duck::make_chunk(std::vector<DataType>(3));
    duck::ChunkWriter writer(written, {true, true, true}, arena);
    writer.start(chunk.get());
    for (const auto& row : values) {
      writer.begin_row();
      for (std::size_t i = 0; i < row.size(); ++i) writer.set_string(i, row[i]);
      writer.end_row();
    }
    duckdb_data_chunk_set_size(chunk.get(), writer.rows());
    return chunk;
  }
  std::vector<mock::MockRecord> stored() {
    std::vector<mock::MockRecord> all;
    for (std::int32_t queue = 0; queue < 4; ++queue) {
      for (auto& record : mock.records({"out", "broker-a", queue})) all.push_back(std::move(record));
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.body < b.body; });
    return all;
  }
  std::shared_ptr<SinkGroup> group(std::size_t sinks, std::size_t writers) {
    auto opened = SinkGroup::open(client, options, sinks, writers);
    EXPECT_TRUE(opened);
    return *opened;
  }

  mock::MockCluster mock{{}, servers, &world.network()};
  SinkOptions options;
  std::shared_ptr<Client> client;
  Schema schema;
};

TEST_F(MqSinkTest, RowsBecomeMessages) {
  options.batch_linger_ms = 60'000;
  auto output = MqOutput::opener(client, schema, options, 1, {})(0);
  ASSERT_TRUE(output) << output.error().text;
  duck::StringArena arena;
  const auto chunk = rows(arena, {{"1", "x", "k1"}, {"2", "left out", "k2"}, {"3", "y", "k3"}});
  const std::vector<bool> skipped{false, true, false};
  ASSERT_TRUE((*output)->write(chunk.get(), &skipped));
  EXPECT_EQ((*output)->stats().rows_out, 0U) << "nothing is acknowledged yet";
  EXPECT_EQ((*output)->stats().rows_under_way(), 2U);
  ASSERT_TRUE((*output)->flush());
  const auto messages = stored();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].body, "1,x");
  EXPECT_EQ(messages[0].keys, "k1");
  EXPECT_EQ(messages[1].body, "3,y");
  EXPECT_EQ((*output)->stats().rows_out, 2U);
  EXPECT_EQ((*output)->stats().rows_under_way(), 0U);
  EXPECT_GT((*output)->stats().sink.value().api_calls, 0U);
  EXPECT_TRUE((*output)->close(milliseconds(1000)));
}

TEST_F(MqSinkTest, WritersShareAsManySinksAsTheOptionSays) {
  options.parallelism = 1;
  const auto open = MqOutput::opener(client, schema, options, 2, {});
  auto first = open(0);
  auto second = open(1);
  ASSERT_TRUE(first && second);
  duck::StringArena arena;
  const auto chunk = rows(arena, {{"1", "x", "k"}});
  ASSERT_TRUE((*first)->write(chunk.get(), nullptr));
  ASSERT_TRUE((*second)->flush());  // one sink: the other writer's message is stored by this
  EXPECT_EQ(stored().size(), 1U);
  EXPECT_TRUE((*first)->close(milliseconds(1000)));
  EXPECT_TRUE((*second)->write(chunk.get(), nullptr));
  EXPECT_TRUE((*second)->close(milliseconds(1000)));
  EXPECT_EQ(stored().size(), 2U);
  EXPECT_FALSE((*second)->write(chunk.get(), nullptr) && (*second)->flush());
}

TEST_F(MqSinkTest, APartitionStaysWithOneOfSeveralSinks) {
  const auto sinks = group(3, 1);
  ASSERT_EQ(sinks->size(), 3U);
  std::vector<bool> used(3);
  for (int i = 0; i < 100; ++i) {
    const std::string partition = "key " + std::to_string(i);
    const std::size_t sink = sinks->sink_of(partition);
    EXPECT_EQ(sinks->sink_of(std::string(partition)), sink);
    used.at(sink) = true;
  }
  EXPECT_THAT(used, ElementsAre(true, true, true));
}

TEST_F(MqSinkTest, AbortEndsAWriterThatWaits) {
  mock.inject(mock::Fault::of(mock::Fault::Kind::kDrop, wire::RequestCode::kSendBatchMessage, -1));
  mock.inject(mock::Fault::of(mock::Fault::Kind::kDrop, wire::RequestCode::kSendMessageV2, -1));
  auto output = MqOutput::opener(client, schema, options, 1, {})(0);
  ASSERT_TRUE(output);
  duck::StringArena arena;
  const auto chunk = rows(arena, {{"1", "x", "k"}});
  ASSERT_TRUE((*output)->write(chunk.get(), nullptr));
  const auto flushing = in_background([&] { return (*output)->flush(); });
  EXPECT_FALSE(flushing.ends_within(std::chrono::minutes(1))) << "it tries ten times";
  (*output)->abort();
  EXPECT_FALSE(flushing.get());
}

TEST_F(MqSinkTest, ATopicThatANameServerDoesNotKnowYetIsWaitedFor) {
  // As one that has just started answers, for the topic and for the template of new ones.
  mock.inject(mock::Fault::answer(wire::RequestCode::kGetRouteInfoByTopic, wire::ResponseCode::kTopicNotExist, "", 6));
  std::string log;
  engine::RunControl control(process, [&](LogLevel level, std::string_view text) {
    if (level == LogLevel::kWarning) log += text;
  });
  const auto open = MqOutput::opener(client, schema, options, 1, {});
  const auto output = engine::try_to_begin(
      "opening it", [&] { return open(0); }, milliseconds(10'000), control);
  EXPECT_TRUE(output) << output.error().text;
  EXPECT_THAT(log, testing::HasSubstr("opening it works after "));
}

}  // namespace

}  // namespace rocketlink::connectors
