#pragma once

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ssl/stream.hpp>
#include <asio/write.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "net/tls.h"

namespace rocketlink::net {

/// A TCP socket, with TLS over it where the client has that. Must live until the handlers of its operations have run.
class Stream {
 public:
  /// `tls` may be null.
  Stream(asio::io_context& context, TlsContext* tls) : socket_(context) {
    if (tls == nullptr) return;
    tls_.emplace(socket_, tls->native());
    tls_->set_verify_callback([this](bool accepted, asio::ssl::verify_context& chain) {
      X509* const certificate = X509_STORE_CTX_get_current_cert(chain.native_handle());
      if (!accepted && certificate != nullptr && X509_up_ref(certificate) == 1) rejected_.reset(certificate);
      return accepted;
    });
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  [[nodiscard]] asio::ip::tcp::socket& socket() { return socket_; }
  /// Null without TLS.
  [[nodiscard]] SSL* ssl() { return tls_ ? tls_->native_handle() : nullptr; }
  /// The server's certificate that was not accepted; null if none.
  [[nodiscard]] X509* rejected() const { return rejected_.get(); }

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
  struct Free {
    void operator()(X509* certificate) const { X509_free(certificate); }
  };

  asio::ip::tcp::socket socket_;
  std::optional<asio::ssl::stream<asio::ip::tcp::socket&>> tls_;
  std::unique_ptr<X509, Free> rejected_;
};

}  // namespace rocketlink::net
