#include "sink/window.h"

#include <gtest/gtest.h>

#include <vector>

namespace rocketlink::sink {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// A link that takes so many bytes a second, by a writer that always has more.
class SendWindowTest : public testing::Test {
 protected:
  static constexpr std::size_t kMessageBytes = 1000;
  static constexpr milliseconds kRoundTrip{2};

  /// Fills the window, and has it acknowledged, one message after the other.
  void turn() {
    std::vector<Load> ahead;
    for (; window.has_room(kMessageBytes); window.add(kMessageBytes)) ahead.push_back(window.open());
    window.lack();
    for (const Load& before : ahead) {
      longest = kRoundTrip + std::chrono::nanoseconds(1s) * (before.messages + 1) / messages_per_second;
      window.learn({kMessageBytes, 1}, before, longest);
      window.release({kMessageBytes, 1});
    }
  }
  void turns(int count) {
    for (int i = 0; i < count; ++i) turn();
  }

  SendWindow window{{kWindowBytes, kWindowMessages}};
  std::uint64_t messages_per_second = 10'000'000;
  std::chrono::nanoseconds longest{0};  ///< of the last turn
};

TEST_F(SendWindowTest, BeginsSmallAndGrowsToItsBoundWhereBrokersAreFast) {
  EXPECT_EQ(window.limit().messages, kLeastWindowMessages);
  turns(30);
  EXPECT_EQ(window.limit().bytes, kWindowBytes);
  EXPECT_GT(window.limit().messages, kWindowBytes / kMessageBytes);
}

TEST_F(SendWindowTest, DoesNotGrowForAWriterThatNeverLacksRoom) {
  for (int i = 0; i < 1000; ++i) {
    window.add(kMessageBytes);
    window.learn({kMessageBytes, 1}, {}, kRoundTrip);
    window.release({kMessageBytes, 1});
  }
  EXPECT_EQ(window.limit().messages, kLeastWindowMessages);
}

TEST_F(SendWindowTest, HoldsWhatASlowBrokerTakesInTime) {
  turns(30);
  messages_per_second = 40;
  window.learn({}, {kWindowBytes, 32'000}, milliseconds(800'000));
  EXPECT_EQ(window.limit().messages, 80U);
  turns(50);
  EXPECT_LE(longest, kAcknowledgedWithin * 11 / 10);
  EXPECT_GE(longest, kAcknowledgedWithin * 9 / 10);
  messages_per_second = 10'000'000;
  turns(30);
  EXPECT_EQ(window.limit().bytes, kWindowBytes);
}

TEST_F(SendWindowTest, KeepsALeastHoweverSlowBrokersAre) {
  window.learn({}, {100, 1}, std::chrono::hours(1));
  EXPECT_EQ(window.limit().messages, kLeastWindowMessages);
  EXPECT_EQ(window.limit().bytes, kLeastWindowBytes);
}

TEST_F(SendWindowTest, OneMessageOfAnySizePasses) {
  EXPECT_TRUE(window.has_room(kWindowBytes * 2));
  window.add(kWindowBytes * 2);
  EXPECT_FALSE(window.has_room(0));
}

}  // namespace
}  // namespace rocketlink::sink
