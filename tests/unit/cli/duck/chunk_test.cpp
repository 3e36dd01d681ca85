#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "duck/chunk_reader.h"
#include "duck/chunk_writer.h"

namespace rocketlink::duck {

namespace {

Column column(TypeKind kind, std::int32_t precision = kUnboundedLength, std::int32_t scale = 0) {
  Column made;
  made.name = "c";
  made.type = {.kind = kind, .precision = precision, .scale = scale};
  return made;
}

/// A chunk, written by one schema and read by the same.
struct WireRows {
  explicit WireRows(Schema schema_in) : WireRows(schema_in, std::vector<bool>(schema_in.columns.size(), true)) {}
  WireRows(Schema schema_in, const std::vector<bool>& wanted)
      : schema(std::move(schema_in)),
        chunk(make_chunk(types(wanted))),
        writer(schema, wanted, arena),
        reader(schema, wanted) {
    writer.start(chunk.get());
  }

  std::vector<DataType> types(const std::vector<bool>& wanted) {
    std::vector<DataType> types;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i]) types.push_back(schema.columns[i].type);
    }
    return types;
  }
  ChunkReader& read(const std::vector<bool>* skipped = nullptr) {
    duckdb_data_chunk_set_size(chunk.get(), writer.rows());
    reader.start(chunk.get(), skipped);
    return reader;
  }

  Schema schema;
  StringArena arena;
  DataChunk chunk;
  ChunkWriter writer;
  ChunkReader reader;
};

WireRows one_column(TypeKind kind, std::int32_t precision = kUnboundedLength, std::int32_t scale = 0) {
  return WireRows(Schema{{column(kind, precision, scale)}});
}

/// Writes each value, reads it back.
template <class T, class Set, class Get>
void round_trip(WireRows rows, const std::vector<T>& values, Set set, Get get) {
  for (const T& value : values) {
    rows.writer.begin_row();
    (rows.writer.*set)(0, value);
    rows.writer.end_row();
  }
  ChunkReader& reader = rows.read();
  for (const T& value : values) {
    ASSERT_TRUE(reader.next());
    EXPECT_FALSE(reader.is_null(0));
    EXPECT_EQ((reader.*get)(0), value);
  }
  EXPECT_FALSE(reader.next());
}

template <class T>
std::vector<T> extremes() {
  return {std::numeric_limits<T>::lowest(), T{-1}, T{0}, T{1}, std::numeric_limits<T>::max()};
}

TEST(Chunk, KeepsNumbers) {
  round_trip<bool>(one_column(TypeKind::kBoolean), {true, false}, &ChunkWriter::set_boolean, &ChunkReader::get_boolean);
  round_trip(one_column(TypeKind::kTinyInt), extremes<std::int8_t>(), &ChunkWriter::set_int8, &ChunkReader::get_int8);
  round_trip(one_column(TypeKind::kSmallInt), extremes<std::int16_t>(), &ChunkWriter::set_int16,
             &ChunkReader::get_int16);
  round_trip(one_column(TypeKind::kInteger), extremes<std::int32_t>(), &ChunkWriter::set_int32,
             &ChunkReader::get_int32);
  round_trip(one_column(TypeKind::kBigInt), extremes<std::int64_t>(), &ChunkWriter::set_int64, &ChunkReader::get_int64);
  round_trip(one_column(TypeKind::kFloat), extremes<float>(), &ChunkWriter::set_float, &ChunkReader::get_float);
  round_trip(one_column(TypeKind::kDouble), extremes<double>(), &ChunkWriter::set_double, &ChunkReader::get_double);
  round_trip<std::int32_t>(one_column(TypeKind::kDate), {-719162, 0, 2932896}, &ChunkWriter::set_date,
                           &ChunkReader::get_date);
}

TEST(Chunk, KeepsDecimalsOfEveryWidth) {
  Int128 nines = 0;
  for (std::int32_t precision = 1; precision <= 38; ++precision) {
    nines = nines * 10 + 9;
    round_trip<Int128>(one_column(TypeKind::kDecimal, precision, 1), {-nines, 0, nines}, &ChunkWriter::set_decimal,
                       &ChunkReader::get_decimal);
  }
}

TEST(Chunk, KeepsTextOfEveryLength) {
  std::vector<std::string> texts;
  for (const std::size_t size : {0, 1, 11, 12, 13, 100, 300'000}) texts.emplace_back(size, 'x');
  texts.emplace_back("a\0b", 3);
  WireRows rows = one_column(TypeKind::kVarchar);
  for (const std::string& text : texts) {
    rows.writer.begin_row();
    rows.writer.set_string(0, std::string(text));  // copied: the original goes away
    rows.writer.end_row();
  }
  ChunkReader& reader = rows.read();
  for (const std::string& text : texts) {
    ASSERT_TRUE(reader.next());
    EXPECT_EQ(reader.get_string(0), text);
  }
}

TEST(Chunk, KeepsTimesAsFineAsTheColumn) {
  const Timestamp before{-1, 999'999'999};
  const Timestamp after{253'402'300'799, 123'456'789};  // year 9999
  round_trip<Timestamp>(one_column(TypeKind::kTimestamp, 9), {before, after}, &ChunkWriter::set_timestamp,
                        &ChunkReader::get_timestamp);
  round_trip<Timestamp>(one_column(TypeKind::kTimestampLtz, 7), {before, after}, &ChunkWriter::set_timestamp_ltz,
                        &ChunkReader::get_timestamp_ltz);
  round_trip<Timestamp>(one_column(TypeKind::kTimestamp, 6), {{-1, 999'999'000}, {253'402'300'799, 999'999'000}},
                        &ChunkWriter::set_timestamp, &ChunkReader::get_timestamp);
  round_trip<std::int64_t>(one_column(TypeKind::kTime, 6), {0, 86'399'999'999'000}, &ChunkWriter::set_time,
                           &ChunkReader::get_time);
}

TEST(Chunk, DropsRowsWhoseTimeHasNoRoom) {
  WireRows rows(Schema{{column(TypeKind::kTimestamp, 6), column(TypeKind::kInteger)}}, {true, true});
  for (const std::int64_t seconds : {std::int64_t{0}, std::int64_t{9'223'372'036'855}, std::int64_t{1}}) {
    rows.writer.begin_row();
    rows.writer.set_timestamp(0, {seconds, 0});
    rows.writer.set_int32(1, static_cast<std::int32_t>(seconds % 1000));
    rows.writer.end_row();
    const bool unfit = seconds > 1;
    EXPECT_EQ(rows.writer.take_unfit_column(), unfit ? std::optional<std::size_t>(0) : std::nullopt);
  }
  ChunkReader& reader = rows.read();
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.get_int32(1), 0);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.get_int32(1), 1);
  EXPECT_FALSE(reader.next());
}

TEST(Chunk, ForgetsTheNullsOfAnAbandonedRow) {
  WireRows rows = one_column(TypeKind::kInteger);
  rows.writer.begin_row();
  rows.writer.set_null(0);
  rows.writer.begin_row();  // the first one turned out to be bad
  rows.writer.set_int32(0, 7);
  rows.writer.end_row();
  rows.writer.begin_row();
  rows.writer.set_null(0);
  rows.writer.end_row();
  ChunkReader& reader = rows.read();
  ASSERT_TRUE(reader.next());
  EXPECT_FALSE(reader.is_null(0));
  EXPECT_EQ(reader.get_int32(0), 7);
  ASSERT_TRUE(reader.next());
  EXPECT_TRUE(reader.is_null(0));
}

TEST(Chunk, HoldsOnlyTheWantedColumns) {
  WireRows rows(Schema{{column(TypeKind::kInteger), column(TypeKind::kVarchar), column(TypeKind::kBigInt)}},
                {false, true, true});
  EXPECT_EQ(duckdb_data_chunk_get_column_count(rows.chunk.get()), 2U);
  EXPECT_FALSE(rows.writer.wants(0));
  rows.writer.begin_row();
  rows.writer.set_string(1, "text");
  rows.writer.set_int64(2, 5);
  rows.writer.end_row();
  ChunkReader& reader = rows.read();
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.get_string(1), "text");
  EXPECT_EQ(reader.get_int64(2), 5);
}

TEST(Chunk, IsFullAtDuckDbsVectorSizeAndLeavesOutSkippedRows) {
  WireRows rows = one_column(TypeKind::kInteger);
  while (!rows.writer.full()) {
    rows.writer.begin_row();
    rows.writer.set_int32(0, static_cast<std::int32_t>(rows.writer.rows()));
    rows.writer.end_row();
  }
  EXPECT_EQ(rows.writer.rows(), duckdb_vector_size());
  std::vector<bool> skipped(duckdb_vector_size(), true);
  skipped[70] = false;
  ChunkReader& reader = rows.read(&skipped);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.get_int32(0), 70);
  EXPECT_FALSE(reader.next());
}

TEST(StringArena, KeepsCopiesUntilItIsCleared) {
  StringArena arena;
  std::vector<std::pair<const char*, std::string>> copies;
  for (int i = 0; i < 2000; ++i) {
    std::string text(static_cast<std::size_t>(i) * 500, static_cast<char>('a' + i % 26));
    copies.emplace_back(arena.copy(text), std::move(text));
  }
  std::size_t bytes = 0;
  for (const auto& [copy, text] : copies) {
    EXPECT_EQ(std::string_view(copy, text.size()), text);
    bytes += text.size();
  }
  EXPECT_EQ(arena.used(), bytes);
  arena.clear();
  EXPECT_EQ(arena.used(), 0U);
  EXPECT_EQ(*arena.copy("z"), 'z');
}

}  // namespace

}  // namespace rocketlink::duck
