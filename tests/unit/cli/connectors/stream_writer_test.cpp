#include "connectors/stream_writer.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>

namespace rocketlink::connectors {

namespace {

struct Pipe {
  Pipe() { EXPECT_EQ(pipe(ends.data()), 0); }
  ~Pipe() {
    close_reader();
    close(ends[1]);
  }
  void close_reader() {
    if (ends[0] >= 0) close(ends[0]);
    ends[0] = -1;
  }
  std::array<int, 2> ends{};
};

TEST(StreamWriter, WritesAllOfALongTextIntoASlowPipe) {
  Pipe pipe;
  ASSERT_EQ(fcntl(pipe.ends[1], F_SETFL, O_NONBLOCK), 0);  // as a terminal may be left by another program
  const std::string text(1'000'000, 'x');
  std::string read_text;
  std::thread reader([&] {
    std::array<char, 4096> buffer{};
    while (read_text.size() < text.size()) {
      const ssize_t size = read(pipe.ends[0], buffer.data(), buffer.size());
      if (size <= 0) break;
      read_text.append(buffer.data(), static_cast<std::size_t>(size));
    }
  });
  StreamWriter writer(pipe.ends[1], "the pipe");
  EXPECT_TRUE(writer.write(text));
  reader.join();
  EXPECT_EQ(read_text, text);
  EXPECT_FALSE(writer.reader_gone());
}

TEST(StreamWriter, TellsAClosedPipeFromOtherErrors) {
  std::signal(SIGPIPE, SIG_IGN);
  Pipe pipe;
  pipe.close_reader();
  StreamWriter writer(pipe.ends[1], "standard output");
  const Status closed = writer.write("x");
  ASSERT_FALSE(closed);
  EXPECT_TRUE(closed.error().is(ErrorCode::kClosed));
  EXPECT_TRUE(writer.reader_gone());

  StreamWriter nowhere(-1, "standard output");
  const Status failed = nowhere.write("x");
  ASSERT_FALSE(failed);
  EXPECT_TRUE(failed.error().is(ErrorCode::kIo));
  EXPECT_THAT(failed.error().text, testing::StartsWith("cannot write to standard output: "));
  EXPECT_FALSE(nowhere.reader_gone());
}

TEST(StreamWriter, GivesAFullPipeUpThatNobodyReads) {
  Pipe pipe;
  StreamWriter writer(pipe.ends[1], "the pipe");
  std::thread stop([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // it waits by then, or will
    writer.give_up_after(std::chrono::milliseconds(100));
    writer.give_up_after(std::chrono::hours(1));  // of no use
  });
  const Status given_up = writer.write(std::string(1'000'000, 'x'));
  stop.join();
  ASSERT_FALSE(given_up);
  EXPECT_TRUE(given_up.error().is(ErrorCode::kTimeout));
  EXPECT_EQ(given_up.error().text, "the pipe is full and nobody reads it");
  EXPECT_FALSE(writer.write("x")) << "at once";
  std::string room(65536, ' ');
  ASSERT_GT(read(pipe.ends[0], room.data(), room.size()), 0);
  EXPECT_TRUE(writer.write("x")) << "what need not wait goes out";
}

TEST(StreamWriter, AFullDeviceIsAnError) {
  const int full = open("/dev/full", O_WRONLY);
  ASSERT_GE(full, 0);
  StreamWriter writer(full, "standard error");
  const Status failed = writer.write("x");
  ASSERT_FALSE(failed);
  EXPECT_TRUE(failed.error().is(ErrorCode::kIo));
  close(full);
}

}  // namespace

}  // namespace rocketlink::connectors
