#include "sim/sim_network.h"

#include <fmt/format.h>

#include <asio/error.hpp>
#include <charconv>
#include <system_error>

#include "sim/process.h"
#include "sim/sim_loop.h"
#include "sim/sim_stream.h"
#include "sim/world.h"

namespace rocketlink::sim {

namespace {

// As Linux does: a second, then twice as long each time, until it gives up.
constexpr std::chrono::seconds kFirstPatience{1};
constexpr std::chrono::seconds kGiveUpAfter{127};

}  // namespace

class SimNetwork::SimListener final : public mock::Listener {
 public:
  SimListener(SimNetwork& network, std::shared_ptr<LoopThread> thread, std::uint16_t port, Accepted accepted)
      : network_(network),
        thread_(std::move(thread)),
        port_(port),
        accepted_(std::make_shared<Accepted>(std::move(accepted))) {}
  ~SimListener() override {
    if (const auto found = network_.ports_.find(port_);
        found != network_.ports_.end() && found->second.listener == this) {
      network_.ports_.erase(found);
    }
  }

  [[nodiscard]] std::uint16_t port() const override { return port_; }
  void refuse() override { refuses_ = true; }

  [[nodiscard]] bool refuses() const { return refuses_; }
  [[nodiscard]] const std::shared_ptr<LoopThread>& thread() const { return thread_; }
  void accept(std::shared_ptr<SimStream> stream) {
    thread_->soon([accepted = std::weak_ptr(accepted_), stream = std::move(stream)] {
      if (const auto there = accepted.lock()) (*there)(stream);
    });
  }

 private:
  SimNetwork& network_;
  std::shared_ptr<LoopThread> thread_;
  std::uint16_t port_;
  std::shared_ptr<Accepted> accepted_;  ///< shared so that what is accepted too late finds it gone
  bool refuses_ = false;
};

SimNetwork::SimNetwork(World& world) : world_(world), random_(world.random("network")) {}

std::unique_ptr<mock::Listener> SimNetwork::listen(net::EventLoop& loop, std::uint16_t port, Accepted accepted) {
  auto* const own = dynamic_cast<SimLoop*>(&loop);
  if (own == nullptr) world_.fail("a listener's loop is none of this world");
  own->thread()->must_run("a listener is made");
  if (port == 0) {
    while (ports_.contains(++last_port_)) {
    }
    port = last_port_;
  } else if (const auto found = ports_.find(port); found != ports_.end() && found->second.listener != nullptr) {
    throw std::system_error(std::make_error_code(std::errc::address_in_use), fmt::format("listening on {}", port));
  }
  auto listener = std::make_unique<SimListener>(*this, own->thread(), port, std::move(accepted));
  Process& process = own->thread()->process();
  if (process.alive()) ports_.insert_or_assign(port, Port{listener.get(), process.name()});
  return listener;
}

asio::ip::address_v4 SimNetwork::address(const std::string& process) {
  const auto next = asio::ip::address_v4(0x0a000001U + static_cast<std::uint32_t>(addresses_.size()));
  return addresses_.emplace(process, next).first->second;
}

void SimNetwork::name(const std::string& host, std::vector<asio::ip::address_v4> addresses) {
  names_[host] = std::move(addresses);
}

Link& SimNetwork::link(const std::string& one, const std::string& other) {
  return links_[std::minmax(one, other)];
}

void SimNetwork::resolve(const std::shared_ptr<LoopThread>& thread, const std::string& host, const std::string& port,
                         net::EventLoop::Resolved resolved) {
  std::vector<net::Endpoint> found;
  std::uint16_t number = 0;
  std::from_chars(port.data(), port.data() + port.size(), number);
  std::error_code error;
  if (const auto address = asio::ip::make_address(host, error); !error) {
    found.emplace_back(address, number);
  } else if (host == "localhost") {
    found.emplace_back(asio::ip::address_v4::loopback(), number);
  } else if (const auto known = names_.find(host); known != names_.end()) {
    for (const auto& address_of : known->second) found.emplace_back(address_of, number);
  }
  error = found.empty() ? std::error_code(asio::error::host_not_found) : std::error_code();
  Process& process = thread->process();
  world_.trace().note(world_.now(), process.group().name, "asks for the address of {3}", {}, host);
  const std::chrono::microseconds time(random_.between(50, 2000));
  thread->at(process.late(world_.now() + time),
             [resolved = std::move(resolved), error, found = std::move(found)] { resolved(error, found); });
}

std::shared_ptr<net::Stream> SimNetwork::stream(const std::shared_ptr<LoopThread>& thread) {
  return SimStream::make(*this, thread);
}

void SimNetwork::connect(const std::shared_ptr<LoopThread>& thread, const net::Endpoint& endpoint,
                         Connected connected) {
  Process& process = thread->process();
  world_.trace().note(world_.now(), process.group().name, "connects to {3}", {},
                      fmt::format("{}:{}", endpoint.address().to_string(), endpoint.port()));
  arrive_after(latency(), Attempt{thread, endpoint, std::move(connected), world_.now(), kFirstPatience});
}

std::chrono::nanoseconds SimNetwork::latency() {
  return std::chrono::nanoseconds(random_.between(50'000, 500'000));
}

void SimNetwork::arrive_after(std::chrono::nanoseconds time, Attempt attempt) {
  world_.scheduler().at(world_.now() + time, world_.executor(),
                        [this, attempt = std::move(attempt)]() mutable { arrive(std::move(attempt)); });
}

void SimNetwork::answer(const Attempt& attempt, std::error_code error, std::shared_ptr<Connection> connection) {
  world_.scheduler().at(
      world_.now() + latency(), world_.executor(),
      [connected = attempt.connected, error, connection = std::move(connection)] { connected(error, connection); });
}

void SimNetwork::arrive(Attempt attempt) {
  Process& client = attempt.thread->process();
  if (!client.alive()) {
    answer(attempt, asio::error::network_down);
    return;
  }
  const auto found = ports_.find(attempt.endpoint.port());
  if (found == ports_.end()) {
    answer(attempt, asio::error::connection_refused);
    return;
  }
  const auto& [listener, name] = found->second;
  Link& way = link(client.name(), name);
  if (way.cut || (listener == nullptr && world_.living(name) == nullptr)) {
    if (world_.now() - attempt.since >= kGiveUpAfter) {
      answer(attempt, asio::error::timed_out);
      return;
    }
    const auto patience = attempt.patience;
    attempt.patience *= 2;
    arrive_after(patience, std::move(attempt));
    return;
  }
  const auto& to = attempt.endpoint.address();
  if (listener == nullptr || listener->refuses() || (!to.is_loopback() && to != address(name))) {
    answer(attempt, asio::error::connection_refused);
    return;
  }
  const auto connection =
      std::make_shared<Connection>(*this, ++last_connection_, way, attempt.thread, listener->thread());
  world_.trace().note(world_.now(), name, "is connection {0}'s server, {3} its client", {connection->number()},
                      client.group().name);
  listener->accept(SimStream::accepted(*this, listener->thread(), connection));
  answer(attempt, {}, connection);
}

void SimNetwork::died(Process& process, Death death) {
  for (auto port = ports_.begin(); port != ports_.end();) {
    const auto next = std::next(port);
    if (auto& [listener, name] = port->second; listener != nullptr && &listener->thread()->process() == &process) {
      if (death == Death::kProcess) {
        ports_.erase(port);
      } else {
        listener = nullptr;
      }
    }
    port = next;
  }
  std::vector<std::shared_ptr<Connection>> connections;
  for (const auto& [number, connection] : connections_) connections.push_back(connection->shared_from_this());
  for (const auto& connection : connections) {
    for (const Connection::Side side : {Connection::kClient, Connection::kServer}) {
      if (&connection->process(side) != &process) continue;
      if (death == Death::kProcess) {
        connection->abandon(side);
      } else {
        connection->vanish(side);
      }
    }
  }
}

}  // namespace rocketlink::sim
