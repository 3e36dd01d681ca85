#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "net/event_loop.h"
#include "sim/scheduler.h"

namespace rocketlink::sim {

class Process;
class SimStream;

/// What a loop is to its timers and streams, which may outlive it.
class LoopThread {
 public:
  LoopThread(Process& process, std::string name);

  [[nodiscard]] Process& process() const { return process_; }
  [[nodiscard]] bool runs_now() const;
  /// A defect of the caller's if this is not the loop's thread.
  void must_run(const char* what) const;
  /// `action` runs on the loop at `when`, unless the loop is gone by then.
  EventId at(SteadyTime when, std::function<void()> action);
  /// As soon as the loop gets to it.
  EventId soon(std::function<void()> action);
  /// After all that were posted.
  void post(std::function<void()> action);
  void cancel(const EventId& event);
  /// The loop ends: nothing runs on it any more, and what would have is destroyed now.
  void end();

  /// A stream tells that it is there, and gets a number to tell that it has gone.
  [[nodiscard]] std::uint64_t add(std::weak_ptr<SimStream> stream);
  void remove(std::uint64_t stream) { streams_.erase(stream); }

 private:
  Process& process_;
  Executor executor_;
  bool ended_ = false;
  SteadyTime last_post_{};
  std::map<std::uint64_t, std::weak_ptr<SimStream>> streams_;
  std::uint64_t last_stream_ = 0;
};

/// Takes no time for what it runs; when it gets to something is drawn from the seed.
class SimLoop final : public net::EventLoop {
 public:
  SimLoop(Process& process, std::string name);
  ~SimLoop() override;

  [[nodiscard]] bool on_loop_thread() const override { return thread_->runs_now(); }
  void post(std::function<void()> function) override { thread_->post(std::move(function)); }
  void run_and_wait(const std::function<void()>& function) override;
  [[nodiscard]] std::unique_ptr<net::Timer> timer() override;
  void resolve(const std::string& host, const std::string& port, Resolved resolved) override;
  [[nodiscard]] std::shared_ptr<net::Stream> stream(std::shared_ptr<net::TlsContext> tls) override;

  [[nodiscard]] const std::shared_ptr<LoopThread>& thread() const { return thread_; }

 private:
  std::shared_ptr<LoopThread> thread_;
  std::string name_;
};

}  // namespace rocketlink::sim
