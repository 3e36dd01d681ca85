#include "process/signals.h"

#include <unistd.h>

#include <utility>

namespace rocketlink::process {

namespace {

bool is_ignored(int signal) {
  struct sigaction action {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

/// Those that end a run, and one to wake our own thread. Whoever started us with one of them ignored, such as nohup or
/// a shell with a job in the background, wants it to stay so; a blocked one would come all the same.
sigset_t awaited() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (!is_ignored(signal)) sigaddset(&set, signal);
  }
  sigaddset(&set, SIGUSR1);
  return set;
}

/// As if nobody had waited for it: whoever started us is told which signal it was.
[[noreturn]] void end_by(int number) {
  signal(number, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  raise(number);
  _exit(128 + number);  // the first process of a container is not ended by a signal
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
    if (stopped || !stop_) end_by(signal);
    stopped = true;
    stop_();
  }
}

}  // namespace rocketlink::process
