#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cluster/pull.h"
#include "wire/command.h"
#include "wire/message_set.h"
#include "wire/route.h"

/// Answers of real servers, captured by tests/fixtures/capture.py.
namespace rocketlink::test {

namespace {

using cluster::PullStatus;
using testing::ElementsAre;
using testing::HasSubstr;
using wire::Header;
using wire::MessageSetDecoder;
using wire::ResponseCode;
using wire::RoutedQueue;

struct Answer {
  std::string frame;
  Header header;
  std::string_view body;
};

class GoldenTest : public testing::TestWithParam<const char*> {
 protected:
  [[nodiscard]] static bool is_5() { return std::string_view(GetParam()) == "5.5.0"; }
  [[nodiscard]] static std::unique_ptr<Answer> load(const std::string& name) {
    const std::string path = std::string(FIXTURES_DIR) + "/" + GetParam() + "/" + name + ".bin";
    std::ifstream file(path, std::ios::binary);
    auto answer = std::make_unique<Answer>();
    answer->frame.assign(std::istreambuf_iterator<char>(file), {});
    EXPECT_GT(answer->frame.size(), 8U) << path;
    const auto* first = reinterpret_cast<const std::uint8_t*>(answer->frame.data());
    const auto layout = wire::parse_frame_layout(std::span<const std::uint8_t, 8>(first, 8));
    EXPECT_TRUE(layout);
    EXPECT_EQ(layout->total, answer->frame.size());
    auto header =
        wire::decode_header(layout->serialize_type, std::string_view(answer->frame).substr(8, layout->header_bytes));
    EXPECT_TRUE(header);
    answer->header = *std::move(header);
    answer->body = std::string_view(answer->frame).substr(layout->body_offset());
    EXPECT_TRUE(answer->header.is_response());
    EXPECT_EQ(answer->header.version, is_5() ? 513 : 407);
    return answer;
  }
  [[nodiscard]] static Result<cluster::PullAnswer> load_pull(const std::string& name, std::int64_t asked) {
    return cluster::read_pull_answer(load(name)->header, asked, "pulling", "the broker");
  }
  static void check_messages(std::string_view body) {
    MessageSetDecoder decoder;
    decoder.reset(body, {});
    std::vector<std::string> bodies;
    for (std::int64_t offset = 0;; ++offset) {
      const auto next = decoder.next();
      ASSERT_TRUE(next) << next.error().text;
      if (*next == nullptr) break;
      const MessageView& message = **next;
      EXPECT_EQ(message.topic, "golden");
      EXPECT_EQ(message.queue_id, 0);
      EXPECT_EQ(message.queue_offset, offset);
      EXPECT_EQ(message.born_timestamp_ms, 1'700'000'000'000);
      EXPECT_GT(message.store_timestamp_ms, 1'700'000'000'000);
      EXPECT_EQ(message.message_id(), "0A00000100000000000000000000000" + std::to_string(offset + 1));
      bodies.emplace_back(message.body);
      if (offset == 1) {
        EXPECT_EQ(message.keys, "order-1 order-2");
        EXPECT_EQ(message.tags, "paid");
        EXPECT_EQ(message.property("colour"), "blå");
        EXPECT_EQ(message.flag, 7);
      } else if (offset == 3) {
        EXPECT_EQ(message.tags, "paid");
        EXPECT_EQ(message.flag, 1);
      } else {
        EXPECT_EQ(message.tags, std::nullopt);
        EXPECT_EQ(message.keys, std::nullopt);
      }
    }
    std::string compressed;
    for (int i = 0; i < 1000; ++i) compressed += "compressed ";
    EXPECT_THAT(bodies, ElementsAre("plain body", "tagged and keyed: ü", compressed, "first", ""));
  }
};

TEST_P(GoldenTest, Routes) {
  for (const char* name : {"route", "route_unquoted"}) {
    const auto answer = load(name);
    const auto route = wire::parse_route(answer->body);
    ASSERT_TRUE(route) << route.error().text;
    ASSERT_EQ(route->brokers.size(), 1U);
    EXPECT_EQ(route->brokers[0].name, "broker-a");
    EXPECT_EQ(route->brokers[0].cluster, "DefaultCluster");
    EXPECT_THAT(route->brokers[0].addresses.at(0), testing::StartsWith("127.0.0.1:"));
    EXPECT_THAT(wire::readable_queues(*route),
                ElementsAre(RoutedQueue{"broker-a", 0, "broker-a"}, RoutedQueue{"broker-a", 1, "broker-a"}));
    EXPECT_EQ(wire::writable_queues(*route).size(), 2U);
  }
  EXPECT_THAT(load("route_unquoted")->body, HasSubstr("{0:"));
  const auto missing = load("route_missing");
  EXPECT_EQ(missing->header.code, static_cast<std::int32_t>(ResponseCode::kTopicNotExist));
  EXPECT_THAT(missing->header.remark, HasSubstr("nothing"));
}

TEST_P(GoldenTest, Pulls) {
  const auto found = load_pull("pull", 0);
  ASSERT_TRUE(found) << found.error().text;
  EXPECT_EQ(found->status, PullStatus::kFound);
  EXPECT_EQ(found->next_offset, 5);
  EXPECT_EQ(found->min_offset, 0);
  EXPECT_EQ(found->max_offset, 5);
  EXPECT_EQ(found->suggested_broker_id, 0);
  check_messages(load("pull")->body);
}

TEST_P(GoldenTest, ABinaryRequestIsAnsweredAsTheServerLikes) {
  const auto answer = load("pull_binary");
  EXPECT_EQ(answer->frame[4], is_5() ? 0 : 1) << "4.9 echoes the encoding, 5.x has its own";
  EXPECT_EQ(load_pull("pull_binary", 0)->next_offset, 5);
  check_messages(answer->body);
}

TEST_P(GoldenTest, FilteredPullsGoOnBehindWhatWasFiltered) {
  const auto tagged = load_pull("pull_tagged", 0);
  ASSERT_TRUE(tagged);
  EXPECT_EQ(tagged->status, PullStatus::kFound);
  EXPECT_EQ(tagged->next_offset, 5);
  MessageSetDecoder decoder;
  const auto answer = load("pull_tagged");
  decoder.reset(answer->body, {});
  EXPECT_EQ((*decoder.next())->queue_offset, 1);
  EXPECT_EQ((*decoder.next())->queue_offset, 3);
  EXPECT_EQ(*decoder.next(), nullptr);
  const auto filtered = load_pull("pull_filtered", 0);
  ASSERT_TRUE(filtered);
  EXPECT_EQ(filtered->status, PullStatus::kAdvance);
  EXPECT_EQ(filtered->next_offset, 5);
}

TEST_P(GoldenTest, PullsWithoutMessages) {
  const auto at_end = load_pull("pull_at_end", 5);
  ASSERT_TRUE(at_end);
  EXPECT_EQ(at_end->status, PullStatus::kNotFound);
  EXPECT_EQ(at_end->next_offset, 5);
  const auto beyond = load_pull("pull_beyond_end", 1000);
  ASSERT_TRUE(beyond);
  EXPECT_EQ(beyond->status, PullStatus::kTooBig);
  EXPECT_EQ(beyond->max_offset, 5);
  const auto empty = load_pull("pull_empty_queue", 0);
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->status, PullStatus::kNotFound);
  EXPECT_EQ(empty->max_offset, 0);
}

TEST_P(GoldenTest, RefusedPulls) {
  const auto no_queue = load_pull("pull_no_queue", 0);
  ASSERT_FALSE(no_queue);
  EXPECT_EQ(no_queue.error().code, static_cast<std::int32_t>(ResponseCode::kInvalidParameter)) << "4.9 says 1";
  const auto no_topic = load_pull("pull_no_topic", 0);
  ASSERT_FALSE(no_topic);
  EXPECT_EQ(no_topic.error().code, static_cast<std::int32_t>(ResponseCode::kTopicNotExist));
  EXPECT_TRUE(no_topic.error().retriable);
  EXPECT_THAT(no_topic.error().text, testing::Not(HasSubstr("\n"))) << "without the hint behind the first line";
  EXPECT_EQ(load("unknown_code")->header.code, 3);
}

TEST_P(GoldenTest, Sends) {
  const auto one = load("send");
  EXPECT_EQ(one->header.code, 0);
  EXPECT_EQ(one->header.ext.find_int("queueId"), 0);
  EXPECT_EQ(one->header.ext.find_int("queueOffset"), 0);
  EXPECT_THAT(std::string(one->header.ext.find("msgId").value_or("")), testing::StartsWith("7F000001"));
  EXPECT_EQ(one->header.ext.find("transactionId").has_value(), is_5());
  const auto batch = load("send_batch");
  EXPECT_EQ(batch->header.code, 0);
  EXPECT_EQ(batch->header.ext.find_int("queueOffset"), 3);
  EXPECT_THAT(std::string(batch->header.ext.find("msgId").value_or("")), HasSubstr(","));
  EXPECT_EQ(load("send_too_large")->header.code, static_cast<std::int32_t>(ResponseCode::kMessageIllegal));
}

TEST_P(GoldenTest, Offsets) {
  EXPECT_EQ(load("max_offset")->header.ext.find_int("offset"), 5);
  EXPECT_EQ(load("committed")->header.ext.find_int("offset"), 3);
  EXPECT_EQ(load("commit")->header.code, 0);
  const auto none = load("committed_none");
  EXPECT_EQ(none->header.code, is_5() ? 22 : 0) << "4.9 cannot tell none from zero";
  EXPECT_EQ(load("commit_no_group")->header.code, is_5() ? 26 : 0);
}

INSTANTIATE_TEST_SUITE_P(Servers, GoldenTest, testing::Values("5.5.0", "4.9.7"),
                         [](const auto& param_info) { return param_info.index == 0 ? "v5_5_0" : "v4_9_7"; });

}  // namespace

}  // namespace rocketlink::test
