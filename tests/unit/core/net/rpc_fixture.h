#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "mock/mock_cluster.h"
#include "net/asio_loop.h"
#include "net/rpc_client.h"

namespace rocketlink::test {

using mock::Fault;
using net::Milliseconds;
using wire::RequestCode;
using wire::ResponseCode;

/// A mock broker with topic "t" and a client of it.
class RpcTest : public testing::Test {
 protected:
  explicit RpcTest(mock::MockSetup setup = {}) : mock(std::move(setup)) {
    mock.create_topic("t", 1);
    timing.connect = Milliseconds(1000);
    timing.silence = Milliseconds(100);
    timing.first_backoff = Milliseconds(10);
    timing.longest_backoff = Milliseconds(40);
  }

  [[nodiscard]] net::RpcClient& client() {
    if (!client_) client_ = std::make_unique<net::RpcClient>(machine(), loop, net::RpcSettings{.timing = timing});
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
  [[nodiscard]] std::future<Result<net::Response>> start(net::Request request, Milliseconds timeout,
                                                         const std::string& server = "broker-a/0") {
    return start_at(mock.address(server), std::move(request), timeout);
  }
  [[nodiscard]] std::future<Result<net::Response>> start_at(const std::string& address, net::Request request,
                                                            Milliseconds timeout) {
    auto promise = std::make_shared<std::promise<Result<net::Response>>>();
    auto future = promise->get_future();
    client().call(address, std::move(request), timeout,
                  [promise](Result<net::Response> answer) { promise->set_value(std::move(answer)); });
    return future;
  }
  [[nodiscard]] Result<net::Response> ask(Milliseconds timeout = Milliseconds(5000)) {
    return start(max_offset_request(), timeout).get();
  }
  /// Asks until it works; how many failures came before, or nothing when it did not work in time.
  [[nodiscard]] std::optional<int> failures_until_success(Milliseconds within = Milliseconds(5000)) {
    const auto deadline = std::chrono::steady_clock::now() + within;
    for (int failures = 0; std::chrono::steady_clock::now() < deadline; ++failures) {
      if (ask()) return failures;
      std::this_thread::sleep_for(Milliseconds(5));
    }
    return std::nullopt;
  }

  mock::MockCluster mock;
  net::Timing timing;
  net::AsioLoop loop;

 private:
  std::unique_ptr<net::RpcClient> client_;
};

}  // namespace rocketlink::test
