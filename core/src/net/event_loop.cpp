#include "net/event_loop.h"

#include <future>

namespace rocketlink::net {

EventLoop::EventLoop() : work_(asio::make_work_guard(context_)), thread_([this] { context_.run(); }) {}

EventLoop::~EventLoop() {
  work_.reset();
  context_.stop();
  thread_.join();
}

void EventLoop::run_and_wait(const std::function<void()>& function) {
  std::promise<void> done;
  post([&] {
    function();
    done.set_value();
  });
  done.get_future().wait();
}

}  // namespace rocketlink::net
