#include "sim/sim_network.h"

#include <fmt/format.h>

#include <algorithm>
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

const asio::ip::address_v4 kNobody(0x0affffffU);  ///< 10.255.255.255: nothing answers there

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
  if (process.alive()) {
    const auto put = machines_.find(port);
    ports_.insert_or_assign(
        port, Port{listener.get(), process.name(), put != machines_.end() ? put->second : process.name()});
  }
  return listener;
}

asio::ip::address_v4 SimNetwork::address(const std::string& process) {
  const auto next = asio::ip::address_v4(0x0a000001U + static_cast<std::uint32_t>(addresses_.size()));
  return addresses_.emplace(process, next).first->second;
}

void SimNetwork::name(const std::string& host, std::vector<asio::ip::address_v4> addresses) {
  names_[host] = std::move(addresses);
}

void SimNetwork::put_on(std::uint16_t port, const std::string& machine) {
  machines_[port] = machine;
  if (const auto found = ports_.find(port); found != ports_.end()) found->second.machine = machine;
}

Link& SimNetwork::link(const std::string& one, const std::string& other) {
  const auto [found, made] = links_.try_emplace(std::minmax(one, other));
  if (made) found->second.settings = settings_;
  return found->second;
}

void SimNetwork::set_settings(const LinkSettings& settings) {
  settings_ = settings;
  for (auto& [machines, link] : links_) link.settings = settings;
}

void SimNetwork::stall(const std::string& from, const std::string& to, SteadyTime until) {
  SteadyTime& stalled = link(from, to).directions[from <= to ? 0 : 1].stalled_until;
  if (until <= stalled) return;
  world_.trace().note(world_.now(), from, "nothing arrives at {3}", {}, to);
  stalled = until;
}

void SimNetwork::cut(const std::string& one, const std::string& other) {
  world_.trace().note(world_.now(), one, "is cut off from {3}", {}, other);
  link(one, other).cut = true;
}

void SimNetwork::mend_all() {
  for (auto& [machines, link] : links_) {
    link.cut = false;
    for (Link::Direction& direction : link.directions)
      direction.stalled_until = std::min(direction.stalled_until, world_.now());
  }
}

std::vector<std::shared_ptr<Connection>> SimNetwork::connections() const {
  std::vector<std::shared_ptr<Connection>> connections;
  for (const auto& [number, connection] : connections_) connections.push_back(connection->shared_from_this());
  return connections;
}

std::vector<net::Endpoint> SimNetwork::addresses(const std::string& host, std::uint16_t port) {
  std::error_code error;
  if (const auto address = asio::ip::make_address(host, error); !error) return {{address, port}};
  if (host == "localhost") return {{asio::ip::address_v4::loopback(), port}};
  std::vector<net::Endpoint> found;
  if (const auto known = names_.find(host); known != names_.end()) {
    for (const auto& address : known->second) found.emplace_back(address, port);
    if (random_.chance(name_settings_.often_dead_address)) {
      world_.happened(Mishap::kDeadAddress);
      found.insert(found.begin(), net::Endpoint(kNobody, port));
    }
  }
  return found;
}

void SimNetwork::resolve(const std::shared_ptr<LoopThread>& thread, const std::string& host, const std::string& port,
                         net::EventLoop::Resolved resolved) {
  Process& process = thread->process();
  world_.trace().note(world_.now(), process.group().name, "asks for the address of {3}", {}, host);
  std::uint16_t number = 0;
  std::from_chars(port.data(), port.data() + port.size(), number);
  std::vector<net::Endpoint> found = addresses(host, number);
  std::error_code error = found.empty() ? asio::error::host_not_found : std::error_code();
  if (random_.chance(name_settings_.often_failing)) {
    world_.happened(Mishap::kNoName);
    error = asio::error::host_not_found_try_again;
    found.clear();
  }
  Nanoseconds time(random_.between(50'000, 2'000'000));
  if (random_.chance(name_settings_.often_slow)) {
    world_.happened(Mishap::kSlowName);
    time = random_.skewed(time, name_settings_.longest);
  }
  thread->at(process.late(world_.now() + time),
             [resolved = std::move(resolved), error, found = std::move(found)] { resolved(error, found); });
}

std::shared_ptr<net::Stream> SimNetwork::stream(const std::shared_ptr<LoopThread>& thread) {
  return SimStream::make(*this, thread);
}

Nanoseconds SimNetwork::latency(const LinkSettings& settings, Random& random) const {
  if (random.chance(settings.often_late)) {
    world_.happened(Mishap::kLatency);
    return random.skewed(settings.usual_latency, settings.longest_latency);
  }
  return Nanoseconds(random.between(settings.least_latency.count(), settings.usual_latency.count()));
}

void SimNetwork::connect(const std::shared_ptr<LoopThread>& thread, const net::Endpoint& endpoint,
                         Connected connected) {
  world_.trace().note(world_.now(), thread->process().group().name, "connects to {3}", {},
                      fmt::format("{}:{}", endpoint.address().to_string(), endpoint.port()));
  arrive_after(latency(settings_, random_), {thread, endpoint, std::move(connected), world_.now(), kFirstPatience});
}

void SimNetwork::arrive_after(Nanoseconds time, Attempt attempt) {
  world_.scheduler().at(world_.now() + time, world_.executor(),
                        [this, attempt = std::move(attempt)]() mutable { arrive(std::move(attempt)); });
}

void SimNetwork::answer(const Attempt& attempt, std::error_code error, std::shared_ptr<Connection> connection) {
  world_.scheduler().at(
      world_.now() + latency(settings_, random_), world_.executor(),
      [connected = attempt.connected, error, connection = std::move(connection)] { connected(error, connection); });
}

void SimNetwork::arrive(Attempt attempt) {
  const auto found = ports_.find(attempt.endpoint.port());
  const auto& to = attempt.endpoint.address();
  if (!attempt.thread->process().alive()) {
    answer(attempt, asio::error::network_down);
  } else if (to == kNobody) {
    try_again(std::move(attempt));
  } else if (found == ports_.end() || (!to.is_loopback() && to != address(found->second.process))) {
    answer(attempt, asio::error::connection_refused);
  } else {
    arrive(std::move(attempt), found->second);
  }
}

void SimNetwork::arrive(Attempt attempt, const Port& port) {
  const std::string& client = attempt.thread->process().name();
  Link& way = link(client, port.machine);
  if (way.cut) world_.happened(Mishap::kPartition);
  if (way.cut || attempt.swallowed || (port.listener == nullptr && world_.living(port.process) == nullptr)) {
    try_again(std::move(attempt));
    return;
  }
  if (random_.chance(way.settings.often_black_holed)) {
    world_.happened(Mishap::kBlackHole);
    attempt.swallowed = true;
    try_again(std::move(attempt));
    return;
  }
  const bool refused = random_.chance(way.settings.often_refused);
  if (refused) world_.happened(Mishap::kRefused);
  if (refused || port.listener == nullptr || port.listener->refuses()) {
    answer(attempt, asio::error::connection_refused);
    return;
  }
  const auto& thread = port.listener->thread();
  const auto connection =
      std::make_shared<Connection>(*this, ++last_connection_, way, Connection::Party{client, attempt.thread},
                                   Connection::Party{port.machine, thread});
  world_.trace().note(world_.now(), port.machine, "is the server of connection {0}, {3} its client",
                      {connection->number()}, client);
  port.listener->accept(SimStream::accepted(*this, thread, connection));
  answer(attempt, {}, connection);
}

void SimNetwork::try_again(Attempt attempt) {
  if (world_.now() - attempt.since >= kGiveUpAfter) {
    answer(attempt, asio::error::timed_out);
    return;
  }
  const Nanoseconds patience = attempt.patience;
  attempt.patience *= 2;
  arrive_after(patience, std::move(attempt));
}

void SimNetwork::died(Process& process, Death death) {
  for (auto port = ports_.begin(); port != ports_.end();) {
    const auto next = std::next(port);
    SimListener*& listener = port->second.listener;
    if (listener != nullptr && &listener->thread()->process() == &process) {
      if (death == Death::kProcess) {
        ports_.erase(port);
      } else {
        listener = nullptr;
      }
    }
    port = next;
  }
  for (const auto& connection : connections()) {
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
