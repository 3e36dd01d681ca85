#include "commands/signals.h"

#include <unistd.h>

#include <utility>

namespace rocketlink::commands {

namespace {

constexpr int kAtOnce = 130;

/// The two that end a run, and one to wake our own thread.
sigset_t awaited() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGUSR1);
  return set;
}

}  // namespace

Signals::Signals() {
  signal(SIGPIPE, SIG_IGN);
  const sigset_t set = awaited();
  pthread_sigmask(SIG_BLOCK, &set, &mask_before_);
  thread_ = std::thread([this] { wait(); });
}

Signals::~Signals() {
  over_ = true;
  pthread_kill(thread_.native_handle(), SIGUSR1);
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

void Signals::on_stop(std::function<void()> stop) {
  const std::lock_guard lock(mutex_);
  stop_ = std::move(stop);
}

void Signals::wait() {
  const sigset_t set = awaited();
  bool stopped = false;
  while (true) {
    int signal = 0;
    sigwait(&set, &signal);
    if (over_) return;
    if (signal == SIGUSR1) continue;
    const std::lock_guard lock(mutex_);
    if (stopped || !stop_) _exit(kAtOnce);
    stopped = true;
    stop_();
  }
}

}  // namespace rocketlink::commands
