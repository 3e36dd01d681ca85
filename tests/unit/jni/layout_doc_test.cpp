#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

#include "batch_writer.h"
#include "layout.h"
#include "row_writer.h"

namespace rocketlink::jni {
namespace {

constexpr const char* kReadme = SOURCE_DIR "/jni/README.md";
constexpr const char* kJava = SOURCE_DIR "/flink/common/src/main/java/io/rocketlink/client/NativeLayout.java";
constexpr std::string_view kBegin = "<!-- layouts: written from src/layout.h -->\n";
constexpr std::string_view kEnd = "<!-- end of layouts -->\n";

std::string content(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The file holds `wanted`, which ROCKETLINK_WRITE_DOCS=1 writes.
void expect_written(const char* path, const std::string& wanted) {
  if (std::getenv("ROCKETLINK_WRITE_DOCS") != nullptr) std::ofstream(path, std::ios::binary) << wanted;
  EXPECT_TRUE(content(path) == wanted) << path
                                       << " does not agree with jni/src/layout.h; mend it with: "
                                          "ROCKETLINK_WRITE_DOCS=1 unit_tests --gtest_filter='LayoutDoc.*'";
}

/// kNextOffset: NEXT_OFFSET.
std::string in_capitals(std::string_view name) {
  std::string text;
  for (const char c : name.substr(1)) {
    if (std::isupper(c) != 0 && !text.empty()) text += '_';
    text += static_cast<char>(std::toupper(c));
  }
  return text;
}

std::string_view word(layout::Type type) {
  switch (type) {
    case layout::Type::kArray:
      return "array";
    case layout::Type::kString:
      return "String";
    case layout::Type::kLong:
      return "long";
    case layout::Type::kI32:
      return "i32";
    case layout::Type::kU32:
      return "u32";
    case layout::Type::kI64:
      return "i64";
    case layout::Type::kU64:
      return "u64";
  }
  return "";
}

/// As "i64, epoch ms: when it was stored".
std::string described(const layout::Field& field) {
  return fmt::format("{}{}{}: {}", word(field.type), field.unit.empty() ? "" : ", ", field.unit, field.meaning);
}

std::string as_java() {
  std::string text = fmt::format(
      R"(package io.rocketlink.client;

/**
 * Where the fields stand in what crosses to and from native code. Written from {{@code jni/src/layout.h}}: change that, then run
 * {{@code ROCKETLINK_WRITE_DOCS=1 unit_tests --gtest_filter='LayoutDoc.*'}}.
 */
final class NativeLayout {{
    /** Where a number has nothing to say, and no other word for it. */
    static final int NONE = {};

    /** There is no event time. */
    static final long NO_TIME = Long.MIN_VALUE;

    /** What {{@link TableColumn#VIRTUAL}} says of a virtual column. */
    static final String VIRTUAL = "{}";

    private NativeLayout() {{}}
)",
      layout::kNone, layout::kVirtualText);
  static_assert(layout::kNoTime == std::numeric_limits<std::int64_t>::min());
  for (const layout::Layout& layout : layout::kLayouts) {
    text += fmt::format("\n    /** {{@code {}}}, {}: {}. */\n    static final class {} {{\n", layout.array,
                        layout.direction, layout.meaning, layout.name);
    for (const layout::Field& field : layout.fields) {
      text += fmt::format("        /** {}. */\n        static final int {} = {};\n\n", described(field),
                          in_capitals(field.name), field.at);
    }
    text += fmt::format(
        "        /** Of all these. */\n        static final int SIZE = {};\n\n        private {}() {{}}\n    }}\n",
        layout.size, layout.name);
  }
  return text + "}\n";
}

std::string as_markdown() {
  std::string text;
  for (const layout::Layout& layout : layout::kLayouts) {
    text += fmt::format("\n**`{}`**, `{}`, {}: {}\n\n| at | field | type | unit | what |\n|---|---|---|---|---|\n",
                        layout.name, layout.array, layout.direction, layout.meaning);
    for (const layout::Field& field : layout.fields) {
      text += fmt::format("| {} | `{}` | {} | {} | {} |\n", field.at, in_capitals(field.name), word(field.type),
                          field.unit, field.meaning);
    }
  }
  return text + "\n";
}

TEST(LayoutDoc, JavaHasThePlacesOfTheList) {
  expect_written(kJava, as_java());
}

TEST(LayoutDoc, TheReadmeShowsTheList) {
  const std::string text = content(kReadme);
  const std::size_t begin = text.find(kBegin);
  const std::size_t end = text.find(kEnd);
  ASSERT_NE(begin, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  expect_written(kReadme, text.substr(0, begin + kBegin.size()) + as_markdown() + text.substr(end));
}

TEST(LayoutDoc, AListWithAHoleOrAnOverlapIsFoundOut) {
  using layout::Field;
  using layout::Type;
  const auto complete = [](std::vector<Field> fields, std::size_t size) {
    return layout::is_complete({"", "", "", "", fields, size});
  };
  const Field first{"kFirst", 0, Type::kU32, "", ""};
  EXPECT_TRUE(complete({first, {"kSecond", 4, Type::kI64, "", ""}}, 12));
  EXPECT_FALSE(complete({first, {"kSecond", 8, Type::kI64, "", ""}}, 16));
  EXPECT_FALSE(complete({first, {"kSecond", 0, Type::kI64, "", ""}}, 8));
  EXPECT_FALSE(complete({first}, 8));
  EXPECT_TRUE(complete({{"kFirst", 0, Type::kLong, "", ""}, {"kSecond", 1, Type::kLong, "", ""}}, 2));
}

/// The bytes that jni/README.md shows: of each line of its block those between the offset and what they are.
std::string bytes_in_the_readme() {
  std::ifstream file(kReadme);
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
