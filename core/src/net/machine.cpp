#include <condition_variable>
#include <random>

#include "net/asio_loop.h"
#include "rocketlink/runtime.h"

namespace rocketlink {

namespace {

class MachineCondition final : public Condition {
 public:
  void notify_all() override { changed_.notify_all(); }

 protected:
  bool wait_once(std::unique_lock<std::mutex>& lock, std::optional<SteadyTime> deadline) override {
    if (!deadline) {
      changed_.wait(lock);
      return true;
    }
    return changed_.wait_until(lock, *deadline) == std::cv_status::no_timeout;
  }

 private:
  std::condition_variable changed_;
};

class Machine final : public Runtime {
 public:
  constexpr Machine() = default;

  [[nodiscard]] SteadyTime now() const override { return std::chrono::steady_clock::now(); }
  [[nodiscard]] std::int64_t wall_clock_ms() const override {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
  [[nodiscard]] std::uint32_t random() override { return std::random_device{}(); }
  [[nodiscard]] std::unique_ptr<Condition> condition() override { return std::make_unique<MachineCondition>(); }
  [[nodiscard]] std::unique_ptr<net::EventLoop> event_loop() override { return std::make_unique<net::AsioLoop>(); }
};

}  // namespace

Runtime& machine() {
  // Never destroyed: threads may outlive the end of main.
  static auto* const the_machine = new Machine;
  return *the_machine;
}

}  // namespace rocketlink
