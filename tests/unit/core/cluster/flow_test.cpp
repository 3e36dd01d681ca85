#include "cluster/flow.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>
#include <vector>

#include "unit/virtual_time.h"

namespace rocketlink::test {

namespace {

using cluster::Flow;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;

/// Calls one after the other over a link of `bytes_per_second`, each taking `base` more.
class FlowTest : public VirtualTimeTest {
 protected:
  template <class F>
  void on_loop(F function) {
    loop->run_and_wait(function);
  }
  /// As many calls of `bytes` under way as the window admits, but no more than `most`, for `time`.
  /// Gives the bytes that were carried.
  std::int64_t fill(std::uint64_t bytes_per_second, milliseconds base, std::int64_t bytes, std::size_t most,
                    std::chrono::nanoseconds time) {
    struct Call {
      Flow::Share share;
      SteadyTime ends;
    };
    std::deque<Call> calls;
    SteadyTime free = now();
    std::int64_t carried = 0;
    const SteadyTime end = now() + time;
    while (now() < end) {
      on_loop([&] {
        while (!calls.empty() && calls.front().ends <= now()) {
          calls.front().share.carried(bytes);
          carried += bytes;
          calls.pop_front();
        }
        while (calls.size() < most && flow->room() > 0) {
          free = std::max(free, now()) +
                 std::chrono::nanoseconds(static_cast<std::uint64_t>(bytes) * 1'000'000'000 / bytes_per_second);
          calls.push_back({flow->begin(bytes), free + base});
        }
      });
      world.run_for(milliseconds(1));
    }
    on_loop([&] { calls.clear(); });
    return carried;
  }
  [[nodiscard]] std::int64_t window() {
    std::int64_t window = 0;
    on_loop([&] { window = flow->window(); });
    return window;
  }

  std::unique_ptr<net::EventLoop> loop = process.event_loop();
  std::shared_ptr<Flow> flow = std::make_shared<Flow>(process, *loop);
};

TEST_F(FlowTest, HoldsAboutASecondOfASlowLink) {
  (void)fill(100'000, milliseconds(1), 8192, 100, seconds(120));
  EXPECT_GT(window(), 45'000);
  EXPECT_LT(window(), 150'000) << "also after it was full for long";
}

TEST_F(FlowTest, FollowsALinkThatGetsSlower) {
  (void)fill(1'000'000, milliseconds(1), 16'384, 100, seconds(30));
  EXPECT_GT(window(), 450'000);
  (void)fill(100'000, milliseconds(1), 8192, 100, seconds(60));
  EXPECT_LT(window(), 150'000);
}

TEST_F(FlowTest, FillsALongWay) {
  (void)fill(50'000'000, milliseconds(300), 65'536, 1000, seconds(10));
  EXPECT_GT(window(), 15'000'000) << "what is under way in 300 ms";
}

TEST_F(FlowTest, AServerThatTakesItsTimeIsNoSlowLink) {
  (void)fill(100'000'000, seconds(3), 262'144, 32, seconds(60));
  EXPECT_GT(fill(100'000'000, seconds(3), 262'144, 32, seconds(120)), 0.75 * 262'144 * 32 * 120 / 3);
  (void)fill(100'000'000, milliseconds(2), 262'144, 32, seconds(60));
  EXPECT_GT(fill(100'000'000, seconds(3), 262'144, 32, seconds(120)), 0.75 * 262'144 * 32 * 120 / 3) << "from now on";
}

TEST_F(FlowTest, LittleToDoOverALongWayStillAdmitsAStart) {
  (void)fill(50'000'000, milliseconds(300), 100, 1, seconds(30));
  EXPECT_GE(window(), 32 * 1024);
  (void)fill(50'000'000, milliseconds(300), 16'384, 1000, seconds(3));
  EXPECT_GT(window(), 5'000'000);
}

TEST_F(FlowTest, ACallThatBeganShortlyBeforeALongOneEndedHasNotSeenAllOfItCarried) {
  Flow::Share large;
  Flow::Share small;
  on_loop([&] { large = flow->begin(64'000); });
  world.run_for(milliseconds(999));
  on_loop([&] { small = flow->begin(500); });
  world.run_for(milliseconds(1));
  on_loop([&] { large.carried(64'000); });
  world.run_for(milliseconds(1));
  on_loop([&] { small.carried(500); });
  EXPECT_LT(window(), 150'000) << "of a link that carries 64 KB a second";
}

TEST_F(FlowTest, GivesTurnsInTheOrderOfAsking) {
  std::vector<int> turns;
  on_loop([&] {
    auto all = flow->begin(flow->window());
    for (int i = 0; i < 3; ++i) {
      EXPECT_FALSE(flow->ready([&, i] {
        turns.push_back(i);
        EXPECT_TRUE(flow->ready([] {}));
      }));
    }
    all.carried(1000);
    EXPECT_TRUE(turns.empty()) << "not from within";
    EXPECT_FALSE(flow->ready([&] { turns.push_back(3); })) << "there is a line";
  });
  on_loop([] {});
  EXPECT_THAT(turns, ElementsAre(0, 1, 2, 3));
}

TEST_F(FlowTest, ACallThatWasNotAnsweredGivesItsShareBack) {
  on_loop([&] {
    { const auto lost = flow->begin(1'000'000); }
    EXPECT_EQ(flow->room(), Flow::kFirstWindowBytes);
    const auto waiting = flow->begin_waiting(10'000);
    EXPECT_EQ(flow->room(), Flow::kFirstWindowBytes) << "it may wait for long";
    EXPECT_EQ(flow->left(), Flow::kFirstWindowBytes - 10'000);
  });
}

TEST_F(FlowTest, AServerThatDoesNotAnswerGetsLittleUntilItDoes) {
  (void)fill(10'000'000, milliseconds(1), 65'536, 100, seconds(10));
  const std::int64_t before = window();
  EXPECT_GT(before, 1'000'000);
  on_loop([&] {
    Flow::Share lost = flow->begin(1'000'000);
    lost.lost();
  });
  EXPECT_EQ(window(), 32'768);
  on_loop([&] {
    Flow::Share empty = flow->begin(0);
    empty.carried(0);
  });
  EXPECT_EQ(window(), before) << "though the answer was empty";
}

TEST_F(FlowTest, HoldsNoMoreThanItMayHoweverFastTheLinkIs) {
  (void)fill(2'000'000'000, milliseconds(1), 1 << 20, 100, seconds(2));
  EXPECT_EQ(window(), 16 * 1024 * 1024);
}

}  // namespace

}  // namespace rocketlink::test
