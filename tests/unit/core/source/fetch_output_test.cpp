#include "source/fetch_output.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace rocketlink::source {

namespace {

class FetchOutputTest : public testing::Test {
 protected:
  void push(std::size_t bytes) {
    FetchedChunk chunk;
    chunk.split = split;
    chunk.bytes.bytes = std::string_view(filler).substr(0, bytes);
    output.push(std::move(chunk));
  }
  void release_all() {
    for (const auto& chunk : output.take(machine().now()).chunks) output.release(chunk);
  }

  const std::string filler = std::string(1 << 20, 'x');
  FetchOutput output{machine()};
  std::shared_ptr<SplitState> split = std::make_shared<SplitState>();
};

TEST_F(FetchOutputTest, AFullQueueHasNoRoomUntilAQuarterOfItIsReleased) {
  int resumed = 0;
  output.on_resume([&] { ++resumed; });
  for (int i = 0; i < 8; ++i) push(1 << 20);
  EXPECT_FALSE(output.has_room(*split, 0, 0, 1, true));
  auto taken = output.take(machine().now());
  ASSERT_EQ(taken.chunks.size(), 8U);
  output.release(taken.chunks[0]);
  output.release(taken.chunks[1]);
  EXPECT_EQ(resumed, 0);
  output.release(taken.chunks[2]);
  EXPECT_EQ(resumed, 1);
  output.release(taken.chunks[3]);
  EXPECT_EQ(resumed, 1) << "told once";
  EXPECT_TRUE(output.has_room(*split, 0, 0, 1 << 20, true));
}

TEST_F(FetchOutputTest, AnswersOnTheirWayCountForWhatIsAskedAheadButNotForWhatIsNext) {
  EXPECT_FALSE(output.has_room(*split, kQueueBudgetBytes, kQueueBudgetBytes, 1, false));
  EXPECT_FALSE(output.has_room(*split, 0, kReaderBudgetBytes, 1, false));
  EXPECT_TRUE(output.has_room(*split, kQueueBudgetBytes, kReaderBudgetBytes, 1, true))
      << "else the pull that fills a gap waits for the answers behind the gap";
}

TEST_F(FetchOutputTest, AnAnswerLargerThanTheBudgetIsAskedForWhenNothingElseIsThere) {
  EXPECT_TRUE(output.has_room(*split, 0, 0, 2 * kQueueBudgetBytes, true));
  push(1);
  EXPECT_FALSE(output.has_room(*split, 0, 0, 2 * kQueueBudgetBytes, true));
}

TEST_F(FetchOutputTest, AQueueThatFindsRoomAtTheLastMomentDoesNotForgetAnother) {
  const auto other = std::make_shared<SplitState>();
  for (int i = 0; i < 3000; ++i) {
    std::atomic<int> resumed = 0;
    output.on_resume([&] { ++resumed; });
    other->buffered_bytes = kQueueBudgetBytes;
    EXPECT_FALSE(output.has_room(*other, 0, 0, 1, true)) << "that other one waits";
    split->buffered_bytes = kQueueBudgetBytes;
    std::atomic<bool> looking = false;
    std::thread consumer([&] {
      while (!looking) {
      }
      split->buffered_bytes = 0;
    });
    looking = true;
    while (!output.has_room(*split, 0, 0, 1, true)) {
    }
    consumer.join();
    FetchedChunk last;
    last.split = other;
    other->buffered_bytes = last.charge();
    output.release(last);
    ASSERT_EQ(resumed, 1) << "round " << i;
  }
}

TEST_F(FetchOutputTest, AFullReaderHasNoRoomInAnyQueue) {
  for (int i = 0; i < 48; ++i) push(1 << 20);
  SplitState other;
  EXPECT_FALSE(output.has_room(other, 0, 0, 1, true));
  release_all();
  EXPECT_TRUE(output.has_room(other, 0, 0, 1, true));
  EXPECT_EQ(output.buffered_bytes(), 0);
}

TEST_F(FetchOutputTest, ManyEmptyAnswersFillTheBudgetToo) {
  int pushed = 0;
  for (; pushed < 1'000'000 && output.has_room(*split, 0, 0, 0, true); ++pushed) push(0);
  EXPECT_LT(pushed, 20'000);
  release_all();
  EXPECT_EQ(split->buffered_bytes, 0);
}

TEST_F(FetchOutputTest, AfterTheReaderIsGoneReleasingTellsNobody) {
  int resumed = 0;
  output.on_resume([&] { ++resumed; });
  for (int i = 0; i < 8; ++i) push(1 << 20);
  EXPECT_FALSE(output.has_room(*split, 0, 0, 1, true));
  output.on_resume({});
  release_all();
  EXPECT_EQ(resumed, 0);
}

TEST_F(FetchOutputTest, AWakeUpGoesBeforeChunksAndChunksBeforeAnError) {
  push(1);
  output.fail(Error(ErrorCode::kInternal, "first"));
  output.fail(Error(ErrorCode::kInternal, "second"));
  output.wake_up();
  EXPECT_TRUE(output.take(machine().now()).woken);
  auto taken = output.take(machine().now());
  EXPECT_EQ(taken.chunks.size(), 1U);
  EXPECT_FALSE(taken.error);
  for (int i = 0; i < 2; ++i) {
    taken = output.take(machine().now());
    ASSERT_TRUE(taken.error);
    EXPECT_EQ(taken.error->text, "first") << "the first one stays";
  }
}

}  // namespace

}  // namespace rocketlink::source
