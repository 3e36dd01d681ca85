#include "mock/mock_server.h"

#include <asio/buffer.hpp>
#include <asio/write.hpp>

#include "wire/command.h"

namespace rocketlink::mock {

MockSession::MockSession(MockCluster& cluster, MockServer& server, asio::ip::tcp::socket socket, std::uint64_t number)
    : cluster_(cluster), server_(&server), label_(server.label()), socket_(std::move(socket)), number_(number) {}

void MockSession::read() {
  socket_.async_read_some(asio::buffer(block_),
                          [self = shared_from_this()](const asio::error_code& error, std::size_t bytes) {
                            if (self->server_ == nullptr) return;
                            if (error) {
                              self->close();
                              return;
                            }
                            self->inbox_.append(self->block_.data(), bytes);
                            self->take_frames();
                            if (self->server_ != nullptr) self->read();
                          });
}

void MockSession::take_frames() {
  while (inbox_.size() >= 8) {
    const auto* first = reinterpret_cast<const std::uint8_t*>(inbox_.data());
    const auto layout = wire::parse_frame_layout(std::span<const std::uint8_t, 8>(first, 8));
    if (!layout) {  // real servers close without an answer
      close();
      return;
    }
    if (inbox_.size() < layout->total) return;
    const std::string frame = inbox_.substr(0, layout->total);
    inbox_.erase(0, layout->total);
    auto header = wire::decode_header(layout->serialize_type, std::string_view(frame).substr(8, layout->header_bytes));
    if (!header) {
      close();
      return;
    }
    if (server_->silent) continue;
    cluster_.receive(shared_from_this(), *std::move(header), frame.substr(layout->body_offset()),
                     layout->serialize_type);
    if (server_ == nullptr) return;
  }
}

void MockSession::send(std::string bytes) {
  if (server_ == nullptr || closing_) return;
  outbox_.push_back(std::move(bytes));
  if (outbox_.size() == 1) write();
}

void MockSession::write() {
  asio::async_write(socket_, asio::buffer(outbox_.front()),
                    [self = shared_from_this()](const asio::error_code& error, std::size_t) {
                      self->outbox_.pop_front();
                      if (error || (self->closing_ && self->outbox_.empty())) {
                        self->close();
                      } else if (!self->outbox_.empty()) {
                        self->write();
                      }
                    });
}

void MockSession::close_when_sent() {
  closing_ = true;
  if (outbox_.empty()) close();
}

void MockSession::close() {
  if (server_ == nullptr) return;
  const auto self = shared_from_this();
  server_->forget(self);
  server_ = nullptr;
  asio::error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
}

MockServer::MockServer(MockCluster& cluster, std::string label) : cluster_(cluster), label_(std::move(label)) {}

void MockServer::listen(std::uint16_t port) {
  bind(port);
  acceptor_->listen();
  accept();
}

void MockServer::bind(std::uint16_t port) {
  const asio::ip::tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
  acceptor_.reset();
  acceptor_ = std::make_unique<asio::ip::tcp::acceptor>(cluster_.loop_.context());
  acceptor_->open(endpoint.protocol());
  acceptor_->set_option(asio::socket_base::reuse_address(true));
  acceptor_->bind(endpoint);
  port_ = acceptor_->local_endpoint().port();
}

void MockServer::accept() {
  acceptor_->async_accept(
      [this, self = shared_from_this()](const asio::error_code& error, asio::ip::tcp::socket socket) {
        if (error || !acceptor_) return;  // stopped
        ++accepted_;
        asio::error_code ignored;
        socket.set_option(asio::ip::tcp::no_delay(true), ignored);
        auto session = std::make_shared<MockSession>(cluster_, *this, std::move(socket), cluster_.next_connection_++);
        sessions_.insert(session);
        session->start();
        accept();
      });
}

void MockServer::stop() {
  close_sessions();
  bind(port_);  // without listening: connections are refused, and nobody else gets the port
}

void MockServer::close_sessions() {
  const auto sessions = sessions_;
  for (const auto& session : sessions) session->close();
}

}  // namespace rocketlink::mock
