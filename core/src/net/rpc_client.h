#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/logger.h"
#include "net/connection.h"
#include "net/event_loop.h"
#include "net/rpc.h"
#include "net/signer.h"

namespace rocketlink::net {

/// Who a client is and whom it talks to.
struct RpcSettings {
  std::string account = {};  ///< empty: requests are not signed
  std::string secret = {};
  std::string instance = {};             ///< that names of topics and groups belong to; empty: none
  std::shared_ptr<TlsContext> tls = {};  ///< null: plain TCP
  base::Logger log = {};
  Timing timing = {};
};

/// Requests to any address, over one connection each, or one for each stream. Names of topics and groups are put into
/// the instance and requests are signed here. `call` is for any thread; callbacks run on the loop's thread.
class RpcClient {
 public:
  /// `loop` is of `runtime`.
  RpcClient(Runtime& runtime, EventLoop& loop, RpcSettings settings);
  /// Fails what is pending with kClosed.
  ~RpcClient();
  RpcClient(const RpcClient&) = delete;
  RpcClient& operator=(const RpcClient&) = delete;

  /// Requests of different streams to one address go over connections of their own.
  void call(const std::string& address, Request request, Milliseconds timeout, Callback callback,
            std::uint32_t stream = 0);
  [[nodiscard]] std::uint64_t calls_made() const { return calls_.load(std::memory_order_relaxed); }
  [[nodiscard]] EventLoop& loop() { return loop_; }

 private:
  using Endpoint = std::pair<std::string, std::uint32_t>;  ///< address and stream

  void call_on_loop(const Endpoint& to, Request request, Milliseconds timeout, Callback callback);
  [[nodiscard]] std::shared_ptr<Connection> connection(const Endpoint& to);

  EventLoop& loop_;
  Signer signer_;
  std::string instance_;
  std::shared_ptr<const ConnectionSettings> settings_;
  std::atomic<std::uint64_t> calls_{0};
  bool closed_ = false;                                          // loop thread
  std::map<Endpoint, std::shared_ptr<Connection>> connections_;  // loop thread
  std::vector<std::shared_ptr<Connection>> retired_;             // loop thread: told to go away, still answering
};

}  // namespace rocketlink::net
