#include "process/signals.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace rocketlink::process {

namespace {

// Each in a process of its own: that is where signals go to.

void end_with(int code) {
  _exit(code);
}

void stop_at(int signal_number) {
  std::signal(signal_number, SIG_DFL);  // the tests may run where it is ignored
  std::mutex mutex;
  std::condition_variable changed;
  bool stopped = false;
  Signals signals;
  signals.on_stop([&] {
    const std::lock_guard lock(mutex);
    stopped = true;
    changed.notify_all();
  });
  kill(getpid(), signal_number);
  std::unique_lock lock(mutex);
  end_with(changed.wait_for(lock, std::chrono::seconds(5), [&] { return stopped; }) ? 0 : 1);
}

TEST(Signals, TheFirstStops) {
  EXPECT_EXIT(stop_at(SIGINT), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(stop_at(SIGTERM), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(stop_at(SIGHUP), testing::ExitedWithCode(0), "");
}

void send_what_is_ignored() {
  std::signal(SIGINT, SIG_IGN);  // as a shell without job control leaves it to a job in the background
  std::signal(SIGHUP, SIG_IGN);  // as nohup does
  std::atomic<int> stops{0};
  {
    Signals signals;
    signals.on_stop([&] { ++stops; });
    kill(getpid(), SIGINT);
    kill(getpid(), SIGHUP);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));  // time for what must not happen
  }
  end_with(stops == 0 ? 0 : 1);
}

TEST(Signals, WhatWasIgnoredStaysSo) {
  EXPECT_EXIT(send_what_is_ignored(), testing::ExitedWithCode(0), "");
}

void signal_twice() {
  Signals signals;
  signals.on_stop([] { kill(getpid(), SIGTERM); });
  kill(getpid(), SIGTERM);
  std::this_thread::sleep_for(std::chrono::seconds(5));
  end_with(1);
}

TEST(Signals, TheSecondEndsTheProcess) {
  EXPECT_EXIT(signal_twice(), testing::KilledBySignal(SIGTERM), "");
}

void signal_before_there_is_a_job() {
  const Signals signals;
  kill(getpid(), SIGINT);
  std::this_thread::sleep_for(std::chrono::seconds(5));
  end_with(1);
}

TEST(Signals, EndTheProcessWhenNothingIsToBeStopped) {
  EXPECT_EXIT(signal_before_there_is_a_job(), testing::KilledBySignal(SIGINT), "");
}

void write_into_closed_pipe() {
  const Signals signals;
  int ends[2];
  if (pipe(ends) != 0 || close(ends[0]) != 0) end_with(2);
  end_with(write(ends[1], "x", 1) < 0 && errno == EPIPE ? 0 : 1);
}

TEST(Signals, AClosedPipeIsAnErrorOnly) {
  EXPECT_EXIT(write_into_closed_pipe(), testing::ExitedWithCode(0), "");
}

}  // namespace

}  // namespace rocketlink::process
