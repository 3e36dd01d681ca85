#include "sink_object.h"

#include <cstring>
#include <string>
#include <string_view>

#include "layout.h"
#include "unit/core/sink/sink_fixture.h"

namespace rocketlink::jni {
namespace {

using layout::WrittenMessage;
using std::chrono::milliseconds;

class SinkObjectTest : public test::SinkTest {
 protected:
  /// As long as MessageWriter.java waits at a time.
  static constexpr milliseconds kPiece{50};
  /// Of these, what the last try may take; with a bound, as one that returns at once takes no time.
  static constexpr int kMostPieces = 15'000 / 50;

  SinkObjectTest() {
    mock.create_topic("orders", 1);
    options.retry_times = 0;
  }

  static std::string array_of(std::string_view body) {
    std::string array(WrittenMessage::kSize, '\0');
    const auto put = [&](std::size_t at, auto value) { std::memcpy(array.data() + at, &value, sizeof(value)); };
    put(WrittenMessage::kBodyBytes, static_cast<std::int32_t>(body.size()));
    for (const std::size_t at :
         {WrittenMessage::kKeyBytes, WrittenMessage::kTagBytes, WrittenMessage::kPartitionBytes}) {
      put(at, std::int32_t{-1});
    }
    put(WrittenMessage::kEventTimeMs, layout::kNoTime);
    return array.append(body);
  }
};

TEST_F(SinkObjectTest, ThatALastTryIsNotAnsweredIsAnErrorAndNotTheEndOfACallsTime) {
  SinkObject object(open());
  mock.set_silent("broker-a/0", true);
  const std::string message = array_of("a");
  const auto taken = object.write_messages(message, kPiece);
  ASSERT_TRUE(taken) << taken.error().text;
  ASSERT_EQ(*taken, message.size());
  Result<bool> flushed = object.flush(kPiece);
  ASSERT_TRUE(flushed) << flushed.error().text;
  EXPECT_FALSE(*flushed) << "the try still goes on";
  for (int i = 0; i < kMostPieces && flushed && !*flushed; ++i) flushed = object.flush(kPiece);
  ASSERT_FALSE(flushed) << "it has been given up";
  EXPECT_TRUE(flushed.error().is(ErrorCode::kTimeout));
  const auto more = object.write_messages(message, kPiece);
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().text, flushed.error().text);
}

TEST(SinkObjectRealThreads, WaitsForATopicThatANameServerDoesNotKnowYet) {
  mock::MockCluster mock;
  mock.create_topic("orders", 1);
  // As one that has just started answers, for the topic and for the template of new ones.
  mock.inject(mock::Fault::answer(wire::RequestCode::kGetRouteInfoByTopic, wire::ResponseCode::kTopicNotExist, "", 2));
  SinkOptions options;
  options.connection.endpoints = mock.endpoints();
  options.topic = "orders";
  options.producer_group = "writers";
  const auto opened = SinkObject::open(options, Schema(), {}, 1);
  EXPECT_TRUE(opened) << opened.error().text;
}

}  // namespace
}  // namespace rocketlink::jni
