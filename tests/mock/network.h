#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "net/event_loop.h"

namespace rocketlink::mock {

/// A port of the loopback address. Loop thread only; destroying it gives the port back.
class Listener {
 public:
  Listener() = default;
  virtual ~Listener() = default;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  [[nodiscard]] virtual std::uint16_t port() const = 0;
  /// Connections are refused from now on; the port stays ours.
  virtual void refuse() = 0;
};

/// Where servers of a test listen: on real sockets, or in a simulation.
class Network {
 public:
  using Accepted = std::function<void(std::shared_ptr<net::Stream>)>;

  Network() = default;
  virtual ~Network() = default;
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// `accepted` runs on the loop with each connection. Port 0: a free one.
  [[nodiscard]] virtual std::unique_ptr<Listener> listen(net::EventLoop& loop, std::uint16_t port,
                                                         Accepted accepted) = 0;
};

}  // namespace rocketlink::mock
