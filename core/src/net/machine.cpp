#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <unistd.h>

#include <condition_variable>
#include <cstring>
#include <memory>
#include <random>
#include <string>

#include "net/asio_loop.h"
#include "rocketlink/runtime.h"

namespace rocketlink {

namespace {

/// Four bytes of the first IPv4 address that is up and no loopback, else 127.0.0.1.
std::string own_address() {
  ifaddrs* found = nullptr;
  in_addr address{};
  address.s_addr = htonl(INADDR_LOOPBACK);
  if (getifaddrs(&found) == 0) {
    const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(found, &freeifaddrs);
    for (const ifaddrs* one = found; one != nullptr; one = one->ifa_next) {
      if (one->ifa_addr == nullptr || one->ifa_addr->sa_family != AF_INET) continue;
      if ((one->ifa_flags & IFF_UP) == 0 || (one->ifa_flags & IFF_LOOPBACK) != 0) continue;
      sockaddr_in ip4{};
      std::memcpy(&ip4, one->ifa_addr, sizeof ip4);
      address = ip4.sin_addr;
      break;
    }
  }
  std::string bytes(4, '\0');
  std::memcpy(bytes.data(), &address.s_addr, 4);
  return bytes;
}

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
  [[nodiscard]] std::string identity() const override {
    const auto number = static_cast<std::uint16_t>(getpid());
    return own_address() + static_cast<char>(number >> 8U) + static_cast<char>(number & 0xFFU);
  }
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
