#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <asio/error.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "sim/world.h"

namespace rocketlink::sim {
namespace {

using namespace std::chrono_literals;

TEST(SimStream, CarriesBytesBothWaysAndTheEnd) {
  World world(1);
  Process& server = world.process("server");
  Process& client = world.process("client");
  const auto server_loop = server.event_loop();
  const auto client_loop = client.event_loop();
  std::unique_ptr<mock::Listener> listener;
  std::shared_ptr<net::Stream> served;
  std::array<std::uint8_t, 100> room{};
  std::array<std::uint8_t, 100> room2{};
  std::string heard;
  std::error_code last;
  server_loop->run_and_wait([&] {
    listener = world.network().listen(*server_loop, 0, [&](std::shared_ptr<net::Stream> stream) {
      served = std::move(stream);
      served->read_some(room, [&](std::error_code error, std::size_t count) {
        ASSERT_FALSE(error);
        const std::string_view bytes(reinterpret_cast<const char*>(room.data()), count);
        EXPECT_EQ(bytes, "hello");
        served->write({bytes, "!"}, [&](std::error_code written) {
          EXPECT_FALSE(written);
          served->close();
        });
      });
    });
  });
  std::shared_ptr<net::Stream> stream;
  std::function<void()> read = [&] {
    stream->read_some(room2, [&](std::error_code error, std::size_t count) {
      last = error;
      heard.append(reinterpret_cast<const char*>(room2.data()), count);
      if (!error) read();
    });
  };
  client_loop->run_and_wait([&] {
    stream = client_loop->stream(nullptr);
    stream->connect({asio::ip::address_v4::loopback(), listener->port()}, [&](std::error_code error) {
      ASSERT_FALSE(error);
      stream->write({"hello"}, [](std::error_code written) { EXPECT_FALSE(written); });
      read();
    });
  });
  world.run_for(1s);
  EXPECT_EQ(heard, "hello!");
  EXPECT_EQ(last, asio::error::eof);
}

}  // namespace
}  // namespace rocketlink::sim
