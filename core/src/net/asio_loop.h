#pragma once

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ssl/stream.hpp>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "net/event_loop.h"
#include "net/name_lookups.h"

namespace rocketlink::net {

/// A TCP socket, with TLS over it where it was given that.
class AsioStream final : public Stream, public std::enable_shared_from_this<AsioStream> {
 public:
  /// `tls` may be null.
  AsioStream(asio::io_context& context, std::shared_ptr<TlsContext> tls);
  /// One that is connected already, without TLS.
  explicit AsioStream(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  void connect(const Endpoint& endpoint, Done connected) override;
  void handshake(const std::string& host, Done done) override;
  void read_some(std::span<std::uint8_t> room, Transferred read) override;
  void write(const std::vector<std::string_view>& buffers, Done written) override;
  [[nodiscard]] std::uint64_t acknowledged() override;
  void close() override;
  [[nodiscard]] bool is_tls(const std::error_code& error) const override;
  [[nodiscard]] Error explain_tls(const std::error_code& error) override;

 private:
  struct Free {
    void operator()(X509* certificate) const { X509_free(certificate); }
  };
  using Tls = asio::ssl::stream<asio::ip::tcp::socket&>;

  template <class To>
  void write_to(To& to, const std::vector<std::string_view>& buffers, Done written);
  void make_tls();

  asio::ip::tcp::socket socket_;
  std::shared_ptr<TlsContext> context_;
  std::uint64_t written_before_ = 0;  ///< by writes that are done
  std::uint64_t written_now_ = 0;     ///< by the one under way
  std::string host_;                  ///< of the handshake
  std::optional<Tls> tls_;
  std::unique_ptr<X509, Free> rejected_;  ///< the server's certificate that was not accepted
};

/// An asio context with a thread of its own.
class AsioLoop final : public EventLoop {
 public:
  AsioLoop();
  ~AsioLoop() override;

  [[nodiscard]] asio::io_context& context() { return context_; }

  [[nodiscard]] bool on_loop_thread() const override { return std::this_thread::get_id() == thread_.get_id(); }
  void post(std::function<void()> function) override;
  void run_and_wait(const std::function<void()>& function) override;
  [[nodiscard]] std::unique_ptr<Timer> timer() override;
  void resolve(const std::string& host, const std::string& port, Resolved resolved) override;
  [[nodiscard]] std::shared_ptr<Stream> stream(std::shared_ptr<TlsContext> tls) override;

 private:
  asio::io_context context_{1};
  NameLookups lookups_{context_};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::thread thread_;
};

}  // namespace rocketlink::net
