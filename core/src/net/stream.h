#pragma once

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ssl/stream.hpp>
#include <asio/write.hpp>
#include <optional>
#include <utility>

#include "net/tls.h"

namespace rocketlink::net {

/// A TCP socket, with TLS over it where the client has that. Must live until the handlers of its operations have run.
class Stream {
 public:
  /// `tls` may be null.
  Stream(asio::io_context& context, TlsContext* tls) : socket_(context) {
    if (tls != nullptr) tls_.emplace(socket_, tls->native());
  }

  [[nodiscard]] asio::ip::tcp::socket& socket() { return socket_; }
  /// Null without TLS.
  [[nodiscard]] SSL* ssl() { return tls_ ? tls_->native_handle() : nullptr; }

  template <class Handler>
  void handshake(Handler&& handler) {
    tls_->async_handshake(asio::ssl::stream_base::client, std::forward<Handler>(handler));
  }
  template <class Buffers, class Handler>
  void read_some(const Buffers& buffers, Handler&& handler) {
    if (tls_) {
      tls_->async_read_some(buffers, std::forward<Handler>(handler));
    } else {
      socket_.async_read_some(buffers, std::forward<Handler>(handler));
    }
  }
  /// All of it.
  template <class Buffers, class Handler>
  void write(const Buffers& buffers, Handler&& handler) {
    if (tls_) {
      asio::async_write(*tls_, buffers, std::forward<Handler>(handler));
    } else {
      asio::async_write(socket_, buffers, std::forward<Handler>(handler));
    }
  }

 private:
  asio::ip::tcp::socket socket_;
  std::optional<asio::ssl::stream<asio::ip::tcp::socket&>> tls_;
};

}  // namespace rocketlink::net
