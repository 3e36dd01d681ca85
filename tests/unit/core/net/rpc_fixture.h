#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "mock/mock_cluster.h"
#include "net/rpc_client.h"
#include "unit/virtual_time.h"

namespace rocketlink::test {

using mock::Fault;
using net::Milliseconds;
using wire::RequestCode;
using wire::ResponseCode;

/// A mock broker with topic "t" and a client of it.
class RpcTest : public VirtualTimeTest {
 protected:
  using Answer = Later<Result<net::Response>>;

  explicit RpcTest(mock::MockSetup setup = {}) : mock(std::move(setup), servers, &world.network()) {
    mock.create_topic("t", 1);
  }

  [[nodiscard]] net::RpcClient& client() {
    if (!client_) client_ = std::make_unique<net::RpcClient>(process, *loop, net::RpcSettings{.timing = timing});
    return *client_;
  }
  void end_client() { client_.reset(); }

  [[nodiscard]] static net::Request max_offset_request() {
    net::Request request;
    request.code = RequestCode::kGetMaxOffset;
    request.ext.set("topic", std::string_view("t"));
    request.ext.set("queueId", std::int64_t{0});
    return request;
  }
  [[nodiscard]] Answer start(net::Request request, Milliseconds timeout, const std::string& server = "broker-a/0") {
    return start_at(mock.address(server), std::move(request), timeout);
  }
  [[nodiscard]] Answer start_at(const std::string& address, net::Request request, Milliseconds timeout) {
    Answer later(process);
    client().call(address, std::move(request), timeout,
                  [later](Result<net::Response> answer) { later.set(std::move(answer)); });
    return later;
  }
  [[nodiscard]] Result<net::Response> ask(Milliseconds timeout = Milliseconds(5000)) {
    return start(max_offset_request(), timeout).get();
  }
  /// Asks until it works, and that is within `time`.
  [[nodiscard]] bool works_within(std::chrono::nanoseconds time) {
    return comes_true([this] { return ask().ok(); }, time);
  }

  mock::MockCluster mock;
  net::Timing timing;
  std::unique_ptr<net::EventLoop> loop = process.event_loop();

 private:
  std::unique_ptr<net::RpcClient> client_;
};

}  // namespace rocketlink::test
