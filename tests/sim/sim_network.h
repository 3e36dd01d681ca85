#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mock/network.h"
#include "net/event_loop.h"
#include "sim/connection.h"
#include "sim/link.h"
#include "sim/random.h"

namespace rocketlink::sim {

class World;
class Process;
class SimStream;
enum class Death : std::uint8_t;

/// All machines' network. A listener's port is one of the whole world, found at 127.0.0.1 as well as at the address of
/// its process, so that clients and servers of any process meet by either.
class SimNetwork final : public mock::Network {
 public:
  using Connected = std::function<void(std::error_code, std::shared_ptr<Connection>)>;

  explicit SimNetwork(World& world);

  /// Ports are given out in order; one that is asked for and taken is std::errc::address_in_use, thrown.
  [[nodiscard]] std::unique_ptr<mock::Listener> listen(net::EventLoop& loop, std::uint16_t port,
                                                       Accepted accepted) override;

  /// 10.0.0.N, N in the order of asking.
  [[nodiscard]] asio::ip::address_v4 address(const std::string& process);
  /// What a host name stands for from now on; nothing: unknown. Names of addresses, and localhost, need no word.
  void name(const std::string& host, std::vector<asio::ip::address_v4> addresses);
  /// The machine that a port is on, for links and faults, where several share a process. Else it has the process' name.
  void put_on(std::uint16_t port, const std::string& machine);
  [[nodiscard]] Link& link(const std::string& one, const std::string& other);

  /// What all links are like from now on.
  void set_settings(const LinkSettings& settings);
  void set_names(const NameSettings& names) { name_settings_ = names; }

  // ---- what goes wrong
  /// Nothing from one to the other arrives before.
  void stall(const std::string& from, const std::string& to, SteadyTime until);
  /// Neither reaches the other until it is mended.
  void cut(const std::string& one, const std::string& other);
  void mend(const std::string& one, const std::string& other) { link(one, other).cut = false; }
  /// Every link is mended, every stall over.
  void mend_all();
  /// Those that stand, in the order they were made.
  [[nodiscard]] std::vector<std::shared_ptr<Connection>> connections() const;

  // For loops and streams.
  void resolve(const std::shared_ptr<LoopThread>& thread, const std::string& host, const std::string& port,
               net::EventLoop::Resolved resolved);
  [[nodiscard]] std::shared_ptr<net::Stream> stream(const std::shared_ptr<LoopThread>& thread);
  void connect(const std::shared_ptr<LoopThread>& thread, const net::Endpoint& endpoint, Connected connected);

  void died(Process& process, Death death);
  [[nodiscard]] World& world() { return world_; }

 private:
  friend class Connection;
  class SimListener;

  struct Port {
    SimListener* listener;  ///< null: its machine is gone
    std::string process;
    std::string machine;
  };
  struct Attempt {  ///< to connect
    std::shared_ptr<LoopThread> thread;
    net::Endpoint endpoint;
    Connected connected;
    SteadyTime since;
    Nanoseconds patience;  ///< before it is tried again
    bool swallowed = false;
  };

  [[nodiscard]] Nanoseconds latency(const LinkSettings& settings, Random& random) const;
  [[nodiscard]] std::vector<net::Endpoint> addresses(const std::string& host, std::uint16_t port);
  void arrive_after(Nanoseconds time, Attempt attempt);
  void arrive(Attempt attempt);
  void arrive(Attempt attempt, const Port& port);
  void try_again(Attempt attempt);
  void answer(const Attempt& attempt, std::error_code error, std::shared_ptr<Connection> connection = nullptr);

  World& world_;
  Random random_;
  LinkSettings settings_;
  NameSettings name_settings_;
  std::map<std::uint16_t, Port> ports_;
  std::uint16_t last_port_ = 9999;
  std::map<std::uint16_t, std::string> machines_;
  std::map<std::string, asio::ip::address_v4> addresses_;
  std::map<std::string, std::vector<asio::ip::address_v4>> names_;
  std::map<std::pair<std::string, std::string>, Link> links_;
  std::map<std::uint64_t, Connection*> connections_;
  std::uint64_t last_connection_ = 0;
};

}  // namespace rocketlink::sim
