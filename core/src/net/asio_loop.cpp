#include "net/asio_loop.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <asio/buffer.hpp>
#include <asio/post.hpp>
#include <asio/ssl/error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>
#include <atomic>
#include <future>
#include <utility>

namespace rocketlink::net {

namespace {

class AsioTimer final : public Timer {
 public:
  explicit AsioTimer(asio::io_context& context) : timer_(context) {}
  ~AsioTimer() override { cancel(); }

  void set(SteadyTime when, std::function<void()> action) override {
    cancel();
    timer_.expires_at(when);
    // A handler that is queued already runs without an error though the timer was cancelled.
    timer_.async_wait(
        [latest = turn_, turn = turn_->load(), action = std::move(action)](const asio::error_code& error) {
          if (!error && *latest == turn) action();
        });
  }
  void cancel() override {
    ++*turn_;
    timer_.cancel();
  }

 private:
  asio::steady_timer timer_;
  /// Counts what it was set to; shared with handlers, which live longer. Tear-down may be another thread's.
  std::shared_ptr<std::atomic<std::uint64_t>> turn_ = std::make_shared<std::atomic<std::uint64_t>>(0);
};

}  // namespace

AsioStream::AsioStream(asio::io_context& context, std::shared_ptr<TlsContext> tls)
    : socket_(context), context_(std::move(tls)) {}

void AsioStream::connect(const Endpoint& endpoint, Done connected) {
  asio::error_code ignored;
  socket_.close(ignored);
  socket_.async_connect(endpoint,
                        [self = shared_from_this(), connected = std::move(connected)](const asio::error_code& error) {
                          if (!error) {
                            asio::error_code unset;
                            self->socket_.set_option(asio::ip::tcp::no_delay(true), unset);
                            self->socket_.set_option(asio::socket_base::keep_alive(true), unset);
                          }
                          connected(error);
                        });
}

void AsioStream::make_tls() {
  tls_.emplace(socket_, context_->native());
  tls_->set_verify_callback([this](bool accepted, asio::ssl::verify_context& chain) {
    X509* const certificate = X509_STORE_CTX_get_current_cert(chain.native_handle());
    if (!accepted && certificate != nullptr && X509_up_ref(certificate) == 1) rejected_.reset(certificate);
    return accepted;
  });
}

void AsioStream::handshake(const std::string& host, Done done) {
  host_ = host;
  make_tls();
  context_->expect(tls_->native_handle(), host);
  tls_->async_handshake(asio::ssl::stream_base::client, [self = shared_from_this(), done = std::move(done)](
                                                            const asio::error_code& error) { done(error); });
}

void AsioStream::read_some(std::span<std::uint8_t> room, Transferred read) {
  auto handler = [self = shared_from_this(), read = std::move(read)](const asio::error_code& error, std::size_t bytes) {
    read(error, bytes);
  };
  const auto buffer = asio::buffer(room.data(), room.size());
  if (tls_) {
    tls_->async_read_some(buffer, std::move(handler));
  } else {
    socket_.async_read_some(buffer, std::move(handler));
  }
}

void AsioStream::write(const std::vector<std::string_view>& buffers, Done written) {
  if (tls_) {
    write_to(*tls_, buffers, std::move(written));
  } else {
    write_to(socket_, buffers, std::move(written));
  }
}

template <class To>
void AsioStream::write_to(To& to, const std::vector<std::string_view>& buffers, Done written) {
  std::vector<asio::const_buffer> parts;
  parts.reserve(buffers.size());
  for (const std::string_view part : buffers) parts.emplace_back(part.data(), part.size());
  const auto go_on = [self = shared_from_this(), all = asio::transfer_all()](const asio::error_code& error,
                                                                             std::size_t bytes) mutable {
    self->written_now_ = bytes;
    return all(error, bytes);
  };
  asio::async_write(
      to, parts, go_on,
      [self = shared_from_this(), written = std::move(written)](const asio::error_code& error, std::size_t bytes) {
        self->written_before_ += bytes;
        self->written_now_ = 0;
        written(error);
      });
}

std::uint64_t AsioStream::acknowledged() {
  const std::uint64_t written = written_before_ + written_now_;
  int waiting = 0;  // in the machine, or not acknowledged; with TLS somewhat more than what was written
  if (::ioctl(socket_.native_handle(), SIOCOUTQ, &waiting) != 0) waiting = 0;
  return written - std::min<std::uint64_t>(written, static_cast<std::uint64_t>(waiting));
}

void AsioStream::close() {
  asio::error_code ignored;
  socket_.close(ignored);
}

bool AsioStream::is_tls(const std::error_code& error) const {
  return error.category() == asio::error::get_ssl_category();
}

Error AsioStream::explain_tls(const std::error_code& error) {
  return context_->explain(tls_->native_handle(), rejected_.get(), host_, error);
}

AsioLoop::AsioLoop() : work_(asio::make_work_guard(context_)), thread_([this] { context_.run(); }) {}

AsioLoop::~AsioLoop() {
  work_.reset();
  context_.stop();
  thread_.join();
}

void AsioLoop::post(std::function<void()> function) {
  asio::post(context_, std::move(function));
}

void AsioLoop::run_and_wait(const std::function<void()>& function) {
  std::promise<void> done;
  post([&] {
    function();
    done.set_value();
  });
  done.get_future().wait();
}

std::unique_ptr<Timer> AsioLoop::timer() {
  return std::make_unique<AsioTimer>(context_);
}

void AsioLoop::resolve(const std::string& host, const std::string& port, Resolved resolved) {
  lookups_.ask(host, port, std::move(resolved));
}

std::shared_ptr<Stream> AsioLoop::stream(std::shared_ptr<TlsContext> tls) {
  return std::make_shared<AsioStream>(context_, std::move(tls));
}

}  // namespace rocketlink::net
