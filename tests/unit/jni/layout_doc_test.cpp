#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <regex>
#include <string>

#include "batch_writer.h"
#include "row_writer.h"

namespace rocketlink::jni {
namespace {

/// The bytes that jni/README.md shows: of each line of its block those between the offset and what they are.
std::string bytes_in_the_readme() {
  std::ifstream file(SOURCE_DIR "/jni/README.md");
  const std::regex shown(R"(^ *\d{1,3}  ((?:[0-9a-f]{2} )+) )");
  std::string bytes;
  for (std::string line; std::getline(file, line);) {
    std::smatch match;
    if (!std::regex_search(line, match, shown)) continue;
    const std::string digits = match[1];
    for (std::size_t i = 0; i < digits.size(); i += 3) {
      bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
    }
  }
  return bytes;
}

TEST(LayoutDoc, TheBatchOfTheReadmeIsWhatTheWriterMakes) {
  Schema schema;
  schema.columns.resize(2);
  schema.columns[0].type = {TypeKind::kBigInt, 0, 0, true};
  schema.columns[1].type = {TypeKind::kVarchar, 100, 0, true};
  BatchWriter batch;
  batch.begin();
  BinaryRowWriter rows(schema, std::array<std::int32_t, 2>{0, 1}, batch.contents());
  MessageView message;
  message.queue_offset = 42;
  message.store_timestamp_ms = 1'700'000'000'100;
  message.born_timestamp_ms = 1'700'000'000'000;
  message.body = "7,Ada Lovelace\n";
  batch.begin_message(message);
  rows.start();
  rows.begin_row();
  rows.set_int64(0, 7);
  rows.set_string(1, "Ada Lovelace");
  rows.end_row();
  batch.end_message(1);
  EXPECT_EQ(batch.finish({"orders", "broker-a", 0}, 43, 0), bytes_in_the_readme());
}

}  // namespace
}  // namespace rocketlink::jni
