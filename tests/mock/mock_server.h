#pragma once

#include <array>
#include <asio/ip/tcp.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>

#include "mock/mock_cluster.h"

namespace rocketlink::mock {

/// One connection of a client. Loop thread only.
class MockSession : public std::enable_shared_from_this<MockSession> {
 public:
  MockSession(MockCluster& cluster, MockServer& server, asio::ip::tcp::socket socket, std::uint64_t number);

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
  asio::ip::tcp::socket socket_;
  std::uint64_t number_;
  std::string inbox_;
  std::array<char, 65536> block_{};
  std::deque<std::string> outbox_;
  bool closing_ = false;
};

/// One listening port. Loop thread only.
class MockServer : public std::enable_shared_from_this<MockServer> {
 public:
  MockServer(MockCluster& cluster, std::string label);

  /// Port 0: a free one.
  void listen(std::uint16_t port);
  void stop();
  void close_sessions();
  void forget(const std::shared_ptr<MockSession>& session) { sessions_.erase(session); }

  [[nodiscard]] const std::string& label() const { return label_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const std::set<std::shared_ptr<MockSession>>& sessions() const { return sessions_; }
  [[nodiscard]] std::size_t accepted() const { return accepted_; }
  bool silent = false;

 private:
  void accept();
  void bind(std::uint16_t port);

  MockCluster& cluster_;
  std::string label_;
  std::uint16_t port_ = 0;
  std::unique_ptr<asio::ip::tcp::acceptor> acceptor_;
  std::set<std::shared_ptr<MockSession>> sessions_;
  std::size_t accepted_ = 0;
};

}  // namespace rocketlink::mock
