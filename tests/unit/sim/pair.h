#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "sim/world.h"

namespace rocketlink::sim {

/// Told of failures, keeps the text, and lets the main thread have its Failure.
inline Options keeping(std::string& failure) {
  Options options;
  options.on_failure = [&failure](const std::string& text) { failure = text; };
  return options;
}

/// One end of a connection, in a process of its own, that reads all there is and keeps it.
class Peer {
 public:
  Peer(World& world, const std::string& name) : process(world.process(name)), loop(process.event_loop()) {}
  ~Peer() {
    loop->run_and_wait([this] {
      if (stream) stream->close();
      others.clear();
      listener.reset();
    });
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  void listen(World& world, std::uint16_t port = 0) {
    loop->run_and_wait([&] {
      listener = world.network().listen(*loop, port, [this](std::shared_ptr<net::Stream> accepted) {
        if (stream) {
          others.push_back(std::move(accepted));
          return;
        }
        stream = std::move(accepted);
        if (reads) read();
      });
    });
  }
  void connect(const net::Endpoint& endpoint) {
    loop->run_and_wait([&] {
      stream = loop->stream(nullptr);
      stream->connect(endpoint, [this](std::error_code error) {
        connected = error;
        if (!error && reads) read();
      });
    });
  }
  void connect(const Peer& server) { connect({asio::ip::address_v4::loopback(), server.listener->port()}); }
  void read() {
    stream->read_some(room, [this](std::error_code error, std::size_t count) {
      received.append(reinterpret_cast<const char*>(room.data()), count);
      if (error) {
        end = error;
      } else if (stream) {
        read();
      }
    });
  }
  void write(std::string bytes) {
    loop->run_and_wait([&] {
      written.reset();
      const auto kept = std::make_shared<std::string>(std::move(bytes));
      stream->write({*kept}, [this, kept](std::error_code error) { written = error; });
    });
  }
  void close() {
    loop->run_and_wait([&] { stream->close(); });
  }

  Process& process;
  std::unique_ptr<net::EventLoop> loop;
  std::unique_ptr<mock::Listener> listener;
  std::shared_ptr<net::Stream> stream;
  std::vector<std::shared_ptr<net::Stream>> others;  ///< accepted after it, and left alone
  bool reads = true;
  std::array<std::uint8_t, 1024> room{};
  std::string received;
  std::optional<std::error_code> connected;  ///< once it is known
  std::optional<std::error_code> written;    ///< the latest write's end
  std::optional<std::error_code> end;        ///< of reading
};

/// A client and a server that are connected.
struct Pair {
  explicit Pair(World& world) : server(world, "server"), client(world, "client") {
    server.listen(world);
    client.connect(server);
    while (!client.connected || !server.stream) world.run_for(std::chrono::milliseconds(1));
  }
  Peer server;
  Peer client;
};

}  // namespace rocketlink::sim
