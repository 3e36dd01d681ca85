#include "source_reader.h"

#include <gtest/gtest.h>

#include <cstring>

#include "mock/mock_cluster.h"

namespace rocketlink::jni {
namespace {

using std::chrono::milliseconds;

template <class T>
T at(std::string_view array, std::size_t offset) {
  T value{};
  std::memcpy(&value, array.data() + offset, sizeof(value));
  return value;
}

std::uint32_t messages(std::string_view array) {
  return at<std::uint32_t>(array, 0);
}

std::int64_t next_offset(std::string_view array) {
  return at<std::int64_t>(array, 8);
}

/// Of the array's only message.
std::uint32_t rows(std::string_view array) {
  const std::size_t table = 32 + (at<std::uint32_t>(array, 4) + 7) / 8 * 8;
  return at<std::uint32_t>(array, table + 28);
}

/// On real sockets: the object makes its own client.
class SourceReaderObjectTest : public testing::Test {
 protected:
  static constexpr std::size_t kMostBytes = 1 << 20;

  SourceReaderObjectTest() {
    mock.create_topic("orders", 1);
    options.connection.endpoints = mock.endpoints();
    options.topic = "orders";
    options.consumer_group = "readers";
  }

  void open(std::size_t columns) {
    Schema schema;
    std::vector<std::int32_t> all;
    for (std::size_t i = 0; i < columns; ++i) {
      Column column;
      column.name = "c" + std::to_string(i);
      column.type = {TypeKind::kInteger, 0, 0, true};
      schema.columns.push_back(column);
      all.push_back(static_cast<std::int32_t>(i));
    }
    options.format.length_check = LengthCheck::kPad;
    auto opened = SourceReaderObject::open(options, schema, all, 1);
    ASSERT_TRUE(opened) << opened.error().text;
    object = *std::move(opened);
    object->reader().add_splits(std::vector<Split>{{queue0, 0, std::nullopt}});
  }
  /// The next array; empty when there is none within ten seconds.
  std::string_view poll() {
    for (int i = 0; i < 1000; ++i) {
      const auto array = object->poll(milliseconds(10), kMostBytes);
      EXPECT_TRUE(array) << array.error().text;
      if (!array || !array->empty()) return array ? *array : std::string_view();
    }
    ADD_FAILURE() << "nothing came";
    return {};
  }

  mock::MockCluster mock;
  const QueueId queue0{"orders", "broker-a", 0};
  SourceOptions options;
  std::unique_ptr<SourceReaderObject> object;
};

TEST_F(SourceReaderObjectTest, AMessageOfManyRowsComesInPieces) {
  constexpr std::uint32_t kRows = 20'000;  // of 424 bytes each
  std::string body;
  for (std::uint32_t i = 0; i < kRows; ++i) body += "1\n";
  mock.append(queue0, {.body = body});
  mock.append(queue0, {.body = "2\n"});
  open(50);
  std::uint32_t seen = 0;
  std::int64_t bytes = 0;
  std::int64_t next = BatchWriter::kGoesOn;
  while (next == BatchWriter::kGoesOn) {
    const std::string_view array = poll();
    ASSERT_LT(array.size(), kMostBytes + 1024);
    ASSERT_EQ(messages(array), 1U) << "a rest comes alone";
    seen += rows(array);
    bytes += at<std::int64_t>(array, 16);
    next = next_offset(array);
  }
  EXPECT_EQ(seen, kRows);
  EXPECT_EQ(bytes, static_cast<std::int64_t>(body.size())) << "counted once";
  EXPECT_EQ(next, 1);
  const std::string_view other = poll();
  EXPECT_EQ(messages(other), 1U);
  EXPECT_EQ(rows(other), 1U);
  EXPECT_EQ(next_offset(other), 2);
}

TEST_F(SourceReaderObjectTest, MessagesWithoutRowsComeInPiecesToo) {
  constexpr int kMessages = 8;
  const std::string body(kMostBytes / 2, '\n');  // empty records, which are no rows
  for (int i = 0; i < kMessages; ++i) mock.append(queue0, {.body = body});
  open(2);
  std::uint32_t seen = 0;
  while (seen < kMessages) {
    const std::string_view array = poll();
    ASSERT_FALSE(array.empty());
    EXPECT_LE(messages(array), 2U) << "the time that bodies take is bounded, too";
    seen += messages(array);
    EXPECT_EQ(next_offset(array), seen);
  }
}

}  // namespace
}  // namespace rocketlink::jni
