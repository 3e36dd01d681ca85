#include "engine/scan_function.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "duck/chunk_reader.h"
#include "duck/statement.h"
#include "engine/micro_batch.h"

namespace rocketlink::engine {

namespace {

using testing::HasSubstr;

class ScanFunctionTest : public testing::Test {
 protected:
  ScanFunctionTest() : database(*duck::Database::open()), connection(*duck::Connection::open(database)) {
    for (const char* name : {"id", "other", "text"}) {
      Column column;
      column.name = name;
      column.type.kind = std::string_view(name) == "text" ? TypeKind::kVarchar : TypeKind::kInteger;
      schema.columns.push_back(column);
    }
  }

  /// All rows of a one-column text result.
  static Result<std::vector<std::string>> texts(duck::Statement& statement) {
    auto rows = statement.run();
    if (!rows) return std::move(rows).error();
    std::vector<std::string> out;
    duck::ChunkReader reader(Schema{{Column{}}}, {true});
    while (true) {
      auto chunk = rows->next();
      if (!chunk) return std::move(chunk).error();
      if (!*chunk) return out;
      reader.start(chunk->get());
      while (reader.next()) out.emplace_back(reader.get_string(0));
    }
  }
  static void add_row(MicroBatch& batch, std::int32_t id, std::string_view text) {
    duck::ChunkWriter& writer = batch.writer();
    writer.begin_row();
    if (writer.wants(0)) writer.set_int32(0, id);
    if (writer.wants(2)) writer.set_string(2, text);
    writer.end_row();
  }

  duck::Database database;
  duck::Connection connection;
  Schema schema;
};

TEST_F(ScanFunctionTest, GivesEachConnectionItsOwnRowsAgainAndAgain) {
  auto function = ScanFunction::create(connection, "scan", schema);
  ASSERT_TRUE(function);
  duck::Connection second_connection(*duck::Connection::open(database));
  MicroBatch first(schema);
  MicroBatch second(schema);
  function->attach(connection, first);
  function->attach(second_connection, second);
  const std::string sql = "SELECT c0 || c2 FROM scan() WHERE c0 % 1000 = 7";
  auto of_first = duck::Statement::prepare(connection, sql);
  auto of_second = duck::Statement::prepare(second_connection, sql);
  ASSERT_TRUE(of_first && of_second);
  EXPECT_TRUE(texts(*of_first)->empty());  // tells the feed which columns are read
  EXPECT_TRUE(texts(*of_second)->empty());
  first.fix_columns();
  second.fix_columns();
  for (int round = 0; round < 3; ++round) {
    first.clear();
    EXPECT_EQ(first.rows(), 0U);
    for (std::int32_t id = 0; id < 3000; ++id) add_row(first, id, " of the round " + std::to_string(round));
    EXPECT_EQ(first.rows(), 3000U);
    EXPECT_GT(first.bytes(), 0U);
    second.clear();
    add_row(second, 7, " elsewhere");
    const std::string tail = " of the round " + std::to_string(round);
    EXPECT_THAT(*texts(*of_first), testing::ElementsAre("7" + tail, "1007" + tail, "2007" + tail));
    EXPECT_THAT(*texts(*of_second), testing::ElementsAre("7 elsewhere"));
  }
}

TEST_F(ScanFunctionTest, CountsRowsOfWhichNothingIsRead) {
  auto function = ScanFunction::create(connection, "scan", schema);
  ASSERT_TRUE(function);
  MicroBatch batch(schema);
  function->attach(connection, batch);
  auto statement = duck::Statement::prepare(connection, "SELECT 'x' FROM scan()");
  ASSERT_TRUE(statement);
  EXPECT_TRUE(texts(*statement)->empty());
  batch.fix_columns();
  for (std::int32_t id = 0; id < 5; ++id) add_row(batch, id, "unread");
  EXPECT_EQ(batch.bytes(), 0U);
  EXPECT_EQ(texts(*statement)->size(), 5U);
}

TEST_F(ScanFunctionTest, RefusesColumnsThatAreNotHeld) {
  auto function = ScanFunction::create(connection, "scan", schema);
  ASSERT_TRUE(function);
  MicroBatch batch(schema);
  function->attach(connection, batch);
  batch.fix_columns();
  auto statement = duck::Statement::prepare(connection, "SELECT c2 FROM scan()");
  ASSERT_TRUE(statement);
  const auto outcome = texts(*statement);
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().text, HasSubstr("did not read at first"));
}

TEST_F(ScanFunctionTest, AConnectionWithoutAFeedReadsNothing) {
  ASSERT_TRUE(ScanFunction::create(connection, "scan", schema));
  auto statement = duck::Statement::prepare(connection, "SELECT c2 FROM scan()");
  ASSERT_TRUE(statement);
  const auto outcome = texts(*statement);
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().text, HasSubstr("reads from nowhere"));
}

}  // namespace

}  // namespace rocketlink::engine
