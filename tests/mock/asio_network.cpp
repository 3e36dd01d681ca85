#include "mock/asio_network.h"

#include <asio/ip/tcp.hpp>

#include "net/asio_loop.h"

namespace rocketlink::mock {

namespace {

/// An acceptor that lives until its pending handler has run.
class Port : public std::enable_shared_from_this<Port> {
 public:
  Port(asio::io_context& context, Network::Accepted accepted) : acceptor_(context), accepted_(std::move(accepted)) {}

  void bind(std::uint16_t port) {
    const asio::ip::tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address(true));
    acceptor_.bind(endpoint);
  }
  void listen() {
    acceptor_.listen();
    accept();
  }
  void close() {
    asio::error_code ignored;
    acceptor_.close(ignored);
  }
  [[nodiscard]] std::uint16_t number() const { return acceptor_.local_endpoint().port(); }

 private:
  void accept() {
    acceptor_.async_accept([self = shared_from_this()](const asio::error_code& error, asio::ip::tcp::socket socket) {
      if (error || !self->acceptor_.is_open()) return;
      asio::error_code ignored;
      socket.set_option(asio::ip::tcp::no_delay(true), ignored);
      self->accepted_(std::make_shared<net::AsioStream>(std::move(socket)));
      if (self->acceptor_.is_open()) self->accept();
    });
  }

  asio::ip::tcp::acceptor acceptor_;
  Network::Accepted accepted_;
};

class AsioListener : public Listener {
 public:
  AsioListener(asio::io_context& context, std::uint16_t port, Network::Accepted accepted)
      : context_(context), port_(std::make_shared<Port>(context, std::move(accepted))) {
    port_->bind(port);
    port_->listen();
    number_ = port_->number();
  }
  ~AsioListener() override { port_->close(); }
  AsioListener(const AsioListener&) = delete;
  AsioListener& operator=(const AsioListener&) = delete;

  [[nodiscard]] std::uint16_t port() const override { return number_; }

  void refuse() override {
    port_->close();
    port_ = std::make_shared<Port>(context_, nullptr);
    port_->bind(number_);  // without listening: nobody else gets the port
  }

 private:
  asio::io_context& context_;
  std::shared_ptr<Port> port_;
  std::uint16_t number_ = 0;
};

}  // namespace

std::unique_ptr<Listener> AsioNetwork::listen(net::EventLoop& loop, std::uint16_t port, Accepted accepted) {
  return std::make_unique<AsioListener>(dynamic_cast<net::AsioLoop&>(loop).context(), port, std::move(accepted));
}

}  // namespace rocketlink::mock
