#pragma once

#include <asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "net/stream.h"
#include "rocketlink/runtime.h"

namespace rocketlink::net {

/// One action to be run later. Its loop's thread only; what was cancelled, set anew or destroyed does not run.
class Timer {
 public:
  Timer() = default;
  virtual ~Timer() = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  virtual void set(SteadyTime when, std::function<void()> action) = 0;
  virtual void cancel() = 0;
};

/// One thread that runs all streams and timers. Everything in net/ and the fetchers and senders above it lives on this
/// thread. Destroying it stops it, from any other thread.
class EventLoop {
 public:
  EventLoop() = default;
  virtual ~EventLoop() = default;
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  [[nodiscard]] virtual bool on_loop_thread() const = 0;
  /// Any thread; functions run in the order of posting.
  virtual void post(std::function<void()> function) = 0;
  /// Runs `function` on the loop's thread and waits for it. For tear-down and snapshots; not from the loop's thread.
  virtual void run_and_wait(const std::function<void()>& function) = 0;
  [[nodiscard]] virtual std::unique_ptr<Timer> timer() = 0;

  using Resolved = std::function<void(const std::error_code&, const std::vector<Endpoint>&)>;
  /// The addresses of a host name, the preferred ones first. On the loop's thread, as all below.
  virtual void resolve(const std::string& host, const std::string& port, Resolved resolved) = 0;
  /// A stream that is not connected yet. `tls` may be null.
  [[nodiscard]] virtual std::shared_ptr<Stream> stream(std::shared_ptr<TlsContext> tls) = 0;
};

}  // namespace rocketlink::net
