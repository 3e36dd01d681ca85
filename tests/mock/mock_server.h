#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>

#include "mock/mock_cluster.h"
#include "mock/network.h"

namespace rocketlink::mock {

class MockServer;

/// One connection of a client. Loop thread only.
class MockSession : public std::enable_shared_from_this<MockSession> {
 public:
  MockSession(MockCluster& cluster, MockServer& server, std::shared_ptr<net::Stream> stream, std::uint64_t number);

  void start() { read(); }
  void send(std::string bytes);
  /// Closes once everything given to `send` is out.
  void close_when_sent();
  void close();
  [[nodiscard]] const std::string& server() const { return label_; }
  [[nodiscard]] std::uint64_t number() const { return number_; }

 private:
  void read();
  void take_frames();
  void write();

  MockCluster& cluster_;
  MockServer* server_;  ///< null once closed
  std::string label_;
  std::shared_ptr<net::Stream> stream_;
  std::uint64_t number_;
  std::string inbox_;
  std::array<std::uint8_t, 65536> block_{};
  std::deque<std::string> outbox_;
  bool closing_ = false;
};

/// One listening port. Loop thread only.
class MockServer {
 public:
  MockServer(MockCluster& cluster, std::string label);

  /// Port 0: a free one, and the old one is given up.
  void listen(std::uint16_t port);
  /// Connections are refused from now on; the port stays ours.
  void stop();
  void close_sessions();
  void forget(const MockSession& session) { sessions_.erase(session.number()); }

  [[nodiscard]] const std::string& label() const { return label_; }
  [[nodiscard]] std::uint16_t port() const { return listener_->port(); }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port()); }
  /// By their numbers.
  [[nodiscard]] const std::map<std::uint64_t, std::shared_ptr<MockSession>>& sessions() const { return sessions_; }
  [[nodiscard]] std::size_t accepted() const { return accepted_; }
  bool silent = false;

 private:
  void accept(std::shared_ptr<net::Stream> stream);

  MockCluster& cluster_;
  std::string label_;
  std::unique_ptr<Listener> listener_;
  std::map<std::uint64_t, std::shared_ptr<MockSession>> sessions_;
  std::size_t accepted_ = 0;
};

}  // namespace rocketlink::mock
