#pragma once

#include <memory>

#include "net/stream.h"
#include "sim/connection.h"

namespace rocketlink::sim {

/// A program's end of a connection. TLS is taken on trust: a handshake is a round trip.
class SimStream final : public net::Stream, public std::enable_shared_from_this<SimStream> {
 public:
  [[nodiscard]] static std::shared_ptr<SimStream> make(SimNetwork& network, std::shared_ptr<LoopThread> thread);
  /// A server's, connected already.
  [[nodiscard]] static std::shared_ptr<SimStream> accepted(SimNetwork& network, std::shared_ptr<LoopThread> thread,
                                                           std::shared_ptr<Connection> connection);
  SimStream(SimNetwork& network, std::shared_ptr<LoopThread> thread);
  ~SimStream() override;

  void connect(const net::Endpoint& endpoint, Done connected) override;
  void handshake(const std::string& host, Done done) override;
  void read_some(std::span<std::uint8_t> room, Transferred read) override;
  void write(const std::vector<std::string_view>& buffers, Done written) override;
  [[nodiscard]] std::uint64_t acknowledged() override { return connection_ ? connection_->carried(side_) : 0; }
  void close() override;
  [[nodiscard]] bool is_tls(const std::error_code& /*error*/) const override { return false; }
  [[nodiscard]] Error explain_tls(const std::error_code& error) override;
  /// The loop ends: no handler will run.
  void drop();

 private:
  void connected(std::error_code error, std::shared_ptr<Connection> connection);
  void end_connect(std::error_code error);

  SimNetwork& network_;
  std::shared_ptr<LoopThread> thread_;
  std::uint64_t number_ = 0;
  std::shared_ptr<Connection> connection_;
  Connection::Side side_ = Connection::kClient;
  Done connecting_;  ///< empty: no connect is under way
  std::uint64_t attempt_ = 0;
  bool closed_ = false;
};

}  // namespace rocketlink::sim
