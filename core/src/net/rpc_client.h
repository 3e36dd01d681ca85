#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/logger.h"
#include "net/connection.h"
#include "net/event_loop.h"
#include "net/rpc.h"

namespace rocketlink::net {

/// Requests to any address, over one connection each. `call` is for any thread; callbacks run on the loop's thread.
class RpcClient {
 public:
  RpcClient(EventLoop& loop, Credentials credentials, base::Logger log, Timing timing = {});
  /// Fails what is pending with kClosed.
  ~RpcClient();
  RpcClient(const RpcClient&) = delete;
  RpcClient& operator=(const RpcClient&) = delete;

  void call(const std::string& address, Request request, Milliseconds timeout, Callback callback);
  [[nodiscard]] std::uint64_t calls_made() const { return calls_.load(std::memory_order_relaxed); }
  [[nodiscard]] EventLoop& loop() { return loop_; }

 private:
  void call_on_loop(const std::string& address, Request request, Milliseconds timeout, Callback callback);
  [[nodiscard]] std::shared_ptr<Connection> connection(const std::string& address);

  EventLoop& loop_;
  Credentials credentials_;
  base::Logger log_;
  Timing timing_;
  std::atomic<std::uint64_t> calls_{0};
  bool closed_ = false;                                                       // loop thread
  std::unordered_map<std::string, std::shared_ptr<Connection>> connections_;  // loop thread
  std::vector<std::shared_ptr<Connection>> retired_;  // loop thread: told to go away, still answering
};

}  // namespace rocketlink::net
