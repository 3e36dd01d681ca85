#pragma once

#include "mock/network.h"

namespace rocketlink::mock {

/// Real sockets on the loopback address; its loops are the machine's own.
class AsioNetwork : public Network {
 public:
  [[nodiscard]] std::unique_ptr<Listener> listen(net::EventLoop& loop, std::uint16_t port, Accepted accepted) override;
};

}  // namespace rocketlink::mock
