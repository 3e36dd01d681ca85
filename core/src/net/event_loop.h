#pragma once

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <functional>
#include <thread>
#include <utility>

namespace rocketlink::net {

/// One thread that runs all sockets and timers. Everything in net/ and the fetchers and senders above it lives on this
/// thread.
class EventLoop {
 public:
  EventLoop();
  /// Stops and joins; must not run on the loop's own thread.
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  [[nodiscard]] asio::io_context& context() { return context_; }
  [[nodiscard]] bool on_loop_thread() const { return std::this_thread::get_id() == thread_.get_id(); }
  template <class F>
  void post(F&& function) {
    asio::post(context_, std::forward<F>(function));
  }
  /// Runs `function` on the loop's thread and waits for it. For tear-down and snapshots; not from the loop's thread.
  void run_and_wait(const std::function<void()>& function);

 private:
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::thread thread_;
};

}  // namespace rocketlink::net
