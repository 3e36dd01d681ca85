#pragma once

#include <asio/io_context.hpp>
#include <map>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "net/event_loop.h"

namespace rocketlink::net {

/// Finds the addresses of host names, each name on a thread of its own: one that nobody answers for may take the C
/// library half a minute, and holds up no other. Who asks for a name that is being looked up gets the same answer, and
/// so does who asks soon after a slow one: whoever asked first may have given up, and would each time. An address needs
/// no thread. Loop thread only.
class NameLookups {
 public:
  explicit NameLookups(asio::io_context& loop) : loop_(loop) {}
  /// Waits for those under way. The loop has ended.
  ~NameLookups();
  NameLookups(const NameLookups&) = delete;
  NameLookups& operator=(const NameLookups&) = delete;

  /// `resolved` is called later, by the loop.
  void ask(const std::string& host, const std::string& port, EventLoop::Resolved resolved);

 private:
  using Name = std::pair<std::string, std::string>;  ///< host and port
  struct Lookup {
    std::vector<EventLoop::Resolved> waiting;
    std::thread thread;  ///< none where the machine had none to give
    SteadyTime begun{};

    void end();
  };
  struct Kept {
    std::vector<Endpoint> found;
    SteadyTime until;
  };

  void look_up(const Name& name);
  void answered(const Name& name, const std::error_code& error, const std::vector<Endpoint>& found);

  asio::io_context& loop_;
  std::map<Name, Lookup> under_way_;
  std::map<Name, Kept> kept_;  ///< what was slow to come
};

}  // namespace rocketlink::net
