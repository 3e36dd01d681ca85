#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "net/stream.h"
#include "sim/byte_queue.h"
#include "sim/link.h"
#include "sim/random.h"
#include "sim/scheduler.h"
#include "sim/sim_loop.h"

namespace rocketlink::sim {

class SimNetwork;

/// One TCP connection as the two machines and the wire see it. End 0 is the client's. Bytes go from a program into its
/// machine's send buffer, as segments over the wire into the other's receive buffer, and from there into the other
/// program.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Side = std::size_t;  ///< 0 or 1
  static constexpr Side kClient = 0;
  static constexpr Side kServer = 1;

  /// Who has an end of it: the machine's name, and the loop.
  struct Party {
    std::string machine;
    std::shared_ptr<LoopThread> thread;
  };
  Connection(SimNetwork& network, std::uint64_t number, Link& link, Party client, Party server);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] const std::string& machine(Side side) const { return ends_[side].machine; }
  [[nodiscard]] Process& process(Side side) const { return ends_[side].thread->process(); }

  // What programs do. `keep` lives until the handler has run.
  void read(Side side, std::span<std::uint8_t> room, net::Stream::Transferred done, std::shared_ptr<void> keep);
  void write(Side side, const std::vector<std::string_view>& buffers, net::Stream::Done done,
             std::shared_ptr<void> keep);
  /// Bytes of the side's that arrived at the other.
  [[nodiscard]] std::uint64_t carried(Side side) const { return ends_[side].carried; }
  void close(Side side) { close(side, asio::error::operation_aborted); }
  /// The side's loop ends: its handlers will not run.
  void drop(Side side);

  // What becomes of it.
  /// Both sides learn that it is gone, at once.
  void reset();
  /// One side is gone: it closes, as a machine does for a process that ends.
  void abandon(Side side) { close(side, asio::error::connection_reset); }
  /// One side is gone and says nothing, and nothing that is sent to it arrives.
  void vanish(Side side);
  /// Nothing arrives any more, though both sides think it stands.
  void lose(Side to);

 private:
  struct Segment {
    enum class Kind : std::uint8_t { kBytes, kEnd, kReset };
    Kind kind;
    SteadyTime sent;
    SteadyTime arrives;
    std::string bytes;
  };
  struct Read {
    std::span<std::uint8_t> room;
    net::Stream::Transferred done;
    std::shared_ptr<void> keep;
  };
  struct Write {
    std::deque<std::string_view> rest;
    net::Stream::Done done;
    std::shared_ptr<void> keep;
  };
  struct End {
    std::string machine;
    std::shared_ptr<LoopThread> thread;
    std::optional<Read> read;
    std::optional<Write> write;
    bool read_ends = false;   ///< its completion is under way
    bool write_ends = false;  ///< as above
    std::error_code closed;   ///< by its program, or as it died: what the program is told from then on
    bool vanished = false;
    bool at_end = false;    ///< the other side sends no more
    std::error_code error;  ///< of the connection, as this side sees it
    ByteQueue received;
    // The way to the other side.
    ByteQueue to_send;
    bool end_sent = false;
    bool refused_bytes = false;  ///< that came after it was closed
    std::deque<Segment> wire;
    std::size_t on_wire = 0;  ///< bytes
    SteadyTime last_arrival{};
    EventId arrival;
    std::chrono::nanoseconds patience{0};    ///< until the next try to send the first segment again
    std::uint64_t carried = 0;               ///< bytes that arrived at the other side
    std::optional<std::uint64_t> breaks_at;  ///< so many of them
    std::optional<std::uint64_t> lost_at;    ///< from so many on they do not arrive
    bool lost = false;
  };

  [[nodiscard]] static Side other(Side side) { return 1 - side; }
  [[nodiscard]] Link::Direction& direction(Side from) { return link_.directions[from == first_ ? 0 : 1]; }
  void close(Side side, std::error_code told);
  [[nodiscard]] const LinkSettings& settings() const { return link_.settings; }
  void look_at_read(Side side);
  void look_at_write(Side side);
  void end_read(Side side);
  void end_write(Side side);
  void send(Side side);
  [[nodiscard]] std::size_t split(std::size_t count);
  void fill_send_buffer(End& end) const;
  void put_on_wire(Side side, Segment::Kind kind, std::string_view bytes = {});
  void await_arrival(Side from);
  void arrive(Side from);
  void send_again(Side from);
  [[nodiscard]] bool lives_on(Side from, const Segment& segment);
  void take(Side to, const Segment& segment);
  void stop(Side side, std::error_code error);

  SimNetwork& network_;
  const std::uint64_t number_;
  Link& link_;
  Side first_;  ///< whose direction of the link is 0
  Random random_;
  std::array<End, 2> ends_;
};

}  // namespace rocketlink::sim
