#include "older_glibc.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <cerrno>
#include <cstdint>

namespace rocketlink::jni {
namespace {

TEST(OlderGlibc, FindsTheTableForUnwindingOfAnAddress) {
  for (void* const address :
       {reinterpret_cast<void*>(&find_object), ::dlsym(RTLD_DEFAULT, "qsort"), ::dlsym(RTLD_DEFAULT, "__cxa_throw")}) {
    dl_find_object expected{};
    dl_find_object found{};
    ASSERT_EQ(::_dl_find_object(address, &expected), 0);
    ASSERT_EQ(find_object(address, found), 0);
    EXPECT_EQ(found.dlfo_eh_frame, expected.dlfo_eh_frame);
  }
  dl_find_object found{};
  int on_the_stack = 0;
  EXPECT_EQ(find_object(&on_the_stack, found), -1);
}

class WaitByWallClock : public ::testing::Test {
 protected:
  static std::int64_t now_ms() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
  }

  // Waits once; nobody wakes it up.
  int wait_until(std::int64_t ms) {
    const timespec deadline{.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1'000'000};
    ::pthread_mutex_lock(&mutex_);
    const int result = wait_by_wall_clock(&condition_, &mutex_, CLOCK_MONOTONIC, deadline);
    ::pthread_mutex_unlock(&mutex_);
    return result;
  }

 private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t condition_ = PTHREAD_COND_INITIALIZER;
};

TEST_F(WaitByWallClock, TimesOutAtTheDeadlineAndNotBefore) {
  const std::int64_t deadline = now_ms() + 50;
  while (wait_until(deadline) == 0) {
  }
  EXPECT_GE(now_ms(), deadline);
  EXPECT_EQ(wait_until(deadline), ETIMEDOUT);
}

TEST_F(WaitByWallClock, WakesUpLongBeforeAFarDeadline) {
  EXPECT_EQ(wait_until(now_ms() + 24 * 3'600'000), 0);
}

}  // namespace
}  // namespace rocketlink::jni
