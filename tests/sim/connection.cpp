#include "sim/connection.h"

#include <algorithm>
#include <asio/error.hpp>
#include <cstring>
#include <utility>

#include "sim/process.h"
#include "sim/sim_network.h"
#include "sim/world.h"

namespace rocketlink::sim {

namespace {

// As Linux does: what is not acknowledged is sent again, less and less often, and given up after a quarter of an hour.
constexpr std::chrono::milliseconds kFirstPatience{200};
constexpr std::chrono::seconds kLongestPatience{60};
constexpr std::chrono::seconds kGiveUpAfter{924};

/// A receiver that reads in small steps opens its window in larger ones (RFC 9293, 3.8.6.2.2).
constexpr std::size_t kLeastWindow = 1460;
constexpr std::size_t kLargestSegment = 16 * 1024;  ///< where it takes time to carry one

constexpr Nanoseconds kShortestStall = std::chrono::milliseconds(1);

}  // namespace

Connection::Connection(SimNetwork& network, std::uint64_t number, Link& link, Party client, Party server)
    : network_(network),
      number_(number),
      link_(link),
      first_(client.machine <= server.machine ? kClient : kServer),
      random_(network.world()
                  .random("connections")
                  .stream(client.machine)
                  .stream(server.machine)
                  .stream(++link.connections)) {
  ends_[kClient].machine = std::move(client.machine);
  ends_[kClient].thread = std::move(client.thread);
  ends_[kServer].machine = std::move(server.machine);
  ends_[kServer].thread = std::move(server.thread);
  const auto side = static_cast<Side>(random_.below(2));
  if (random_.chance(settings().often_reset)) ends_[side].breaks_at = random_.skewed(1, settings().longest_life);
  if (random_.chance(settings().often_half_open)) ends_[side].lost_at = random_.skewed(0, settings().longest_life);
  network_.connections_.emplace(number_, this);
}

Connection::~Connection() {
  network_.connections_.erase(number_);
}

void Connection::read(Side side, std::span<std::uint8_t> room, net::Stream::Transferred done,
                      std::shared_ptr<void> keep) {
  if (ends_[side].read) network_.world().fail("a stream is to be read while it is being read");
  ends_[side].read = Read{room, std::move(done), std::move(keep)};
  look_at_read(side);
}

void Connection::look_at_read(Side side) {
  End& end = ends_[side];
  if (!end.read || end.read_ends) return;
  if (!end.closed && !end.error && !end.at_end && end.received.empty()) return;
  end.read_ends = true;
  end.thread->soon([self = shared_from_this(), side] { self->end_read(side); });
}

void Connection::end_read(Side side) {
  End& end = ends_[side];
  const Read read = *std::exchange(end.read, std::nullopt);
  end.read_ends = false;
  if (end.closed) {
    read.done(end.closed, 0);
  } else if (!end.received.empty()) {
    std::size_t count = std::min(end.received.size(), read.room.size());
    if (random_.chance(settings().often_split)) count = split(count);
    const std::string_view bytes = end.received.front(count);
    std::memcpy(read.room.data(), bytes.data(), bytes.size());
    end.received.drop(bytes.size());
    send(other(side));
    read.done({}, bytes.size());
  } else {
    read.done(end.error ? end.error : std::error_code(asio::error::eof), 0);
  }
}

void Connection::write(Side side, const std::vector<std::string_view>& buffers, net::Stream::Done done,
                       std::shared_ptr<void> keep) {
  if (ends_[side].write) network_.world().fail("a stream is to be written while it is being written");
  ends_[side].write = Write{{buffers.begin(), buffers.end()}, std::move(done), std::move(keep)};
  send(side);
}

void Connection::look_at_write(Side side) {
  End& end = ends_[side];
  if (!end.write || end.write_ends) return;
  if (!end.closed && !end.error && !end.write->rest.empty()) return;
  end.write_ends = true;
  end.thread->soon([self = shared_from_this(), side] { self->end_write(side); });
}

void Connection::end_write(Side side) {
  End& end = ends_[side];
  const Write write = *std::exchange(end.write, std::nullopt);
  end.write_ends = false;
  write.done(end.closed ? end.closed : end.error);
}

void Connection::close(Side side, std::error_code told) {
  End& end = ends_[side];
  if (end.closed) return;
  end.closed = told;
  if (!end.error) {
    // A reset in place of the end: for bytes that nobody will read, and perhaps for a process that died.
    if (!end.received.empty() || (told != asio::error::operation_aborted && random_.chance(0.5))) {
      end.to_send.clear();
      end.end_sent = true;
      put_on_wire(side, Segment::Kind::kReset);
    }
    send(side);
  }
  look_at_read(side);
  look_at_write(side);
}

void Connection::drop(Side side) {
  const auto self = shared_from_this();
  const auto read = std::exchange(ends_[side].read, std::nullopt);
  const auto write = std::exchange(ends_[side].write, std::nullopt);
  abandon(side);
}

/// Some of so many bytes.
std::size_t Connection::split(std::size_t count) {
  const auto some = static_cast<std::size_t>(random_.skewed(1, count));
  if (some < count) network_.world().happened(Mishap::kSplit);
  return some;
}

/// From the program into the send buffer, and from there onto the wire, as far as there is room.
void Connection::send(Side side) {
  End& end = ends_[side];
  fill_send_buffer(end);
  const End& peer = ends_[other(side)];
  while (!end.to_send.empty()) {
    const std::size_t there = end.on_wire + peer.received.size();
    const std::size_t room = settings().receive_buffer - std::min(there, settings().receive_buffer);
    if (room == 0 || room < std::min({end.to_send.size(), kLeastWindow, settings().receive_buffer / 2})) break;
    std::size_t count = std::min(end.to_send.size(), room);
    if (settings().bytes_per_second != 0) count = std::min(count, kLargestSegment);
    if (random_.chance(settings().often_split)) count = split(count);
    put_on_wire(side, Segment::Kind::kBytes, end.to_send.front(count));
    end.to_send.drop(count);
    fill_send_buffer(end);
  }
  if (end.closed && !end.error && end.to_send.empty() && !std::exchange(end.end_sent, true)) {
    put_on_wire(side, Segment::Kind::kEnd);
  }
  if (end.write && !end.write->rest.empty() && !end.closed && !end.error) {
    network_.world().happened(Mishap::kFullBuffer);
  }
  look_at_write(side);
}

void Connection::fill_send_buffer(End& end) const {
  if (!end.write || end.closed || end.error) return;
  auto& rest = end.write->rest;
  while (!rest.empty() && end.to_send.size() < settings().send_buffer) {
    std::string_view& buffer = rest.front();
    const std::size_t count = std::min(buffer.size(), settings().send_buffer - end.to_send.size());
    end.to_send.append(buffer.substr(0, count));
    buffer.remove_prefix(count);
    if (buffer.empty()) rest.pop_front();
  }
}

void Connection::put_on_wire(Side side, Segment::Kind kind, std::string_view bytes) {
  End& end = ends_[side];
  if (end.vanished) return;
  const SteadyTime now = network_.world().now();
  SteadyTime leaves = now;
  if (settings().bytes_per_second != 0) {
    SteadyTime& free = direction(side).free;
    if (free > now) network_.world().happened(Mishap::kBandwidth);
    free = std::max(free, now) + Nanoseconds(bytes.size() * 1'000'000'000 / settings().bytes_per_second);
    leaves = free;
  }
  if (random_.chance(settings().often_stalled)) {
    network_.stall(machine(side), machine(other(side)), now + random_.skewed(kShortestStall, settings().longest_stall));
  }
  end.last_arrival = std::max(end.last_arrival, leaves + network_.latency(settings(), random_));
  end.wire.push_back({kind, now, end.last_arrival, std::string(bytes)});
  end.on_wire += bytes.size();
  if (end.wire.size() == 1) await_arrival(side);
}

void Connection::await_arrival(Side from) {
  World& world = network_.world();
  ends_[from].arrival = world.scheduler().at(ends_[from].wire.front().arrives, world.executor(),
                                             [self = shared_from_this(), from] { self->arrive(from); });
}

void Connection::arrive(Side from) {
  World& world = network_.world();
  End& end = ends_[from];
  Segment& segment = end.wire.front();
  if (direction(from).stalled_until > world.now()) {
    world.happened(Mishap::kStall);
    segment.arrives = direction(from).stalled_until;
    await_arrival(from);
    return;
  }
  if (link_.cut) world.happened(Mishap::kPartition);
  if (link_.cut || end.lost || ends_[other(from)].vanished) {
    send_again(from);
    return;
  }
  end.patience = {};
  if (!lives_on(from, segment)) return;
  const Segment arrived = std::move(segment);
  end.wire.pop_front();
  end.on_wire -= arrived.bytes.size();
  if (!end.wire.empty()) await_arrival(from);
  take(other(from), arrived);
}

/// Whether the segment arrives; it does in part where the connection breaks within it.
bool Connection::lives_on(Side from, const Segment& segment) {
  End& end = ends_[from];
  const std::uint64_t before = end.carried;
  end.carried += segment.bytes.size();
  if (end.lost_at && end.carried >= *end.lost_at) {
    lose(other(from));
    if (random_.chance(0.5)) lose(from);
    send_again(from);
    return false;
  }
  if (!end.breaks_at || end.carried < *end.breaks_at) return true;
  const Segment part{segment.kind, segment.sent, segment.arrives, segment.bytes.substr(0, *end.breaks_at - before)};
  take(other(from), part);
  reset();
  return false;
}

void Connection::send_again(Side from) {
  World& world = network_.world();
  End& end = ends_[from];
  const End& peer = ends_[other(from)];
  if (peer.vanished && !link_.cut && world.living(process(other(from)).name()) != nullptr) {
    stop(from, asio::error::connection_reset);  // the machine is back and knows of no such connection
    return;
  }
  if (world.now() - end.wire.front().sent >= kGiveUpAfter) {
    stop(from, asio::error::timed_out);
    return;
  }
  end.patience = end.patience.count() == 0 ? kFirstPatience
                                           : std::min<std::chrono::nanoseconds>(end.patience * 2, kLongestPatience);
  end.wire.front().arrives = world.now() + end.patience;
  await_arrival(from);
}

void Connection::take(Side to, const Segment& segment) {
  End& end = ends_[to];
  const std::string& who = process(to).group().name;
  Trace& trace = network_.world().trace();
  const SteadyTime now = network_.world().now();
  switch (segment.kind) {
    case Segment::Kind::kBytes:
      if (end.error) break;
      if (end.closed) {
        if (!std::exchange(end.refused_bytes, true)) put_on_wire(to, Segment::Kind::kReset);
        break;
      }
      trace.note(now, who, "{1} bytes by connection {0}", {number_, segment.bytes.size()});
      trace.mix_in(std::string_view(segment.bytes));
      end.received.append(segment.bytes);
      break;
    case Segment::Kind::kEnd:
      trace.note(now, who, "the end by connection {0}", {number_});
      end.at_end = true;
      break;
    case Segment::Kind::kReset:
      trace.note(now, who, "a reset by connection {0}", {number_});
      stop(to, asio::error::connection_reset);
      break;
  }
  look_at_read(to);
}

/// The side learns that the connection is broken.
void Connection::stop(Side side, std::error_code error) {
  End& end = ends_[side];
  if (end.error) return;
  end.error = error;
  end.to_send.clear();
  end.wire.clear();
  end.on_wire = 0;
  network_.world().scheduler().cancel(end.arrival);
  look_at_read(side);
  look_at_write(side);
}

void Connection::reset() {
  const auto self = shared_from_this();
  network_.world().happened(Mishap::kReset);
  network_.world().trace().note(network_.world().now(), machine(kServer), "connection {0} to {3} breaks", {number_},
                                machine(kClient));
  stop(kClient, asio::error::connection_reset);
  stop(kServer, asio::error::connection_reset);
}

void Connection::vanish(Side side) {
  const auto self = shared_from_this();
  End& end = ends_[side];
  end.vanished = true;
  end.to_send.clear();
  close(side, asio::error::connection_reset);
}

void Connection::lose(Side to) {
  if (ends_[other(to)].lost) return;
  network_.world().happened(Mishap::kHalfOpen);
  network_.world().trace().note(network_.world().now(), machine(to), "nothing arrives by connection {0} any more",
                                {number_});
  ends_[other(to)].lost = true;
}

}  // namespace rocketlink::sim
